"""How the stories find their case again at each step: read once, then kept as the unit of work has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.pacts import queries as pact_queries
from portal.policy import SYSTEM
from portal.proposals import queries as proposal_queries

if TYPE_CHECKING:
    from datetime import date

    from portal.pacts.models import Pact
    from portal.proposals.models import Proposal


def proposal_of(code: str) -> Proposal:
    """Return the proposal of a code, whole."""
    if code not in _proposals:
        found = db.session().scalars(proposal_queries.by_code(proposal_queries.visible_to(SYSTEM), code))
        _proposals[code] = found.one()
    return _proposals[code]


def pact_of(code: str) -> Pact:
    """Return the pact of a code with its parties, agreements and signatures."""
    if code not in _pacts:
        _pacts[code] = db.session().scalars(pact_queries.by_code(code)).one()
    return _pacts[code]


_proposals: dict[str, Proposal] = {}
_pacts: dict[str, Pact] = {}


def forget_cases() -> None:
    """Keep no case any longer; they are of use in the unit of work that has read them."""
    _proposals.clear()
    _pacts.clear()


_seeding: list[date] = []


def seeded_on(day: date) -> None:
    """Remember the day of seeding, from which all days of the stories are counted."""
    _seeding[:] = [day]


def day_of_seeding() -> date:
    """Return the day from which the stories count; it stays the same when midnight passes meanwhile."""
    return _seeding[0]


def days_from_today(day: date) -> int:
    """Return how many days a day lies after the day of seeding."""
    return (day - day_of_seeding()).days
