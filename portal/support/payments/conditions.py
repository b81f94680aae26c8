"""What may be paid and when: the parts of a plan, the advance and its cap, what approved costs allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from portal.words import W

WHOLE_BP = 10_000
MOST_PARTS = 24


class Part(StrEnum):
    """What kind of part a tranche is."""

    ADVANCE = "advance"
    INSTALMENT = "instalment"


@dataclass(frozen=True, slots=True)
class Planned:
    """One part as somebody plans it; without a day it is due on what is approved of a statement of costs."""

    kind: Part
    cents: int
    due_on: date | None = None


class Sums(Protocol):
    """The figures of a plan, in cents."""

    amount: int
    advance: int
    approved: int
    ordered: int
    paid: int
    returned: int


class Tranche(Protocol):
    """What the rules ask of a part."""

    number: int
    kind: str
    amount: int
    due_on: date | None
    paid: int


def most_advance(amount: int, cap_bp: int) -> int:
    """Return the largest advance in cents, rounded down: never above the cap."""
    return amount * cap_bp // WHOLE_BP


def faults(parts: Sequence[Planned], amount: int, cap_bp: int) -> list[W]:
    """Return every reason against a plan; an empty list where it may stand."""
    found: list[W] = []
    if not parts or len(parts) > MOST_PARTS:
        found.append(W("Plan at least one part, and at most %(most)s", most=MOST_PARTS))
    if any(one.cents <= 0 for one in parts):
        found.append(W("Each part needs an amount above zero"))
    if sum(one.cents for one in parts) != amount:
        found.append(W("The parts must add up to exactly what was promised"))
    if sum(one.kind is Part.ADVANCE for one in parts) > 1:
        found.append(W("There is one advance at most"))
    if any(one.kind is Part.ADVANCE and one.due_on is None for one in parts):
        found.append(W("Say on which day the advance is paid"))
    advance = sum(one.cents for one in parts if one.kind is Part.ADVANCE)
    if advance > most_advance(amount, cap_bp):
        found.append(_too_much(cap_bp))
    return found


def _too_much(cap_bp: int) -> W:
    if not cap_bp:
        return W("The city's rules give no advance for a pact of this class")
    percent = f"{cap_bp / 100:g}"
    return W("The city's rules allow an advance of %(percent)s %% at most", percent=percent)


def headroom(sums: Sums) -> int:
    """Return how many cents may still be ordered: the advance, and what approved costs exceed it by.

    An advance is settled against statements: as long as less than it is approved, nothing more is paid.
    """
    limit = min(sums.amount, max(sums.advance, sums.approved))
    return max(0, limit - sums.ordered - sums.paid)


def due(
    sums: Sums, tranches: Iterable[Tranche], live: frozenset[int], today: date
) -> list[tuple[Tranche, int]]:
    """Return the parts that can be paid today, each with its cents; `live` are numbers being paid already.

    In the order of the plan: what an earlier part takes is not there for a later one.
    """
    left = headroom(sums)
    found: list[tuple[Tranche, int]] = []
    for one in sorted(tranches, key=lambda part: part.number):
        rest = one.amount - one.paid
        if not rest or one.number in live:
            continue
        if one.due_on is not None and one.due_on > today:
            continue
        cents = min(rest, left if one.kind == Part.ADVANCE else min(left, _beyond(sums, found)))
        if cents:
            found.append((one, cents))
            left -= cents
    return found


def _beyond(sums: Sums, found: Sequence[tuple[Tranche, int]]) -> int:
    """Return what approved costs let through for a part that is no advance."""
    taken = sums.ordered + sums.paid + sum(cents for _, cents in found)
    return max(0, min(sums.amount, sums.approved) - taken)


def unsettled(sums: Sums) -> int:
    """Return how much of what the group still has no approved cost covers yet; in the end it goes back."""
    return max(0, sums.paid - sums.returned - sums.approved)


def needs_two(claimed: int, threshold: int) -> bool:
    """Say whether a second person must approve a statement of this sum."""
    return claimed > threshold
