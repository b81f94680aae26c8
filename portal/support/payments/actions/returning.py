"""Money that comes back: what nobody spent, and a payment that its bank sent back after it was paid."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.money import euro
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support import actions as support
from portal.support.handing import actions as handing
from portal.support.payments import queries, reasons
from portal.support.payments.actions.held import hold, move_sums, person
from portal.support.payments.lifecycle import ACCOUNT_LIFE, PAID_LIFE, AccountVerb, PaidVerb
from portal.support.payments.models import MoneyBack, Payment, PaymentPlan
from portal.words import W

if TYPE_CHECKING:
    from portal.support.payments.answers import Answer

LONGEST_REFERENCE, LONGEST_EVIDENCE = 60, 300
_KNOWN = W("Money that came back with this reference is entered already. Nothing was changed.")
_CAME_BACK = W("Of this money a part came back unspent, so that the bank cannot have sent all of it back.")


def enter_return(
    plan: PaymentPlan, cents: int, on: date, reference: str, evidence: str, *, by: Actor
) -> MoneyBack:
    """Enter money that a group did not spend and paid back; its fund can promise it again.

    Refuses with Invalid more than was paid and is not back yet, and a reference that was entered before.
    """
    policy.check(by, Can.PAYMENTS_ANSWER)
    held: PaymentPlan = hold(queries.plan_by_id(plan.id))
    _check(on, reference, evidence)
    if cents <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="amount")
    if cents > held.paid - held.returned:
        most = euro(held.paid - held.returned)
        raise Invalid(W("Only %(most)s was paid and is not back yet", most=most), field="amount")
    back = _enter(held, None, cents, (on, reference, evidence), by=by)
    enough = PaymentPlan.paid - PaymentPlan.returned >= cents
    move_sums(held, enough, returned=PaymentPlan.returned + cents)
    mine = handing.Back(amount=cents, on=on, reason=f"{back.evidence} ({back.reference})")
    handing.give_back(held.allocation, mine, by=by, by_plan=True)
    facts = {"row": held.allocation.row_key, "amount": cents, "on": on.isoformat()}
    record(Did.MONEY_CAME_BACK, held.subject, by=by, **facts)
    return back


def enter_sent_back(payment: Payment, code: str, on: date, reference: str, *, by: Actor) -> None:
    """Enter by hand that the bank sent back what it had paid; the part is due again, as a new attempt."""
    policy.check(by, Can.PAYMENTS_ANSWER)
    held: Payment = hold(queries.payment(payment.id))
    PAID_LIFE.after(held.state, PaidVerb.SEND_BACK)
    _check(on, reference, held.end_to_end)
    if held.settled_on is not None and on < held.settled_on:
        raise Invalid(W("Enter a day on or after the one on which the bank paid"), field="on")
    if not reasons.CODE.fullmatch(code):
        raise Invalid(W("Choose the reason that the bank gives"), field="reason_code")
    if _remains(held) < 0:
        raise WrongState(_CAME_BACK)
    _send_back(held, code, on, reference, by=by)


def book_sent_back(held: Payment, answer: Answer, *, by: Actor) -> bool:
    """Book a return that a file of the bank tells of; False where a person must look, and nothing moved.

    A person must look too where the fund's year is closed and none after it is open: the money has no place.
    """
    on = min(answer.on or clock.today(), clock.today())
    reference = answer.reference[:LONGEST_REFERENCE] or held.end_to_end
    if _remains(held) < 0 or db.session().scalar(queries.came_back(reference)) is not None:
        return False
    try:
        support.open_pool_of(held.tranche.plan.allocation)
    except WrongState:
        return False
    _send_back(held, reasons.code_of(answer.reason_code), on, reference, by=by)
    return True


def _remains(payment: Payment) -> int:
    plan = payment.tranche.plan
    return plan.paid - payment.amount - plan.returned


def _check(on: date, reference: str, evidence: str) -> None:
    if on > clock.today():
        raise Invalid(W("Enter the day on which the bank booked it, not one to come"), field="on")
    if not reference.strip():
        raise Invalid(
            W("Enter the bank's reference, as it stands on the statement of the account"), field="reference"
        )
    if len(reference.strip()) > LONGEST_REFERENCE:
        raise Invalid(
            W("Shorten this to %(most)s characters or fewer", most=LONGEST_REFERENCE), field="reference"
        )
    if not evidence.strip() or len(evidence.strip()) > LONGEST_EVIDENCE:
        raise Invalid(
            W("Say what shows it, in at most %(most)s characters", most=LONGEST_EVIDENCE), field="evidence"
        )


def _enter(
    plan: PaymentPlan, payment: Payment | None, cents: int, shown: tuple[date, str, str], *, by: Actor
) -> MoneyBack:
    on, reference, evidence = shown
    back = MoneyBack(
        plan_id=plan.id,
        payment_id=payment.id if payment else None,
        amount=cents,
        came_on=on,
        reference=reference.strip(),
        evidence=evidence.strip(),
        entered_at=clock.now(),
        entered_by_id=person(by),
    )
    try:
        with db.session().begin_nested():
            db.session().add(back)
            db.session().flush()
    except IntegrityError as error:
        raise Invalid(_KNOWN, field="reference") from error
    return back


def _send_back(payment: Payment, code: str, on: date, reference: str, *, by: Actor) -> None:
    plan, tranche, cents = payment.tranche.plan, payment.tranche, payment.amount
    was_shown_by = f"{payment.end_to_end}, "
    _enter(plan, payment, cents, (on, reference, f"{was_shown_by}{code}"), by=by)
    payment.state, payment.reason_code = PAID_LIFE.after(payment.state, PaidVerb.SEND_BACK).value, code
    if code in reasons.OF_ACCOUNT and payment.payee.state == "confirmed":
        payment.payee.state = ACCOUNT_LIFE.after(payment.payee.state, AccountVerb.FAIL).value
    tranche.paid -= cents
    db.session().flush()
    move_sums(plan, PaymentPlan.paid - PaymentPlan.returned >= cents, paid=PaymentPlan.paid - cents)
    support.undo_delivery(plan.allocation, cents, was_shown_by, reference, by=by)
    facts = {"payment": payment.id, "part": tranche.number, "attempt": payment.attempt, "amount": cents}
    record(Did.PAYMENT_SENT_BACK, plan.subject, by=by, on=on.isoformat(), reason=code, **facts)
