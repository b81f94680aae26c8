"""What is due, what waits for somebody, and all payments, with filters in the address and as a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import request

from portal import clock, db, policy
from portal.errors import Invalid
from portal.money import currency_code, euro, plain
from portal.people import limits
from portal.policy import Can
from portal.support.checks import said as checks_said
from portal.support.payments import actions, conditions, forms, queries, target_days
from portal.support.payments.desk.blueprint import payments_desk, words
from portal.support.payments.lifecycle import Account, Paid
from portal.typed import whole
from portal.web import invalid, me, needs, render, see_other
from portal.web.chrome import profile
from portal.web.sheets import sheet
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.payments.forms import BatchForm
    from portal.support.payments.models import Payment, PaymentPlan, Tranche

    Due = tuple[PaymentPlan, Tranche, int]

ROWS_A_PAGE, MOST_ROWS = 50, 5_000
MOST_TRIES, QUARTER = 60, 900


def due() -> list[Due]:
    """Return the parts that can be paid today, each with its cents."""
    plans = list(db.session().scalars(queries.open_plans()).unique())
    live = queries.live_numbers(one.id for one in plans)
    found: list[Due] = []
    for plan in plans:
        parts = {one.number: one for one in plan.tranches}
        payable = conditions.due(plan, plan.tranches, live.get(plan.id, frozenset()), clock.today())
        found += [(plan, parts[part.number], cents) for part, cents in payable]
    return found


def batch_form(rows: Sequence[Due]) -> BatchForm:
    """Return the form that puts what is due into a batch."""
    named = [(part.id, _named(plan, part, cents)) for plan, part, cents in rows]
    return forms.batch_form(named, target_days.next_open(clock.today()))


def _named(plan: PaymentPlan, part: Tranche, cents: int) -> W:
    return W(
        "%(amount)s to %(code)s, part %(number)s",
        code=plan.code,
        number=part.number,
        amount=euro(cents),
    )


@payments_desk.get("/desk/payments")
@needs(Can.PAYMENTS_READ)
def payments() -> ResponseReturnValue:
    return render("payments/desk.html", **shown())


def shown(form: BatchForm | None = None) -> dict[str, Any]:
    """Return what the overview shows; `form` was refused and is shown as it was typed."""
    session, rows = db.session(), due()
    state, code = _filters()
    before = whole(request.args.get("before"))
    found = session.scalars(
        queries.payments(state=state, code=code, before=before, most=ROWS_A_PAGE + 1)
    ).all()
    subjects = {plan.subject for plan, _, _ in rows}
    accounts = session.scalars(queries.accounts_to_know(subjects)).all()
    ready = {one.subject for one in accounts if one.state == Account.CONFIRMED}
    going = [row for row in rows if row[0].allocation.suspended_on is None]
    payable = [row for row in going if row[0].subject in ready]
    may_prepare = policy.allows(me(), Can.PAYMENTS_PREPARE)
    return {
        "form": form or (batch_form(payable) if payable and may_prepare else None),
        "due": payable,
        "without_account": [row for row in going if row[0].subject not in ready],
        "publication": checks_said.publication(profile()),
        "suspended": [row for row in rows if row[0].allocation.suspended_on is not None],
        "unplanned": session.scalars(queries.unplanned()).all(),
        "statements": session.scalars(queries.statements_waiting()).all(),
        "accounts": [one for one in accounts if one.state == Account.ASKED],
        "batches": session.scalars(queries.batches(20)).all(),
        "rows": found[:ROWS_A_PAGE],
        "older": found[ROWS_A_PAGE - 1].id if len(found) > ROWS_A_PAGE else None,
        "is_first": before is None,
        "state": state,
        "code": code,
        "file_form": forms.BankFileForm() if policy.allows(me(), Can.PAYMENTS_ANSWER) else None,
        "may_plan": policy.allows(me(), Can.PAYMENTS_PLAN),
        **words(),
    }


def _filters() -> tuple[str, str]:
    state = request.args.get("state", "")
    return (state if state in set(Paid) else ""), request.args.get("code", "").strip().upper()[:20]


@payments_desk.get("/desk/payments.csv")
@needs(Can.PAYMENTS_READ)
def payments_sheet() -> ResponseReturnValue:
    """Give exactly what the filters of the address choose; no account stands in it."""
    state, code = _filters()
    rows = db.session().scalars(queries.payments(state=state, code=code, most=MOST_ROWS))
    heads = [
        "id",
        "pact",
        "part",
        "attempt",
        "amount",
        "currency",
        "state",
        "reason",
        "booked_on",
        "reference",
        "batch",
    ]
    return sheet("payments", heads, [_row(one) for one in rows])


def _row(one: Payment) -> list[object]:
    on = one.settled_on.isoformat() if one.settled_on else ""
    part = [one.tranche.plan.code, one.tranche.number, one.attempt, plain(one.amount), currency_code()]
    return [one.end_to_end, *part, one.state, one.reason_code, on, one.reference, one.batch_id]


@payments_desk.post("/desk/payments/batches")
@needs(Can.PAYMENTS_PREPARE)
def prepare() -> ResponseReturnValue:
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    rows = [row for row in due() if row[0].allocation.suspended_on is None]
    form = batch_form(rows)
    if form.validate():
        chosen = [part for _, part, _ in rows if str(part.id) in (form.parts.data or ())]
        try:
            batch = actions.prepare_batch(chosen, form.execute_on.data, by=me())
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("payments_desk.batch", number=batch.id)
    return invalid("payments/desk.html", **shown(form))
