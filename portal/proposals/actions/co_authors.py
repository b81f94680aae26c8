"""Write a proposal with others: invited by the holder, each with an account, gone from the next request on.

A co-author fills the draft and answers the city. Sending it and taking it back binds all of them, so that is
the holder's, and of those whom the holder lets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, NotFound
from portal.people.actions import invitations
from portal.people.models import Invitation, Person, Share
from portal.policy import SIGN_IN_FIRST, Can, Rel
from portal.proposals import queries
from portal.proposals.lifecycle import LIFE, Verb
from portal.proposals.models import Proposal
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

MOST = 20
_OVER = W("This proposal is decided or was taken back, so nobody can join it any more.")
_HOLDER = W("You hold this proposal yourself, so there is nothing to take up.")
_ENOUGH = W("Twenty people write this proposal already. Remove one before you invite another.")
_NOT_THERE = W("This person does not write this proposal any more.")


def invite_co_author(proposal: Proposal, email: str, *, decides: bool = False, by: Actor) -> str:
    """Invite an address to write the proposal along, and return the secret of the mailed link.

    Refuses with NotAllowed who has no account, with Invalid one's own address and more than twenty people.
    """
    policy.check(by, Can.PROPOSAL_SHARE, proposal)
    if not by.is_signed_in:
        raise NotAllowed(SIGN_IN_FIRST)
    _refuse_decided(proposal)
    if len(co_authors_of(proposal)) >= MOST:
        raise Invalid(_ENOUGH, field="email")
    token = invitations.invite(proposal.key, email, decides=decides, by=by)
    record(Did.CO_AUTHOR_INVITED, proposal.key, by=by, decides=decides)
    return token


def call_back_co_author(proposal: Proposal, number: int, *, by: Actor) -> None:
    """Let an invitation lead nowhere."""
    policy.check(by, Can.PROPOSAL_SHARE, proposal)
    invitations.call_back(proposal.key, number)
    record(Did.INVITATION_ENDED, proposal.key, by=by, outcome="taken_back")


def join_as_co_author(token: str, person: Person, *, is_other_account: bool = False, by: Actor) -> Proposal:
    """Write the proposal along from now on. Refuses with Invalid, NotFound."""
    policy.check(by, Can.INVITATION_ANSWER)
    proposal = of_invitation(invitations.find(token))
    if Rel.HOLDER in proposal.relations(by) and by.person_id == proposal.person_id:
        raise Invalid(_HOLDER)
    _refuse_decided(proposal)
    invitation = invitations.take_up(token, person, is_other_account=is_other_account)
    there = _share(proposal, person.id)
    if there is None:
        db.session().add(
            Share(
                subject=proposal.key, person_id=person.id, decides=invitation.decides, starts_at=clock.now()
            )
        )
    else:
        there.decides = there.decides or invitation.decides
    db.session().flush()
    record(Did.CO_AUTHOR_JOINED, proposal.key, by=by, decides=invitation.decides)
    return proposal


def of_invitation(invitation: Invitation) -> Proposal:
    """Return the proposal of an invitation; refuses with NotFound where it is to something else."""
    code = invitation.subject.removeprefix(queries.KEY_PREFIX)
    found = db.session().scalar(queries.by_any_code(code))
    if found is None or not invitation.subject.startswith(queries.KEY_PREFIX):
        raise NotFound(invitations.OVER)
    return found


def decline_co_author(token: str, *, by: Actor) -> None:
    """Say no to an invitation by its link."""
    record(Did.INVITATION_ENDED, invitations.decline(token).subject, by=by, outcome="declined")


def let_decide(proposal: Proposal, pseudonym: str, *, decides: bool, by: Actor) -> None:
    """Let a co-author send the proposal and take it back, or no longer."""
    policy.check(by, Can.PROPOSAL_SHARE, proposal)
    share, person = _co_author(proposal, pseudonym)
    if share.decides != decides:
        share.decides = decides
        record(Did.CO_AUTHOR_CHANGED, proposal.key, by=by, member=person.pseudonym, decides=decides)


def leave_proposal(proposal: Proposal, *, by: Actor) -> None:
    """Write it along no longer."""
    policy.check(by, Can.PROPOSAL_LEAVE, proposal)
    share = _share(proposal, by.person_id or 0)
    if share is None:
        raise NotFound(_NOT_THERE)
    share.until = clock.now()
    record(Did.CO_AUTHOR_LEFT, proposal.key, by=by)


def remove_co_author(proposal: Proposal, pseudonym: str, *, by: Actor) -> None:
    """Let somebody write it along no longer; access ends with the next request."""
    policy.check(by, Can.PROPOSAL_SHARE, proposal)
    share, person = _co_author(proposal, pseudonym)
    share.until = clock.now()
    record(Did.CO_AUTHOR_REMOVED, proposal.key, by=by, member=person.pseudonym)


def co_authors_of(proposal: Proposal) -> list[tuple[Share, Person]]:
    """Return who writes it along now, with their accounts."""
    wanted = (
        select(Share, Person)
        .join(Person, Person.id == Share.person_id)
        .where(Share.subject == proposal.key, Share.until.is_(None))
        .order_by(Share.id)
    )
    return [(share, person) for share, person in db.session().execute(wanted)]


def _co_author(proposal: Proposal, pseudonym: str) -> tuple[Share, Person]:
    for share, person in co_authors_of(proposal):
        if person.pseudonym == pseudonym:
            return share, person
    raise NotFound(_NOT_THERE)


def _share(proposal: Proposal, person_id: int) -> Share | None:
    return db.session().scalar(
        select(Share).where(
            Share.subject == proposal.key, Share.person_id == person_id, Share.until.is_(None)
        )
    )


def _refuse_decided(proposal: Proposal) -> None:
    if not LIFE.allows(proposal.state, Verb.WITHDRAW):
        raise Invalid(_OVER, field="email")
