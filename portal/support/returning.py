"""Questions about what an allocation was given of each measure, and what of it came back."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from portal import db
from portal.support.models import Holding, Movement, Pool, PoolEntry


def given_measures(allocation_id: int) -> Select[Holding, Pool]:
    """Select what an allocation was given of each measure, the latest year first, always in one order."""
    return (
        select(Holding, Pool)
        .join(Pool, Pool.id == Holding.pool_id)
        .where(Holding.allocation_id == allocation_id, Holding.delivered > 0)
        .order_by(Pool.year.desc(), Pool.id)
        .execution_options(populate_existing=True)
    )


def recovered(allocation_id: int, unit: str) -> int:
    """Return how much of a measure came back already out of years that are closed."""
    found = (
        select(func.sum(PoolEntry.amount))
        .join(Pool, Pool.id == PoolEntry.pool_id)
        .where(PoolEntry.allocation_id == allocation_id, Pool.unit == unit)
        .where(PoolEntry.movement == Movement.RECOVERED.value)
    )
    return int(db.session().scalar(found) or 0)
