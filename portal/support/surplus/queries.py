"""Questions about surplus: what groups declared, what arrived, and what the commons fund financed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import aliased

from portal import db
from portal.organisations.models import Organisation
from portal.support import queries as support_queries
from portal.support.models import Allocation, Holding, Pool, PoolEntry
from portal.support.models.surplus import COMMONS_FUND, Surplus, SurplusArrival

FUND = COMMONS_FUND
# What parts the columns and the rows of a table that is asked along as one text; nobody can type them.
NEXT, LINE = "\x1f", "\x1e"
MOST = 200
# What brings money into the fund and what takes it out; what only moves between its years is neither.
COMES = ("opened", "increased", "transferred_in", "recovered")
GOES = ("decreased", "transferred_out", "written_off")
# What is bound by signature, and what of it came back.
BINDS = {"committed": 1, "freed": -1, "returned": -1}


def declared() -> Select[*tuple[Any, ...]]:
    """Select what groups that are in public declare, the newest year first."""
    return (
        select(Surplus, Organisation.slug, Organisation.name)
        .join(Organisation, Organisation.id == Surplus.organisation_id)
        .where(Surplus.is_current, Organisation.hidden_at.is_(None))
        .order_by(Surplus.year.desc(), Organisation.name)
        .limit(MOST)
    )


def of_group(organisation_id: int) -> Select[Surplus]:
    """Select everything a group declared, corrected rows too, the newest first."""
    mine = select(Surplus).where(Surplus.organisation_id == organisation_id)
    return mine.order_by(Surplus.year.desc(), Surplus.number.desc())


def current(organisation_id: int, year: int) -> Select[Surplus]:
    """Select what a group says of a year now."""
    mine = Surplus.organisation_id == organisation_id, Surplus.year == year, Surplus.is_current
    return select(Surplus).where(*mine)


def one(surplus_id: int) -> Select[Surplus]:
    """Select a declaration that is current."""
    return select(Surplus).where(Surplus.id == surplus_id, Surplus.is_current)


def expected() -> Select[*tuple[Any, ...]]:
    """Select what is declared for the fund and did not arrive whole, the oldest first."""
    return (
        select(Surplus, Organisation.slug, Organisation.name)
        .join(Organisation, Organisation.id == Surplus.organisation_id)
        .where(Surplus.is_current, Surplus.arrived_cents < Surplus.transferred_cents)
        .order_by(Surplus.declared_at, Surplus.id)
        .limit(MOST)
    )


def with_bank_reference(reference: str) -> Select[SurplusArrival]:
    """Select this row of the bank as it was entered last."""
    mine = select(SurplusArrival).where(SurplusArrival.bank_reference == reference)
    return mine.order_by(SurplusArrival.number.desc()).limit(1)


def others_expecting(surplus: Surplus, cents: int) -> Select[*tuple[Any, ...]]:
    """Select what others, or the same group for another year, declared and still has so much to arrive."""
    rest = Surplus.transferred_cents - Surplus.arrived_cents
    return expected().where(Surplus.id != surplus.id, rest >= cents)


def arrival(surplus_id: int, arrival_id: int) -> Select[SurplusArrival]:
    """Select one arrival of a declaration."""
    return select(SurplusArrival).where(
        SurplusArrival.id == arrival_id, SurplusArrival.surplus_id == surplus_id
    )


def arrivals() -> Select[*tuple[Any, ...]]:
    """Select what arrived, each with the year, the group and the figure as it is now; the newest first."""
    corrected = (
        select(func.sum(PoolEntry.amount))
        .where(PoolEntry.corrects_id == SurplusArrival.entry_id)
        .correlate(SurplusArrival)
        .scalar_subquery()
    )
    now = cast(SurplusArrival.amount_cents + func.coalesce(corrected, 0), BigInteger)
    later = aliased(SurplusArrival)
    stands = ~exists().where(later.replaces_id == SurplusArrival.id)
    return (
        select(SurplusArrival, Surplus.year, Organisation.name, now, stands)
        .join(Surplus, Surplus.id == SurplusArrival.surplus_id)
        .join(Organisation, Organisation.id == Surplus.organisation_id)
        .order_by(SurplusArrival.id.desc())
        .limit(MOST)
    )


def corrections() -> Select[*tuple[Any, ...]]:
    """Select how arrivals were put right, in the ledger's order, each with its group where that is public."""
    return (
        select(
            PoolEntry.corrects_id,
            PoolEntry.amount,
            PoolEntry.at,
            PoolEntry.reason,
            SurplusArrival.amount_cents,
            Surplus.year,
            Organisation.slug,
            Organisation.name,
        )
        .join(SurplusArrival, SurplusArrival.entry_id == PoolEntry.corrects_id)
        .join(Surplus, Surplus.id == SurplusArrival.surplus_id)
        .outerjoin(
            Organisation,
            and_(Organisation.id == Surplus.organisation_id, Organisation.hidden_at.is_(None)),
        )
        .order_by(PoolEntry.id)
    )


