"""The blueprint of residents, and what its pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from portal.errors import NotFound
from portal.residents.models import Residency
from portal.residents.said import decision_words, state_words, way_words
from portal.web import see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import profile

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.city import Residents
    from portal.residents.models import Conflict, Way

residents = Blueprint("residents", __name__)
residents.add_app_template_filter(way_words, "way_words")
residents.add_app_template_filter(decision_words, "decision_words")
residents.add_app_template_filter(state_words, "residence_words")


def rules() -> Residents:
    """Return how the city lets people show that they live here."""
    return profile().residents


def open_way(way: Way) -> Residents:
    """Return the rules; refuses with NotFound a way that the city has not chosen."""
    found = rules()
    if way.value not in found.ways:
        raise NotFound(NO_SUCH_PAGE)
    return found


def lead_on(outcome: Residency | Conflict) -> ResponseReturnValue:
    """Lead to the status and say what became of the claim."""
    return see_other("residents.standing", done="verified" if isinstance(outcome, Residency) else "waiting")
