"""The arithmetic of pools: what the rows of the ledger add up to, and what is left with a request in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from portal.support.amounts import Amount
from portal.words import W


class Kind(StrEnum):
    """What the city gives; the unit of each is fixed."""

    FUNDING = "funding"
    SERVER = "server"
    LEGAL = "legal"


UNITS = {Kind.FUNDING: "cent", Kind.SERVER: "vcpu", Kind.LEGAL: "hour"}


class Movement(StrEnum):
    """What a ledger row books."""

    OPENED = "opened"
    RESERVED = "reserved"
    RELEASED = "released"
    COMMITTED = "committed"
    DELIVERED = "delivered"


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


# What one unit of each movement does to capacity, reserved, committed and delivered.
_EFFECTS: dict[Movement, tuple[int, int, int, int]] = {
    Movement.OPENED: (1, 0, 0, 0),
    Movement.RESERVED: (0, 1, 0, 0),
    Movement.RELEASED: (0, -1, 0, 0),
    Movement.COMMITTED: (0, -1, 1, 0),
    Movement.DELIVERED: (0, 0, 0, 1),
}


def balance(rows: Iterable[tuple[str, int]]) -> Balance:
    """Return what the rows (movement, amount) add up to; sums of rows may be passed as rows."""
    totals = [0, 0, 0, 0]
    for movement, amount in rows:
        for place, effect in enumerate(_EFFECTS[Movement(movement)]):
            totals[place] += effect * amount
    return Balance(*totals)


class Pool(Protocol):
    """What the rules ask of a pool."""

    id: int
    year: int
    kind: str
    name: str
    unit: str
    capacity: int
    reserved: int
    committed: int


class Request(Protocol):
    """What the rules ask of an allocation."""

    kind: str
    amount: int
    state: str
    pool_id: int | None
    starts_on: date


@dataclass(frozen=True, slots=True)
class Bar:
    """One pool as a bar: taken by others, asked for here, and what is left then (below zero: too little)."""

    pool_id: int
    title: str
    kind: str
    unit: str
    taken: int
    asked: int
    capacity: int

    @property
    def left(self) -> int:
        """Return what is left once this request is granted."""
        return self.capacity - self.taken - self.asked

    @property
    def words(self) -> W:
        """Return the bar as a sentence."""
        said = {
            "taken": Amount(self.taken, self.unit),
            "asked": Amount(self.asked, self.unit),
            "left": Amount(abs(self.left), self.unit),
            "capacity": Amount(self.capacity, self.unit),
        }
        if not self.asked:
            return W("%(taken)s already promised · %(left)s left of %(capacity)s", **said)
        if self.left < 0:
            return W("%(taken)s already promised · %(asked)s for this pact · %(left)s too much", **said)
        return W(
            "%(taken)s already promised · %(asked)s for this pact · %(left)s left of %(capacity)s", **said
        )


def bars(pools: Iterable[Pool], requests: Sequence[Request]) -> list[Bar]:
    """Return a bar for each pool with these requests already in, whether approved or still asked."""
    return [_bar(pool, requests) for pool in pools]


def _bar(pool: Pool, requests: Sequence[Request]) -> Bar:
    here = [one for one in requests if one.pool_id == pool.id and one.state != "asked"]
    held = sum(one.amount for one in here if one.state not in {"proposed", "refused", "released"})
    wished = sum(one.amount for one in here if one.state == "proposed")
    wished += sum(one.amount for one in requests if one.state == "asked" and one.kind == pool.kind)
    return Bar(
        pool_id=pool.id,
        title=f"{pool.name} {pool.year}",
        kind=pool.kind,
        unit=pool.unit,
        taken=pool.reserved + pool.committed - held,
        asked=held + wished,
        capacity=pool.capacity,
    )


def year_needed(starts_on: date, today: date) -> int:
    """Return the year whose pools pay for a pact: that of its start, or this one where it has begun."""
    return max(starts_on.year, today.year)


def unfit(pool: Pool, request: Request, today: date) -> W | None:
    """Return why this pool cannot serve this request, or None; whether enough is left is another question."""
    needed = year_needed(request.starts_on, today)
    if pool.kind != request.kind:
        return W(
            "%(pool)s gives something else than what is asked here. Choose a fund of the same kind.",
            pool=pool.name,
        )
    if pool.year < today.year:
        return W(
            "%(pool)s ended with the year %(year)s. Choose a fund of %(needed)s.",
            pool=pool.name,
            year=pool.year,
            needed=needed,
        )
    if pool.year != needed:
        return W("This support begins in %(needed)s. Choose a fund of that year.", needed=needed)
    return None


def given_cents(value_cents: int, delivered: int, amount: int) -> int:
    """Return the worth of what was delivered, in whole cents, rounded down: never above the promise."""
    return value_cents * delivered // amount
