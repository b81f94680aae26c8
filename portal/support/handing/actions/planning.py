"""Promise days for the parts of what was committed."""

from __future__ import annotations

from collections.abc import Sequence

from portal import db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Actor, Can
from portal.record import Did
from portal.support.actions import books
from portal.support.amounts import Amount
from portal.support.handing import queries
from portal.support.lateness import Due
from portal.support.lifecycle import LIFE, Verb
from portal.support.models import Allocation
from portal.support.models.handing import PlannedPart
from portal.words import W

PLANNED_ALREADY = W(
    "The days of these parts were promised already. Only a new text of the pact changes them."
)
MOST_PARTS = 24


def plan(allocation: Allocation, parts: Sequence[Due], *, by: Actor) -> None:
    """Promise a day for each part, once; together they are the whole amount.

    Refuses with WrongState a second plan, with Invalid days outside the pact and parts that do not add up.
    """
    policy.check(by, Can.SUPPORT_DELIVER, allocation)
    LIFE.after(allocation.state, Verb.DELIVER_PART)
    if db.session().scalar(queries.planned(allocation.id).limit(1)) is not None:
        raise WrongState(PLANNED_ALREADY)
    _check(allocation, parts)
    for part in parts:
        db.session().add(PlannedPart(allocation_id=allocation.id, due_on=part.on, amount=part.amount))
    db.session().flush()
    books.remember(Did.SUPPORT_PLANNED, allocation, by=by, parts=len(parts))


def _check(allocation: Allocation, parts: Sequence[Due]) -> None:
    if not 0 < len(parts) <= MOST_PARTS or min(part.amount for part in parts) <= 0:
        raise Invalid(W("Enter an amount and a day for one part at least"), field="parts")
    if len({part.on for part in parts}) < len(parts):
        raise Invalid(W("Give each part a day of its own"), field="parts")
    if sum(part.amount for part in parts) != allocation.amount:
        whole = Amount(allocation.amount, allocation.unit)
        raise Invalid(W("The parts must add up to %(whole)s", whole=whole), field="parts")
    last = allocation.ends_on
    if any(part.on < allocation.starts_on or (last is not None and part.on > last) for part in parts):
        raise Invalid(W("Choose days between the first and the last day of the pact"), field="parts")
