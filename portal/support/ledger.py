"""The arithmetic of pools: what each movement does, and what the rows of the ledger add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the city gives."""

    FUNDING = "funding"
    SERVER = "server"
    LEGAL = "legal"
    SPACES = "spaces"
    MATERIALS = "materials"
    TRAINING = "training"
    INSURANCE = "insurance"
    WAIVERS = "waivers"
    COMMUNICATION = "communication"


# The first measure is the pool's own; the others stand in rows that name it. A premium and a fee that is
# waived are money. Communication is the press office's hours: what is printed or sent is paid from funding,
# so that no euro is counted twice.
UNITS: dict[Kind, tuple[str, ...]] = {
    Kind.FUNDING: ("cent",),
    Kind.SERVER: ("vcpu", "memory_gb", "storage_gb", "traffic_gb"),
    Kind.LEGAL: ("hour",),
    Kind.SPACES: ("hour",),
    Kind.MATERIALS: ("piece",),
    Kind.TRAINING: ("hour",),
    Kind.INSURANCE: ("cent",),
    Kind.WAIVERS: ("cent",),
    Kind.COMMUNICATION: ("hour",),
}


ASKED_OF_POOLS = frozenset({Kind.FUNDING, Kind.SERVER, Kind.LEGAL})
"""What a pact asks of the pools; of the other kinds a pool says what there is."""


class Movement(StrEnum):
    """What a ledger row books."""

    OPENED = "opened"
    INCREASED = "increased"
    DECREASED = "decreased"
    TRANSFERRED_OUT = "transferred_out"
    TRANSFERRED_IN = "transferred_in"
    CARRIED_OUT = "carried_out"
    CARRIED_IN = "carried_in"
    RECOVERED = "recovered"  # an unspent part of an earlier year's support came back into this year's pool
    WRITTEN_OFF = "written_off"
    CLOSED = "closed"  # what was left when the year was closed
    RESERVED = "reserved"
    RELEASED = "released"
    COMMITTED = "committed"
    DELIVERED = "delivered"
    FREED = "freed"  # what was promised and is not needed any more, before it was given
    RETURNED = "returned"  # what was given and came back
    LOST = "lost"  # what was lent and never came back
    RESERVE_OUT = "reserve_out"  # kept aside for somebody, carried over with the promise to them
    RESERVE_IN = "reserve_in"
    PROMISE_OUT = "promise_out"  # promised by signature and not yet given, carried over
    PROMISE_IN = "promise_in"


PAIRS = {
    Movement.TRANSFERRED_OUT: Movement.TRANSFERRED_IN,
    Movement.CARRIED_OUT: Movement.CARRIED_IN,
    Movement.RESERVE_OUT: Movement.RESERVE_IN,
    Movement.PROMISE_OUT: Movement.PROMISE_IN,
}
"""What leaves one pool arrives in another, in the same transaction."""

OF_TWO_POOLS = frozenset(PAIRS) | frozenset(PAIRS.values())

LEFT_OVER = frozenset(PAIRS) | {Movement.CLOSED}
"""How something leaves a year that did not give it to anybody."""

