"""When two proposals may become one, and how long an offer stands. Plain rules."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol

from portal.lifecycle import Lifecycle, Move
from portal.proposals.lifecycle import LIFE as PROPOSAL_LIFE
from portal.proposals.lifecycle import Verb as ProposalVerb
from portal.words import W


class State(StrEnum):
    """Where an offer is."""

    OFFERED = "offered"
    MERGED = "merged"
    DECLINED = "declined"
    LAPSED = "lapsed"


class Verb(StrEnum):
    """What can be done with an offer."""

    AGREE = "agree"
    MERGE = "merge"
    DECLINE = "decline"
    LAPSE = "lapse"
    TAKE_BACK = "take_back"


LIFE = Lifecycle(
    # The first yes waits for the second.
    Move(Verb.AGREE, (State.OFFERED,), State.OFFERED),
    Move(Verb.MERGE, (State.OFFERED,), State.MERGED),
    Move(Verb.DECLINE, (State.OFFERED,), State.DECLINED),
    Move(Verb.LAPSE, (State.OFFERED,), State.LAPSED),
    # It ends as if nobody had answered in time: nothing has changed for either group.
    Move(Verb.TAKE_BACK, (State.OFFERED,), State.LAPSED),
)
_ITSELF = W("A proposal cannot become a part of itself. Choose another.")
_KINDS = W("Both must be of the same kind: a place, a program or a data set.")
_MOVED_ON = W("Both must be under examination now: nothing is asked of the group, and nothing is decided.")
_HANDS = W("Both cases must be with you. Take the other one first.")


class Case(Protocol):
    """What this file reads of a proposal."""

    id: int
    kind: str
    state: str
    owner_id: int | None


class Offer(Protocol):
    """What this file reads of an offer."""

    state: str
    answer_due_on: date


def why_not(proposal: Case, other: Case, *, officer_id: int | None) -> W | None:
    """Return what stands against one becoming a part of the other, None where nothing does."""
    if proposal.id == other.id:
        return _ITSELF
    if not all(PROPOSAL_LIFE.allows(one.state, ProposalVerb.MERGE) for one in (proposal, other)):
        return _MOVED_ON
    if proposal.kind != other.kind:
        return _KINDS
    if officer_id is None or proposal.owner_id != officer_id or other.owner_id != officer_id:
        return _HANDS
    return None


def is_open(offer: Offer, proposal: Case, other: Case, *, on: date) -> bool:
    """Say whether the offer can be answered: its last day has not passed, and nothing has moved on."""
    may = all(PROPOSAL_LIFE.allows(one.state, ProposalVerb.MERGE) for one in (proposal, other))
    return may and stands(offer, on=on)


def stands(offer: Offer, *, on: date) -> bool:
    """Say whether nobody has closed the offer and its last day has not passed."""
    return offer.state == State.OFFERED and on <= offer.answer_due_on
