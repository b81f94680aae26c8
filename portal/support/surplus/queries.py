"""Questions about surplus: what groups declared, what arrived, and what the commons fund financed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, select

from portal.organisations.models import Organisation
from portal.support.models import Allocation, Pool, PoolEntry
from portal.support.surplus.models import Surplus, SurplusArrival

FUND = "commons-fund"
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


def with_bank_reference(reference: str) -> Select[int]:
    """Select the arrival of this row of the bank."""
    return select(SurplusArrival.id).where(SurplusArrival.bank_reference == reference)


def last_entry(pool_id: int) -> Select[int]:
    """Select the newest row of a pool's ledger."""
    return select(func.max(PoolEntry.id)).where(PoolEntry.pool_id == pool_id)


def inflows() -> Select[*tuple[Any, ...]]:
    """Select (group, year, cents) of what came into the fund, in the ledger's order; no group is the city."""
    return (
        select(Surplus.organisation_id, Surplus.year, PoolEntry.amount)
        .select_from(PoolEntry)
        .join(Pool, Pool.id == PoolEntry.pool_id)
        .outerjoin(SurplusArrival, SurplusArrival.entry_id == PoolEntry.id)
        .outerjoin(Surplus, Surplus.id == SurplusArrival.surplus_id)
        .where(Pool.slug == FUND, PoolEntry.movement.in_(COMES))
        .order_by(PoolEntry.id)
    )


def uses() -> Select[*tuple[Any, ...]]:
    """Select what is bound to each allocation, and what left the fund otherwise, in the ledger's order."""
    signed = case({name: PoolEntry.amount * sign for name, sign in BINDS.items()}, value=PoolEntry.movement)
    cents = func.sum(case((PoolEntry.movement.in_(GOES), PoolEntry.amount), else_=signed))
    return (
        select(PoolEntry.allocation_id, cents, Allocation.subject, Allocation.title)
        .select_from(PoolEntry)
        .join(Pool, Pool.id == PoolEntry.pool_id)
        .outerjoin(Allocation, Allocation.id == PoolEntry.allocation_id)
        .where(Pool.slug == FUND, PoolEntry.movement.in_((*GOES, *BINDS)))
        .group_by(PoolEntry.allocation_id, Allocation.subject, Allocation.title)
        .order_by(func.min(PoolEntry.id))
    )
