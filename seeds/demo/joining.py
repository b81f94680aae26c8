"""How a proposal of the demonstration becomes a part of another: spoken of, offered, two yeses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.observations import actions as speaking
from portal.observations.actions.writing import Told
from portal.observations.suspicion import Signs
from portal.organisations.actors import visitor
from portal.proposals import observed
from portal.proposals.assessment import actions as assessment
from portal.proposals.merging import actions
from portal.proposals.models import MergeOffer, Proposal
from seeds.demo.cast import actor
from seeds.demo.finding import proposal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seeds.demo.story import Story

# Teo endorses the other too: he counts once. Bruno holds that one, and is a neighbour here.
ENDORSE = ("bruno@ruota.example", "teo@example.org")
SAID = "Una pompa pubblica lì serve: la più vicina è in stazione."
REASON = (
    "Le due proposte riguardano le stesse rastrelliere e lo stesso giorno della settimana. Insieme bastano "
    "un solo armadio per gli attrezzi e un solo turno."
)
CALM = Signs(seconds=90)


def join(story: Story, code: str) -> Iterator[int]:
    """Yield the days on which a story that joins another is spoken of, offered and answered."""
    if not story.joins:
        return
    yield story.sent + 4
    spoken = observed.subject(proposal_of(code))
    for email in ENDORSE:
        speaking.endorse(spoken, by=actor(email))
    speaking.write(spoken, Told("support", SAID, "it"), CALM, by=visitor([]))
    yield story.sent + 5
    offer = _offer(story, code)
    yield story.sent + 6
    actions.answer(offer, proposal_of(code), agrees=True, by=actor(story.by.holder))
    yield story.sent + 7
    receiving = db.session().get_one(Proposal, offer.into_id)
    actions.answer(offer, receiving, agrees=True, by=actor(ENDORSE[0]))


def _offer(story: Story, code: str) -> MergeOffer:
    officer = actor(story.officer)
    other = db.session().scalars(select(Proposal).where(Proposal.title == story.joins)).one()
    for one in (proposal_of(code), other):
        assessment.state_interest(one, "", has_conflict=False, by=officer)
    return actions.offer(proposal_of(code), other, REASON, by=officer)
