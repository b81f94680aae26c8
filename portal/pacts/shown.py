"""What the co-design room shows: the clauses in one list, and one clause with its blanks and suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.city import Clause, Parameter, Profile
from portal.commons import licences
from portal.errors import Invalid
from portal.pacts import comparing, own
from portal.pacts.lifecycle import SuggestionState
from portal.pacts.merging import merged
from portal.pacts.typed import shown
from portal.words import W, say

if TYPE_CHECKING:
    from portal.pacts.lint import Finding
    from portal.pacts.models import Remark, Suggestion

LOCKED = W("These words are the same in every pact of the city.")
_PARTS = ("heading", "plain", "text")


@dataclass(frozen=True, slots=True)
class Line:
    """A clause in the list of all: how many suggestions wait for whom, and whether something is to settle."""

    row: Mapping[str, Any]
    ours: int
    theirs: int
    to_settle: int


def lines(
    text: Mapping[str, Any], waiting: Mapping[tuple[str, str], int], findings: Iterable[Finding], side: str
) -> list[Line]:
    """Return the clauses of a text in their order; `waiting` counts open suggestions by clause and side."""
    places = [one.clause_id for one in findings]
    other = "city" if side == "community" else "community"
    return [
        Line(
            row,
            waiting.get((row["id"], other), 0),
            waiting.get((row["id"], side), 0),
            places.count(row["id"]),
        )
        for row in text["clauses"]
    ]


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank of a clause as a box: its name, its label, its kind, and what its value means."""

    name: str
    label: str
    kind: str
    about: tuple[W, ...]


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause as its own page shows it; `row` is None where it is only suggested."""

    id: str
    row: Mapping[str, Any] | None
    blanks: tuple[Blank, ...]
    locked_because: str
    may_be_none: bool
    is_own: bool

    @property
    def takes_words(self) -> bool:
        """Say whether anything about it can be suggested at all."""
        return bool(self.blanks or not self.locked_because or self.may_be_none)


def clause_shown(
    clause_id: str, row: Mapping[str, Any] | None, profile: Profile, language: str
) -> ClauseShown:
    """Return one clause of the text as its page shows it."""
    library = next((one for one in profile.clauses if one.id == clause_id), None)
    because = ""
    if row and row["locked"]:
        because = (
            library.locked_because[language] if library and library.locked_because else say(LOCKED, language)
        )
    return ClauseShown(
        clause_id,
        row,
        tuple(_blank(row, one, language) for one in library.parameters) if library and row else (),
        because,
        may_be_none=bool(library and library.may_be_none),
        is_own=own.is_own(clause_id) or row is None,
    )


def _blank(row: Mapping[str, Any], parameter: Parameter, language: str) -> Blank:
    value = row["params"].get(parameter.name)
    about = _licence(value) if parameter.kind == "licence" else ()
    return Blank(f"param-{parameter.name}", parameter.label[language], parameter.kind, about)


def _licence(value: Any) -> tuple[W, ...]:
    try:
        found = licences.read(str(value or ""))
    except Invalid as error:
        return (error.words,)
    if found is None:
        return ()
    kind = W("Category: %(name)s.", name=", ".join(dict.fromkeys(found.categories)))
    openness = W("It is an open licence.") if found.is_open else W("It is not an open licence.")
    return (openness, kind, *found.meanings)


def boxes(row: Mapping[str, Any] | None, clause: Clause | None, languages: Sequence[str]) -> dict[str, str]:
    """Return what stands in each box of the form about a clause; the first language is the pact's."""
    if row is None:
        return {}
    found = {f"{part}-{one}": row[part].get(one, "") for part in _PARTS for one in languages}
    found |= {f"none-{one}": (row["none_because"] or {}).get(one, "") for one in languages}
    for one in clause.parameters if clause else ():
        found[f"param-{one.name}"] = shown(row["params"].get(one.name), one, languages[0])
    return found | {"after": row.get("after", "")}


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the boxes, and whether the words of both sides are in it."""

    values: Mapping[str, str]
    is_whole: bool = True


def anew(base: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> Filled:
    """Return the boxes of one who wrote on `base` while the text became `theirs`: both, where that can be.

    What one left as it was follows the other; where both wrote in a box, their words are merged.
    """
    values, is_whole = {}, True
    for name, said in mine.items():
        was, now = base.get(name, ""), theirs.get(name, "")
        if said in {was, now}:
            values[name] = now
            continue
        both = merged(was, now, said)
        values[name] = both.words
        is_whole &= both.is_whole
    return Filled({**theirs, **values}, is_whole)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A suggestion as it is shown: what would change, and whether it can still be taken."""

    suggestion: Suggestion
    by: str
    words: comparing.Words
    terms: Sequence[tuple[W, comparing.Words]]
    is_outdated: bool
    is_own: bool
    answers: Suggestion | None
    remarks: Sequence[tuple[Remark, str]]

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.suggestion.state == SuggestionState.OPEN


def change_words(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, language: str
) -> comparing.Words:
    """Return what a suggestion would change in the words of its clause."""
    return comparing.shortened(comparing.word_diff(_whole(before, language), _whole(after, language)))


def _whole(row: Mapping[str, Any] | None, language: str) -> str:
    if row is None:
        return ""
    if own.is_own(row["id"]):
        return "\n\n".join(str(row[part][language]) for part in _PARTS)
    return str(row["text"][language])
