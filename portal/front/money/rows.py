"""The rows behind the sums: what each pact has of each fund, newest first, and how it was put right."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, literal, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import func

from portal import clock, db
from portal.front.money.totals import IN_MONEY, Figures, of_span
from portal.front.money.wanted import NONE, Wanted
from portal.organisations.models import Organisation
from portal.support.ledger import Movement, balance
from portal.support.models import Allocation, Holding, Pool, PoolEntry, Span, SupportSum
from portal.support.subjects import code_of, is_track, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute

PAGE = 25
# Numbers are given almost in the order of instants: among so many newest ones is the highest.
NEAR = 100
# A fund is known by its first measure, whichever of them was given.
_Head = aliased(Pool)
_ROWS = (
    select(
        Holding.id,
        Holding.allocation_id,
        Holding.pool_id,
        Allocation.subject,
        Allocation.title,
        Allocation.what,
        Holding.district,
        Organisation.name.label("group"),
        Organisation.slug.label("group_slug"),
        Pool.year,
        _Head.slug,
        Pool.name.label("pool"),
        Pool.kind,
        Pool.unit,
        Pool.office,
    )
    .join(Allocation, Allocation.id == Holding.allocation_id)
    # An inner join would let SQLite begin with the funds and sort all that they hold.
    .outerjoin(Pool, Pool.id == Holding.pool_id)
    .outerjoin(_Head, _Head.id == func.coalesce(Pool.head_id, Pool.id))
    .outerjoin(
        Organisation, and_(Organisation.id == Allocation.organisation_id, Organisation.hidden_at.is_(None))
    )
    .where(Holding.is_leading)
    .order_by(Holding.id.desc())
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
        return code_of(self.fact.subject)

    @property
    def is_of_track(self) -> bool:
        """Say whether it is for a call's track, and so for no one group."""
        return is_track(self.fact.subject)

    @property
    def place(self) -> str:
        """Return the address of the public page of what it is for, without language."""
        return place_of(self.fact.subject)

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
    page = _chosen(wanted, before, most).limit(_word(most)).cte("page")
    sums = (func.sum(PoolEntry.amount), func.sum(PoolEntry.value_cents))
    when = (func.min(PoolEntry.at), func.max(PoolEntry.at))
    # The rows of a promise are few; those of its fund, by their index, are many.
    booked = [PoolEntry.allocation_id == page.c.allocation_id, PoolEntry.pool_id + 0 == page.c.pool_id]
    if wanted.until is not None:
        booked.append(PoolEntry.at < wanted.until)
    asked = (
        select(*page.c, PoolEntry.movement, *sums, *when)
        .outerjoin(PoolEntry, and_(*booked))
        .group_by(*page.c, PoolEntry.movement)
        .order_by(page.c.id.desc())
    )
    found = groupby(db.session().execute(asked), key=attrgetter("id"))
    return [_row([*some]) for _, some in found]


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


def _chosen(wanted: Wanted, before: int | None, most: int) -> Select[*tuple[Any, ...]]:
    mine: list[ColumnElement[bool]] = [] if before is None else [Holding.id < before]
    if wanted.until is not None:
        last = select(Holding.id).where(Holding.begun_at < wanted.until)
        near = last.order_by(Holding.begun_at.desc(), Holding.id.desc()).limit(NEAR).subquery()
        mine += [Holding.begun_at < wanted.until, Holding.id <= select(func.max(near.c.id)).scalar_subquery()]
    if wanted.pact:
        mine += [Allocation.subject == f"pact:{wanted.pact}", *_narrowed(wanted, Holding.district)]
    elif narrowed := _narrowed(wanted, SupportSum.district):
        mine.append(Holding.id.in_(_of_some(narrowed, mine, most)))
    return _ROWS.where(*mine)


def _of_some(narrowed: list[ColumnElement[bool]], mine: list[ColumnElement[bool]], most: int) -> Select[int]:
    """Select the newest rows of some funds and districts, however rare these are among all rows.

    Of each the number of the last row of a page is read. The highest of them all bounds the page: from it on
    there are enough rows, and of none more than a page.
    """
    some = (
        select(SupportSum.pool_id, SupportSum.district)
        .distinct()
        .join(Pool, Pool.id == SupportSum.pool_id)
        .where(of_span(Span.YEAR), *narrowed)
        .cte("some")
    )
    of_some = (Holding.pool_id == some.c.pool_id, Holding.is_leading, Holding.district == some.c.district)
    within = and_(*of_some, *mine)
    last = (
        select(Holding.id).where(within).order_by(Holding.id.desc()).offset(_word(most - 1)).limit(_word(1))
    )
    bound = select(func.coalesce(func.max(last.correlate(some).scalar_subquery()), 0)).select_from(some)
    found = select(Holding.id).join(some, within).where(Holding.id >= bound.scalar_subquery())
    # In an order that no index has: else PostgreSQL would look for them among all rows.
    return found.order_by((Holding.id + 0).desc()).limit(_word(most))


def _word(number: int) -> ColumnElement[int]:
    """Return a number that stands in the statement: PostgreSQL takes an open one for a tenth of all rows."""
    return literal(number, literal_execute=True)


def _narrowed(wanted: Wanted, district: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
    """Return what the filters say of fund and district."""
    found: list[ColumnElement[bool]] = []
    if wanted.year is not None:
        found.append(Pool.year == wanted.year)
    if wanted.kind:
        found.append(Pool.kind == wanted.kind)
    if wanted.office:
        found.append(Pool.office == _none(wanted.office))
    if wanted.district:
        found.append(district == _none(wanted.district))
    return found


def _none(text: str) -> str:
    return "" if text == NONE else text


def _row(some: list[Any]) -> Row:
    fact, rows = some[0], [tuple(one)[-5:] for one in some if one.movement is not None]
    units = [(movement, int(amount)) for movement, amount, *_ in rows]
    is_cents = fact.unit == "cent"
    cents = units if is_cents else [(movement, int(cents)) for movement, _, cents, *_ in rows]
    instants = [at for *_, first, last in rows for at in (first, last)]
    first, last = (clock.local(one(instants)).date() if instants else None for one in (min, max))
    return Row(fact, _figures(units), _figures(cents), first, last)


def _figures(rows: list[tuple[str, int]]) -> Figures:
    """Return what a promise's rows of the ledger add up to."""
    sums = balance(rows)
    back = sum(amount for movement, amount in rows if movement == Movement.RETURNED)
    return Figures(None, sums.reserved + sums.committed, sums.delivered, back, None)
