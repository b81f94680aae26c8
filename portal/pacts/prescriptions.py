"""What the offices prescribed for a pact, and how its text answers each of them. Plain rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.proposals.assessment.prescriptions import read
from portal.proposals.assessment.rules import KIND_WORDS
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile

_NOT_ANSWERED = W(
    "A prescription is not answered (%(kind)s): “%(words)s” Say which version meets it, or why it"
    " is not followed."
)
_CHANGED = W(
    "The clause was changed since this prescription was met (%(kind)s): “%(words)s” Say which version meets"
    " it now, or why it is not followed."
)
# An opinion that was given: its number, its office, what it keeps of prescriptions, and when it was given.
Given = tuple[int, str, Iterable[Any], datetime]


@dataclass(frozen=True, slots=True)
class Answered:
    """How the text answers a prescription: the version that meets it, or 0 and why it is not followed.

    `changed` are the clauses that versions after that one changed.
    """

    version: int
    because: str
    at: datetime
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Prescribed:
    """One prescription: of which opinion and office, for which clause, and its answer, if it has one."""

    opinion: int
    number: int
    office: str
    words: str
    clause: str
    given_at: datetime
    answer: Answered | None
    language: str = ""

    @property
    def key(self) -> str:
        """Return by what a page and its forms name it."""
        return f"{self.opinion}-{self.number}"

    @property
    def was_changed(self) -> bool:
        """Say whether the clause that it names was changed after the version that met it."""
        return self.answer is not None and self.clause in self.answer.changed

    @property
    def waits(self) -> bool:
        """Say whether the signature waits for an answer, or for a new one."""
        return self.answer is None or self.was_changed


def answers_of(rows: Iterable[Any]) -> dict[tuple[int, int], Answered]:
    """Return the answers by opinion and number, of rows for each of which a later version may stand."""
    found: dict[tuple[int, int], Answered] = {}
    for opinion, number, version, because, at, changed in rows:
        before = found.get((opinion, number))
        so_far = before.changed if before else frozenset()
        found[opinion, number] = Answered(version, because, at, so_far | frozenset(changed or ()))
    return found


def prescribed(
    opinions: Iterable[Given], answers: Mapping[tuple[int, int], Answered]
) -> tuple[Prescribed, ...]:
    """Return every prescription in the order of the opinions, counted from 1 in each."""
    return tuple(
        Prescribed(
            opinion,
            number,
            office,
            one.words,
            one.clause,
            at,
            answers.get((opinion, number)),
            one.language,
        )
        for opinion, office, kept, at in opinions
        for number, one in enumerate(read(kept), 1)
    )


@dataclass(frozen=True, slots=True)
class Source:
    """A version of the text: which clauses it changed, and the suggestion it came from, with its clause."""

    number: int
    changed: tuple[str, ...]
    suggestion: int | None
    clause: str

    @property
    def before(self) -> int:
        """Return the bound by which the page of the clause begins with this suggestion among the answered."""
        return (self.suggestion or 0) + 1


def came_of(one: Prescribed, sources: Iterable[Source]) -> Source | None:
    """Return the suggestion that made what meets a prescription: the last change of its clause, if of any.

    `sources` come with the newest first. What is prescribed for the whole text is met by that version itself.
    """
    if one.answer is None or not one.answer.version:
        return None
    until = (each for each in sources if each.number <= one.answer.version)
    found = next(until if not one.clause else (each for each in until if one.clause in each.changed), None)
    return found if found is not None and found.suggestion is not None else None


def last_change(one: Prescribed, sources: Iterable[Source]) -> int:
    """Return the version that changed the clause of a prescription last; 0 where none did."""
    return next((each.number for each in sources if one.clause in each.changed), 0)


def at_clauses(
    rows: Iterable[Prescribed], known: Iterable[str]
) -> tuple[dict[str, tuple[Prescribed, ...]], tuple[Prescribed, ...]]:
    """Return the rows by their clause, and those beside the text: for no clause, or for one it has not."""
    clauses = frozenset(known)
    there: dict[str, tuple[Prescribed, ...]] = {}
    beside = []
    for one in rows:
        if one.clause in clauses:
            there[one.clause] = (*there.get(one.clause, ()), one)
        else:
            beside.append(one)
    return there, tuple(beside)


def missing(rows: Iterable[Prescribed], profile: Profile) -> Iterator[W]:
    """Say which prescription waits for an answer, as the guard before the signature does."""
    for one in rows:
        if one.waits:
            kind = KIND_WORDS[profile.office(one.office).opinion]
            yield W((_CHANGED if one.was_changed else _NOT_ANSWERED).id, kind=kind, words=one.words)
