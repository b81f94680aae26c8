"""Ask the group of a similar proposal or pact to take one in; it is told, and nobody learns an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db
from portal.errors import Invalid, WrongState
from portal.proposals import queries
from portal.proposals.actions.drafting import may_fill
from portal.proposals.fitting import fits
from portal.proposals.models import JoinRequest
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal

LONGEST_MESSAGE, LONGEST_CONTACT = 1000, 254
SEEN_OTHERS = "others"


def call_it_different(proposal: Proposal, *, by: Actor) -> None:
    """Say that one's own is different from the others; they are not shown again by themselves."""
    may_fill(proposal, by=by)
    if SEEN_OTHERS not in proposal.saved_sections:
        proposal.saved_sections = [*proposal.saved_sections, SEEN_OTHERS]


def ask_to_join(proposal: Proposal, subject: str, message: str, contact: str, *, by: Actor) -> JoinRequest:
    """Ask the group of another proposal or pact; once each. Refuses with Invalid what cannot be answered."""
    may_fill(proposal, by=by)
    if not message:
        raise Invalid(W("Write a few words to the group"), field="message")
    if not contact:
        raise Invalid(W("Say how the group can answer you"), field="contact")
    fits(message, LONGEST_MESSAGE, field="message")
    fits(contact, LONGEST_CONTACT, field="contact")
    session = db.session()
    if session.scalar(queries.join_request(subject, proposal.id)) is not None:
        raise WrongState(W("You have asked this group already. It has your words and how to answer you."))
    asked = JoinRequest(
        subject=subject, asked_by_id=proposal.id, message=message, contact=contact, asked_at=clock.now()
    )
    session.add(asked)
    session.flush()
    record(Did.JOIN_ASKED, subject, by=by, request=asked.id)
    return asked
