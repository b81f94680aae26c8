"""Offer that a proposal becomes a part of another; with two yeses it does, with one no nothing changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import city, clock, db, policy, search
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.notices.actions import follow_on
from portal.notices.models import What
from portal.observations.actions import end_period
from portal.organisations import queries as organisations
from portal.people.actions import invitations
from portal.people.models import Share
from portal.policy import VISITOR, Can
from portal.proposals.actions.drafting import stamp
from portal.proposals.assessment.actions.judging import check_stated
from portal.proposals.fitting import fits
from portal.proposals.lifecycle import LIFE as PROPOSAL_LIFE
from portal.proposals.lifecycle import Verb as ProposalVerb
from portal.proposals.merging import queries, rules
from portal.proposals.merging.rules import LIFE, State, Verb
from portal.proposals.models import MergeOffer, Proposal
from portal.proposals.profiles import profile_of
from portal.proposals.shapes import LONGEST_TEXT
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

# The groups have as long to answer as for anything else the city asks of them.
CLOCK = "supplement"
_TAKEN = W("One of the two stands in another offer already. Wait for its answers.")
_OVER = W("This offer is over: its last day has passed, it was answered, or one of the two has moved on.")
_THEIRS = W("Who made the offer, or has this case, takes it back.")
_WHY = W("Give the reason that everybody reads once the two are one")


def offer(proposal: Proposal, other: Proposal, reason: str, *, by: Actor) -> MergeOffer:
    """Offer both groups that the first becomes a part of the other; each has days to say yes or no.

    Refuses with NotAllowed, with WrongState (no statement of interest, another offer stands), with Invalid
    (two kinds, a case in other hands, one that is not under examination), with Stale (offered at once).
    """
    for one in (proposal, other):
        policy.check(by, Can.CASE_MERGE, one)
    against = rules.why_not(proposal, other, officer_id=by.person_id)
    if against is not None:
        raise Invalid(against, field="into_code")
    for one in (proposal, other):
        check_stated(one, by)
    if not reason:
        raise Invalid(_WHY, field="merge_reason")
    fits(reason, LONGEST_TEXT, field="merge_reason")
    _lock(proposal.id, other.id)
    _refuse_second(proposal, other)
    due = city.deadline(clock.today(), profile_of(proposal).clock(CLOCK))
    made = MergeOffer(
        proposal_id=proposal.id,
        into_id=other.id,
        reason=reason,
        offered_at=clock.now(),
        offered_by_id=by.person_id,
        answer_due_on=due,
    )
    _add(made)
    for one in (proposal, other):
        record(Did.MERGE_OFFERED, one.key, by=by, offer=made.id, answer_due_on=str(due))
    return made


def _lock(*proposal_ids: int) -> dict[int, Proposal]:
    """Hold both as they are now: who withdraws or decides at the same instant comes before or after."""
    held = queries.by_ids(proposal_ids).with_for_update().execution_options(populate_existing=True)
    return {one.id: one for one in db.session().scalars(held)}


def _refuse_second(proposal: Proposal, other: Proposal) -> None:
    """Refuse a chain or a circle; what nobody answered in time, or has moved on, is closed on the way."""
    for one in db.session().scalars(queries.open_offers((proposal.id, other.id))).all():
        both = {row.id: row for row in db.session().scalars(queries.by_ids((one.proposal_id, one.into_id)))}
        if not rules.is_open(one, both[one.proposal_id], both[one.into_id], on=clock.today()):
            _close(one, Verb.LAPSE)
        elif one.into_id != other.id or one.proposal_id == proposal.id:
            raise WrongState(_TAKEN)
    db.session().flush()


def _add(made: MergeOffer) -> None:
    try:
        with db.session().begin_nested():
            db.session().add(made)
            db.session().flush()
    except IntegrityError as error:
        raise Stale(_TAKEN) from error


def _close(one: MergeOffer, verb: Verb) -> None:
    one.state, one.closed_at = LIFE.after(one.state, verb).value, clock.now()


def take_back(one: MergeOffer, proposal: Proposal, *, by: Actor) -> None:
    """Take the offer back before both groups said yes; both go on alone and are told.

    Refuses with NotAllowed, with WrongState where the offer is over.
    """
    policy.check(by, Can.CASE_MERGE, proposal)
    both = _lock(one.proposal_id, one.into_id)
    for each in both.values():
        policy.check(by, Can.CASE_MERGE, each)
    if by.person_id is None or by.person_id not in {proposal.owner_id, one.offered_by_id}:
        raise NotAllowed(_THEIRS)
    db.session().refresh(one, with_for_update=True)
    if not rules.is_open(one, both[one.proposal_id], both[one.into_id], on=clock.today()):
        raise WrongState(_OVER)
    _close(one, Verb.TAKE_BACK)
    for each in both.values():
        record(Did.MERGE_TAKEN_BACK, each.key, by=by, offer=one.id)


def answer(one: MergeOffer, proposal: Proposal, *, agrees: bool, by: Actor) -> str:
    """Say yes or no for one of the two groups; the second yes makes one proposal of them.

    Return the secret of an invitation to write the other along, for a holder who has no account; "" for none.
    The same yes again changes nothing. Refuses with WrongState where the offer is over.
    """
    policy.check(by, Can.PROPOSAL_MERGE, proposal)
    both = _lock(one.proposal_id, one.into_id)
    db.session().refresh(one, with_for_update=True)
    joining, receiving = both[one.proposal_id], both[one.into_id]
    if agrees and one.state == State.MERGED:
        return ""
    if not rules.is_open(one, joining, receiving, on=clock.today()):
        raise WrongState(_OVER)
    stamp(proposal, by=by)
    record(Did.MERGE_ANSWERED, proposal.key, by=by, offer=one.id, agrees=agrees)
    if not agrees:
        _close(one, Verb.DECLINE)
        return ""
    _agree(one, is_joining=proposal.id == joining.id)
    if one.joining_agreed_at is None or one.receiving_agreed_at is None:
        return ""
    _close(one, Verb.MERGE)
    return _merge(one, joining, receiving, by=by)


def _agree(one: MergeOffer, *, is_joining: bool) -> None:
    one.state = LIFE.after(one.state, Verb.AGREE).value
    if is_joining:
        one.joining_agreed_at = one.joining_agreed_at or clock.now()
    else:
        one.receiving_agreed_at = one.receiving_agreed_at or clock.now()


def _merge(one: MergeOffer, joining: Proposal, receiving: Proposal, *, by: Actor) -> str:
    joining.state = PROPOSAL_LIFE.after(joining.state, ProposalVerb.MERGE).value
    joining.merged_into_id = receiving.id
    joining.decided_at, joining.reason, joining.reason_source = clock.now(), one.reason, ""
    search.drop(joining.key)
    end_period(joining.key)
    follow_on(What.PROPOSAL, joining.code, receiving.code, receiving.title)
    _bring_along(joining, receiving)
    record(Did.PROPOSAL_MERGED, joining.key, by=by, into=receiving.code)
    record(Did.PROPOSAL_JOINED, receiving.key, by=by, joined=joining.code)
    return _invite(one, joining, receiving)


def _bring_along(joining: Proposal, receiving: Proposal) -> None:
    """Let everybody who held or wrote the one write the other; what binds its group stays its holder's."""
    along = {*_holders(joining), *_writers(joining)} - {*_holders(receiving), *_writers(receiving)}
    for person_id in sorted(along):
        db.session().add(
            Share(subject=receiving.key, person_id=person_id, decides=False, starts_at=clock.now())
        )


def _holders(proposal: Proposal) -> list[int]:
    if proposal.organisation_id is not None:
        speaking = organisations.speakers_of(proposal.organisation_id, clock.now())
        return [one.person_id for one in db.session().scalars(speaking)]
    return [proposal.person_id] if proposal.person_id is not None else []


def _writers(proposal: Proposal) -> list[int]:
    along = select(Share.person_id).where(Share.subject == proposal.key, Share.until.is_(None))
    return list(db.session().scalars(along))


def _invite(one: MergeOffer, joining: Proposal, receiving: Proposal) -> str:
    """Return the secret of an invitation for whoever holds it by a link alone and left an address."""
    if _holders(joining) or not joining.contact_email:
        return ""
    city_side = replace(VISITOR, kind="person", person_id=one.offered_by_id)
    return invitations.invite(receiving.key, joining.contact_email, decides=False, by=city_side)
