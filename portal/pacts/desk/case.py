"""The page of one case: its next action first, then its parts, each with a heading to jump to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import db
from portal.pacts import queries
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.desk.opened import Opened
from portal.pacts.desk.parts import PARTS
from portal.pacts.standing import profile_named, profile_of
from portal.policy import Can
from portal.proposals import codes
from portal.proposals import queries as proposal_queries
from portal.web import me, needs, one_or_404, render

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue


@pacts_desk.get("/desk/cases/<code>")
@needs(Can.CASE_READ)
def case(code: str) -> ResponseReturnValue:
    return case_page(code)


def case_page(code: str, *, form: Any = None, status: int = 200) -> ResponseReturnValue:
    """Return the page of a case by the code of its proposal or its pact; `form` is one that was refused."""
    if form is not None:
        # What a refused verb had begun to write must not be committed with this page.
        db.session().rollback()
    opened = _opened(code, form)
    found = [(part, part.panel(opened)) for part in PARTS]
    shown = [part for part, values in found if values is not None]
    context = {name: value for _, values in found for name, value in (values or {}).items()}
    return render(
        "desk/case.html",
        proposal=opened.proposal,
        pact=opened.pact,
        form=form,
        parts=shown,
        **context,
    ), status


def _opened(code: str, form: Any) -> Opened:
    pact = db.session().scalars(queries.by_code(code)).one_or_none()
    tidy = pact.proposal_code if pact else codes.tidy_code(code)
    proposal = one_or_404(proposal_queries.by_code(proposal_queries.visible_to(me()), tidy))
    pact = pact or db.session().scalars(queries.by_proposal(proposal.code)).one_or_none()
    profile = profile_of(pact) if pact else profile_named(proposal.profile_version)
    return Opened(proposal, pact, profile, form)


def _offer_case_page(state: BlueprintSetupState) -> None:
    state.app.extensions["case_page"] = case_page


pacts_desk.record_once(_offer_case_page)