# What one unit of each movement does to capacity, reserved, committed and delivered.
_EFFECTS: dict[Movement, tuple[int, int, int, int]] = {
    Movement.OPENED: (1, 0, 0, 0),
    Movement.INCREASED: (1, 0, 0, 0),
    Movement.DECREASED: (-1, 0, 0, 0),
    Movement.TRANSFERRED_OUT: (-1, 0, 0, 0),
    Movement.TRANSFERRED_IN: (1, 0, 0, 0),
    Movement.CARRIED_OUT: (-1, 0, 0, 0),
    Movement.CARRIED_IN: (1, 0, 0, 0),
    Movement.RECOVERED: (1, 0, 0, 0),
    Movement.WRITTEN_OFF: (-1, 0, 0, 0),
    Movement.CLOSED: (-1, 0, 0, 0),
    Movement.RESERVED: (0, 1, 0, 0),
    Movement.RELEASED: (0, -1, 0, 0),
    Movement.COMMITTED: (0, -1, 1, 0),
    Movement.DELIVERED: (0, 0, 0, 1),
    Movement.FREED: (0, 0, -1, 0),
    Movement.RETURNED: (0, 0, -1, -1),
    Movement.LOST: (-1, 0, -1, -1),
    Movement.RESERVE_OUT: (-1, -1, 0, 0),
    Movement.RESERVE_IN: (1, 1, 0, 0),
    Movement.PROMISE_OUT: (-1, 0, -1, 0),
    Movement.PROMISE_IN: (1, 0, 1, 0),
}
FIGURES = ("capacity", "reserved", "committed", "delivered")

OF_ALLOCATIONS = frozenset(
    one for one, (_, reserved, committed, delivered) in _EFFECTS.items() if reserved or committed or delivered
) | {Movement.RECOVERED}
"""What is booked for one allocation; everything else changes only what there is to give."""


def effect(movement: Movement, amount: int) -> dict[str, int]:
    """Return by how much each figure changes; an amount below zero takes a movement back."""
    return dict(zip(FIGURES, (one * amount for one in _EFFECTS[movement]), strict=True))


def share(held: int, part: int, whole: int) -> int:
    """Return how much of a further measure goes along when `part` of the `whole` first one moves.

    Rounded down, so that nothing moves that is not there; the last part takes all that is left.
    """
    return held * part // whole if whole else 0


@dataclass(frozen=True, slots=True)
class Balance:
    """The figures of a pool, in its unit; what was delivered is part of what was committed."""

    capacity: int = 0
    reserved: int = 0
    committed: int = 0
    delivered: int = 0

    @property
    def left(self) -> int:
        """Return what can still be promised."""
        return self.capacity - self.reserved - self.committed

    @property
    def is_sound(self) -> bool:
        """Say whether nothing is negative and nothing was promised beyond the capacity."""
        return (
            min(self.left, self.reserved, self.committed, self.delivered, self.committed - self.delivered)
            >= 0
        )


def balance(rows: Iterable[tuple[str, int]]) -> Balance:
    """Return what the rows (movement, amount) add up to; sums of rows may be passed as rows."""
    totals = [0, 0, 0, 0]
    for movement, amount in rows:
        for place, effect in enumerate(_EFFECTS[Movement(movement)]):
            totals[place] += effect * amount
    return Balance(*totals)


@dataclass(frozen=True, slots=True)
class Course:
    """What became of one promise, all of it as its rows say; `given` is part of what remains."""

    promised: int = 0
    let_go: int = 0
    freed: int = 0
    back: int = 0
    lost: int = 0
    given: int = 0

    @property
    def remains(self) -> int:
        """Return what of it is still promised, given or not."""
        return self.promised - self.let_go - self.freed - self.back - self.lost


def course(rows: Iterable[tuple[str, int]]) -> Course:
    """Return what became of the promise whose rows (movement, amount) these are.

    What only moved between years changes nothing; what a closed year gave comes back into an open one.
    """
    sums: dict[Movement, int] = dict.fromkeys(Movement, 0)
    for movement, amount in rows:
        sums[Movement(movement)] += amount
    back = sums[Movement.RETURNED] + sums[Movement.RECOVERED]
    return Course(
        promised=sums[Movement.RESERVED],
        let_go=sums[Movement.RELEASED],
        freed=sums[Movement.FREED],
        back=back,
        lost=sums[Movement.LOST],
        given=sums[Movement.DELIVERED] - back - sums[Movement.LOST],
    )


def given_cents(value_cents: int, delivered: int, amount: int) -> int:
    """Return the worth of what was delivered, in whole cents, rounded down: never above the promise."""
    return value_cents * delivered // amount
