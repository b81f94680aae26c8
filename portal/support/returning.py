"""Questions about what an allocation was given and may come back, and where it comes then."""

from __future__ import annotations

from sqlalchemy import Select, or_, select

from portal.support.models import Allocation, Holding, Pool


def given_measures(allocation_id: int) -> Select[Holding, Pool]:
    """Select what an allocation was given of each measure, the latest year first, always in one order."""
    return (
        select(Holding, Pool)
        .join(Pool, Pool.id == Holding.pool_id)
        .where(Holding.allocation_id == allocation_id, Holding.delivered > 0)
        .order_by(Pool.year.desc(), Pool.id)
        .execution_options(populate_existing=True)
    )


def moving_along(pool_id: int) -> Select[int]:
    """Select the allocations that move along when a pool is carried over, kept for one unit of work.

    Kept before the pools themselves, as by whoever gives something of them: else each waits for the other.
    """
    measures = select(Pool.id).where(or_(Pool.id == pool_id, Pool.head_id == pool_id))
    open_still = or_(Holding.reserved > 0, Holding.committed > Holding.delivered)
    mine = select(Holding.allocation_id).where(Holding.pool_id.in_(measures), open_still)
    found = select(Allocation.id).where(Allocation.id.in_(mine)).order_by(Allocation.id)
    return found.with_for_update(key_share=True)


def next_open(pool: Pool, year: int) -> Select[Pool]:
    """Select the first open pool like this one after its year, from this year on."""
    same = (Pool.slug == pool.slug, Pool.kind == pool.kind, Pool.head_id.is_(None))
    later = (Pool.year > pool.year, Pool.year >= year, Pool.closed_at.is_(None))
    return select(Pool).where(*same, *later).order_by(Pool.year).limit(1)
