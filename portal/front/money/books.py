"""The ledger of one fund for everybody: each row of each measure, and the figures that they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal import clock, db
from portal.front.money import corrections
from portal.support import queries
from portal.support.ledger import Balance
from portal.support.models import Allocation, Pool, PoolEntry
from portal.support.subjects import code_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Select

    from portal.front.money.corrections import Correction

PAGE = 30
_Other = aliased(Pool)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger."""

    entry: PoolEntry
    unit: str
    allocation_id: int | None
    subject: str | None
    title: str
    other: str

    @property
    def code(self) -> str:
        """Return the code of the pact it was booked for, or an empty text."""
        return code_of(self.subject or "")

    @property
    def on(self) -> date:
        """Return the city's day on which it was booked."""
        return clock.local(self.entry.at).date()


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of a fund's ledger: its figures, the rows, and how some of them were put right."""

    figures: list[tuple[str, Balance]]
    rows: list[Row]
    has_more: bool
    corrected: list[Correction]


def measured(year: int, slug: str) -> Select[Pool]:
    """Select a fund with its further measures, its own one first."""
    head = queries.pool(year, slug).with_only_columns(Pool.id).scalar_subquery()
    return select(Pool).where(or_(Pool.id == head, Pool.head_id == head)).order_by(Pool.id)


def listed(measures: Sequence[Pool], as_of: date | None, before: int | None) -> Ledger:
    """Return a page of the ledger of a fund's measures, the newest row first."""
    day = as_of or clock.today()
    sums = queries.balances_on(day, [one.id for one in measures])
    found = _rows(measures, as_of, before, PAGE + 1)
    shown = found[:PAGE]
    right = corrections.of_entries((one.entry.id for one in shown), clock.end_of(as_of) if as_of else None)
    figures = [(one.unit, sums.get(one.id, Balance())) for one in measures]
    return Ledger(figures, shown, len(found) > PAGE, right)


def every(measures: Sequence[Pool], as_of: date | None, at_once: int = 500) -> Iterator[Row]:
    """Yield all rows, some at once: each some in a reading of their own."""
    before: int | None = None
    while True:
        with db.reading():
            some = _rows(measures, as_of, before, at_once)
        yield from some
        if len(some) < at_once:
            return
        before = some[-1].entry.id


def _rows(measures: Sequence[Pool], as_of: date | None, before: int | None, most: int) -> list[Row]:
    # The page first, and what belongs to it then: PostgreSQL would think of all rows of the fund.
    # Of each measure the newest rows by its own index, so that a page never sorts a whole ledger.
    pages = [_page(one.id, as_of, before, most) for one in measures]
    newest = pages[0] if len(pages) == 1 else _together(pages, most)
    shown = aliased(PoolEntry, newest.subquery())
    asked = (
        select(shown, Allocation.id, Allocation.subject, Allocation.title, _Other.name, _Other.year)
        .outerjoin(Allocation, Allocation.id == shown.allocation_id)
        .outerjoin(_Other, _Other.id == shown.other_pool_id)
        .order_by(shown.id.desc())
    )
    units = {one.id: one.unit for one in measures}
    return [_row(row, units[row[0].pool_id]) for row in db.session().execute(asked)]


def _page(pool_id: int, as_of: date | None, before: int | None, most: int) -> Select[PoolEntry]:
    """Select the newest rows of one measure."""
    page = select(PoolEntry).where(PoolEntry.pool_id == pool_id).order_by(PoolEntry.id.desc())
    if before is not None:
        page = page.where(PoolEntry.id < before)
    if as_of is not None:
        # The last row of the day bounds the page: nothing that came later is read to be left out.
        last = queries.last_entry(pool_id, clock.end_of(as_of)).scalar_subquery()
        page = page.where(PoolEntry.id <= last)
    return page.limit(_word(most))


def _together(pages: Iterable[Select[PoolEntry]], most: int) -> Select[*tuple[Any, ...]]:
    """Select the newest of the newest rows of each measure."""
    every = union_all(*(select(one.subquery()) for one in pages)).subquery()
    return select(every).order_by(every.c.id.desc()).limit(_word(most))


def _word(number: int) -> ColumnElement[int]:
    """Return a number that stands in the statement: PostgreSQL takes an open one for a tenth of all rows."""
    return literal(number, literal_execute=True)


def _row(row: Any, unit: str) -> Row:
    entry, allocation_id, subject, title, other, year = row
    return Row(entry, unit, allocation_id, subject, title or "", f"{other} {year}" if other else "")
