"""All allocations by state, kind, office, and whether they are late or wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from portal.support.lateness import ON_CALL, USUAL_DAYS
from portal.support.lifecycle import State
from portal.support.models import Allocation, PlannedPart, Pool

RUNNING = (State.COMMITTED.value, State.DELIVERED.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is asked for; an empty choice is no filter."""

    state: str = ""
    kind: str = ""
    office: str = ""
    late: bool = False
    # Of whoever looks: what waits for a second person, who is not the one that proposed it.
    second_for: int | None = None


def is_late(today: date, days: int = USUAL_DAYS) -> ColumnElement[bool]:
    """Return the SQL twin of `lateness.days_late(…) > 0`: something promised for a day gone by is missing."""
    mine = PlannedPart.allocation_id == Allocation.id
    promised = select(func.coalesce(func.sum(PlannedPart.amount), 0)).where(mine, PlannedPart.due_on < today)
    on_call = Allocation.kind.in_(sorted(ON_CALL)) & Allocation.ends_on.is_not(None)
    whole = or_(
        Allocation.due_on < today,
        and_(Allocation.due_on.is_(None), on_call, Allocation.ends_on < today),
        and_(Allocation.due_on.is_(None), ~on_call, Allocation.starts_on < today - timedelta(days=days)),
    )
    planned = exists().where(mine)
    return and_(
        Allocation.state.in_(RUNNING),
        Allocation.suspended_on.is_(None),
        or_(
            and_(planned, promised.scalar_subquery() > Allocation.delivered),
            and_(~planned, whole, Allocation.delivered < Allocation.amount),
        ),
    )


def allocations(
    wanted: Wanted, today: date, *, before: int | None = None, most: int = 50
) -> Select[Allocation]:
    """Select the allocations that are wanted, the newest first, from before this one on."""
    found = (
        select(Allocation)
        .outerjoin(Pool, Pool.id == Allocation.pool_id)
        .options(contains_eager(Allocation.pool))
        .order_by(Allocation.id.desc())
        .limit(most)
    )
    for column, value in (
        (Allocation.state, wanted.state),
        (Allocation.kind, wanted.kind),
        (Pool.office, wanted.office),
    ):
        if value:
            found = found.where(column == value)
    if wanted.late:
        found = found.where(is_late(today))
    if wanted.second_for is not None:
        found = found.where(Allocation.state == State.PROPOSED.value)
        found = found.where(Allocation.proposed_by_id != wanted.second_for)
    return found if before is None else found.where(Allocation.id < before)


def offices() -> Select[str]:
    """Select the offices that keep a pool."""
    return select(Pool.office).where(Pool.office != "").distinct().order_by(Pool.office)
