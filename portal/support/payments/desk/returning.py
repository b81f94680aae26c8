"""Money that came back: what a group did not spend, and what its bank sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db, policy
from portal.errors import Invalid
from portal.people import limits
from portal.policy import Can
from portal.support.payments import actions, forms, queries
from portal.support.payments.desk.answering import payment_page
from portal.support.payments.desk.blueprint import payments_desk, words
from portal.support.payments.desk.overview import MOST_TRIES, QUARTER
from portal.web import me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.payments.models import PaymentPlan


@payments_desk.post("/desk/payments/<int:number>/sent-back")
@needs(Can.PAYMENTS_ANSWER)
def send_back_payment(number: int) -> ResponseReturnValue:
    """Enter by hand that the bank sent back what it had paid."""
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    found, form = one_or_404(queries.payment(number)), forms.sent_back_form()
    if form.validate():
        try:
            actions.enter_sent_back(
                found, form.reason_code.data or "", form.on.data, form.reference.data or "", by=me()
            )
        except Invalid as refused:
            db.session().rollback()
            form.refuse(refused.field, refused.words)
            found = one_or_404(queries.payment(number))
        else:
            return see_other("payments_desk.payment", number=number)
    return payment_page(found, back=form), 422


@payments_desk.get("/desk/payments/returns/<code>/<row>")
@needs(Can.PAYMENTS_READ)
def returns(code: str, row: str) -> ResponseReturnValue:
    plan = one_or_404(queries.plan(f"pact:{code}", row))
    return _page(plan, forms.ReturnForm())


def _page(plan: PaymentPlan, form: forms.ReturnForm) -> str:
    back = db.session().scalars(queries.all_back(plan.id)).all()
    may_enter = policy.allows(me(), Can.PAYMENTS_ANSWER) and plan.paid > plan.returned
    return render("payments/returns.html", plan=plan, back=back, form=form, may_enter=may_enter, **words())


@payments_desk.post("/desk/payments/returns/<code>/<row>")
@needs(Can.PAYMENTS_ANSWER)
def enter_return(code: str, row: str) -> ResponseReturnValue:
    """Enter money that a group did not spend and paid back."""
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    plan, form = one_or_404(queries.plan(f"pact:{code}", row)), forms.ReturnForm()
    if form.validate():
        said = (form.reference.data or "", form.evidence.data or "")
        try:
            actions.enter_return(plan, form.cents, form.on.data, *said, by=me())
        except Invalid as refused:
            db.session().rollback()
            form.refuse(refused.field, refused.words)
            plan = one_or_404(queries.plan(f"pact:{code}", row))
        else:
            return see_other("payments_desk.returns", code=code, row=row)
    return _page(plan, form), 422
