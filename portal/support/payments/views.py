"""The page of a pact's money, its statements of costs and its account: for everybody, and for the group."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, send_file

from portal import db, policy
from portal.errors import Invalid, NotFound
from portal.organisations import evidence
from portal.people import limits
from portal.policy import Can
from portal.support.payments import actions, conditions, forms, queries, rules_of, said
from portal.support.payments.actions import Cost
from portal.support.payments.lifecycle import WRITABLE
from portal.support.payments.reasons import in_words
from portal.web import invalid, me, needs, one_or_404, public, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.gates import takes_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.typing import ResponseReturnValue

    from portal.support.payments.forms import CostForm
    from portal.support.payments.models import CostStatement, Payment, PaymentPlan, Tranche

payments = Blueprint("payments", __name__)
ROOM_FOR_FORM = 100_000
# A wrong account, a receipt: nobody enters more of them in a quarter of an hour.
MOST_TRIES, QUARTER = 60, 900


@payments.get("/pacts/<code>/funding")
@public
def funding(code: str) -> ResponseReturnValue:
    """Show in which parts money is paid; what it was spent on is seen by the two sides alone."""
    subject = f"pact:{code}"
    found = db.session().execute(queries.money_of(subject)).all()
    if not found:
        raise NotFound(NO_SUCH_PAGE)
    plans = [row.PaymentPlan for row in found if row.PaymentPlan]
    reads = bool(plans) and policy.allows(me(), Can.COSTS_READ, plans[0])
    parts = db.session().execute(queries.parts_of(subject)).all() if plans else []
    statements = db.session().scalars(queries.statements_of(subject)).all() if plans else []
    return render(
        "payments/funding.html",
        code=code,
        title=found[0].Allocation.title or code,
        sums=found,
        parts={plan.id: _parts(plan, parts) for plan in plans},
        statements=[one for one in statements if reads or one.state == "decided"],
        payments=_payments(parts),
        accounts=db.session().scalars(queries.accounts_of(subject)).all() if reads else [],
        reads=reads,
        may_enter=bool(plans) and policy.allows(me(), Can.COSTS_ENTER, plans[0]),
        may_account=bool(plans) and policy.may_after_password(me(), Can.PAYEE_ENTER, plans[0]),
        **_words(),
    )


def _parts(plan: PaymentPlan, rows: Iterable[Any]) -> list[Tranche]:
    """Return the parts of one plan; a part stands in as many rows as it has payments."""
    return list(dict.fromkeys(part for part, _ in rows if part.plan_id == plan.id))


def _payments(rows: Iterable[Any]) -> list[tuple[int, Payment]]:
    """Return the number of the part with each payment, the oldest first."""
    found = [(part.number, payment) for part, payment in rows if payment is not None]
    return sorted(found, key=lambda row: row[1].id)


def _words() -> dict[str, Any]:
    return {"said": said, "unsettled": conditions.unsettled, "why": in_words, "names": rules_of.InWords}


def _plan(code: str, row: str, needed: Can) -> PaymentPlan:
    found = one_or_404(queries.plan(f"pact:{code}", row))
    if policy.refusal(me(), needed, found) in {policy.NOT_YOURS, policy.SIGN_IN_FIRST}:
        raise NotFound(NO_SUCH_PAGE)
    return found


@payments.post("/pacts/<code>/funding/<row>/statements")
@needs(Can.COSTS_ENTER)
def begin(code: str, row: str) -> ResponseReturnValue:
    limits.spend("costs", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    statement = actions.begin_statement(_plan(code, row, Can.COSTS_ENTER), by=me())
    return see_other("payments.statement", code=code, number=statement.id)


def _statement(code: str, number: int) -> CostStatement:
    found = one_or_404(queries.statement(f"pact:{code}", number))
    if not policy.allows(me(), Can.COSTS_READ, found):
        raise NotFound(NO_SUCH_PAGE)
    # What is not sent is the group's alone.
    if found.state == "draft" and not policy.allows(me(), Can.COSTS_ENTER, found):
        raise NotFound(NO_SUCH_PAGE)
    return found


@payments.get("/pacts/<code>/funding/statements/<int:number>")
@needs(Can.COSTS_READ)
def statement(code: str, number: int) -> ResponseReturnValue:
    found = _statement(code, number)
    return render("payments/statement.html", **_shown(found, _cost_form(found)))


def _cost_form(found: CostStatement) -> CostForm:
    return forms.cost_form(rules_of.paying_of(found.plan.allocation).categories)


def _shown(found: CostStatement, form: CostForm) -> dict[str, Any]:
    paying = rules_of.paying_of(found.plan.allocation)
    is_open = found.state in WRITABLE
    return {
        "statement": found,
        "code": found.plan.code,
        "form": form if is_open and policy.allows(me(), Can.COSTS_ENTER, found) else None,
        "may_send": is_open and policy.allows(me(), Can.COSTS_SEND, found),
        "may_check": policy.allows(me(), Can.COSTS_CHECK, found),
        "categories": {one.id: rules_of.InWords(one.name) for one in paying.categories},
        "rule": rules_of.InWords(rules_of.profile_of(found.plan.allocation).citation(paying.citation).words),
        **_words(),
    }


@payments.post("/pacts/<code>/funding/statements/<int:number>/costs")
@needs(Can.COSTS_ENTER)
@takes_files(evidence.MOST_BYTES + ROOM_FOR_FORM)
def add(code: str, number: int) -> ResponseReturnValue:
    """Enter one cost; the receipt is taken by what it is, and kept by its hash."""
    limits.spend("costs", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    found = _statement(code, number)
    form = _cost_form(found)
    if form.validate():
        try:
            actions.add_cost(found, _cost(form), store=current_app.extensions["store"], by=me())
        except Invalid as refused:
            db.session().rollback()
            form.refuse(refused.field, refused.words)
            found = _statement(code, number)
        else:
            return see_other("payments.statement", code=code, number=number)
    return invalid("payments/statement.html", **_shown(found, form))


def _cost(form: CostForm) -> Cost:
    sent = form.receipt.data
    return Cost(
        spent_on=form.day,
        category=form.category.data or "",
        what=form.what.data or "",
        supplier=form.supplier.data or "",
        receipt_number=form.receipt_number.data or "",
        cents=form.cents,
        receipt=sent.read(evidence.MOST_BYTES + 1) if sent else b"",
    )


@payments.post("/pacts/<code>/funding/statements/<int:number>/costs/<int:line>/removal")
@needs(Can.COSTS_ENTER)
def remove(code: str, number: int, line: int) -> ResponseReturnValue:
    limits.spend("costs", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    actions.remove_cost(_statement(code, number), line, by=me())
    return see_other("payments.statement", code=code, number=number)


@payments.post("/pacts/<code>/funding/statements/<int:number>/sending")
@needs(Can.COSTS_SEND)
def send(code: str, number: int) -> ResponseReturnValue:
    limits.spend("costs", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    found = _statement(code, number)
    form = _cost_form(found)
    try:
        actions.send_costs(found, by=me())
    except Invalid as refused:
        form.refuse("", refused.words)
        return invalid("payments/statement.html", **_shown(found, form))
    return see_other("payments.statement", code=code, number=number)


@payments.get("/pacts/<code>/funding/statements/<int:number>/receipts/<int:line>")
@needs(Can.COSTS_READ)
def receipt(code: str, number: int, line: int) -> ResponseReturnValue:
    """Serve a receipt to the group and to the city's desk, read whole and checked against its hash."""
    found = next((one for one in _statement(code, number).lines if one.id == line), None)
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    content: bytes = current_app.extensions["store"].read(found.file_hash)
    answer = send_file(
        io.BytesIO(content),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=f"receipt-{found.id}.{evidence.ENDINGS[found.media_type]}",
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@payments.get("/pacts/<code>/funding/<row>/account")
@needs(Can.PAYEE_ENTER)
def account(code: str, row: str) -> ResponseReturnValue:
    plan = _plan(code, row, Can.PAYEE_ENTER)
    return render("payments/account.html", form=forms.AccountForm(), plan=plan, code=code, row=row)


@payments.post("/pacts/<code>/funding/<row>/account")
@needs(Can.PAYEE_ENTER)
def enter_account(code: str, row: str) -> ResponseReturnValue:
    limits.spend("payee", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    plan = _plan(code, row, Can.PAYEE_ENTER)
    form = forms.AccountForm()
    if form.validate():
        holder, typed, again = (one.data or "" for one in (form.holder, form.account, form.again))
        try:
            actions.enter_account(plan, holder, typed, again, by=me())
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("payments.funding", code=code)
    return invalid("payments/account.html", form=form, plan=plan, code=code, row=row)
