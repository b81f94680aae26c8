"""Questions about decisions that are held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select, text

from portal.pacts.models import HeldDecision
from portal.people.models import Person
from portal.proposals.models import Proposal
from portal.proposals.queries import OPEN_STATES

if TYPE_CHECKING:
    from datetime import datetime

# As models/deciding.py has it, for statements in which other tables have a state, too.
IS_HELD_BACK = text("held_decision.state = 'held'")


def of_case(proposal_id: int) -> Select[HeldDecision]:
    """Select the decision that is held back on a case, as the database has it at this moment."""
    return select(HeldDecision).where(HeldDecision.proposal_id == proposal_id, IS_HELD_BACK)


def with_preparer(proposal_id: int) -> Select[HeldDecision, str]:
    """Select the decision that is held back on a case, and the name of whoever prepared it."""
    found = select(HeldDecision, Person.name).join(Person, Person.id == HeldDecision.prepared_by_id)
    return found.where(HeldDecision.proposal_id == proposal_id, IS_HELD_BACK)


def due(now: datetime) -> Select[int, str]:
    """Select (proposal, code) where the moment has come, or where the case was decided in another way."""
    found = select(Proposal.id, Proposal.code).join(HeldDecision, HeldDecision.proposal_id == Proposal.id)
    is_due = or_(HeldDecision.publish_at <= now, Proposal.state.not_in(OPEN_STATES))
    return found.where(IS_HELD_BACK, is_due).order_by(HeldDecision.publish_at, HeldDecision.id)
