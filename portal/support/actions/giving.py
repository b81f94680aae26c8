"""Bind what was approved by the last signature, and enter what arrived."""

from __future__ import annotations

from datetime import date

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Actor, Can
from portal.record import Did
from portal.support import queries
from portal.support.actions import books
from portal.support.actions.particulars import Also, check_also
from portal.support.amounts import Amount
from portal.support.checks import queries as checks
from portal.support.ledger import Movement
from portal.support.lifecycle import LIFE, PROMISED, State, Verb
from portal.support.models import Allocation, Delivery
from portal.words import W

SUSPENDED = W(
    "The pact is suspended since %(day)s, and nothing is given while it is. It goes on once it is resumed."
)
_BY_PLAN = W("This sum is paid in parts: what the bank has paid is entered on the page of payments.")


def commit(subject: str, version: int, *, by: Actor) -> list[Allocation]:
    """Bind what was approved, in the transaction of the last signature, which has asked who may.

    Refuses with WrongState where any row of the version is not approved. Committing twice changes nothing.
    """
    found = sorted(
        db.session().scalars(queries.of_version(subject, version)), key=lambda one: one.pool_id or 0
    )
    missing = [one for one in found if one.state not in PROMISED]
    if missing:
        names = ", ".join(one.what or one.row_key for one in missing)
        raise WrongState(
            W(
                "This support is not yet approved by a second person: %(names)s. Approve it first.",
                names=names,
            )
        )
    due = [one for one in found if one.state == State.APPROVED]
    for allocation in due:
        commit_row(allocation, by=by)
    return due


def commit_row(allocation: Allocation, *, by: Actor) -> None:
    """Bind one approved row, for the verb that decides on it, which has asked who may."""
    allocation.state = LIFE.after(allocation.state, Verb.COMMIT).value
    allocation.committed_at = clock.now()
    db.session().flush()
    books.must_move(allocation, Movement.COMMITTED, allocation.amount, by=by)
    books.remember(Did.SUPPORT_COMMITTED, allocation, by=by)


def deliver(
    allocation: Allocation,
    amount: int,
    on: date,
    evidence: str,
    *,
    by: Actor,
    by_plan: bool = False,
    also: Also | None = None,
) -> Delivery:
    """Enter a part of the support that arrived; `amount` in the allocation's unit, `on` the city's day.

    Refuses with Invalid more than is still to be given, a day to come, a part without evidence, and what
    lacks something that its kind needs: a policy its cover, a waiver its rule, a loan its condition. Refuses
    with WrongState a sum that its plan pays unless the plan itself enters what the bank paid (`by_plan`),
    and one that must be published first; whatever somebody gives after its pact was suspended.
    """
    policy.check(by, Can.SUPPORT_DELIVER, allocation)
    if allocation.is_paid_by_plan and not by_plan:
        raise WrongState(_BY_PLAN)
    verb = Verb.DELIVER_REST if amount == allocation.rest else Verb.DELIVER_PART
    state = LIFE.after(allocation.state, verb)
    _check_delivery(allocation, amount, on, evidence)
    check_also(allocation, also, amount, on)
    if not by_plan:
        check_published(allocation)
    # What the bank, a machine or the group's own word reports has happened, and is entered in any case.
    if not by_plan and by.person_id is not None:
        check_running(allocation, on)
    allocation.delivered += amount
    allocation.state = state.value
    delivery = _arrived(allocation, amount, on, evidence.strip(), also)
    books.must_move(allocation, Movement.DELIVERED, amount, by=by)
    books.remember(Did.SUPPORT_DELIVERED, allocation, by=by, part=amount, on=on.isoformat())
    return delivery


def check_running(allocation: Allocation, on: date | None = None) -> None:
    """Refuse with WrongState what is begun while its pact is suspended, or was given on a day after that."""
    if allocation.suspended_on is not None and (on is None or on > allocation.suspended_on):
        raise WrongState(suspended(allocation.suspended_on))


def suspended(since: date) -> W:
    """Return why nothing is given: the pact has been suspended since that day."""
    return W(SUSPENDED.id, day=f"{since:%d/%m/%Y}")


def check_published(allocation: Allocation) -> None:
    """Refuse with WrongState money that has no effect yet, because its publication lacks something."""
    why_not = checks.unpaid_because(allocation)
    if why_not is not None:
        raise WrongState(why_not)


def _arrived(allocation: Allocation, amount: int, on: date, evidence: str, also: Also | None) -> Delivery:
    session, now = db.session(), clock.now()
    delivery = Delivery(
        allocation_id=allocation.id, amount=amount, delivered_on=on, evidence=evidence, entered_at=now
    )
    session.add(delivery)
    session.flush()
    if also is not None:
        session.add(also.of(delivery))
        session.flush()
    return delivery


def _check_delivery(allocation: Allocation, amount: int, on: date, evidence: str) -> None:
    if amount <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="amount")
    if amount > allocation.unbooked:
        left = Amount(allocation.unbooked, allocation.unit)
        raise Invalid(
            W("Only %(left)s of this promise is still to be given. Enter that much or less.", left=left),
            field="amount",
        )
    if on > clock.today():
        raise Invalid(W("Enter a day that is not in the future"), field="delivered_on")
    if allocation.committed_at is not None and on < clock.local(allocation.committed_at).date():
        raise Invalid(W("Enter a day on or after the signature of the pact"), field="delivered_on")
    if not evidence.strip():
        raise Invalid(W("Say what shows it, like the number of the payment order"), field="evidence")
