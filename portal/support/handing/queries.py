"""Questions about planned parts, what belongs to deliveries, receptions and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Select, Update, column, func, select, table, update
from sqlalchemy.sql.dml import ReturningUpdate

from portal import db
from portal.support.lifecycle import State
from portal.support.models import Allocation, Delivery
from portal.support.models.handing import GivenBack, Particulars, PlannedPart, Reception
from portal.support.subjects import subject_of

# Payments stand above this room, so that their plan is known here by its name alone.
_PLAN = table("payment_plan", column("allocation_id", Integer), column("ordered", Integer))


def planned(*allocation_ids: int) -> Select[PlannedPart]:
    """Select the planned parts of allocations, in the order of their days."""
    return (
        select(PlannedPart)
        .where(PlannedPart.allocation_id.in_(allocation_ids))
        .order_by(PlannedPart.allocation_id, PlannedPart.due_on)
    )


def suspending(subject: str, day: date) -> Update:
    """Return the UPDATE that stops what runs for a pact; whoever changes a promise meanwhile looks again."""
    mine = (Allocation.subject == subject, Allocation.suspended_on.is_(None))
    return (
        update(Allocation)
        .where(*mine, Allocation.state.in_((State.COMMITTED.value, State.DELIVERED.value)))
        .values(suspended_on=day, version_id=Allocation.version_id + 1)
        .execution_options(synchronize_session=False)
    )


def suspended(subject: str) -> Select[Allocation]:
    """Select the promises to a pact that are stopped, locked, in their order and as they are now."""
    mine = (Allocation.subject == subject, Allocation.suspended_on.is_not(None))
    found = select(Allocation).where(*mine).order_by(Allocation.id).with_for_update(of=Allocation)
    return found.execution_options(populate_existing=True)


def deliveries(allocation_ids: Sequence[int]) -> Select[Delivery, Particulars, Reception]:
    """Select each delivery with what belongs to it and what the group said of it, the oldest first."""
    return (
        select(Delivery, Particulars, Reception)
        .outerjoin(Particulars, Particulars.delivery_id == Delivery.id)
        .outerjoin(Reception, Reception.delivery_id == Delivery.id)
        .where(Delivery.allocation_id.in_(allocation_ids))
        .order_by(Delivery.id)
    )


def delivery(code: str, delivery_id: int) -> Select[Delivery, Allocation]:
    """Select one delivery of a pact with its allocation."""
    return (
        select(Delivery, Allocation)
        .join(Allocation, Allocation.id == Delivery.allocation_id)
        .where(Delivery.id == delivery_id, Allocation.subject == subject_of(code))
    )


def given_back(allocation_ids: Sequence[int]) -> Select[GivenBack]:
    """Select what came back of allocations, the oldest first."""
    return select(GivenBack).where(GivenBack.allocation_id.in_(allocation_ids)).order_by(GivenBack.id)


def out_on_loan(allocation_id: int) -> Select[int]:
    """Select a loan of an allocation of which something is still out."""
    return (
        select(Particulars.delivery_id)
        .join(Delivery, Delivery.id == Particulars.delivery_id)
        .where(Delivery.allocation_id == allocation_id, Particulars.back < Particulars.lent)
        .limit(1)
    )


def unanswered(allocation_id: int) -> Select[int]:
    """Select an objection to a delivery of an allocation that nobody answered."""
    return (
        select(Reception.delivery_id)
        .join(Delivery, Delivery.id == Reception.delivery_id)
        .where(Delivery.allocation_id == allocation_id)
        .where(Reception.verdict == "objected", Reception.answered_at.is_(None))
        .limit(1)
    )


def take_back(delivery_id: int, amount: int) -> ReturningUpdate[int]:
    """Return the UPDATE by which so much of a loan is back: nothing where so much is not out."""
    return (
        update(Particulars)
        .where(Particulars.delivery_id == delivery_id, Particulars.back + amount <= Particulars.lent)
        .values(back=Particulars.back + amount)
        .returning(Particulars.delivery_id)
        .execution_options(synchronize_session=False)
    )


def answer_once(delivery_id: int, words: str, person_id: int | None, at: datetime) -> ReturningUpdate[Any]:
    """Return the UPDATE that answers an objection: nothing where it was answered already."""
    return (
        update(Reception)
        .where(Reception.delivery_id == delivery_id, Reception.verdict == "objected")
        .where(Reception.answered_at.is_(None))
        .values(answer=words, answered_by_id=person_id, answered_at=at)
        .returning(Reception.delivery_id)
        .execution_options(synchronize_session=False)
    )


def delivery_of(allocation_id: int, delivery_id: int) -> Select[Delivery]:
    """Select one delivery of an allocation."""
    return select(Delivery).where(Delivery.id == delivery_id, Delivery.allocation_id == allocation_id)


def plain_current(subject: str) -> Select[Allocation]:
    """Select the rows of the newest text that support was asked for, without pools and deliveries."""
    newest = select(func.max(Allocation.version)).where(
        Allocation.subject == subject, Allocation.state != State.RELEASED.value
    )
    return (
        select(Allocation)
        .where(Allocation.subject == subject, Allocation.version == newest.scalar_subquery())
        .order_by(Allocation.id)
    )


def planned_current(subject: str) -> Select[Allocation, PlannedPart]:
    """Select the same rows with their planned parts, each row as often as it has parts, and once at least."""
    found = plain_current(subject).add_columns(PlannedPart)
    return found.outerjoin(PlannedPart, PlannedPart.allocation_id == Allocation.id).order_by(
        PlannedPart.due_on
    )


def is_refused(subject: str, version: int) -> bool:
    """Say whether the city refused a row of this version."""
    refused = (
        select(Allocation.id)
        .where(Allocation.subject == subject, Allocation.version == version)
        .where(Allocation.state == State.REFUSED.value)
        .limit(1)
    )
    return db.session().scalar(refused) is not None


def on_its_way(allocation_id: int) -> Select[int]:
    """Select the cents of a plan that are on their way to the bank."""
    mine = _PLAN.c.allocation_id == allocation_id
    return select(_PLAN.c.ordered).where(mine, _PLAN.c.ordered > 0)


def loans(until: date) -> Select[int]:
    """Select the loans that are due back by a day and not all back."""
    return (
        select(Particulars.delivery_id)
        .where(Particulars.lent > 0, Particulars.back < Particulars.lent, Particulars.due_back_on <= until)
        .order_by(Particulars.delivery_id)
    )


def loan(delivery_id: int) -> Select[Allocation, Particulars]:
    """Select one loan with the allocation it belongs to."""
    return (
        select(Allocation, Particulars)
        .join(Delivery, Delivery.allocation_id == Allocation.id)
        .join(Particulars, Particulars.delivery_id == Delivery.id)
        .where(Delivery.id == delivery_id)
    )
