"""Officers: competing proposals for one place or call, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from portal import db, policy
from portal.observations import showing as observations
from portal.policy import Can
from portal.proposals import answers, codes
from portal.proposals import queries as proposals
from portal.proposals.assessment import actions, forms, queries, showing
from portal.proposals.assessment.desk import case_of
from portal.proposals.forms import fields
from portal.proposals.models import Proposal
from portal.proposals.profiles import profile_of
from portal.web import invalid, me, needs, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.web import Form

comparing_desk = Blueprint("comparing_desk", __name__)
MOST = 5


def compared(proposal: Proposal) -> list[Proposal]:
    """Return the proposal and its rivals: those named in the address, or for the same place or call."""
    named = [codes.tidy_code(code) for code in request.values.getlist("with")][: MOST - 1]
    visible = proposals.with_parts(proposals.visible_to(me())).where(Proposal.submitted_at.is_not(None))
    chosen = Proposal.code.in_(named) if any(named) else queries.is_rival(proposal)
    rivals = visible.where(chosen, Proposal.id != proposal.id).order_by(Proposal.submitted_at).limit(MOST - 1)
    return [proposal, *db.session().scalars(rivals).unique()]


@comparing_desk.get("/desk/cases/<code>/comparison")
@needs(Can.CASE_READ)
def comparison(code: str) -> ResponseReturnValue:
    """Show them side by side."""
    rows = compared(case_of(code))
    return render(_PAGE, **_page(rows, form_for(rows, typed=False)))


_PAGE = "proposals/assessment/comparison.html"


def form_for(rows: list[Proposal], *, typed: bool = True) -> forms.PreferForm:
    """Return the form with the proposals that are compared."""
    form = forms.PreferForm() if typed else forms.PreferForm(formdata=None)
    choices = [(one.code, f"{one.title} ({one.code})") for one in rows]
    form.preferred.choices = fields.options(choices)
    form.preferred.validators = [*form.preferred.validators[:1], fields.OneOf({key for key, _ in choices})]
    return form


def _page(rows: list[Proposal], form: Form) -> dict[str, Any]:
    return {
        "proposal": rows[0],
        "rows": [_column(one) for one in rows],
        "criteria": profile_of(rows[0]).criteria,
        "form": form,
        "may_prefer": len(rows) > 1 and all(policy.allows(me(), Can.CASE_ASSESS, one) for one in rows),
        "unstated": [
            one.code for one in rows if db.session().scalar(queries.statement(one.id, me().person_id)) is None
        ],
    }


def _column(proposal: Proposal) -> dict[str, Any]:
    profile, heard = profile_of(proposal), observations.overview(proposal.key)
    return {
        "code": proposal.code,
        "title": proposal.title,
        "language": proposal.language,
        "result": showing.result(proposal, finished_only=False),
        "promises": [answers.commitment_sentence(one) for one in proposal.commitments],
        "asks": [answers.ask_sentence(one, profile, g.language) for one in proposal.asks],
        "observations": heard.shown_count,
        "endorsements": heard.endorsements,
    }


@comparing_desk.post("/desk/cases/<code>/comparison")
@needs(Can.CASE_ASSESS)
def prefer(code: str) -> ResponseReturnValue:
    """Keep the choice and its reason."""
    rows = compared(case_of(code))
    form = form_for(rows)
    done = form.attempt(
        lambda: actions.prefer(rows, form.preferred.data, form.reason.data, by=me()),
        lambda _: see_other("assessment_desk.assessment", code=code),
    )
    return done or invalid(_PAGE, **_page(compared(case_of(code)), form))
