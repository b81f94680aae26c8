"""Questions about what an allocation was given of each measure, and may come back."""

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
