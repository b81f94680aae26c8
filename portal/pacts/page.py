"""What the pages of a pact show, put together from what was loaded: life line, room, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from portal import clock
from portal.city import Profile
from portal.pacts import calendar, comparing, wording
from portal.pacts.lifecycle import State
from portal.words import W, say

if TYPE_CHECKING:
    from portal.pacts.models import Pact, Report
    from portal.pacts.room import Room


def public_state(pact: Pact | Room, *, has_paper: bool, on: date) -> str:
    """Return the state whose public word a pact bears: "in_force" where it binds on this day."""
    return calendar.public_state(pact.state, pact.starts_on, pact.ends_on, has_paper=has_paper, on=on)


def life_line(
    pact: Pact,
    profile: Profile,
    language: str,
    on: date,
    *,
    note: W | str = "",
    observed_at: datetime | None = None,
) -> list[dict[str, str]]:
    """Return the stations of a pact as the macro draws them; `note` stands at the present one.

    `observed_at` is when its period for observations opened, where there was one.
    """
    names = {stage.id: stage.name[language] for stage in profile.stages}
    rules = profile.pact_class(pact.pact_class)
    is_ahead = rules.observation_days > 0 and rules.observation_on == "version"
    shown_ids = [one for one in names if one != "observations" or observed_at or is_ahead]
    dates = replace(_dates(pact), observed_on=clock.local(observed_at).date() if observed_at else None)
    stations = calendar.life_line(pact.state, dates, on=on, stages=shown_ids)
    return [
        {
            "label": names[one.id],
            "when": format_date(one.on, "d MMM y", locale=language) if one.on else "",
            "note": say(note, language) if note and one.state == "now" else "",
            "state": one.state,
        }
        for one in stations
    ]


def _dates(pact: Pact) -> calendar.Dates:
    def day(instant: Any) -> date | None:
        return clock.local(instant).date() if instant else None

    return calendar.Dates(
        proposed_on=day(pact.proposed_at),
        opened_on=day(pact.opened_at),
        agreed_on=day(pact.agreed_at),
        signing_on=day(pact.signing_opened_at),
        signed_on=day(pact.signed_at),
        starts_on=pact.starts_on,
        ends_on=pact.ends_on,
        ended_on=day(pact.ended_at),
    )


TERM_KINDS = {
    "starts_on": W("First day"),
    "ends_on": W("Last day"),
    "community": W("The community promises"),
    "city": W("The city promises"),
    "support": W("Support from the city"),
    "fences": W("Fence"),
}


def terms_changed(
    before: Mapping[str, Any], after: Mapping[str, Any], profile: Profile, language: str
) -> list[tuple[W, comparing.Words]]:
    """Return what differs between the terms of two texts: what it is about, and the words of its sentence."""
    older, newer = (wording.terms(text, profile, language) for text in (before, after))
    return [(TERM_KINDS[one.kind], one.words) for one in comparing.terms_diff(older, newer)]


def clauses_changed(
    before: Mapping[str, Any], after: Mapping[str, Any], language: str
) -> list[comparing.ClauseDiff]:
    """Return the clauses that differ, each with what changed and the words around it."""
    found = (one for one in comparing.diff(before, after, language) if one.change != "same")
    return [replace(one, words=comparing.shortened(one.words)) for one in found]


def outcomes(report: Report, promises: Iterable[Any]) -> list[dict[str, Any]]:
    """Return what became of each promise in a report, in the order of the text."""
    told = {row.promise_id: row for row in report.kept}
    return [{"promise": promise, "kept": told.get(promise.id)} for promise in promises]


def is_settled(state: str) -> bool:
    """Say whether the text stands: agreed to, being signed, or signed."""
    return state != State.CO_DESIGN


__all__ = [
    "clauses_changed",
    "is_settled",
    "life_line",
    "outcomes",
    "public_state",
    "terms_changed",
]
