"""The blueprint of the rooms of a pact; they stand behind the language in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, url_for

from portal import clock, db
from portal.observations import subjects
from portal.pacts import observed, page, queries
from portal.pacts.models import Pact
from portal.proposals import queries as proposals
from portal.proposals.models import Proposal
from portal.web import me
from portal.web.chrome import said, tone_of

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState

    from portal.pacts.room import Room

pacts = Blueprint("pacts", __name__)
MOST = 50


def _pact_of_proposal(proposal_code: str) -> str:
    chosen = queries.by_proposal(proposal_code).with_only_columns(Pact.code)
    code = db.session().scalar(chosen)
    return url_for("front.pact", code=code) if code else ""


def _subject_of_code(code: str) -> str:
    """Return the subject key of a pact, or of a proposal this person may see; empty where there is none."""
    code, session = code.strip().upper(), db.session()
    if session.scalar(queries.by_code(code).with_only_columns(Pact.id)) is not None:
        return f"pact:{code}"
    seen = proposals.visible_to(me()).where(Proposal.code == code)
    found = session.scalar(seen)
    return found.key if found else ""


def _pacts_of(proposal_codes: list[str]) -> dict[str, str]:
    rows = db.session().execute(queries.codes_of(proposal_codes)).all()
    return {row.proposal_code: row.code for row in rows}


@pacts.app_template_global("state_of")
def state_of(pact: Pact | Room) -> str:
    """Return the state whose public word the pact bears today."""
    # Before everybody has signed there is no paper to ask for.
    has_paper = pact.signed_at is not None and db.session().scalar(queries.with_paper([pact.id])) is not None
    return page.public_state(pact, has_paper=has_paper, on=clock.today())


def _holdings() -> list[dict[str, str]]:
    """Return what the person has here, the newest first: pacts, and proposals that became none."""
    session = db.session()
    own = session.scalars(queries.of_actor(me()).limit(MOST)).all()
    became = {pact.proposal_code for pact in own}
    sealed = set(session.scalars(queries.with_paper([pact.id for pact in own])))
    states = {one.id: page.public_state(one, has_paper=one.id in sealed, on=clock.today()) for one in own}
    held = session.scalars(proposals.newest_first(proposals.held_by(me())).limit(MOST)).all()
    return [_row("pact", one, states[one.id], "front.pact") for one in own] + [
        _row("proposal", one, one.state, "proposals.tasks") for one in held if one.code not in became
    ]


def _row(thing: str, one: Pact | Proposal, state: str, endpoint: str) -> dict[str, str]:
    return {
        "code": one.code,
        "title": one.title or one.code,
        "state": said(thing, state),
        "tone": tone_of(state),
        "href": url_for(endpoint, code=one.code),
    }


def _offer_way(state: BlueprintSetupState) -> None:
    # The track page of a proposal and the account stand below this room, so the ways up are handed down.
    state.app.extensions["holdings"] = _holdings
    state.app.extensions["pact_of_proposal"] = _pact_of_proposal
    subjects.offer(state.app, observed.PLACE, observed.find)
    state.app.extensions["subject_of_code"] = _subject_of_code
    state.app.extensions["pacts_of"] = _pacts_of
    state.app.extensions["taken_commons"] = lambda: queries.taken_commons(clock.today())


pacts.record_once(_offer_way)