def name_of(surplus: Surplus) -> Select[str]:
    """Select what the group is called that declared a surplus."""
    return select(Organisation.name).where(Organisation.id == surplus.organisation_id)


def last_entry(pool_id: int) -> Select[int]:
    """Select the newest row of a pool's ledger."""
    return select(func.max(PoolEntry.id)).where(PoolEntry.pool_id == pool_id)


def inflows() -> Select[*tuple[Any, ...]]:
    """Select (group, year, cents) of what came into the fund, in the ledger's order; no group is the city.

    A row that was put right counts with what it says now, at its own place in the order; money that was
    entered for the wrong group keeps the place of its first row.
    """
    row = func.coalesce(PoolEntry.corrects_id, PoolEntry.id)
    place = _place()
    return (
        select(Surplus.organisation_id, Surplus.year, cast(func.sum(PoolEntry.amount), BigInteger))
        .select_from(PoolEntry)
        .join(Pool, Pool.id == PoolEntry.pool_id)
        .outerjoin(SurplusArrival, SurplusArrival.entry_id == row)
        .outerjoin(Surplus, Surplus.id == SurplusArrival.surplus_id)
        .where(Pool.slug == FUND, db.among(PoolEntry.movement, COMES))
        .group_by(row, place, Surplus.organisation_id, Surplus.year)
        .order_by(place, row)
    )


def _place() -> ColumnElement[int]:
    """Return where a row that brought money in stands in the order of use: where the bank's came first."""
    return func.coalesce(SurplusArrival.first_entry_id, PoolEntry.corrects_id, PoolEntry.id)


def uses() -> Select[*tuple[Any, ...]]:
    """Select what is bound to each allocation, and what left the fund otherwise, in the ledger's order."""
    signed = case({name: PoolEntry.amount * sign for name, sign in BINDS.items()}, value=PoolEntry.movement)
    # PostgreSQL adds whole numbers up to one that is none for Python.
    cents = cast(
        func.sum(case((db.among(PoolEntry.movement, GOES), PoolEntry.amount), else_=signed)), BigInteger
    )
    return (
        select(PoolEntry.allocation_id, cents, Allocation.subject, Allocation.title)
        .select_from(PoolEntry)
        .join(Pool, Pool.id == PoolEntry.pool_id)
        .outerjoin(Allocation, Allocation.id == PoolEntry.allocation_id)
        .where(Pool.slug == FUND, db.among(PoolEntry.movement, (*GOES, *BINDS)))
        .group_by(PoolEntry.allocation_id, Allocation.subject, Allocation.title)
        .order_by(func.min(PoolEntry.id))
    )


def _as_text(rows: Select[*tuple[Any, ...]]) -> ScalarSelect[str]:
    first, *others = [func.coalesce(cast(one, String), "") for one in rows.subquery().c]
    line: ColumnElement[str] = first
    for one in others:
        line = line + NEXT + one
    # In the statement itself: a value would be written out anew at each asking.
    end: Any = literal_column(f"'{LINE}'")
    return select(func.aggregate_strings(line, end)).scalar_subquery()


def read(text: str | None) -> list[list[str]]:
    """Return the rows of a table that was asked along as one text, by their first column, a number."""
    rows = [line.split(NEXT) for line in (text or "").split(LINE) if line]
    return sorted(rows, key=lambda row: int(row[0]))


def promised_and_financed() -> Select[*tuple[Any, ...]]:
    """Select what a pact was promised and, beside what comes from the fund, the fund as texts.

    So the page of a pact asks no more for it. Parameter: subject.
    """
    from_fund = (
        exists()
        .where(Holding.allocation_id == Allocation.id, Holding.pool_id == Pool.id, Pool.slug == FUND)
        .correlate(Allocation)
    )
    names = declared().with_only_columns(Surplus.organisation_id, Organisation.slug, Organisation.name)
    came = inflows()
    came = came.with_only_columns(_place(), *came.selected_columns)
    went = uses()
    went = went.with_only_columns(func.min(PoolEntry.id), *list(went.selected_columns)[:2])
    tables = {"declared": names, "came": came, "went": went}
    texts = [case((from_fund, _as_text(one))).label(name) for name, one in tables.items()]
    return support_queries.PROMISED_TO.add_columns(*texts)


PROMISED_AND_FINANCED = promised_and_financed()
