"""The city's clock in words, the same for both sides: where it stands, why, until when, by which rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from portal.city import BOUND_OF
from portal.fences.monitors import Day
from portal.proposals import answering_clock
from portal.proposals.lifecycle import State
from portal.proposals.profiles import profile_of
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Count, Profile, Stop
    from portal.proposals.models import Proposal

_STILL = {
    "supplement": W("until the group answers what was asked"),
    "refusal_notice": W("until the group replies to the notice"),
}
_STILL_YOU = {
    "supplement": W("until you answer what was asked"),
    "refusal_notice": W("until you reply to the notice"),
}
_STOOD = {
    "supplement": W("the city had asked for what was missing"),
    "refusal_notice": W("the group could reply to the notice of refusal"),
}
_SILENCE = {
    "none": W("If the city does not answer by then, its silence decides nothing: it must still answer."),
    "refused": W(
        "If the city does not answer by then, its silence counts as a refusal, against which you can appeal; "
        "it must still answer."
    ),
    "accepted": W("If the city does not answer by then, its silence counts as accepting the proposal."),
}
_SILENT = {
    "none": W("The last day has passed. Silence decides nothing: the city must still answer."),
    "refused": W(
        "The last day has passed. The city's silence counts as a refusal, against which the group can "
        "appeal; the city must still answer."
    ),
    "accepted": W("The last day has passed. The city's silence counts as accepting the proposal."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One reason for the count, with the words of its rule where it has one."""

    words: W
    source: str = ""
    # What an official wrote, as it was written.
    text: str = ""


@dataclass(frozen=True, slots=True)
class Countdown:
    """What both sides see of a clock."""

    headline: W
    tone: str
    lines: tuple[Line, ...]
    rule: str


def countdown(count: Count, profile: Profile, language: str, *, yours: bool, decided: bool) -> Countdown:
    """Put a count into words; `yours` speaks to the group itself, `decided` looks back."""
    still = None if decided else count.stop
    if decided:
        headline, tone = _looking_back(count), "green"
    elif still is not None:
        headline, tone = _standing(count, still, _STILL_YOU if yours else _STILL), "ochre"
    elif count.days_late:
        headline, tone = _late(count), "red"
    else:
        headline, tone = _running(count), "blue"
    lines = tuple(_reasons(count, profile, language, decided=decided))
    return Countdown(headline, tone, lines, _rule(profile, count.clock.citation, language))


def of_proposal(proposal: Proposal, language: str, *, yours: bool) -> Countdown | None:
    """Return the countdown of a proposal's examination; None for a draft, and when nothing came of it."""
    count = answering_clock.count(proposal)
    decided = proposal.decided_at is not None
    if count is None:
        return None
    found = countdown(count, profile_of(proposal), language, yours=yours, decided=decided)
    if decided or count.stop is None or not _is_answered(proposal, count.stop):
        return found
    # The day of the answer still belongs to the stop.
    again = W(
        "It is answered: the clock runs again tomorrow · day %(gone)s of %(length)s",
        gone=count.gone,
        length=count.length,
    )
    return replace(found, headline=again, tone="blue")


def _is_answered(proposal: Proposal, stop: Stop) -> bool:
    if stop.why == "supplement":
        return proposal.state != State.SUPPLEMENT_ASKED
    return bool(proposal.reply)


def _rule(profile: Profile, citation: str, language: str) -> str:
    return profile.citation(citation).words[language] if citation else ""


def _running(count: Count) -> W:
    known: dict[str, object] = {
        "gone": count.gone,
        "length": count.length,
        "left": count.left,
        "day": Day(count.last_day or count.on),
    }
    if not count.left:
        return W("Day %(gone)s of %(length)s · the answer is due by %(day)s", **known)
    if count.clock.counting == "working":
        return W("Working day %(gone)s of %(length)s · %(left)s working days left · until %(day)s", **known)
    return W("Day %(gone)s of %(length)s · %(left)s days left · until %(day)s", **known)


def _standing(count: Count, stop: Stop, until: dict[str, W]) -> W:
    known: dict[str, object] = {
        "since": Day(stop.since),
        "until": until[stop.why],
        "gone": count.gone,
        "length": count.length,
    }
    if stop.until is None:
        return W("The clock stands still since %(since)s, %(until)s · day %(gone)s of %(length)s", **known)
    return W(
        "The clock stands still since %(since)s, %(until)s, at most until %(day)s · "
        "day %(gone)s of %(length)s",
        day=Day(stop.until),
        **known,
    )


def _late(count: Count) -> W:
    late, day = count.days_late, Day(count.last_day or count.on)
    if late == 1:
        return W("The answer is 1 day late · it was due by %(day)s", day=day)
    return W("The answer is %(late)s days late · it was due by %(day)s", late=late, day=day)


def _looking_back(count: Count) -> W:
    if count.days_late:
        return W(
            "The answer came on %(on)s, after its last day, %(day)s",
            on=Day(count.on),
            day=Day(count.last_day or count.on),
        )
    return W(
        "The answer came on %(on)s, on day %(gone)s of %(length)s",
        on=Day(count.on),
        gone=count.gone,
        length=count.length,
    )


def _reasons(count: Count, profile: Profile, language: str, *, decided: bool) -> Iterator[Line]:
    yield Line(_how_counted(count))
    for stop in count.stops:
        source = _rule(profile, profile.clock(BOUND_OF[stop.why]).citation, language)
        yield Line(_stood(stop), source)
    if count.extension is not None:
        source = _rule(profile, count.clock.extension_citation, language)
        words = W(
            "Made longer by %(days)s days on %(on)s, with this reason:",
            days=count.extension.days,
            on=Day(count.extension.on),
        )
        yield Line(words, source, count.extension.reason)
    if not decided:
        said = _SILENT if count.days_late else _SILENCE
        yield Line(said[count.clock.tacit], _rule(profile, count.clock.tacit_citation, language))


def _how_counted(count: Count) -> W:
    if count.clock.counting == "working":
        return W(
            "Counted from the day after %(start)s, in working days: days of rest and holidays are left out.",
            start=Day(count.start),
        )
    return W(
        "Counted from the day after %(start)s, every day. A last day that is a day of rest or a holiday "
        "moves to the next working day.",
        start=Day(count.start),
    )


def _stood(stop: Stop) -> W:
    known: dict[str, object] = {"since": Day(stop.since), "why": _STOOD[stop.why]}
    if stop.until is None:
        return W("Stopped on %(since)s: %(why)s. These days do not count.", **known)
    if stop.until == stop.since:
        return W("Stopped on %(since)s and going on the same day: %(why)s.", **known)
    return W("Not counted after %(since)s, up to %(day)s: %(why)s.", day=Day(stop.until), **known)
