"""Questions about pools that are set aside: who has a share of them, and what each has taken."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, select

from portal.support.models import Allocation, Holding, Pool, PoolShare


def kept_for(subject: str) -> Select[Pool]:
    """Select the pool that is set aside for a subject."""
    return select(Pool).where(Pool.kept_for == subject, Pool.head_id.is_(None))


def open_to(case_key: str) -> Select[Pool]:
    """Select the open pools of which a case has a share."""
    mine = (PoolShare.case_key == case_key, Pool.closed_at.is_(None))
    return select(Pool).join(PoolShare, PoolShare.pool_id == Pool.id).where(*mine).order_by(Pool.id)


def share_of(pool_id: int, case_key: str) -> Select[PoolShare]:
    """Select what a case may draw of a pool."""
    return select(PoolShare).where(PoolShare.pool_id == pool_id, PoolShare.case_key == case_key)


def taken(pool_id: int, case_key: str) -> Select[int]:
    """Select what a case has of a pool: kept aside, promised or given."""
    mine = and_(Allocation.id == Holding.allocation_id, Allocation.case_key == case_key)
    cents = func.coalesce(func.sum(Holding.reserved + Holding.committed), 0)
    return select(cents).select_from(Holding).join(Allocation, mine).where(Holding.pool_id == pool_id)


def drawn(pool_id: int) -> Select[*tuple[Any, ...]]:
    """Select (case, what it has of a pool) of everybody who draws on it."""
    cents = func.sum(Holding.reserved + Holding.committed)
    return (
        select(Allocation.case_key, cents)
        .join(Holding, Holding.allocation_id == Allocation.id)
        .where(Holding.pool_id == pool_id)
        .group_by(Allocation.case_key)
    )
