"""What was not given after all: a payment that its bank sent back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Delete, Select, delete, exists, select
from sqlalchemy.orm import aliased

from portal import db, policy
from portal.errors import Stale
from portal.policy import Actor, Can
from portal.support import queries
from portal.support.actions import books
from portal.support.ledger import Movement
from portal.support.lifecycle import LIFE, Verb
from portal.support.models import Allocation, Delivery, PoolEntry
from portal.support.models.handing import Particulars, Reception


def undo_delivery(allocation: Allocation, amount: int, shown_by: str, reason: str, *, by: Actor) -> None:
    """Undo what a plan delivered, where the bank sent it back; it is promised as before.

    `shown_by` is how the evidence of that delivery begins. The ledger gets a row that puts the other right.
    Refuses with WrongState where that year is closed and no year after it is open.
    """
    policy.check(by, Can.SUPPORT_DELIVER, allocation)
    allocation.state = LIFE.after(allocation.state, Verb.UNDO).value
    allocation.delivered -= amount
    db.session().flush()
    entered_at = db.session().scalar(select(Delivery.entered_at).where(*_shown_by(allocation.id, shown_by)))
    entry = db.session().scalar(_row_of(allocation.id, amount, entered_at)) if entered_at else None
    if entry is None:
        raise Stale(books.LEDGER_DISAGREES)
    for statement in _removal_of(allocation.id, shown_by):
        db.session().execute(statement)
    _undo(allocation, entry, by=by, reason=reason)


def _undo(allocation: Allocation, entry: PoolEntry, *, by: Actor, reason: str) -> None:
    """Book that something was not given after all, and is promised as before.

    In a year that is open a row puts the delivery right. What a closed year has given comes into the open
    pool of the allocation, in a row that names the closed one. Either way it is promised there anew.
    """
    into, amount = books.open_pool_of(allocation), entry.amount
    about = books.About(allocation=allocation, reason=reason)
    # Both pools in one order for everybody: whoever carries the year over meanwhile waits, or is first.
    pools = {one.id: one for one in db.session().scalars(queries.for_writing({entry.pool_id, into.id}))}
    pool, into = pools[entry.pool_id], pools[into.id]
    if pool.closed_at is None:
        mine = books.About(allocation=allocation, reason=reason, corrects_id=entry.id)
        books.must_change(pool, Movement.DELIVERED, -amount, by=by, about=mine)
        if pool.id != into.id:
            books.move_over(pool, into, Movement.PROMISE_OUT, amount, by=by, about=about)
    else:
        held = db.session().scalars(queries.holding(allocation.id, pool.id)).one()
        books.recover(held, amount, into, by=by, about=about)
        for movement in (Movement.RESERVED, Movement.COMMITTED):
            books.must_change(into, movement, amount, by=by, about=about)
    allocation.pool_id = into.id
    db.session().flush()


def _row_of(allocation_id: int, amount: int, at: datetime) -> Select[PoolEntry]:
    """Select the row of the ledger that was written with a delivery, and that nothing put right."""
    later = aliased(PoolEntry)
    return (
        select(PoolEntry)
        .where(PoolEntry.allocation_id == allocation_id, PoolEntry.at == at)
        .where(PoolEntry.movement == Movement.DELIVERED.value, PoolEntry.amount == amount)
        .where(~exists().where(later.corrects_id == PoolEntry.id))
        .order_by(PoolEntry.id.desc())
        .limit(1)
    )


def _shown_by(allocation_id: int, beginning: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Delivery.allocation_id == allocation_id,
        Delivery.evidence.startswith(beginning, autoescape=True),
    )


def _removal_of(allocation_id: int, beginning: str) -> list[Delete]:
    """Return what removes a delivery whose evidence begins so, and what was said of it."""
    mine = _shown_by(allocation_id, beginning)
    ids = select(Delivery.id).where(*mine)
    said = [delete(one).where(one.delivery_id.in_(ids)) for one in (Reception, Particulars)]
    return [*said, delete(Delivery).where(*mine)]
