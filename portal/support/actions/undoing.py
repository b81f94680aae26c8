"""What was not given after all: a payment that its bank sent back."""

from __future__ import annotations

from sqlalchemy import Delete, Select, delete, exists, select
from sqlalchemy.orm import aliased

from portal import db, policy
from portal.policy import Actor, Can
from portal.support.actions import books
from portal.support.ledger import Movement
from portal.support.lifecycle import LIFE, Verb
from portal.support.models import Allocation, Delivery, Pool, PoolEntry
from portal.support.models.handing import Particulars, Reception


def undo_delivery(allocation: Allocation, amount: int, shown_by: str, reason: str, *, by: Actor) -> None:
    """Undo what a plan delivered, where the bank sent it back; it is promised as before.

    `shown_by` is how the evidence of that delivery begins. The ledger gets a row that puts the other right.
    """
    policy.check(by, Can.SUPPORT_DELIVER, allocation)
    allocation.state = LIFE.after(allocation.state, Verb.UNDO).value
    allocation.delivered -= amount
    db.session().flush()
    for statement in _removal_of(allocation.id, shown_by):
        db.session().execute(statement)
    _undo(allocation, amount, by=by, reason=reason)


def _undo(allocation: Allocation, amount: int, *, by: Actor, reason: str) -> None:
    """Book that something was not given after all, and is promised as before.

    In the year that is open a row puts the delivery right. What a closed year has given comes into the pool
    that the allocation has now, and is promised there anew.
    """
    entry = db.session().scalar(_last_delivered(allocation.id, amount))
    if entry is not None:
        about = books.About(allocation=allocation, reason=reason, corrects_id=entry.id)
        books.must_change(
            db.session().get_one(Pool, entry.pool_id), Movement.DELIVERED, -amount, by=by, about=about
        )
        return
    books.take_back(allocation, amount, by=by, reason=reason)
    books.must_move(allocation, Movement.RESERVED, amount, by=by)
    books.must_move(allocation, Movement.COMMITTED, amount, by=by)


def _last_delivered(allocation_id: int, amount: int) -> Select[PoolEntry]:
    """Select the newest row that gave exactly so much in a year that is open, and that nothing put right."""
    later = aliased(PoolEntry)
    return (
        select(PoolEntry)
        .join(Pool, Pool.id == PoolEntry.pool_id)
        .where(PoolEntry.allocation_id == allocation_id, PoolEntry.amount == amount)
        .where(PoolEntry.movement == Movement.DELIVERED.value, Pool.closed_at.is_(None))
        .where(~exists().where(later.corrects_id == PoolEntry.id))
        .order_by(PoolEntry.id.desc())
        .limit(1)
    )


def _removal_of(allocation_id: int, beginning: str) -> list[Delete]:
    """Return what removes a delivery whose evidence begins so, and what was said of it."""
    mine = (Delivery.allocation_id == allocation_id, Delivery.evidence.startswith(beginning, autoescape=True))
    ids = select(Delivery.id).where(*mine)
    said = [delete(one).where(one.delivery_id.in_(ids)) for one in (Reception, Particulars)]
    return [*said, delete(Delivery).where(*mine)]
