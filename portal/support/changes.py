"""What can be changed in a pool, and when a second person decides on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.support.amounts import Amount
from portal.support.ledger import OF_ALLOCATIONS, UNITS, Kind, Movement
from portal.words import W

if TYPE_CHECKING:
    from portal.city import PoolRules


class Change(StrEnum):
    """What a treasurer asks for; each stands in an address by its name."""

    OPEN = "open"
    INCREASE = "increase"
    DECREASE = "decrease"
    TRANSFER = "transfer"
    CARRY_OVER = "carry-over"
    WRITE_OFF = "write-off"
    CORRECT = "correct"
    REASSIGN = "reassign"
    CLOSE = "close"


INTO_ANOTHER = frozenset({Change.TRANSFER, Change.CARRY_OVER})
"""What moves something to another pool."""

SIMPLE = {
    Change.INCREASE: Movement.INCREASED,
    Change.DECREASE: Movement.DECREASED,
    Change.WRITE_OFF: Movement.WRITTEN_OFF,
}
"""What is one row of the ledger a measure."""

OF_ARRIVALS = frozenset({Change.CORRECT, Change.REASSIGN})
"""What is still possible for money of a surplus whose year is closed: it is booked in a year that is open."""

CORRECTABLE = frozenset(Movement) - OF_ALLOCATIONS - {Movement.CLOSED}
"""What an allocation moved is put right by the allocation's own verbs."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a pool: how much of its first measure and of the further ones, and why.

    `other_id` is the pool it goes to, `entry_id` the row to be put right with `amount` as the right figure,
    `to_id` what a group declared, to whom money belongs that was entered for another group.
    """

    amount: int
    reason: str
    further: Mapping[str, int] = field(default_factory=dict)
    other_id: int | None = None
    entry_id: int | None = None
    to_id: int | None = None

    def amounts(self, kind: str) -> dict[str, int]:
        """Return how much of each measure, by unit."""
        first, *others = UNITS[Kind(kind)]
        return {first: self.amount} | {unit: self.further.get(unit, 0) for unit in others}


def second_person(kind: str, amount: int, rules: PoolRules) -> W | None:
    """Return why a second person decides on an amount of this kind (first unit), or None where one is enough.

    The city's own threshold stands in its profile, with the rule of law behind it.
    """
    most = rules.second_person_above[kind]
    if amount <= most:
        return None
    unit = UNITS[Kind(kind)][0]
    return W("Above %(most)s a second person decides.", most=Amount(most, unit))
