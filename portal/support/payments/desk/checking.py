"""Check a statement of costs line by line, send it back, or approve what a colleague checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import db, policy
from portal.errors import Invalid, NotFound
from portal.people import limits
from portal.policy import Can
from portal.support.payments import actions, forms, queries, rules_of
from portal.support.payments.desk.blueprint import payments_desk, words
from portal.support.payments.desk.overview import MOST_TRIES, QUARTER
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.payments.models import CostStatement

PAGE = "payments/checking.html"


def _found(code: str, number: int) -> CostStatement:
    found = one_or_404(queries.statement(f"pact:{code}", number))
    if found.state == "draft":
        raise NotFound(NO_SUCH_PAGE)
    return found


@payments_desk.get("/desk/payments/statements/<code>/<int:number>")
@needs(Can.PAYMENTS_READ)
def statement(code: str, number: int) -> ResponseReturnValue:
    return render(PAGE, **_shown(_found(code, number)))


def _shown(found: CostStatement, form: Any = None, reason: Any = None) -> dict[str, Any]:
    paying = rules_of.paying_of(found.plan.allocation)
    may_check = policy.allows(me(), Can.COSTS_CHECK, found)
    is_checked = found.state == "checked"
    return {
        "statement": found,
        "code": found.plan.code,
        "form": form or (forms.judging_form(found) if found.state == "sent" and may_check else None),
        "reason_form": reason
        or (forms.ReasonForm() if found.state in {"sent", "checked"} and may_check else None),
        "may_approve": is_checked and policy.may_after_password(me(), Can.COSTS_APPROVE, found),
        "why_not": policy.refusal(me(), Can.COSTS_APPROVE, found) if is_checked else None,
        "categories": {one.id: rules_of.InWords(one.name) for one in paying.categories},
        **words(),
    }


@payments_desk.post("/desk/payments/statements/<code>/<int:number>/check")
@needs(Can.COSTS_CHECK)
def check(code: str, number: int) -> ResponseReturnValue:
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    found = _found(code, number)
    form = forms.judging_form(found)
    if form.validate():
        try:
            actions.check_costs(found, form.judged(found), by=me())
        except Invalid as refused:
            db.session().rollback()
            form.refuse(refused.field, refused.words)
            found = _found(code, number)
        else:
            return see_other("payments_desk.statement", code=code, number=number)
    return invalid(PAGE, **_shown(found, form))


@payments_desk.post("/desk/payments/statements/<code>/<int:number>/return")
@needs(Can.COSTS_CHECK)
def send_back(code: str, number: int) -> ResponseReturnValue:
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    found, form = _found(code, number), forms.ReasonForm()
    if form.validate():
        try:
            actions.return_costs(found, form.reason.data or "", by=me())
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("payments_desk.statement", code=code, number=number)
    return invalid(PAGE, **_shown(found, None, form))


@payments_desk.post("/desk/payments/statements/<code>/<int:number>/approval")
@needs(Can.COSTS_APPROVE)
def approve(code: str, number: int) -> ResponseReturnValue:
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    actions.approve_costs(_found(code, number), by=me())
    return see_other("payments_desk.statement", code=code, number=number)
