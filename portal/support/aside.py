"""Questions about pools that are set aside: who has a share of them, and what each has taken."""

from __future__ import annotations

from sqlalchemy import Select, and_, func, select

from portal.support.models import Allocation, Holding, PoolShare


def share_of(pool_id: int, case_key: str) -> Select[PoolShare]:
    """Select what a case may draw of a pool."""
    return select(PoolShare).where(PoolShare.pool_id == pool_id, PoolShare.case_key == case_key)


def taken(pool_id: int, case_key: str) -> Select[int]:
    """Select what a case has of a pool: kept aside, promised or given."""
    mine = and_(Allocation.id == Holding.allocation_id, Allocation.case_key == case_key)
    cents = func.coalesce(func.sum(Holding.reserved + Holding.committed), 0)
    return select(cents).select_from(Holding).join(Allocation, mine).where(Holding.pool_id == pool_id)
