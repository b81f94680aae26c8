"""Payments are prepared by one person and released by another; what goes to the bank is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import clock, crypto, db, faults, policy
from portal.canonical import sha256_hex
from portal.errors import Invalid, Stale, WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support.actions import giving
from portal.support.lifecycle import State
from portal.support.payments import conditions, queries, rules_of, target_days
from portal.support.payments.actions.held import MOVED_ON, hold, move_sums, person
from portal.support.payments.lifecycle import BATCH_LIFE, PAID_LIFE, BatchVerb, PaidVerb
from portal.support.payments.models import Payee, Payment, PaymentBatch, PaymentPlan, Tranche
from portal.words import W

if TYPE_CHECKING:
    from portal.city.paying import Paying

PURPOSE = "payment file"
MOST_PAYMENTS = 200
_CODE_LENGTH = 12
_MIXED = W("Pay these in separate batches: they are not paid by the same means and rules.")


def prepare_batch(tranches: Sequence[Tranche], execute_on: date, *, by: Actor) -> PaymentBatch:
    """Put parts that are due into a batch, each as a new attempt; somebody else releases it.

    Refuses with Invalid none, too many, and a day on which banks do not work; with WrongState a part that is
    not due, whose account nobody confirmed, whose benefit must be published first, or whose pact is
    suspended. Of two that prepare the same part the database lets one.
    """
    policy.check(by, Can.PAYMENTS_PREPARE)
    if not tranches or len(tranches) > MOST_PAYMENTS:
        raise Invalid(
            W("Choose at least one payment, and at most %(most)s", most=MOST_PAYMENTS), field="parts"
        )
    plans = _plans(tranches)
    for plan in plans.values():
        giving.check_running(plan.allocation)
        giving.check_published(plan.allocation)
    rules = _same_rules(plans)
    _check_day(execute_on, rules.means == "sepa")
    chosen = _due(plans, {one.id for one in tranches})
    first = next(iter(plans.values())).allocation
    batch = PaymentBatch(
        message_id=f"CP-{clock.today():%Y%m%d}-{crypto.new_code(_CODE_LENGTH)}",
        means=rules.means,
        currency=rules_of.profile_of(first).currency,
        profile_version=first.profile_version,
        execute_on=execute_on,
        total=sum(cents for _, _, cents in chosen),
        count=len(chosen),
        prepared_at=clock.now().replace(microsecond=0),
        prepared_by_id=person(by),
        payments=[],
    )
    db.session().add(batch)
    db.session().flush()
    accounts = _accounts(plans)
    for plan, tranche, cents in chosen:
        _order(batch, plan, tranche, cents, accounts)
    facts = {"total": batch.total, "count": batch.count, "execute_on": execute_on.isoformat()}
    record(Did.BATCH_PREPARED, batch.key, by=by, **facts)
    return batch


def _plans(tranches: Sequence[Tranche]) -> dict[int, PaymentPlan]:
    # Always in the same order, so that two units of work never wait for each other.
    numbers = sorted({one.plan_id for one in tranches})
    return {number: hold(queries.plan_by_id(number)) for number in numbers}


def _same_rules(plans: dict[int, PaymentPlan]) -> Paying:
    found = {one.allocation.profile_version for one in plans.values()}
    if len(found) != 1:
        raise Invalid(_MIXED, field="parts")
    return rules_of.paying_of(next(iter(plans.values())).allocation)


def _check_day(execute_on: date, is_sepa: bool) -> None:  # noqa: FBT001 - one rule, two means
    if execute_on < clock.today():
        raise Invalid(W("Enter a day from today on"), field="execute_on")
    if is_sepa and not target_days.is_open(execute_on):
        after = target_days.next_open(execute_on)
        raise Invalid(
            W("On this day banks carry out no transfers. The next day is %(day)s.", day=f"{after:%d/%m/%Y}"),
            field="execute_on",
        )


def _due(plans: dict[int, PaymentPlan], wanted: set[int]) -> list[tuple[PaymentPlan, Tranche, int]]:
    live, found = queries.live_numbers(plans), []
    for number, plan in plans.items():
        if plan.allocation.state != State.COMMITTED:
            continue
        for part, cents in conditions.due(plan, plan.tranches, live.get(number, frozenset()), clock.today()):
            tranche = next(one for one in plan.tranches if one.number == part.number)
            if tranche.id in wanted:
                found.append((plan, tranche, cents))
    if len(found) != len(wanted):
        raise Stale(
            W("One of these payments is not due any more, or somebody prepared it already. Look again.")
        )
    return found


def _accounts(plans: dict[int, PaymentPlan]) -> dict[str, Payee]:
    subjects = {one.subject for one in plans.values()}
    found = {one.subject: one for one in db.session().scalars(queries.accounts(subjects))}
    missing = sorted(subjects - set(found))
    if missing:
        names = ", ".join(one.removeprefix("pact:") for one in missing)
        raise WrongState(W("No confirmed account yet: %(names)s", names=names))
    return found


def _order(
    batch: PaymentBatch, plan: PaymentPlan, tranche: Tranche, cents: int, accounts: dict[str, Payee]
) -> None:
    attempt = queries.attempts(tranche.id) + 1
    payment = Payment(
        tranche_id=tranche.id,
        payee_id=accounts[plan.subject].id,
        attempt=attempt,
        amount=cents,
        end_to_end=f"{plan.code}-{plan.id}-{tranche.number}-{attempt}"[-35:],
    )
    try:
        with db.session().begin_nested():
            batch.payments.append(payment)
            db.session().flush()
    except IntegrityError as error:
        raise Stale(MOVED_ON) from error
    left = PaymentPlan.amount - PaymentPlan.ordered - PaymentPlan.paid
    move_sums(plan, left >= cents, ordered=PaymentPlan.ordered + cents)


def withdraw_batch(batch: PaymentBatch, *, by: Actor) -> None:
    """Take a batch back before it was released: its parts are due again."""
    policy.check(by, Can.PAYMENTS_PREPARE)
    held: PaymentBatch = hold(queries.batch(batch.id))
    held.state = BATCH_LIFE.after(held.state, BatchVerb.WITHDRAW).value
    for one in held.payments:
        one.state = PAID_LIFE.after(one.state, PaidVerb.WITHDRAW).value
    db.session().flush()
    for one in _by_plan(held):
        move_sums(
            one.tranche.plan, PaymentPlan.ordered >= one.amount, ordered=PaymentPlan.ordered - one.amount
        )
    record(Did.BATCH_WITHDRAWN, held.key, by=by)


def _by_plan(batch: PaymentBatch) -> list[Payment]:
    return sorted(batch.payments, key=lambda one: one.tranche.plan_id)


def release_batch(batch: PaymentBatch, *, by: Actor) -> None:
    """Release a batch as the second person; from now on its file is what it is, and no other is ever made.

    The file and the state move in the same row: after a crash both are there, or neither. Refuses with
    WrongState where an account was changed or a pact suspended since it was prepared.
    """
    from portal.support.payments import orders  # writes the banks' XML, and holds it to their schema

    held: PaymentBatch = hold(queries.batch(batch.id))
    policy.check(by, Can.PAYMENTS_RELEASE, held)
    state = BATCH_LIFE.after(held.state, BatchVerb.RELEASE)
    _check_day(held.execute_on, held.means == "sepa")
    _check_accounts(held)
    _check_running(held)
    content = orders.file_of(held, rules_of.profile_named(held.profile_version))
    held.file_hash, held.sealed_file = sha256_hex(content), crypto.seal_bytes(content, PURPOSE)
    held.released_at, held.released_by_id, held.state = clock.now(), person(by), state.value
    for one in held.payments:
        one.state = PAID_LIFE.after(one.state, PaidVerb.RELEASE).value
    db.session().flush()
    faults.reach("batch-filed")
    record(Did.BATCH_RELEASED, held.key, by=by, file_hash=held.file_hash, total=held.total, count=held.count)
    for one in held.payments:
        facts = {"payment": one.id, "part": one.tranche.number, "attempt": one.attempt, "amount": one.amount}
        record(Did.PAYMENT_RELEASED, one.tranche.plan.subject, by=by, **facts)


def _check_running(held: PaymentBatch) -> None:
    """Refuse with WrongState to pay a pact that was suspended; the promises are held until the end."""
    promises = queries.promises_in({one.tranche.plan.allocation_id for one in held.payments})
    stopped = [one for one in db.session().scalars(promises) if one.suspended_on is not None]
    if stopped:
        names = ", ".join(sorted({one.code for one in stopped}))
        raise WrongState(
            W(
                "These pacts are suspended, and nothing is paid to them while they are: %(names)s. "
                "Take the batch back and prepare it without them.",
                names=names,
            )
        )


def _check_accounts(held: PaymentBatch) -> None:
    """Refuse with WrongState to pay an account that was changed after the batch was prepared."""
    if any(one.payee.state != "confirmed" for one in held.payments):
        raise WrongState(
            W("An account was changed after this batch was prepared. Take the batch back and prepare anew.")
        )


def file_of(batch: PaymentBatch, *, by: Actor) -> bytes:
    """Return the very bytes that were released, checked against their hash."""
    policy.check(by, Can.PAYMENTS_READ)
    if batch.sealed_file is None:
        raise WrongState(W("There is no file yet: somebody else must release these payments first."))
    content = crypto.unseal_bytes(batch.sealed_file, PURPOSE)
    if content is None or sha256_hex(content) != batch.file_hash:
        raise WrongState(W("The file of these payments cannot be read with the present key."))
    return content
