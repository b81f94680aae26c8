"""Questions about plans of payment, statements of costs, accounts, batches and payments."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal import db
from portal.support.ledger import Kind
from portal.support.lifecycle import State
from portal.support.models import Allocation
from portal.support.payments.lifecycle import LIVE, Account, Costs, Paid
from portal.support.payments.models import (
    BankFile,
    CostLine,
    CostStatement,
    MoneyBack,
    Payee,
    Payment,
    PaymentBatch,
    PaymentPlan,
    Tranche,
)


def plannable(subject: str, row_key: str) -> Select[Allocation]:
    """Select the newest promised sum of money of a row."""
    return (
        select(Allocation)
        .where(Allocation.subject == subject, Allocation.row_key == row_key)
        .where(Allocation.kind == Kind.FUNDING.value)
        .where(Allocation.state.in_((State.COMMITTED.value, State.DELIVERED.value, State.CLOSED.value)))
        .order_by(Allocation.version.desc())
        .limit(1)
    )


def unplanned(most: int = 50) -> Select[Allocation]:
    """Select promised sums of money without a plan, the oldest first."""
    return (
        select(Allocation)
        .where(Allocation.kind == Kind.FUNDING.value, Allocation.state == State.COMMITTED.value)
        .where(~Allocation.is_paid_by_plan, Allocation.delivered == 0)
        .order_by(Allocation.committed_at, Allocation.id)
        .limit(most)
    )


def money_of(subject: str) -> Select[Allocation, PaymentPlan]:
    """Select the promised sums of money of a pact, each with its plan where it has one."""
    return (
        select(Allocation, PaymentPlan)
        .outerjoin(PaymentPlan, PaymentPlan.allocation_id == Allocation.id)
        .options(contains_eager(PaymentPlan.allocation))
        .where(Allocation.subject == subject, Allocation.kind == Kind.FUNDING.value)
        .where(Allocation.state.in_((State.COMMITTED.value, State.DELIVERED.value, State.CLOSED.value)))
        .order_by(Allocation.id)
    )


def _whole_plan() -> Select[PaymentPlan]:
    return select(PaymentPlan).options(
        joinedload(PaymentPlan.allocation), selectinload(PaymentPlan.tranches)
    ).execution_options(populate_existing=True)  # fmt: skip


def plans_of(subject: str) -> Select[PaymentPlan]:
    """Select the plans of a pact, each with its parts."""
    return _whole_plan().where(PaymentPlan.subject == subject).order_by(PaymentPlan.id)


def plan(subject: str, row_key: str) -> Select[PaymentPlan]:
    """Select the plan of a row of a pact's support."""
    return (
        _whole_plan()
        .join(Allocation, Allocation.id == PaymentPlan.allocation_id)
        .where(PaymentPlan.subject == subject, Allocation.row_key == row_key)
        .order_by(PaymentPlan.id.desc())
        .limit(1)
    )


def plan_by_id(number: int) -> Select[PaymentPlan]:
    """Select one plan, as it is now."""
    return _whole_plan().where(PaymentPlan.id == number)


def open_plans(most: int = 200) -> Select[PaymentPlan]:
    """Select plans that let more through than is paid or on its way, the oldest first."""
    under_way = PaymentPlan.paid + PaymentPlan.ordered
    return (
        _whole_plan()
        .join(PaymentPlan.allocation)
        .where(Allocation.state == State.COMMITTED.value)
        .where(or_(under_way < PaymentPlan.advance, under_way < PaymentPlan.approved))
        .order_by(PaymentPlan.id)
        .limit(most)
    )


def promises_in(ids: Iterable[int]) -> Select[Allocation]:
    """Select promises, locked in their order, as they are now."""
    found = select(Allocation).where(Allocation.id.in_(sorted(ids))).order_by(Allocation.id)
    return found.with_for_update(of=Allocation).execution_options(populate_existing=True)


