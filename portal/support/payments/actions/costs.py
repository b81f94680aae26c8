"""A group enters what it spent, each receipt once, and sends the statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.canonical import sha256_hex
from portal.documents import released
from portal.errors import Invalid, WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support.payments import conditions, queries, receipts, rules_of
from portal.support.payments.actions.held import hold
from portal.support.payments.lifecycle import COSTS_LIFE, WRITABLE, CostsVerb
from portal.support.payments.models import CostLine, CostStatement, PaymentPlan
from portal.words import W

if TYPE_CHECKING:
    from portal.city.paying import Paying
    from portal.documents.store import Store

MOST_LINES = 60
LONGEST = {"what": 200, "supplier": 120, "receipt_number": 60}
_CLOSED = W("This statement was sent. It can be changed only when the city sends it back.")


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost as it was typed; `receipt` are the bytes of its file."""

    spent_on: date
    category: str
    what: str
    supplier: str
    receipt_number: str
    cents: int
    receipt: bytes


def begin_statement(plan: PaymentPlan, *, by: Actor) -> CostStatement:
    """Begin a statement of costs, or go on with the one that is not sent yet."""
    policy.check(by, Can.COSTS_ENTER, plan)
    held: PaymentPlan = hold(queries.plan_by_id(plan.id))
    before = next(
        (one for one in db.session().scalars(queries.statements_of(plan.subject))
         if one.plan_id == plan.id and one.state in WRITABLE),
        None,
    )  # fmt: skip
    if before is not None:
        return before
    statement = CostStatement(plan_id=held.id, number=queries.last_number(held.id) + 1, lines=[])
    db.session().add(statement)
    db.session().flush()
    return statement


def add_cost(statement: CostStatement, cost: Cost, *, store: Store, by: Actor) -> CostLine:
    """Enter one cost with its receipt.

    Refuses with Invalid costs that the city does not pay, and a receipt that was handed in before, here or
    anywhere else, saying where.
    """
    policy.check(by, Can.COSTS_ENTER, statement)
    held = _writable(statement)
    _check(held, cost)
    document = receipts.read(cost.receipt)
    line = CostLine(
        spent_on=cost.spent_on,
        category=cost.category,
        what=cost.what,
        supplier=cost.supplier,
        receipt_number=cost.receipt_number,
        amount=cost.cents,
        sent_hash=sha256_hex(cost.receipt),
        mark=receipts.mark(cost.supplier, cost.receipt_number, cost.spent_on, cost.cents),
        file_hash=store.put(document.content),
        media_type=document.media_type,
        byte_size=len(document.content),
    )
    _enter(held, line, by=by)
    return line


def _enter(statement: CostStatement, line: CostLine, *, by: Actor) -> None:
    _refuse_known(statement, line, by=by)
    try:
        with db.session().begin_nested():
            statement.lines.append(line)
            statement.claimed += line.amount
            db.session().flush()
    except IntegrityError as error:
        # Two at the same moment: the database took one of them.
        raise Invalid(
            W("This receipt was handed in a moment ago, for this or another pact"), field="receipt"
        ) from error


def _refuse_known(statement: CostStatement, line: CostLine, *, by: Actor) -> None:
    known = db.session().scalar(queries.same_receipt(line.sent_hash, line.mark))
    if known is None:
        return
    # Of another group nobody learns more than that the paper was used.
    may_know = known.statement.plan.subject == statement.plan.subject or by.is_staff
    field = "receipt" if known.sent_hash == line.sent_hash else "receipt_number"
    if may_know:
        code, number = known.statement.plan.code, known.statement.number
        raise Invalid(
            W("This receipt stands already in statement %(number)s of %(code)s", number=number, code=code),
            field=field,
        )
    raise Invalid(
        W("This receipt was handed in already for another pact. It can be paid only once."), field=field
    )


def remove_cost(statement: CostStatement, number: int, *, by: Actor) -> None:
    """Take a cost out again, so that its receipt can stand elsewhere; removing it twice changes nothing."""
    policy.check(by, Can.COSTS_ENTER, statement)
    held = _writable(statement)
    line = next((one for one in held.lines if one.id == number), None)
    if line is not None:
        held.claimed -= line.amount
        held.accepted = min(held.accepted, held.claimed)
        held.lines.remove(line)
        released.release([line.file_hash])
        db.session().flush()


def send_costs(statement: CostStatement, *, by: Actor) -> None:
    """Send the statement to the city; from now on it stands. By whoever may bind the group."""
    policy.check(by, Can.COSTS_SEND, statement)
    held: CostStatement = hold(queries.statement(statement.plan.subject, statement.id))
    state = COSTS_LIFE.after(held.state, CostsVerb.SEND)
    if not held.lines:
        raise Invalid(W("Enter one cost at least, with its receipt"), field="lines")
    held.state, held.sent_at = state.value, clock.now()
    held.accepted, held.checked_at, held.checked_by_id = 0, None, None
    held.needs_two = conditions.needs_two(held.claimed, _rules(held).second_person_above_cents)
    for line in held.lines:
        line.accepted, line.reason = None, ""
    db.session().flush()
    record(
        Did.COSTS_SENT, held.plan.subject, by=by, number=held.number, statement=held.id, claimed=held.claimed
    )


def _writable(statement: CostStatement) -> CostStatement:
    held: CostStatement = hold(queries.statement(statement.plan.subject, statement.id))
    if held.state not in WRITABLE:
        raise WrongState(_CLOSED)
    return held


def _rules(statement: CostStatement) -> Paying:
    return rules_of.paying_of(statement.plan.allocation)


def _check(statement: CostStatement, cost: Cost) -> None:
    category = _rules(statement).category(cost.category)
    if category is None:
        raise Invalid(W("Choose what kind of cost it is"), field="category")
    if not category.eligible:
        raise Invalid(rules_of.why_not_paid(statement.plan.allocation, category), field="category")
    if len(statement.lines) >= MOST_LINES:
        raise Invalid(
            W("A statement holds %(most)s costs. Send it, and begin another.", most=MOST_LINES), field="lines"
        )
    _check_words(cost)
    if cost.cents <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="amount")
    _check_day(statement, cost.spent_on)


def _check_words(cost: Cost) -> None:
    asked = {
        "what": W("Say what was bought"),
        "supplier": W("Say who issued the receipt"),
        "receipt_number": W("Enter the number of the receipt; without one, write “none”"),
    }
    for field, sentence in asked.items():
        typed = getattr(cost, field)
        if not typed.strip():
            raise Invalid(sentence, field=field)
        if len(typed) > LONGEST[field]:
            raise Invalid(W("Shorten this to %(most)s characters or fewer", most=LONGEST[field]), field=field)


def _check_day(statement: CostStatement, on: date) -> None:
    if on > clock.today():
        raise Invalid(W("Enter a day that is not in the future"), field="spent_on")
    signed_at = statement.plan.allocation.committed_at
    if signed_at is not None and on < clock.local(signed_at).date():
        raise Invalid(W("Only costs from the signature of the pact on are paid"), field="spent_on")


__all__ = ["MOST_LINES", "Cost", "add_cost", "begin_statement", "remove_cost", "send_costs"]
