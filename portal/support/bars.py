"""What is left of the pools with a request in, and which pool may serve it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from portal.support.amounts import Amount
from portal.words import W


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
    closed_at: datetime | None
    head_id: int | None
    kept_for: str


class Request(Protocol):
    """What the rules ask of an allocation."""

    kind: str
    state: str
    pool_id: int | None
    starts_on: date

    @property
    def measures(self) -> Mapping[str, int]: ...
    @property
    def held(self) -> Mapping[str, int]: ...


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
    is_part: bool = False

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
    """Return a bar for each measure with these requests already in, whether approved or still asked."""
    return [_bar(pool, requests) for pool in pools]


def _bar(pool: Pool, requests: Sequence[Request]) -> Bar:
    here = [one for one in requests if one.pool_id == (pool.head_id or pool.id) and one.state != "asked"]
    held = sum(one.held.get(pool.unit, 0) for one in here)
    wished = [one for one in here if one.state == "proposed"]
    wished += [one for one in requests if one.state == "asked" and one.kind == pool.kind]
    return Bar(
        pool_id=pool.id,
        title=f"{pool.name} {pool.year}",
        kind=pool.kind,
        unit=pool.unit,
        taken=pool.reserved + pool.committed - held,
        asked=held + sum(one.measures.get(pool.unit, 0) for one in wished),
        capacity=pool.capacity,
        is_part=pool.head_id is not None,
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
    if pool.closed_at is not None:
        return W("%(pool)s is closed. Choose another fund.", pool=f"{pool.name} {pool.year}")
    if pool.kept_for:
        return None  # what is set aside waits for its cases, whatever the year
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
