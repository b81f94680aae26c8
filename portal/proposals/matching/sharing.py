"""What the city adds to each project of a call: a rule with its reasons, without database and clock.

Money is in cents, the ratio in basis points. A share is cut to whole cents, so that the city never adds more
than the ratio says. Where the pot is too small, a call says beforehand which of two orders holds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.proposals.calls.eligibility import WHOLE_BP
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


class Order(StrEnum):
    """Who gets how much when the pot is too small for all."""

    FIRST_COME = "first_come"
    PROPORTIONAL = "proportional"


class Reason(StrEnum):
    """Why a project gets what it gets."""

    BELOW = "below"
    SHARE = "share"
    CAP = "cap"
    POT_REST = "pot_rest"
    POT_EMPTY = "pot_empty"


WORDS = {
    Reason.BELOW: W("Less was raised than the call asks for, so the city adds nothing."),
    Reason.SHARE: W("The city adds its share of what was raised."),
    Reason.CAP: W("The city adds the highest amount that the call allows."),
    Reason.POT_REST: W("The pot was too small for everybody, so the city adds a part."),
    Reason.POT_EMPTY: W("The pot was used up by projects that reached the threshold before."),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the call says; a limit for each person of 0 is none."""

    ratio_bp: int
    cap_cents: int
    threshold_cents: int
    pot_cents: int
    person_cents: int = 0
    order: str = Order.FIRST_COME


@dataclass(frozen=True, slots=True)
class Given:
    """Money that truly arrived: from whom, how much, and when it was pledged."""

    backer: int
    cents: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Project:
    """A project and what arrived for it; the key decides between two that are equal in all else."""

    key: int
    given: Sequence[Given]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a project raised, how much of it counts, what it would get, what it gets, and why."""

    key: int
    raised_cents: int
    counted_cents: int
    wished_cents: int
    cents: int
    met_at: datetime | None
    reason: Reason


def share(terms: Terms, projects: Iterable[Project]) -> list[Outcome]:
    """Return an outcome for each project, by key; what all get together is never more than the pot."""
    wished = [_wish(terms, one) for one in projects]
    wished.sort(key=lambda one: one.key)
    if sum(one.wished_cents for one in wished) <= terms.pot_cents:
        return wished
    given = _in_proportion(wished, terms.pot_cents)
    if terms.order == Order.FIRST_COME:
        given = _first_come(wished, terms.pot_cents)
    return [_cut(one, given[one.key]) for one in wished]


def _wish(terms: Terms, project: Project) -> Outcome:
    """Count what each person gave up to the limit, and apply the ratio, the threshold and the cap."""
    by_person: defaultdict[int, int] = defaultdict(int)
    raised = counted = 0
    met_at = None
    for one in sorted(project.given, key=lambda one: (one.at, one.backer, one.cents)):
        room = terms.person_cents - by_person[one.backer] if terms.person_cents else one.cents
        counts = max(0, min(one.cents, room))
        by_person[one.backer] += counts
        raised, counted = raised + one.cents, counted + counts
        if met_at is None and counted >= max(terms.threshold_cents, 1):
            met_at = one.at
    cents, reason = 0, Reason.BELOW
    if met_at is not None:
        part = counted * terms.ratio_bp // WHOLE_BP
        cents = min(part, terms.cap_cents)
        reason = Reason.CAP if part > terms.cap_cents else Reason.SHARE
    return Outcome(project.key, raised, counted, cents, cents, met_at, reason)


def _first_come(wished: Sequence[Outcome], pot: int) -> dict[int, int]:
    """Serve those first whose counted money reached the threshold first; the last of them gets the rest."""
    found = {one.key: 0 for one in wished}
    met = [(one.met_at, one.key, one.wished_cents) for one in wished if one.met_at is not None]
    for _, key, wish in sorted(met):
        found[key] = min(wish, pot)
        pot -= found[key]
    return found


def _in_proportion(wished: Sequence[Outcome], pot: int) -> dict[int, int]:
    """Give each the same part of its wish; single cents go to the largest remainders, then by key."""
    whole = sum(one.wished_cents for one in wished)
    found = {one.key: one.wished_cents * pot // whole for one in wished}
    rest = pot - sum(found.values())
    remainders = sorted(wished, key=lambda one: (-(one.wished_cents * pot % whole), one.key))
    for one in remainders[:rest]:
        found[one.key] += 1
    return found


def _cut(one: Outcome, cents: int) -> Outcome:
    if cents == one.wished_cents:
        return one
    reason = Reason.POT_REST if cents else Reason.POT_EMPTY
    return Outcome(one.key, one.raised_cents, one.counted_cents, one.wished_cents, cents, one.met_at, reason)
