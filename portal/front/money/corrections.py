"""How figures were put right: what they were, what they became, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, cast, func, or_, select
from sqlalchemy.orm import aliased

from portal import db
from portal.support.amounts import Amount
from portal.support.models import Pool, PoolEntry
from portal.web.chrome import day
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Select

    from portal.front.money.wanted import Wanted

MOST = 10
_right, _earlier = aliased(PoolEntry), aliased(PoolEntry)
# A fund is known by its first measure, whichever of them was put right.
_Head = aliased(Pool)


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the ledger that put another one right."""

    entry_id: int
    corrects_id: int
    movement: str
    at: datetime
    was: int
    now: int
    unit: str
    reason: str
    year: int
    slug: str
    pool: str

    @property
    def words(self) -> W:
        """Return the correction as a sentence."""
        return W(
            "This figure was corrected on %(day)s: from %(was)s to %(now)s, because: %(reason)s",
            day=day(self.at),
            was=Amount(self.was, self.unit),
            now=Amount(self.now, self.unit),
            reason=self.reason,
        )


_before = (
    select(func.coalesce(func.sum(_earlier.amount), 0))
    .where(_earlier.corrects_id == PoolEntry.corrects_id, _earlier.id < PoolEntry.id)
    .correlate(PoolEntry)
    .scalar_subquery()
)
_ALL = (
    select(
        PoolEntry.id,
        PoolEntry.corrects_id,
        PoolEntry.movement,
        PoolEntry.at,
        cast(_right.amount + _before, BigInteger).label("was"),
        cast(_right.amount + _before + PoolEntry.amount, BigInteger).label("now"),
        Pool.unit,
        PoolEntry.reason,
        Pool.year,
        _Head.slug,
        Pool.name,
    )
    # Inner joins would let SQLite begin with every row that might have been put right.
    .outerjoin(_right, _right.id == PoolEntry.corrects_id)
    .outerjoin(Pool, Pool.id == PoolEntry.pool_id)
    .outerjoin(_Head, _Head.id == func.coalesce(Pool.head_id, Pool.id))
    .where(PoolEntry.corrects_id.is_not(None))
    .order_by(PoolEntry.id.desc())
)


def of_funds(wanted: Wanted, most: int = MOST) -> list[Correction]:
    """Return the newest corrections of the funds that the filters let through."""
    funds = select(Pool.id)
    if wanted.year is not None:
        funds = funds.where(Pool.year == wanted.year)
    if wanted.kind:
        funds = funds.where(Pool.kind == wanted.kind)
    # Corrections are few: they are looked at one by one, not through all rows of their funds.
    of_these = select(_earlier.id).where(_earlier.corrects_id > 0)
    found = _ALL.where(PoolEntry.id.in_(of_these), (PoolEntry.pool_id + 0).in_(funds))
    if wanted.until is not None:
        found = found.where(PoolEntry.at < wanted.until)
    return _made(found.limit(most))


def of_entries(ids: Iterable[int], until: datetime | None = None) -> list[Correction]:
    """Return how these rows of the ledger were put right, and what those of them that did so put right."""
    some = list(ids)
    found = _ALL.where(or_(PoolEntry.corrects_id.in_(some), PoolEntry.id.in_(some)))
    return _made(found if until is None else found.where(PoolEntry.at < until))


def _made(asked: Select[*tuple[Any, ...]]) -> list[Correction]:
    return [Correction(*row) for row in map(tuple, db.session().execute(asked))]
