"""Questions about pools that are set aside: who has a share of them, and what each has taken."""

from __future__ import annotations

from sqlalchemy import Select, and_, func, select

from portal.support.models import Allocation, Holding, Pool, PoolShare


def share_of(pool_id: int, case_key: str) -> Select[PoolShare]:
    """Select what a case may draw of a pool."""
    return select(PoolShare).where(PoolShare.pool_id == pool_id, PoolShare.case_key == case_key)


def shares_of(pool_id: int) -> Select[PoolShare]:
    """Select what each case may draw of a pool."""
    mine = select(PoolShare).where(PoolShare.pool_id == pool_id).order_by(PoolShare.case_key)
    return mine.execution_options(populate_existing=True)


def given(pool_id: int) -> Select[str, int]:
    """Select what each case was given out of a pool, and has not brought back."""
    return (
        select(Allocation.case_key, func.sum(Holding.delivered))
        .join(Allocation, Allocation.id == Holding.allocation_id)
        .where(Holding.pool_id == pool_id, Holding.delivered > 0)
        .group_by(Allocation.case_key)
    )


def kept_for(subject: str) -> Select[Pool]:
    """Select the pools that were set aside for a subject, the one of the last year first."""
    return select(Pool).where(Pool.kept_for == subject).order_by(Pool.year.desc(), Pool.id.desc())


def taken(pool_id: int, case_key: str) -> Select[int]:
    """Select what a case has of a pool: kept aside, promised or given."""
    mine = and_(Allocation.id == Holding.allocation_id, Allocation.case_key == case_key)
    cents = func.coalesce(func.sum(Holding.reserved + Holding.committed), 0)
    return select(cents).select_from(Holding).join(Allocation, mine).where(Holding.pool_id == pool_id)
