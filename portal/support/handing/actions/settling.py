"""What comes back after it was given, and the settlement that ends an allocation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.policy import Actor, Can
from portal.record import Did
from portal.support import returning
from portal.support.actions import books
from portal.support.amounts import Amount
from portal.support.handing import queries
from portal.support.ledger import Movement
from portal.support.lifecycle import LIFE, Verb
from portal.support.models import Allocation
from portal.support.models.handing import GivenBack
from portal.words import W

OUT_ON_LOAN = W("Things are still out on loan. Enter their return, or write them off, before you close.")
BY_PLAN = W("This sum is paid in parts: what came back is entered on the page of payments.")
UNDER_WAY = W("A payment of this sum is on its way to the bank. Wait for the answer before you close.")
BOOKED = W("Hours are still booked. Confirm or cancel the bookings before you close.")
OPEN_OBJECTION = W("An objection of the group waits for an answer. Answer it before you close.")


@dataclass(frozen=True, slots=True)
class Back:
    """What came back: how much, when, why, in which condition; of which loan, and whether it is lost."""

    amount: int
    on: date
    reason: str
    condition: str = ""
    delivery_id: int | None = None
    is_lost: bool = False


def give_back(allocation: Allocation, back: Back, *, by: Actor, by_plan: bool = False) -> GivenBack:
    """Enter what came back of what was given, or write off a loan; it can be promised again in its year.

    A loan whose year is closed is written off too: the books of that year stay as they are.
    Refuses with Invalid more than was given, and with Stale whoever comes second with the same things. What
    a plan paid comes back by its plan alone.
    """
    policy.check(by, Can.SUPPORT_DELIVER, allocation)
    if allocation.is_paid_by_plan and not by_plan:
        raise WrongState(BY_PLAN)
    state = LIFE.after(allocation.state, Verb.RETURN)
    _check(allocation, back)
    allocation.state = state.value
    allocation.returned += back.amount
    # Two at once: the version the second one read is gone, before any figure has moved.
    db.session().flush()
    if back.delivery_id is not None:
        taken = db.session().scalar(queries.take_back(back.delivery_id, back.amount))
        if taken is None:
            raise Stale(W("So much is not out on this loan any more. Look again."))
    found = _entered(allocation, back, by=by)
    if back.is_lost:
        _lose(allocation, back.amount, by=by, reason=found.reason)
    else:
        books.take_back(allocation, back.amount, by=by, reason=found.reason)
    did = Did.SUPPORT_WRITTEN_OFF if back.is_lost else Did.SUPPORT_RETURNED
    books.remember(did, allocation, by=by, part=back.amount, on=back.on.isoformat())
    return found


def _lose(allocation: Allocation, amount: int, *, by: Actor, reason: str) -> None:
    """Book what was lent and never came back: its year has so much less.

    A year that is closed stays as it is: it has given the thing, and no later year ever had it. That is only
    noted with what the allocation holds. Refuses with Stale more than was given.
    """
    about = books.About(allocation=allocation, reason=reason)
    for held, row in db.session().execute(returning.given_measures(allocation.id)).all():
        part = min(amount, held.kept)
        if part and row.closed_at is None:
            books.must_change(row, Movement.LOST, part, by=by, about=about)
        elif part:
            books.recover(held, part, None, by=by, about=about)
        amount -= part
    if amount:
        raise Stale(books.LEDGER_DISAGREES)


def _check(allocation: Allocation, back: Back) -> None:
    if back.amount <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="amount")
    if back.amount > allocation.kept:
        most = Amount(allocation.kept, allocation.unit)
        raise Invalid(W("Only %(most)s was given and not returned yet.", most=most), field="amount")
    if back.on > clock.today():
        raise Invalid(W("Enter a day that is not in the future"), field="back_on")
    if not back.reason.strip():
        raise Invalid(W("Say why it comes back, in a sentence that everybody may read"), field="reason")
    if back.is_lost and back.delivery_id is None:
        raise Invalid(W("Only things on loan are written off"), field="is_lost")


def _entered(allocation: Allocation, back: Back, *, by: Actor) -> GivenBack:
    found = GivenBack(
        allocation_id=allocation.id,
        delivery_id=back.delivery_id,
        amount=back.amount,
        back_on=back.on,
        is_lost=back.is_lost,
        reason=back.reason.strip(),
        condition=back.condition.strip(),
        entered_by_id=by.person_id,
        entered_at=clock.now(),
    )
    db.session().add(found)
    db.session().flush()
    return found


def close(allocation: Allocation, reason: str, *, by: Actor) -> None:
    """Settle an allocation: nothing more is promised, and what was never given goes back to its pool.

    Refuses with WrongState while things are out on loan or an objection waits for its answer.
    """
    policy.check(by, Can.SUPPORT_CLOSE, allocation)
    state = LIFE.after(allocation.state, Verb.CLOSE)
    if not reason.strip():
        raise Invalid(W("Say how it ends, in a sentence that everybody may read"), field="reason")
    if allocation.booked:
        raise WrongState(BOOKED)
    if db.session().scalar(queries.out_on_loan(allocation.id)):
        raise WrongState(OUT_ON_LOAN)
    if db.session().scalar(queries.on_its_way(allocation.id)):
        raise WrongState(UNDER_WAY)
    if db.session().scalar(queries.unanswered(allocation.id)):
        raise WrongState(OPEN_OBJECTION)
    allocation.state = state.value
    allocation.ended_reason = reason.strip()
    allocation.ended_by_id, allocation.ended_at = by.person_id, clock.now()
    db.session().flush()
    if allocation.rest:
        books.must_move(allocation, Movement.FREED, allocation.rest, by=by)
    facts = {"given": allocation.kept, "returned": allocation.returned, "freed": allocation.rest}
    books.remember(Did.SUPPORT_CLOSED, allocation, by=by, **facts)
