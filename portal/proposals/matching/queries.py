"""Questions about pledges: what counts of them, project by project, and what a call added."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased, load_only

from portal.proposals.models import Backer, Call, MatchAward, Pledge, PledgeCheck, Proposal
from portal.support.aside import kept_for
from portal.support.models import Pool, PoolShare

PAGE = 20
# What was taken back, refused or went on as another is no project of the call any more.
GONE = ("draft", "withdrawn", "refused", "lapsed", "merged")
_Undo, _Later = aliased(Pledge), aliased(PledgeCheck)


def _stands() -> ColumnElement[bool]:
    """Return the condition for a pledge that was not taken back, and is no counter row itself."""
    taken_back = exists().where(_Undo.withdraws_id == Pledge.id)
    return and_(Pledge.withdraws_id.is_(None), ~taken_back)


def _newest() -> ColumnElement[bool]:
    later = exists().where(_Later.pledge_id == PledgeCheck.pledge_id, _Later.number > PledgeCheck.number)
    return and_(PledgeCheck.pledge_id == Pledge.id, ~later)


def projects(call: Call) -> Select[*tuple[Any, ...]]:
    """Select the projects of a call with what was pledged, by how many, and what arrived."""
    received = func.coalesce(PledgeCheck.received_cents, 0)
    return (
        select(
            Proposal.id,
            Proposal.code,
            Proposal.title,
            Proposal.language,
            Proposal.state,
            func.coalesce(func.sum(Pledge.amount_cents), 0).label("pledged"),
            func.coalesce(func.sum(received), 0).label("received"),
            func.count(Pledge.backer_id.distinct()).label("backers"),
        )
        .select_from(Proposal)
        .outerjoin(Pledge, and_(Pledge.proposal_id == Proposal.id, _stands()))
        .outerjoin(PledgeCheck, _newest())
        .where(Proposal.call_id == call.id, Proposal.submitted_at.is_not(None), Proposal.state.not_in(GONE))
        .group_by(Proposal.id)
        .order_by(Proposal.id)
    )


def sides(call_id: int) -> Select[Proposal]:
    """Select the projects of a call with what says who stands on their side."""
    who = (Proposal.person_id, Proposal.organisation_id, Proposal.entered_by_id, Proposal.entered_ids)
    needed = (Proposal.code, Proposal.owner_id, Proposal.assessor_id, Proposal.conflicted_ids, *who)
    mine = Proposal.call_id == call_id, Proposal.submitted_at.is_not(None), Proposal.state.not_in(GONE)
    return select(Proposal).where(*mine).options(load_only(*needed)).order_by(Proposal.id)


def arrived(call: Call) -> Select[*tuple[Any, ...]]:
    """Select (project, backer, cents, when it was entered) of everything that truly arrived for a call."""
    return (
        select(Pledge.proposal_id, Pledge.backer_id, PledgeCheck.received_cents, Pledge.entered_at)
        .join(PledgeCheck, _newest())
        .join(Proposal, Proposal.id == Pledge.proposal_id)
        .where(Pledge.call_id == call.id, PledgeCheck.received_cents > 0, _stands())
        .where(Proposal.state.not_in(GONE))
    )


def awards(call_id: int) -> Select[MatchAward]:
    """Select what a settled call adds."""
    return select(MatchAward).where(MatchAward.call_id == call_id).order_by(MatchAward.id)


def with_a_rest(before: int) -> Select[int]:
    """Select the calls of which some of the match is left, in a pool of a year before this one."""
    left = Pool.capacity - Pool.reserved - Pool.committed > 0
    found = select(Call.id).join(Pool, Pool.kept_for == "call:" + Call.ref)
    return found.where(Pool.closed_at.is_(None), Pool.year < before, left).order_by(Call.id)


def own_pool(call: Call) -> Select[Pool]:
    """Select the pool in which the match waits now: set aside once, it may have gone on in a later year."""
    return kept_for(call.key).limit(1)


def shares(call: Call) -> Select[*tuple[Any, ...]]:
    """Select each project that has a share of the match as it waits now, and how much that is."""
    newest = own_pool(call).with_only_columns(Pool.id).scalar_subquery()
    of_case = PoolShare.case_key == "proposal:" + Proposal.code
    found = select(Proposal, PoolShare.amount).join(PoolShare, of_case)
    return found.where(PoolShare.pool_id == newest).order_by(Proposal.id)


def award_of(proposal_id: int) -> Select[MatchAward]:
    """Select what a call adds to a proposal."""
    return select(MatchAward).where(MatchAward.proposal_id == proposal_id)


def of_project(proposal_id: int, *, before: int = 0) -> Select[*tuple[Any, ...]]:
    """Select a page, and one row more, of a project's pledges with their newest check, the newest first."""
    taken_back = case((exists().where(_Undo.withdraws_id == Pledge.id), 1), else_=0)
    found = (
        select(Pledge, Backer, PledgeCheck, taken_back.label("is_back"))
        .join(Backer, Backer.id == Pledge.backer_id)
        .outerjoin(PledgeCheck, _newest())
        .where(Pledge.proposal_id == proposal_id, Pledge.withdraws_id.is_(None))
        .order_by(Pledge.id.desc())
        .limit(PAGE + 1)
    )
    return found.where(Pledge.id < before) if before else found


