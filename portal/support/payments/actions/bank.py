"""What the bank answered is booked once, by a file or by hand; what it rejected is due again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from portal import clock, db, faults, policy
from portal.canonical import sha256_hex
from portal.errors import Invalid, WrongState
from portal.money import decimals
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support import actions as support
from portal.support.payments import answers, queries, reasons
from portal.support.payments.actions import returning
from portal.support.payments.actions.held import hold, move_sums, person
from portal.support.payments.answers import Answer, Outcome, Read
from portal.support.payments.lifecycle import ACCOUNT_LIFE, PAID_LIFE, AccountVerb, Paid, PaidVerb
from portal.support.payments.models import BankFile, Payment, PaymentPlan
from portal.support.payments.reasons import OF_ACCOUNT
from portal.words import W

if TYPE_CHECKING:
    from portal.support.models import Allocation

LONGEST_REFERENCE = 60
# What is known already, by what a file says: whatever was sent back had been paid before.
_SAYS = {
    Outcome.PAID: {Paid.PAID, Paid.SENT_BACK},
    Outcome.REJECTED: {Paid.REJECTED},
    Outcome.SENT_BACK: {Paid.REJECTED, Paid.SENT_BACK},
}
_NO_REFERENCE = W("Enter the bank's reference, as it stands on the statement of the account")
_NO_CODE = W("Choose the reason that the bank gives")
_OUTSIDE = W("Enter the day on which the bank booked it, not one to come")


@dataclass(slots=True)
class Booked:
    """What came of a file: ids of payments that are paid or rejected now, and of what nothing was done."""

    paid: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def read_bank_file(content: bytes, *, by: Actor) -> Booked:
    """Book everything final in a file of the bank, all or nothing; the same file again changes nothing."""
    policy.check(by, Can.PAYMENTS_ANSWER)
    found = answers.read(content)
    file_hash = sha256_hex(content)
    if db.session().scalar(queries.bank_file(file_hash)) is not None:
        raise WrongState(
            W("This file was read already, and everything in it is entered. Nothing was changed.")
        )
    if found.original is not None:
        _check_original(found)
    booked = _book(found.answers, by=by)
    file = BankFile(file_hash=file_hash, kind=found.kind, read_at=clock.now(), read_by_id=person(by))
    file.paid, file.rejected = len(booked.paid), len(booked.rejected)
    file.unknown = len(booked.unclear)
    db.session().add(file)
    db.session().flush()
    faults.reach("bank-file-read")
    return booked


def _check_original(found: Read) -> None:
    """Refuse with Invalid a report on a message that is none of ours, or on another one of its name."""
    original = found.original
    assert original is not None  # noqa: S101 - asked before
    batch = db.session().scalar(queries.message(original.message_id))
    if batch is None:
        raise Invalid(
            W(
                "This file speaks of the message %(name)s, which the city did not send. Nothing was booked.",
                name=original.message_id,
            ),
            field="file",
        )
    total = Decimal(batch.total).scaleb(-decimals())
    names = set(queries.numbers_in(batch.message_id))
    is_ours = {one.end_to_end for one in found.answers if one.end_to_end} <= names
    if original.count not in {None, batch.count} or original.total not in {None, total} or not is_ours:
        raise Invalid(
            W(
                "This file speaks of other payments than the message %(name)s has. Nothing was booked.",
                name=original.message_id,
            ),
            field="file",
        )


def _book(found: Iterable[Answer], *, by: Actor) -> Booked:
    spoken: dict[str, Answer] = {}
    for key, one in (pair for answer in found for pair in _each(answer)):
        # A file that tells of the payment and of its return ends with the return, whatever their order.
        if key not in spoken or spoken[key].outcome is not Outcome.SENT_BACK:
            spoken[key] = one
    known = {one.end_to_end: one for one in db.session().scalars(queries.named(spoken)).unique()}
    booked = Booked()
    # In the order of their ids, so that two files at once wait for each other and never in a circle.
    for key in sorted(spoken, key=lambda one: known[one].id if one in known else 0):
        payment = known.get(key)
        result = booked.unclear if payment is None else _apply(payment, spoken[key], booked, by=by)
        result.append(key)
    return booked


def _each(answer: Answer) -> list[tuple[str, Answer]]:
    if answer.end_to_end:
        return [(answer.end_to_end, answer)]
    return [(one, answer) for one in queries.numbers_in(answer.message_id)] if answer.message_id else []


def _apply(payment: Payment, answer: Answer, booked: Booked, *, by: Actor) -> list[str]:
    if answer.outcome is Outcome.PENDING:
        return booked.pending
    wanted = Paid.PAID if answer.outcome is Outcome.PAID else Paid.REJECTED
    held: Payment = hold(queries.payment(payment.id))
    if held.state in _SAYS[answer.outcome]:
        return booked.known
    if held.state == Paid.PAID and answer.outcome is Outcome.SENT_BACK and _fits(held, answer):
        return booked.rejected if returning.book_sent_back(held, answer, by=by) else booked.unclear
    if held.state != Paid.RELEASED or not _fits(held, answer):
        return booked.unclear
    on = answer.on if answer.on is not None and answer.on <= clock.today() else clock.today()
    reference = answer.reference[:LONGEST_REFERENCE] or held.end_to_end
    if wanted is Paid.PAID:
        _pay(held, on, reference, by=by)
        return booked.paid
    _reject(held, reasons.code_of(answer.reason_code), on, reference, by=by)
    return booked.rejected


def _fits(payment: Payment, answer: Answer) -> bool:
    """Say whether the bank speaks of the sum that it was asked to pay; pain.002 names none."""
    if answer.amount is None:
        return True
    return (
        answer.amount == Decimal(payment.amount).scaleb(-decimals())
        and answer.currency == payment.batch.currency
    )


def enter_paid(payment: Payment, on: date, reference: str, *, by: Actor) -> None:
    """Enter by hand that the bank paid; `on` is the day of the booking."""
    policy.check(by, Can.PAYMENTS_ANSWER)
    held = _released(payment)
    _check_by_hand(held, on, reference)
    _pay(held, on, reference.strip()[:LONGEST_REFERENCE], by=by)


def enter_rejected(payment: Payment, code: str, on: date, reference: str, *, by: Actor) -> None:
    """Enter by hand that the bank did not pay, with the bank's reason; the part is due again."""
    policy.check(by, Can.PAYMENTS_ANSWER)
    held = _released(payment)
    _check_by_hand(held, on, reference)
    if not reasons.CODE.fullmatch(code):
        raise Invalid(_NO_CODE, field="reason_code")
    _reject(held, code, on, reference.strip()[:LONGEST_REFERENCE], by=by)


