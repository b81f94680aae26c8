"""Questions about offers, and about what became a part of a proposal."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, func, or_, select

from portal.observations.lifecycle import State as Spoken
from portal.observations.models import Endorsement, Observation
from portal.proposals import queries as proposals
from portal.proposals.assessment.queries import is_rival
from portal.proposals.lifecycle import State as ProposalState
from portal.proposals.merging.rules import State
from portal.proposals.models import MergeOffer, Proposal

if TYPE_CHECKING:
    from portal.policy import Actor

MOST_CHOICES, MOST_OFFERS = 8, 20


def offers_of(proposal_id: int) -> Select[MergeOffer]:
    """Select the offers in which a proposal stands, on either side, the newest first."""
    found = select(MergeOffer).where(
        or_(MergeOffer.proposal_id == proposal_id, MergeOffer.into_id == proposal_id)
    )
    return found.order_by(MergeOffer.id.desc()).limit(MOST_OFFERS)


def offer_of(proposal_id: int, number: int) -> Select[MergeOffer]:
    """Select one offer, where the proposal stands in it."""
    return offers_of(proposal_id).where(MergeOffer.id == number)


def open_offers(proposal_ids: Collection[int]) -> Select[MergeOffer]:
    """Select the offers nobody has closed in which one of these stands, on either side."""
    sides = MergeOffer.proposal_id.in_(proposal_ids), MergeOffer.into_id.in_(proposal_ids)
    return select(MergeOffer).where(MergeOffer.state == State.OFFERED.value, or_(*sides))


def by_ids(proposal_ids: Collection[int]) -> Select[Proposal]:
    """Select these proposals, in one order whoever asks: two who lock them never wait for each other."""
    return select(Proposal).where(Proposal.id.in_(proposal_ids)).order_by(Proposal.id)


def choices(proposal: Proposal, alike: Collection[str], by: Actor) -> Select[Proposal]:
    """Select what a proposal may become a part of: for the same place or call, or alike in words."""
    like = or_(is_rival(proposal), Proposal.code.in_(alike))
    fit = and_(
        Proposal.state == ProposalState.SUBMITTED.value,
        Proposal.kind == proposal.kind,
        Proposal.owner_id == by.person_id,
        Proposal.id != proposal.id,
    )
    return select(Proposal).where(fit, like).order_by(Proposal.submitted_at, Proposal.id).limit(MOST_CHOICES)


def named(code: str, by: Actor) -> Select[Proposal]:
    """Select the sent proposal of a code, with its parts."""
    return proposals.by_code(proposals.visible_to(by), code).where(Proposal.submitted_at.is_not(None))


def joined(proposal_ids: Collection[int]) -> Select[int, str]:
    """Select (id, code) of what became a part of one of these."""
    return select(Proposal.id, Proposal.code).where(Proposal.merged_into_id.in_(proposal_ids))


def going_on_as(code: str) -> Select[str, str, str, str, int | None, int | None]:
    """Select what is followed of a sent proposal, or of what it goes on as: code, title, district, place.

    A part of a part leads to the end of the way; no circle can be among them.
    """
    way = select(Proposal.id, Proposal.merged_into_id).where(
        Proposal.code == code, Proposal.submitted_at.is_not(None)
    )
    steps = way.cte("steps", recursive=True)
    further = select(Proposal.id, Proposal.merged_into_id).where(Proposal.id == steps.c.merged_into_id)
    steps = steps.union(further)
    shown = (Proposal.code, Proposal.title, Proposal.district, Proposal.address)
    return (
        select(*shown, Proposal.latitude_e6, Proposal.longitude_e6)
        .join(steps, steps.c.id == Proposal.id)
        .where(steps.c.merged_into_id.is_(None))
    )


def observations_on(keys: Collection[str]) -> Select[str, int]:
    """Select how many observations everybody can read on each of these."""
    shown = Observation.subject_key.in_(keys), Observation.state == Spoken.PUBLISHED.value
    return select(Observation.subject_key, func.count()).where(*shown).group_by(Observation.subject_key)


def endorsers(keys: Collection[str]) -> Select[int]:
    """Select how many residents endorse any of these, each once."""
    return select(func.count(Endorsement.resident_id.distinct())).where(Endorsement.subject_key.in_(keys))
