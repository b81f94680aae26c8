"""The books of the pools: the one place where figures move, each time with its ledger row beside it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, update

from portal import clock, db
from portal.errors import Stale
from portal.policy import Actor
from portal.record import Did, record
from portal.support.ledger import Movement
from portal.support.models import Allocation, Pool, PoolEntry
from portal.words import W

FIGURES = ("reserved", "committed", "delivered")
LEDGER_DISAGREES = W("The figures of this fund changed at the same moment, so nothing was done. Look again.")


def move(pool: Pool, movement: Movement, allocation: Allocation, amount: int, *, by: Actor) -> bool:
    """Move a pool's figures and enter the row; False where they do not allow it, and then nothing moved.

    One conditional UPDATE decides, so that of any number at once only those get something for whom there is
    something left; the CHECKs of the table say the same.
    """
    figures, holds = _step(movement, amount)
    moved = db.session().scalar(
        update(Pool)
        .where(Pool.id == pool.id, holds)
        .values(figures)
        .returning(Pool.id)
        .execution_options(synchronize_session=False)
    )
    db.session().refresh(pool, FIGURES)
    if moved is None:
        return False
    enter(pool, movement, amount, by=by, allocation=allocation)
    return True


def _step(movement: Movement, amount: int) -> tuple[dict[str, Any], ColumnElement[bool]]:
    """Return what a movement does to the figures, and what must hold before it."""
    if movement is Movement.RESERVED:
        return {"reserved": Pool.reserved + amount}, Pool.reserved + Pool.committed + amount <= Pool.capacity
    if movement is Movement.RELEASED:
        return {"reserved": Pool.reserved - amount}, Pool.reserved >= amount
    if movement is Movement.COMMITTED:
        figures = {"reserved": Pool.reserved - amount, "committed": Pool.committed + amount}
        return figures, Pool.reserved >= amount
    return {"delivered": Pool.delivered + amount}, Pool.delivered + amount <= Pool.committed


def must_move(allocation: Allocation, movement: Movement, amount: int, *, by: Actor) -> None:
    """Move what was kept aside or committed before; refuses with Stale where the figures say otherwise."""
    if not move(pool_of(allocation), movement, allocation, amount, by=by):
        raise Stale(LEDGER_DISAGREES)


def increase(pool: Pool, amount: int, *, by: Actor) -> None:
    """Put more into a pool."""
    db.session().execute(
        update(Pool)
        .where(Pool.id == pool.id)
        .values(capacity=Pool.capacity + amount)
        .execution_options(synchronize_session=False)
    )
    db.session().refresh(pool, ("capacity",))
    enter(pool, Movement.OPENED, amount, by=by)


def enter(
    pool: Pool, movement: Movement, amount: int, *, by: Actor, allocation: Allocation | None = None
) -> None:
    """Add a row to a pool's ledger."""
    entry = PoolEntry(
        pool_id=pool.id,
        allocation_id=allocation.id if allocation else None,
        movement=movement.value,
        amount=amount,
        at=clock.now(),
        actor=by.pseudonym,
    )
    db.session().add(entry)
    db.session().flush()


def remember(did: Did, allocation: Allocation, *, by: Actor, **facts: Any) -> None:
    """Remember an act on an allocation under the pact it belongs to."""
    same = {"version": allocation.version, "row": allocation.row_key, "amount": allocation.amount}
    record(did, allocation.subject, by=by, **same, unit=allocation.unit, **facts)


def pool_of(allocation: Allocation) -> Pool:
    """Return the pool an allocation draws from; only for what was proposed at least."""
    pool = db.session().get(Pool, allocation.pool_id)
    assert pool is not None  # noqa: S101 - a foreign key and the CHECK on proposed rows say so
    return pool
