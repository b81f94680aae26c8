"""What the pages of a pact show, put together from what was loaded: life line, room, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel.dates import format_date

from portal import clock
from portal.city import Clause, Parameter, Profile
from portal.pacts import calendar, comparing, wording
from portal.pacts.lifecycle import State, SuggestionState
from portal.pacts.terms import TERMS
from portal.pacts.typed import shown
from portal.words import W, say

if TYPE_CHECKING:
    from portal.pacts.lint import Finding
    from portal.pacts.models import Pact, Report, Suggestion

LOCKED = W("These words are the same in every pact of the city.")


def public_state(pact: Pact, *, has_paper: bool, on: date) -> str:
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


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank of a clause as a box: its name, its label, what stands in it."""

    name: str
    label: str
    value: str
    kind: str
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """A suggestion as it is shown: what was there, what is suggested, and whether it can still be taken."""

    suggestion: Suggestion
    before: str
    after: str
    is_outdated: bool
    is_own: bool

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.suggestion.state == SuggestionState.OPEN


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause in the room: plain sentence, legal text, blanks, suggestions and what is still to settle."""

    row: Mapping[str, Any]
    blanks: tuple[Blank, ...]
    suggestions: tuple[Proposed, ...]
    findings: tuple[Finding, ...]
    locked_because: str
    may_be_none: bool


def clauses_shown(
    text: Mapping[str, Any],
    profile: Profile,
    language: str,
    *,
    suggestions: Sequence[Proposed],
    findings: Iterable[Finding],
) -> list[ClauseShown]:
    """Return the clauses of a text as the room shows them."""
    found = tuple(findings)
    library = {clause.id: clause for clause in profile.clauses}
    return [_clause(row, library.get(row["id"]), language, suggestions, found) for row in text["clauses"]]


def _clause(
    row: Mapping[str, Any],
    clause: Clause | None,
    language: str,
    suggestions: Sequence[Proposed],
    findings: tuple[Finding, ...],
) -> ClauseShown:
    because = clause.locked_because[language] if clause and clause.locked_because else say(LOCKED, language)
    return ClauseShown(
        row=row,
        blanks=tuple(_blank(row, one, language) for one in clause.parameters) if clause else (),
        suggestions=tuple(one for one in suggestions if one.suggestion.clause_id == row["id"]),
        findings=tuple(one for one in findings if one.clause_id == row["id"]),
        locked_because=because if row["locked"] else "",
        may_be_none=bool(clause and clause.may_be_none),
    )


def _blank(row: Mapping[str, Any], parameter: Parameter, language: str) -> Blank:
    value = row["params"].get(parameter.name)
    return Blank(
        f"param-{parameter.name}",
        parameter.label[language],
        shown(value, parameter, language),
        parameter.kind,
        is_empty=value is None and parameter.needed,
    )


def words_of(text: Mapping[str, Any], clause_id: str, language: str) -> str:
    """Return the words of one clause, or nothing for the terms and for a clause that is not in the text."""
    row = next((one for one in text["clauses"] if one["id"] == clause_id), None)
    return str(row["text"][language]) if row else ""


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


def terms_said(
    before: Mapping[str, Any], after: Mapping[str, Any], profile: Profile, language: str
) -> list[str]:
    """Return each term of the newer text that differs, as a sentence."""
    older, newer = (wording.terms(text, profile, language) for text in (before, after))
    return [
        f"{say(TERM_KINDS[key[0]], language)}: {said}"
        for key, said in newer.items()
        if older.get(key) != said
    ]


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
    "TERMS",
    "Blank",
    "ClauseShown",
    "Proposed",
    "clauses_changed",
    "clauses_shown",
    "is_settled",
    "life_line",
    "outcomes",
    "public_state",
    "terms_changed",
    "words_of",
]