def _released(payment: Payment) -> Payment:
    held: Payment = hold(queries.payment(payment.id))
    PAID_LIFE.after(held.state, PaidVerb.PAY)
    return held


def _check_by_hand(payment: Payment, on: date, reference: str) -> None:
    if not reference.strip():
        raise Invalid(_NO_REFERENCE, field="reference")
    if on > clock.today():
        raise Invalid(_OUTSIDE, field="on")
    released_at = payment.batch.released_at
    if released_at is not None and on < clock.local(released_at).date():
        raise Invalid(W("Enter a day on or after the one on which the payment was released"), field="on")


def _pay(payment: Payment, on: date, reference: str, *, by: Actor) -> None:
    plan, tranche, cents = payment.tranche.plan, payment.tranche, payment.amount
    payment.state = PAID_LIFE.after(payment.state, PaidVerb.PAY).value
    payment.settled_on, payment.reference = on, reference
    tranche.paid += cents
    db.session().flush()
    sums = {"ordered": PaymentPlan.ordered - cents, "paid": PaymentPlan.paid + cents}
    move_sums(plan, PaymentPlan.ordered >= cents, **sums)
    # The ledger of the pool says the same in the same transaction; everybody may read the evidence.
    shows = f"{payment.end_to_end}, {on:%d/%m/%Y}"
    support.deliver(plan.allocation, cents, _day_of(plan.allocation, on), shows, by=by, by_plan=True)
    facts = {"payment": payment.id, "part": tranche.number, "attempt": payment.attempt, "amount": cents}
    record(Did.PAYMENT_PAID, plan.subject, by=by, on=on.isoformat(), **facts)


def _day_of(allocation: Allocation, on: date) -> date:
    signed_at = allocation.committed_at
    return max(on, clock.local(signed_at).date()) if signed_at is not None else on


def _reject(payment: Payment, code: str, on: date, reference: str, *, by: Actor) -> None:
    plan, cents = payment.tranche.plan, payment.amount
    payment.state = PAID_LIFE.after(payment.state, PaidVerb.REJECT).value
    payment.reason_code, payment.settled_on, payment.reference = code, on, reference
    if code in OF_ACCOUNT and payment.payee.state == "confirmed":
        payment.payee.state = ACCOUNT_LIFE.after(payment.payee.state, AccountVerb.FAIL).value
    db.session().flush()
    move_sums(plan, PaymentPlan.ordered >= cents, ordered=PaymentPlan.ordered - cents)
    facts = {
        "payment": payment.id,
        "part": payment.tranche.number,
        "attempt": payment.attempt,
        "amount": cents,
    }
    record(Did.PAYMENT_REJECTED, plan.subject, by=by, reason=code, **facts)
