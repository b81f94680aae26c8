"""Plan in which parts a promised sum is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.errors import Invalid
from portal.people import limits
from portal.policy import Can
from portal.support.checks import queries as checks
from portal.support.checks import said as checks_said
from portal.support.payments import actions, conditions, forms, queries, rules_of
from portal.support.payments.desk.blueprint import payments_desk, words
from portal.support.payments.desk.overview import MOST_TRIES, QUARTER
from portal.web import me, needs, one_or_404, render, see_other
from portal.web.chrome import profile as city_profile

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.models import Allocation
    from portal.support.payments.forms import PlanForm
    from portal.support.payments.models import PaymentPlan


def _found(code: str, row: str) -> tuple[Allocation, PaymentPlan | None]:
    allocation = one_or_404(queries.plannable(f"pact:{code}", row))
    plan = db.session().scalars(queries.plan(allocation.subject, row)).unique().one_or_none()
    return allocation, plan


@payments_desk.get("/desk/payments/plans/<code>/<row>")
@needs(Can.PAYMENTS_PLAN)
def plan(code: str, row: str) -> ResponseReturnValue:
    allocation, found = _found(code, row)
    return _page(allocation, found, forms.plan_form(found, allocation.amount))


def _page(allocation: Allocation, found: PaymentPlan | None, form: PlanForm) -> str:
    present = city_profile()
    profile = rules_of.profile_of(allocation, present)
    cap_bp, paying = rules_of.advance_cap_bp(allocation, present), profile.paying
    trace = profile.citation(paying.trace_citation) if paying.trace else None
    return render(
        "payments/plan.html",
        allocation=allocation,
        plan=found,
        form=form,
        parts=range(1, forms.PARTS + 1),
        most_advance=conditions.most_advance(allocation.amount, cap_bp),
        rule=rules_of.InWords(profile.citation(paying.citation).words),
        why_unpaid=checks.unpaid_because(allocation),
        publication=checks_said.publication(profile),
        trace=rules_of.InWords(trace.words) if trace else None,
        **words(),
    )


@payments_desk.post("/desk/payments/plans/<code>/<row>")
@needs(Can.PAYMENTS_PLAN)
def keep_plan(code: str, row: str) -> ResponseReturnValue:
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    allocation, found = _found(code, row)
    form = forms.plan_form(found, allocation.amount)
    if form.validate():
        project, tender = (
            "".join((one.data or "").split()).upper() for one in (form.project_code, form.tender_code)
        )
        try:
            actions.plan_payments(
                allocation,
                form.planned(),
                project_code=project,
                tender_code=tender,
                present=city_profile(),
                by=me(),
            )
        except Invalid as refused:
            db.session().rollback()
            form.refuse(refused.field, refused.words)
            allocation, found = _found(code, row)
        else:
            return see_other("payments.funding", code=code)
    return _page(allocation, found, form), 422
