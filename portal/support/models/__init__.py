"""The tables of support: pools with their books, and the allocations drawn from them."""

from portal.support.ledger import UNITS, Kind, Movement
from portal.support.models.allocations import IS_WAITING, Allocation, Delivery
from portal.support.models.books import Holding, PoolDay, PoolEntry
from portal.support.models.handing import GivenBack, Particulars, PlannedPart, Reception
from portal.support.models.pools import Pool, PoolRequest, PoolShare
from portal.support.models.sums import Span, SupportSum
from portal.support.models.surplus import Surplus, SurplusArrival

__all__ = [
    "IS_WAITING",
    "UNITS",
    "Allocation",
    "Delivery",
    "GivenBack",
    "Holding",
    "Kind",
    "Movement",
    "Particulars",
    "PlannedPart",
    "Pool",
    "PoolDay",
    "PoolEntry",
    "PoolRequest",
    "PoolShare",
    "Reception",
    "Span",
    "SupportSum",
    "Surplus",
    "SurplusArrival",
]
