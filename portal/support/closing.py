"""How a year of a fund was closed: when, in which roles, and where what was left over went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock, db
from portal.support import returning, roles
from portal.support.changes import Change
from portal.support.ledger import LEFT_OVER
from portal.support.models import Pool, PoolEntry, PoolRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from portal.words import W


@dataclass(frozen=True, slots=True)
class Acted:
    """One of the persons who closed a year: in which role, on which day; nobody is named by it."""

    role: W
    on: date


@dataclass(frozen=True, slots=True)
class Gone:
    """What of a measure left a year in one way; to which fund, or to none where it stays unused."""

    movement: str
    unit: str
    amount: int
    year: int | None
    slug: str
    fund: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a year of a fund; nobody `asked` where the set-up closed it, or `approved` where one may."""

    on: date
    asked: Acted | None
    approved: Acted | None
    gone: Sequence[Gone]
    following: Pool | None


def closing(pool: Pool) -> Closing | None:
    """Return how this year of a fund was closed; None where it is open."""
    if pool.closed_at is None:
        return None
    asked, approved = _acted(pool)
    following = db.session().scalar(returning.next_open(pool, pool.year))
    return Closing(clock.local(pool.closed_at).date(), asked, approved, _gone(pool), following)


def _acted(pool: Pool) -> tuple[Acted | None, Acted | None]:
    done = (PoolRequest.pool_id == pool.id, PoolRequest.change == Change.CLOSE.value)
    found = select(PoolRequest).where(*done, PoolRequest.state.in_(("booked", "approved")))
    request = db.session().scalar(found.order_by(PoolRequest.id.desc()).limit(1))
    if request is None:
        return None, None
    persons = [(request.asked_by_id, request.asked_at), (request.decided_by_id, request.decided_at)]
    acts = zip(roles.held(persons), (at for _, at in persons), strict=True)
    asked, approved = (Acted(role, clock.local(at).date()) if at else None for role, at in acts)
    return asked, approved


def _gone(pool: Pool) -> Sequence[Gone]:
    """Return what left the year, each way with what was put right in it since."""
    found = [
        Gone(movement, unit, int(amount), *to)
        for movement, unit, amount, *to in db.session().execute(_ways(pool))
    ]
    return [one for one in found if one.amount]


def _ways(pool: Pool) -> Select[*tuple[Any, ...]]:
    row, right, other, head = aliased(PoolEntry), aliased(PoolEntry), aliased(Pool), aliased(Pool)
    measures = select(Pool.id).where(or_(Pool.id == pool.id, Pool.head_id == pool.id))
    since = select(func.coalesce(func.sum(right.amount), 0)).where(right.corrects_id == row.id)
    amount = func.sum(row.amount + since.correlate(row).scalar_subquery())
    to = (head.year, func.coalesce(head.slug, ""), func.coalesce(head.name, ""))
    first = and_(row.pool_id.in_(measures), row.corrects_id.is_(None), row.movement.in_(sorted(LEFT_OVER)))
    return (
        select(row.movement, Pool.unit, amount, *to)
        .join(Pool, Pool.id == row.pool_id)
        .outerjoin(other, other.id == row.other_pool_id)
        .outerjoin(head, head.id == func.coalesce(other.head_id, other.id))
        .where(first)
        .group_by(row.movement, Pool.id, Pool.unit, *to)
        .order_by(func.min(row.id))
    )
