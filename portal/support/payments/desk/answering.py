"""What the bank answered, by a file or by hand, and accounts that wait to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db, policy
from portal.errors import Invalid
from portal.people import limits
from portal.policy import Can
from portal.support.payments import actions, answers, forms, queries
from portal.support.payments.desk.blueprint import payments_desk, words
from portal.support.payments.desk.overview import MOST_TRIES, QUARTER, shown
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.gates import takes_files

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.payments.forms import AnswerForm
    from portal.support.payments.models import Payee, Payment

ROOM_FOR_FORM = 100_000


@payments_desk.post("/desk/payments/answers")
@needs(Can.PAYMENTS_ANSWER)
@takes_files(answers.MOST_BYTES + ROOM_FOR_FORM)
def read_answers() -> ResponseReturnValue:
    """Book what is final in the bank's file, and say what was done and what nobody could tell."""
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    form = forms.BankFileForm()
    sent = form.file.data
    try:
        booked = actions.read_bank_file(sent.read(answers.MOST_BYTES + 1) if sent else b"", by=me())
    except Invalid as refused:
        db.session().rollback()
        form.refuse(refused.field, refused.words)
        return invalid("payments/desk.html", **{**shown(), "file_form": form})
    return render("payments/answers.html", booked=booked, **words())


@payments_desk.get("/desk/payments/<int:number>")
@needs(Can.PAYMENTS_READ)
def payment(number: int) -> ResponseReturnValue:
    return payment_page(one_or_404(queries.payment(number)))


def payment_page(
    found: Payment, form: AnswerForm | None = None, back: forms.SentBackForm | None = None
) -> str:
    """Return the page of a payment; a form that was refused is shown as it was typed."""
    may_answer = policy.allows(me(), Can.PAYMENTS_ANSWER)
    if may_answer and found.state == "released":
        form = form or forms.answer_form()
    if may_answer and found.state == "paid":
        back = back or forms.sent_back_form()
    return render("payments/payment.html", payment=found, form=form, back=back, **words())


@payments_desk.post("/desk/payments/<int:number>/answer")
@needs(Can.PAYMENTS_ANSWER)
def answer(number: int) -> ResponseReturnValue:
    """Enter by hand what the bank said of one payment."""
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    found, form = one_or_404(queries.payment(number)), forms.answer_form()
    if form.validate():
        try:
            _enter(found, form)
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("payments_desk.payment", number=number)
    return payment_page(found, form), 422


def _enter(found: Payment, form: AnswerForm) -> None:
    reference = form.reference.data or ""
    if form.outcome.data == "paid":
        actions.enter_paid(found, form.on.data, reference, by=me())
    else:
        actions.enter_rejected(found, form.reason_code.data or "", form.on.data, reference, by=me())


@payments_desk.get("/desk/payments/accounts/<int:number>")
@needs(Can.PAYMENTS_READ)
def account(number: int) -> ResponseReturnValue:
    return _account_page(one_or_404(queries.account(number)))


def _account_page(
    found: Payee, form: forms.ReadBackForm | None = None, refusal: forms.RefusalForm | None = None
) -> str:
    is_asked = found.state == "asked"
    return render(
        "payments/confirming.html",
        payee=found,
        form=form or forms.ReadBackForm(),
        refusal=refusal or forms.RefusalForm(),
        may_confirm=is_asked and policy.may_after_password(me(), Can.PAYEE_CONFIRM, found),
        why_not=policy.refusal(me(), Can.PAYEE_CONFIRM, found) if is_asked else None,
        **words(),
    )


@payments_desk.post("/desk/payments/accounts/<int:number>/confirmation")
@needs(Can.PAYEE_CONFIRM)
def confirm_account(number: int) -> ResponseReturnValue:
    limits.spend("payee_read_back", me().pseudonym, most=20, seconds=QUARTER)
    found, form = one_or_404(queries.account(number)), forms.ReadBackForm()
    if form.validate():
        try:
            actions.confirm_account(found, form.read_back.data or "", by=me())
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("payments_desk.account", number=number)
    return _account_page(found, form), 422


@payments_desk.post("/desk/payments/accounts/<int:number>/refusal")
@needs(Can.PAYEE_CONFIRM)
def refuse_account(number: int) -> ResponseReturnValue:
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    found, form = one_or_404(queries.account(number)), forms.RefusalForm()
    if form.validate():
        try:
            actions.refuse_account(found, form.reason.data or "", by=me())
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("payments_desk.account", number=number)
    return _account_page(found, None, form), 422