def pledge(proposal_id: int, pledge_id: int) -> Select[Pledge]:
    """Select one pledge of one project."""
    mine = Pledge.proposal_id == proposal_id, Pledge.withdraws_id.is_(None)
    return select(Pledge).where(Pledge.id == pledge_id, *mine)


def unchecked(call: Call, most: int = 100) -> Select[*tuple[Any, ...]]:
    """Select the pledges of a call that nobody of the city looked at yet, the oldest first."""
    looked_at = exists().where(PledgeCheck.pledge_id == Pledge.id)
    return (
        select(Pledge.id, Pledge.amount_cents, Pledge.pledged_on, Pledge.reference, Proposal.code)
        .join(Proposal, Proposal.id == Pledge.proposal_id)
        .where(Pledge.call_id == call.id, _stands(), ~looked_at)
        .order_by(Pledge.id)
        .limit(most)
    )


def checks_of(pledge_id: int) -> Select[PledgeCheck]:
    """Select what the city saw of a pledge, the newest first."""
    return select(PledgeCheck).where(PledgeCheck.pledge_id == pledge_id).order_by(PledgeCheck.number.desc())


def confirmers(call_id: int) -> Select[int]:
    """Select who confirmed money of a call."""
    return (
        select(PledgeCheck.confirmed_by_id)
        .join(Pledge, Pledge.id == PledgeCheck.pledge_id)
        .where(Pledge.call_id == call_id)
        .distinct()
    )


def was_taken_back(pledge_id: int) -> Select[int]:
    """Select the counter row of a pledge."""
    return select(Pledge.id).where(Pledge.withdraws_id == pledge_id)


def backer_with(proposal_id: int, email: str) -> Select[Backer]:
    """Select the backer of a project with this address."""
    return select(Backer).where(Backer.proposal_id == proposal_id, Backer.email == email)


def with_reference(proposal_id: int, reference: str) -> Select[int]:
    """Select the pledge of a project with this reference."""
    return select(Pledge.id).where(Pledge.proposal_id == proposal_id, Pledge.reference == reference)


def ticked(call: Call, numbers: list[int]) -> Select[Pledge]:
    """Select those of a call's pledges that have these numbers, project by project."""
    mine = Pledge.call_id == call.id, Pledge.withdraws_id.is_(None), Pledge.id.in_(numbers)
    return select(Pledge).where(*mine).order_by(Pledge.proposal_id, Pledge.id)


def pledge_under(call: Call, pledge_id: int) -> Select[Pledge]:
    """Select one pledge under a call."""
    mine = Pledge.call_id == call.id, Pledge.withdraws_id.is_(None)
    return select(Pledge).where(Pledge.id == pledge_id, *mine)


def project_by(code: str) -> Select[*tuple[Any, ...]]:
    """Select a project with its call, where it was sent and the call has matchfunding."""
    return (
        select(Proposal, Call)
        .join(Call, Call.id == Proposal.call_id)
        .where(Proposal.code == code, Proposal.submitted_at.is_not(None), Call.track == "matchfunding")
    )
