"""Handing cases on: several at once from the table, or one from its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from portal import db
from portal.errors import Invalid, Refused
from portal.pacts import actions, queries
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.desk.table import desk_page, officers
from portal.policy import Can
from portal.proposals import codes
from portal.proposals import queries as proposal_queries
from portal.web import me, needs, one_or_404, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact
    from portal.people.models import Person
    from portal.proposals.models import Proposal

MOST_AT_ONCE = 100


@pacts_desk.post("/desk/assignment")
@needs(Can.CASE_HAND)
def assignment() -> ResponseReturnValue:
    """Hand over every case that was ticked; each that cannot be is named with its reason, the others go."""
    to, found = _receiver(), list(dict.fromkeys(request.form.getlist("case")))[:MOST_AT_ONCE]
    if to is None or not found:
        missing = W("Choose a colleague") if found else W("Tick the cases you want to hand over")
        return desk_page(outcome={"missing": missing, "ticked": set(found)}, status=422)
    refused = [(code, reason) for code in found if (reason := _handed(code, to)) is not None]
    failed = {code for code, _ in refused}
    done = [code for code in found if code not in failed]
    return desk_page(outcome={"done": done, "refused": refused, "to": to.name, "ticked": failed})


def _receiver() -> Person | None:
    chosen = request.form.get("to", "")
    return next((one for one in officers() if str(one.id) == chosen), None)


def _handed(code: str, to: Person) -> W | None:
    """Return why this case was not handed over, None where it was."""
    try:
        proposal, pact = _case(code)
    except Refused:
        return W("There is no open case with this number.")
    try:
        with db.session().begin_nested():
            actions.hand(proposal, pact, to, by=me())
    except Refused as refusal:
        return refusal.words
    return None


def _case(code: str) -> tuple[Proposal, Pact | None]:
    pact = db.session().scalars(queries.by_code(code)).one_or_none()
    tidy = pact.proposal_code if pact else codes.tidy_code(code)
    return one_or_404(proposal_queries.by_code(proposal_queries.visible_to(me()), tidy)), pact


@pacts_desk.post("/desk/cases/<code>/handover")
@needs(Can.CASE_HAND)
def handover(code: str) -> ResponseReturnValue:
    proposal, pact = _case(code)
    to = _receiver()
    if to is None:
        raise Invalid(W("Choose a colleague"), field="to")
    actions.hand(proposal, pact, to, by=me())
    return see_other("pacts_desk.case", code=code)
