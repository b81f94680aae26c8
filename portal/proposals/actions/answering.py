"""How a proposal answers a call: begun under one, sent under its terms, or taken out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Can
from portal.proposals.calls.eligibility import NOT_YET, refusals, time_refusal
from portal.proposals.lifecycle import LIFE, Verb
from portal.proposals.models import Call

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.models import Proposal
    from portal.words import W


def check_invites(call: Call) -> None:
    """Refuse with WrongState a call that takes nothing any more; one still ahead may be prepared for."""
    why = time_refusal(call, clock.now())
    if why is not None and (why is not NOT_YET or call.published_at is None):
        raise WrongState(why)


def misfits(proposal: Proposal) -> list[W]:
    """Return every reason why the proposal cannot be sent under its call at this instant."""
    if proposal.call_id is None:
        return []
    call = db.session().get_one(Call, proposal.call_id)
    return refusals(call, proposal, clock.now())


def check_fits(proposal: Proposal) -> None:
    """Refuse with Invalid a proposal that its call does not take."""
    if proposal.call_id is not None:
        # Locked: an end that is moved at this instant comes before or after the sending, never between.
        db.session().get_one(Call, proposal.call_id, with_for_update={"read": True}, populate_existing=True)
    reasons = misfits(proposal)
    if reasons:
        raise Invalid(reasons[0])


def leave_call(proposal: Proposal, *, by: Actor) -> None:
    """Take the draft out of its call; it can then be sent at any time, like every other."""
    policy.check(by, Can.PROPOSAL_FILL, proposal)
    LIFE.after(proposal.state, Verb.FILL)
    proposal.call_id, proposal.call = None, None
    proposal.saved_at = clock.now()
