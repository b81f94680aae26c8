"""The officer's verbs on a case: accept, prepare for signature, steer, check reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.errors import Invalid
from portal.pacts import actions, queries
from portal.pacts.desk.case import case_page
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.desk.forms import acceptance_form, life_form
from portal.pacts.forms import VERBS, ReasonForm
from portal.pacts.lifecycle import LIFE, Verb
from portal.pacts.standing import profile_named
from portal.policy import Can
from portal.proposals import codes
from portal.proposals import queries as proposal_queries
from portal.web import me, needs, one_or_404, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact


@pacts_desk.post("/desk/cases/<code>/acceptance")
@needs(Can.CASE_ACCEPT)
def accept(code: str) -> ResponseReturnValue:
    found = proposal_queries.by_code(proposal_queries.visible_to(me()), codes.tidy_code(code))
    proposal = one_or_404(found)
    form = acceptance_form(profile_named(proposal.profile_version), typed=True)
    if form.validate_on_submit():
        try:
            pact = actions.open_from(
                proposal, reason=form.reason.data, pact_class=form.pact_class.data, by=me()
            )
        except Invalid as error:
            form.refuse(error.field, error.words)
        else:
            return see_other("pacts_desk.case", code=pact.code)
    return case_page(code, form=form, status=422)


def _pact(code: str) -> Pact:
    return one_or_404(queries.by_code(code))


@pacts_desk.post("/desk/cases/<code>/signing")
@needs(Can.PACT_OPEN_SIGNING)
def open_signing(code: str) -> ResponseReturnValue:
    actions.open_signing(_pact(code), by=me())
    return see_other("pacts_desk.case", code=code)


@pacts_desk.post("/desk/cases/<code>/life")
@needs(Can.PACT_STEER)
def change_life(code: str) -> ResponseReturnValue:
    pact = _pact(code)
    form = life_form(pact, typed=True)
    if form.verb.data in {name for name, _ in VERBS}:
        # The page of another state has no room for this form: its text is kept on the page of the refusal.
        LIFE.after(pact.state, Verb(form.verb.data))
    if not form.validate_on_submit():
        return case_page(code, form=form, status=422)
    verb = {
        "suspend": actions.suspend,
        "resume": actions.resume,
        "conclude": actions.conclude,
        "terminate": actions.terminate,
    }[form.verb.data]
    verb(pact, form.reason.data, form.source.data, by=me())
    return see_other("pacts_desk.case", code=code)


@pacts_desk.post("/desk/cases/<code>/reports/<int:number>/validation")
@needs(Can.REPORT_VALIDATE)
def validate_report(code: str, number: int) -> ResponseReturnValue:
    pact = _pact(code)
    report = one_or_404(queries.report(pact.id, number, published_only=False))
    actions.validate_report(report, pact=pact, by=me())
    return see_other("pacts_desk.case", code=code)


@pacts_desk.post("/desk/cases/<code>/reports/<int:number>/return")
@needs(Can.REPORT_VALIDATE)
def return_report(code: str, number: int) -> ResponseReturnValue:
    pact = _pact(code)
    report = one_or_404(queries.report(pact.id, number, published_only=False))
    form = ReasonForm()
    if not form.validate_on_submit():
        return case_page(code, form=form, status=422)
    actions.return_report(report, form.reason.data, pact=pact, by=me())
    return see_other("pacts_desk.case", code=code)
