"""The blueprint of the counter, and what its pages know of who is helped."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, g
from flask import session as browser_session

from portal import db
from portal.counter import queries
from portal.counter.helping import Helping
from portal.errors import WrongState
from portal.proposals import codes
from portal.proposals import queries as proposal_queries
from portal.web import me, one_or_404
from portal.words import W

if TYPE_CHECKING:
    from portal.counter.models import Helped
    from portal.people.sessions import BrowserSession
    from portal.proposals.models import Proposal

counter = Blueprint("counter", __name__)
NOBODY = W("You help nobody now. Find the person first, then go on.")


def browser() -> BrowserSession:
    """Return this browser's session."""
    return cast("BrowserSession", browser_session)


def helping() -> Helping | None:
    """Return the help that goes on in this request."""
    return cast("Helping | None", g.get("helped"))


def must_help() -> Helping:
    """Return the help that goes on; refuse where nobody is helped."""
    found = helping()
    if found is None:
        raise WrongState(NOBODY)
    return found


def helped_person() -> Helped:
    """Return whoever is helped now."""
    return one_or_404(queries.by_pseudonym(must_help().pseudonym))


def case(code: str) -> Proposal:
    """Return a case of whoever is helped now, with its parts; any other is not there."""
    must_help()
    return one_or_404(proposal_queries.by_code(proposal_queries.held_by(me()), codes.tidy_code(code)))


def cases() -> list[Proposal]:
    """Return the cases of whoever is helped now, the last saved first."""
    found = proposal_queries.entered_for(must_help().pseudonym).limit(50)
    return list(db.session().scalars(found))
