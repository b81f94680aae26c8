"""The blueprint of the rooms of a pact; they stand behind the language in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, url_for

from portal import db
from portal.pacts import queries
from portal.pacts.models import Pact

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState

pacts = Blueprint("pacts", __name__)


def _pact_of_proposal(proposal_code: str) -> str:
    chosen = queries.by_proposal(proposal_code).with_only_columns(Pact.code)
    code = db.session().scalar(chosen)
    return url_for("front.pact", code=code) if code else ""


def _offer_way(state: BlueprintSetupState) -> None:
    # The track page of a proposal stands below this room, so the way up is handed down.
    state.app.extensions["pact_of_proposal"] = _pact_of_proposal


pacts.record_once(_offer_way)
