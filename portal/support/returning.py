"""Questions about what an allocation was given and may come back, and where it comes then."""

from __future__ import annotations

from sqlalchemy import Select, select

from portal.support.models import Holding, Pool


def given_measures(allocation_id: int) -> Select[Holding, Pool]:
    """Select what an allocation was given of each measure, the latest year first, always in one order."""
    return (
        select(Holding, Pool)
        .join(Pool, Pool.id == Holding.pool_id)
        .where(Holding.allocation_id == allocation_id, Holding.delivered > 0)
        .order_by(Pool.year.desc(), Pool.id)
        .execution_options(populate_existing=True)
    )


def next_open(pool: Pool, year: int) -> Select[Pool]:
    """Select the first open pool like this one after its year, from this year on."""
    same = (Pool.slug == pool.slug, Pool.kind == pool.kind, Pool.head_id.is_(None))
    later = (Pool.year > pool.year, Pool.year >= year, Pool.closed_at.is_(None))
    return select(Pool).where(*same, *later).order_by(Pool.year).limit(1)
