"""Say how proposing was: once for each proposal, and so that nobody can tell who said it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from portal import clock, crypto, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Can
from portal.proposals import queries
from portal.proposals.fitting import fits
from portal.proposals.models import Rating
from portal.proposals.stars import LONGEST_SAID, MOST_STARS, PARTS
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal


def mark_of(proposal: Proposal) -> str:
    """Return what stands for a proposal among the ratings; without the city's key it leads nowhere."""
    return crypto.keyed_hash(proposal.code, "rating")


def rate(proposal: Proposal, stars: int, parts: Collection[str], said: str, *, by: Actor) -> Rating:
    """Keep a rating from 1 to 5; refuses with WrongState a second one and what was not sent yet."""
    policy.check(by, Can.PROPOSAL_FILL, proposal)
    if proposal.submitted_at is None:
        raise WrongState(W("Send your proposal first, then tell us how it was."))
    if not 1 <= stars <= MOST_STARS:
        raise Invalid(W("Choose from one to five stars"), field="stars")
    if not set(parts) <= set(PARTS):
        raise Invalid(W("Choose from the list"), field="parts")
    fits(said, LONGEST_SAID, field="said")
    session = db.session()
    if session.scalar(queries.rating_of(mark_of(proposal))) is not None:
        raise WrongState(W("You have told us already how it was. Thank you."))
    # The day alone: an instant would lead back to the proposal that was sent a minute before.
    given = Rating(
        sent_hash=mark_of(proposal), stars=stars, parts=sorted(parts), said=said, given_on=clock.today()
    )
    session.add(given)
    session.flush()
    return given