def live_numbers(plan_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return for each plan the numbers of the parts that are being paid."""
    rows = db.session().execute(
        select(Tranche.plan_id, Tranche.number)
        .join(Payment, Payment.tranche_id == Tranche.id)
        .where(Tranche.plan_id.in_(sorted(plan_ids)), Payment.state.in_(LIVE))
    )
    found: dict[int, set[int]] = {}
    for plan_id, number in rows:
        found.setdefault(plan_id, set()).add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}


def accounts(subjects: Iterable[str]) -> Select[Payee]:
    """Select the confirmed accounts of pacts."""
    return select(Payee).where(Payee.subject.in_(sorted(subjects)), Payee.state == Account.CONFIRMED.value)


def accounts_of(subject: str) -> Select[Payee]:
    """Select the accounts of a pact that count, the newest first: one confirmed and one asked at most."""
    return (
        select(Payee)
        .where(Payee.subject == subject, Payee.state.in_((Account.CONFIRMED.value, Account.ASKED.value)))
        .order_by(Payee.id.desc())
    )


def account(number: int) -> Select[Payee]:
    """Select one account."""
    return select(Payee).where(Payee.id == number)


def accounts_to_know(subjects: Iterable[str], most: int = 300) -> Select[Payee]:
    """Select the confirmed accounts of pacts, and each that waits for an official, the oldest first."""
    confirmed = (Payee.state == Account.CONFIRMED.value) & Payee.subject.in_(sorted(subjects))
    waits = Payee.state == Account.ASKED.value
    return select(Payee).where(or_(waits, confirmed)).order_by(Payee.id).limit(most)


def _whole_statement() -> Select[CostStatement]:
    return select(CostStatement).options(
        selectinload(CostStatement.lines), joinedload(CostStatement.plan).joinedload(PaymentPlan.allocation)
    ).execution_options(populate_existing=True)  # fmt: skip


def statements_of(subject: str) -> Select[CostStatement]:
    """Select the statements of a pact, the newest first."""
    return (
        select(CostStatement)
        .join(CostStatement.plan)
        .options(contains_eager(CostStatement.plan))
        .where(PaymentPlan.subject == subject)
        .order_by(CostStatement.id.desc())
    )


def statement(subject: str, number: int) -> Select[CostStatement]:
    """Select a statement of a pact by its own number, with its lines."""
    return (
        _whole_statement()
        .where(CostStatement.id == number)
        .where(CostStatement.plan_id.in_(select(PaymentPlan.id).where(PaymentPlan.subject == subject)))
    )


def statements_waiting(most: int = 50) -> Select[CostStatement]:
    """Select statements that wait for an official, the oldest first."""
    return (
        select(CostStatement)
        .where(CostStatement.state.in_((Costs.SENT.value, Costs.CHECKED.value)))
        .options(joinedload(CostStatement.plan).joinedload(PaymentPlan.allocation))
        .order_by(CostStatement.sent_at, CostStatement.id)
        .limit(most)
    )


def last_number(plan_id: int) -> int:
    """Return the number of the newest statement of a plan, or nought."""
    found = select(func.max(CostStatement.number)).where(CostStatement.plan_id == plan_id)
    return db.session().scalar(found) or 0


def same_receipt(sent_hash: str, mark: str) -> Select[CostLine]:
    """Select a line with the same paper: the same file, or the same receipt in another one."""
    return (
        select(CostLine)
        .where(or_(CostLine.sent_hash == sent_hash, CostLine.mark == mark))
        .options(joinedload(CostLine.statement).joinedload(CostStatement.plan))
        .limit(1)
    )


def payments(
    *, state: str = "", code: str = "", before: int | None = None, most: int = 50
) -> Select[Payment]:
    """Select payments, the newest first, from before this one on; of one state, and of one pact."""
    found = (
        select(Payment)
        .options(
            joinedload(Payment.tranche).joinedload(Tranche.plan).joinedload(PaymentPlan.allocation),
            joinedload(Payment.batch),
        )
        .order_by(Payment.id.desc())
        .limit(most)
    )
    if state:
        found = found.where(Payment.state == state)
    if code:
        of_pact = select(Tranche.id).join(PaymentPlan).where(PaymentPlan.subject == f"pact:{code}")
        found = found.where(Payment.tranche_id.in_(of_pact))
    return found.where(Payment.id < before) if before is not None else found


def parts_of(subject: str) -> Select[Tranche, Payment]:
    """Select the parts of a pact's plans, each with its payments that went to the bank."""
    went = and_(Payment.tranche_id == Tranche.id, Payment.state != Paid.WITHDRAWN.value)
    return (
        select(Tranche, Payment)
        .join(PaymentPlan, PaymentPlan.id == Tranche.plan_id)
        .outerjoin(Payment, went)
        .where(PaymentPlan.subject == subject)
        .order_by(Tranche.plan_id, Tranche.number, Payment.id)
    )


def _whole_payment() -> tuple[object, ...]:
    way = selectinload(PaymentBatch.payments)
    return (
        way.joinedload(Payment.tranche).joinedload(Tranche.plan).joinedload(PaymentPlan.allocation),
        way.joinedload(Payment.payee),
    )


def batches(most: int = 50) -> Select[PaymentBatch]:
    """Select batches, the newest first."""
    return select(PaymentBatch).order_by(PaymentBatch.id.desc()).limit(most)


def batch(number: int) -> Select[PaymentBatch]:
    """Select one batch with its payments."""
    return (
        select(PaymentBatch)
        .where(PaymentBatch.id == number)
        .options(*_whole_payment())  # type: ignore[arg-type] # options of two depths
        .execution_options(populate_existing=True)
    )


def payment(number: int) -> Select[Payment]:
    """Select one payment, as it is now."""
    return (
        select(Payment)
        .where(Payment.id == number)
        .options(
            joinedload(Payment.tranche).joinedload(Tranche.plan).joinedload(PaymentPlan.allocation),
            joinedload(Payment.batch),
            joinedload(Payment.payee),
        )
        .execution_options(populate_existing=True)
    )


def named(end_to_end: Iterable[str]) -> Select[Payment]:
    """Select payments by the ids that the bank gives back, in their order."""
    return (
        select(Payment)
        .where(Payment.end_to_end.in_(sorted(end_to_end)))
        .options(
            joinedload(Payment.tranche).joinedload(Tranche.plan).joinedload(PaymentPlan.allocation),
            joinedload(Payment.payee),
        )
        .order_by(Payment.id)
        .execution_options(populate_existing=True)
    )


def message(message_id: str) -> Select[PaymentBatch]:
    """Select the payments that went to the bank as this message."""
    return select(PaymentBatch).where(PaymentBatch.message_id == message_id, PaymentBatch.state == "released")


def numbers_in(message_id: str) -> list[str]:
    """Return the ids of all payments of a batch, by the id of its message."""
    found = select(Payment.end_to_end).join(PaymentBatch).where(PaymentBatch.message_id == message_id)
    return list(db.session().scalars(found))


def attempts(tranche_id: int) -> int:
    """Return how often a part was tried already."""
    return db.session().scalar(select(func.count(Payment.id)).where(Payment.tranche_id == tranche_id)) or 0


def bank_file(file_hash: str) -> Select[BankFile]:
    """Select a file of the bank that was read before."""
    return select(BankFile).where(BankFile.file_hash == file_hash)


def came_back(reference: str) -> Select[MoneyBack]:
    """Select what came back with a reference of the bank."""
    return select(MoneyBack).where(MoneyBack.reference == reference)


def all_back(plan_id: int) -> Select[MoneyBack]:
    """Select what came back of what a plan paid, the oldest first."""
    return select(MoneyBack).where(MoneyBack.plan_id == plan_id).order_by(MoneyBack.id)
