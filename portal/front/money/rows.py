"""The rows behind the sums: what each pact has of each fund, newest first, and how it was put right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select
from sqlalchemy.sql import func

from portal import clock, db
from portal.front.money.totals import IN_MONEY, Figures
from portal.front.money.wanted import NONE, Wanted
from portal.organisations.models import Organisation
from portal.support.ledger import Movement, balance
from portal.support.models import Allocation, Holding, Pool, PoolEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Select

PAGE = 25
_ROWS = (
    select(
        Holding.id,
        Holding.allocation_id,
        Holding.pool_id,
        Allocation.subject,
        Allocation.title,
        Allocation.what,
        Allocation.district,
        Organisation.name.label("group"),
        Organisation.slug.label("group_slug"),
        Pool.year,
        Pool.slug,
        Pool.name.label("pool"),
        Pool.kind,
        Pool.unit,
        Pool.office,
    )
    .join(Allocation, Allocation.id == Holding.allocation_id)
    # An inner join would let SQLite begin with the funds and sort all that they hold.
    .outerjoin(Pool, Pool.id == Holding.pool_id)
    .outerjoin(
        Organisation, and_(Organisation.id == Allocation.organisation_id, Organisation.hidden_at.is_(None))
    )
    .where(Pool.head_id.is_(None))
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one pact has of one fund; `fact` are the facts, `cents` says the worth of the figures."""

    fact: Any
    units: Figures
    cents: Figures
    first_on: date | None
    last_on: date | None

    @property
    def code(self) -> str:
        """Return the code of the pact."""
        return str(self.fact.subject.removeprefix("pact:"))

    @property
    def is_money(self) -> bool:
        """Say whether it is money that the city pays."""
        return self.fact.kind in IN_MONEY

    @property
    def valued(self) -> bool:
        """Say whether somebody put a price on it."""
        return self.cents.promised > 0 or self.units.promised == 0


def listed(wanted: Wanted, before: int | None = None, most: int = PAGE) -> list[Row]:
    """Return the rows that the filters let through, the newest first, from before this one on."""
    found = db.session().execute(_chosen(wanted, before).limit(most)).all()
    sums = _sums(wanted, [(one.allocation_id, one.pool_id) for one in found])
    return [_row(one, sums.get((one.allocation_id, one.pool_id), [])) for one in found]


def every(wanted: Wanted, at_once: int = 500) -> Iterator[Row]:
    """Yield all rows, some at once: each some in a reading of their own."""
    before: int | None = None
    while True:
        with db.reading():
            some = listed(wanted, before, at_once)
        yield from some
        if len(some) < at_once:
            return
        before = some[-1].fact.id


def _chosen(wanted: Wanted, before: int | None) -> Select[*tuple[Any, ...]]:
    found = _ROWS.order_by(Holding.id.desc())
    if before is not None:
        found = found.where(Holding.id < before)
    if wanted.year is not None:
        found = found.where(Pool.year == wanted.year)
    if wanted.kind:
        found = found.where(Pool.kind == wanted.kind)
    if wanted.office:
        found = found.where(Pool.office == _none(wanted.office))
    if wanted.district:
        found = found.where(Allocation.district == _none(wanted.district))
    if wanted.pact:
        found = found.where(Allocation.subject == f"pact:{wanted.pact}")
    if wanted.until is not None:
        # The rows of the promise are few; those of its fund up to that day, by their index, are many.
        begun = (PoolEntry.allocation_id == Holding.allocation_id, PoolEntry.pool_id + 0 == Holding.pool_id)
        found = found.where(select(PoolEntry.id).where(*begun, PoolEntry.at < wanted.until).exists())
    return found


def _none(text: str) -> str:
    return "" if text == NONE else text


def _sums(wanted: Wanted, pairs: list[tuple[int, int]]) -> dict[tuple[int | None, int], list[Any]]:
    """Return what the ledger adds up to for these promises, by allocation and fund."""
    key = (PoolEntry.allocation_id, PoolEntry.pool_id)
    sums = (func.sum(PoolEntry.amount), func.sum(PoolEntry.value_cents))
    when = (func.min(PoolEntry.at), func.max(PoolEntry.at))
    asked = select(*key, PoolEntry.movement, *sums, *when).group_by(*key, PoolEntry.movement)
    asked = asked.where(PoolEntry.allocation_id.in_({one for one, _ in pairs}))
    if wanted.until is not None:
        asked = asked.where(PoolEntry.at < wanted.until)
    found: dict[tuple[int | None, int], list[Any]] = defaultdict(list)
    for allocation_id, pool_id, *row in db.session().execute(asked) if pairs else ():
        found[allocation_id, pool_id].append(row)
    return found


def _row(fact: Any, rows: list[Any]) -> Row:
    units = [(movement, int(amount)) for movement, amount, *_ in rows]
    is_cents = fact.unit == "cent"
    cents = units if is_cents else [(movement, int(cents)) for movement, _, cents, *_ in rows]
    instants = [at for *_, first, last in rows for at in (first, last)]
    first, last = (clock.local(one(instants)).date() if instants else None for one in (min, max))
    return Row(fact, figures(units), figures(cents), first, last)


def figures(rows: list[tuple[str, int]]) -> Figures:
    """Return what a promise's rows of the ledger add up to."""
    sums = balance(rows)
    back = sum(amount for movement, amount in rows if movement == Movement.RETURNED)
    return Figures(None, sums.reserved + sums.committed, sums.delivered, back, None)
