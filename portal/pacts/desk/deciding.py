"""Officers: prepare a decision and hold it back, release it, give it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import policy
from portal.pacts import actions
from portal.pacts.desk.case import case_page
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.desk.held_back import OUTCOMES, held_form
from portal.pacts.queries import deciding as queries
from portal.pacts.standing import profile_named
from portal.policy import Can
from portal.proposals import codes
from portal.proposals import queries as proposal_queries
from portal.web import me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal


def _case(code: str) -> Proposal:
    return one_or_404(proposal_queries.by_code(proposal_queries.visible_to(me()), codes.tidy_code(code)))


@pacts_desk.post("/desk/cases/<code>/held")
@needs(Can.CASE_HOLD)
def hold_decision(code: str) -> ResponseReturnValue:
    proposal = _case(code)
    form = held_form(proposal, profile_named(proposal.profile_version))
    done = form.attempt(
        lambda: actions.hold_decision(proposal, form.prepared(), by=me()),
        lambda _: see_other("pacts_desk.case", code=proposal.code),
    )
    return done or case_page(code, form=form, status=422)


@pacts_desk.get("/desk/cases/<code>/held")
@needs(Can.CASE_NOTES)
def held_decision(code: str) -> ResponseReturnValue:
    """Say what would stop the decision if it were published now; the case page does not ask each time."""
    proposal = _case(code)
    policy.check(me(), Can.CASE_NOTES, proposal)
    row = one_or_404(queries.of_case(proposal.id))
    against, outcome = list(actions.against_publishing(proposal, row)), OUTCOMES[row.outcome]
    return render("desk/held.html", proposal=proposal, held=row, outcome=outcome, against=against)


@pacts_desk.post("/desk/cases/<code>/held/release")
@needs(Can.CASE_HOLD)
def release_decision(code: str) -> ResponseReturnValue:
    proposal = _case(code)
    actions.release_decision(proposal, by=me())
    return see_other("pacts_desk.case", code=proposal.code)


@pacts_desk.post("/desk/cases/<code>/held/end")
@needs(Can.CASE_HOLD)
def give_up_decision(code: str) -> ResponseReturnValue:
    proposal = _case(code)
    actions.give_up_decision(proposal, by=me())
    return see_other("pacts_desk.case", code=proposal.code)
