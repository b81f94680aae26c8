"""A city's rules as people read them: each clock as sentences with an example, each class as facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import city
from portal.fences.monitors import Day
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from portal.city import Clock, Profile

_STOPPED = {
    "supplement": W("Stands still, once, while the group gathers what is missing."),
    "refusal_notice": W("Stands still while the group can reply to a notice of refusal."),
}
_SILENCE = {
    "none": W("If the last day passes without an answer, silence decides nothing: the answer is still due."),
    "refused": W("If the last day passes without an answer, silence counts as a refusal; one can appeal."),
    "accepted": W("If the last day passes without an answer, silence counts as accepting."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence about a clock, and the rule it rests on where that is another one."""

    words: W
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClockRules:
    """A clock of the city: its name, its sentences, its rule."""

    name: str
    sentences: tuple[Sentence, ...]
    source: str


def clocks(profile: Profile, language: str, *, today: date) -> list[ClockRules]:
    """Return every clock in words, with the last day of a term that would begin today."""
    return [
        ClockRules(
            one.name[language],
            tuple(_sentences(profile, key, one, language, today)),
            _source(profile, one.citation, language),
        )
        for key, one in profile.clocks.items()
    ]


def _sentences(profile: Profile, key: str, one: Clock, language: str, today: date) -> Iterator[Sentence]:
    last = Day(city.deadline(today, one))
    if one.counting == "working":
        yield Sentence(
            W("%(days)s working days. Begun today, the last day is %(day)s.", days=one.days, day=last)
        )
    else:
        yield Sentence(W("%(days)s days. Begun today, the last day is %(day)s.", days=one.days, day=last))
    for halt in one.stopped_by:
        rule = profile.clock(city.BOUND_OF[halt]).citation
        yield Sentence(_STOPPED[halt], _source(profile, rule, language))
    if one.extension_days:
        words = W("Up to %(days)s days can be added, once, with a reason.", days=one.extension_days)
        yield Sentence(words, _source(profile, one.extension_citation, language))
    if key == "examination":
        yield Sentence(_SILENCE[one.tacit], _source(profile, one.tacit_citation, language))


def _source(profile: Profile, citation: str, language: str) -> str:
    return profile.citation(citation).words[language] if citation else ""


def clauses(profile: Profile) -> list[tuple[str, list[city.Clause]]]:
    """Return the clauses by what they settle, in the order of the elements; the rest stands last, unnamed."""
    keys = [one.id for one in profile.elements]
    found: dict[str, list[city.Clause]] = {key: [] for key in (*keys, "")}
    for clause in sorted(profile.clauses, key=lambda one: one.number):
        found[clause.element].append(clause)
    return [(key, some) for key, some in found.items() if some]
