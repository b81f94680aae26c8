"""The blueprint of the rooms of a pact; they stand behind the language in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, url_for

from portal import clock, db
from portal.pacts import page, queries
from portal.pacts.models import Pact

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState

pacts = Blueprint("pacts", __name__)


def _pact_of_proposal(proposal_code: str) -> str:
    chosen = queries.by_proposal(proposal_code).with_only_columns(Pact.code)
    code = db.session().scalar(chosen)
    return url_for("front.pact", code=code) if code else ""


@pacts.app_template_global("state_of")
def _state_of(pact: Pact) -> str:
    """Return the state whose public word the pact bears today."""
    has_paper = db.session().scalar(queries.with_paper([pact.id])) is not None
    return page.public_state(pact, has_paper=has_paper, on=clock.today())


def _offer_way(state: BlueprintSetupState) -> None:
    # The track page of a proposal stands below this room, so the way up is handed down.
    state.app.extensions["pact_of_proposal"] = _pact_of_proposal


pacts.record_once(_offer_way)
