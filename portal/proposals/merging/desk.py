"""Officers: offer two groups to make one of their proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app

from portal import db
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals import codes
from portal.proposals.assessment.desk import case_of
from portal.proposals.merging import actions, forms, queries, showing
from portal.web import me, needs, one_or_404, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

merging_desk = Blueprint("merging_desk", __name__)
_NAME_ONE = W("Choose the other proposal, or type its code")
_NONE = W("No proposal that was sent has this code")


@merging_desk.post("/desk/cases/<code>/merge")
@needs(Can.CASE_MERGE)
def offer(code: str) -> ResponseReturnValue:
    """Offer both groups that this one becomes a part of the other."""
    proposal = case_of(code)
    form = forms.offer_form(showing.choices(proposal, me()), typed=True)
    done = form.attempt(
        lambda: actions.offer(proposal, _other(form.chosen), form.merge_reason.data, by=me()),
        lambda _: see_other("pacts_desk.case", code=code),
    )
    if done is not None:
        return done
    # The case page stands above both proposals and pacts, and is asked by name.
    again: ResponseReturnValue = current_app.extensions["case_page"](code, form=form, status=422)
    return again


@merging_desk.post("/desk/cases/<code>/merge/<int:number>/end")
@needs(Can.CASE_MERGE)
def take_back(code: str, number: int) -> ResponseReturnValue:
    """Take an offer back before both groups said yes."""
    proposal = case_of(code)
    actions.take_back(one_or_404(queries.offer_of(proposal.id, number)), proposal, by=me())
    return see_other("pacts_desk.case", code=proposal.code)


def _other(code: str) -> Proposal:
    if not code:
        raise Invalid(_NAME_ONE, field="into_code")
    found = db.session().scalars(queries.named(codes.tidy_code(code), me())).one_or_none()
    if found is None:
        raise Invalid(_NONE, field="into_code")
    return found
