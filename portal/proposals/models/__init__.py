"""Proposals with what they offer and ask, their pictures, and what stands beside them."""

from portal.proposals.models.assessing import Assessment, CaseNote, Comparison, InterestStatement, Opinion
from portal.proposals.models.beside import JoinRequest, Rating, ReceivedMail, RepositoryCheck
from portal.proposals.models.calls import Call
from portal.proposals.models.merging import MergeOffer
from portal.proposals.models.photos import MOST_PHOTOS, ProposalPhoto
from portal.proposals.models.pledges import Backer, MatchAward, Pledge, PledgeCheck
from portal.proposals.models.proposals import (
    IS_OPEN,
    SENT_STATES,
    Ask,
    OfferedCommitment,
    OfferedFence,
    Proposal,
    Supplement,
)
from portal.proposals.models.ventures import Stage, StageDecision, Venture, VentureInterest, VentureStep

__all__ = [
    "IS_OPEN",
    "MOST_PHOTOS",
    "SENT_STATES",
    "Ask",
    "Assessment",
    "Backer",
    "Call",
    "CaseNote",
    "Comparison",
    "InterestStatement",
    "JoinRequest",
    "MatchAward",
    "MergeOffer",
    "OfferedCommitment",
    "OfferedFence",
    "Opinion",
    "Pledge",
    "PledgeCheck",
    "Proposal",
    "ProposalPhoto",
    "Rating",
    "ReceivedMail",
    "RepositoryCheck",
    "Stage",
    "StageDecision",
    "Supplement",
    "Venture",
    "VentureInterest",
    "VentureStep",
]
