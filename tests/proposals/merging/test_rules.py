"""Which two proposals may become one, as plain rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.proposals.lifecycle import State as ProposalState
from portal.proposals.merging.rules import State, is_open, why_not

OFFICER = 7
TODAY = date(2026, 10, 5)


@dataclass(frozen=True)
class Case:
    id: int
    kind: str = "place"
    state: str = "submitted"
    owner_id: int | None = OFFICER


@dataclass(frozen=True)
class Offer:
    state: str = "offered"
    answer_due_on: date = TODAY


ONE, OTHER = Case(1), Case(2)
AGAINST = [
    (ONE, ONE, "itself"),
    (ONE, replace(OTHER, kind="software"), "same kind"),
    (ONE, replace(OTHER, owner_id=8), "with you"),
    (replace(ONE, owner_id=None), OTHER, "with you"),
    *[
        (replace(ONE, state=state), OTHER, "under examination")
        for state in ProposalState
        if state != ProposalState.SUBMITTED
    ],
]


def test_only_two_sent_ones_of_one_kind_in_one_officer_s_hands_become_one() -> None:
    assert why_not(ONE, OTHER, officer_id=OFFICER) is None
    for one, other, said in AGAINST:
        assert said in str(why_not(one, other, officer_id=OFFICER)), (one, other)
        if one.id != other.id and said == "under examination":
            assert said in str(why_not(other, one, officer_id=OFFICER))


def test_an_offer_stands_until_its_last_day_and_while_both_wait() -> None:
    for state in State:
        assert is_open(Offer(state), ONE, OTHER, on=TODAY) is (state == State.OFFERED)
        assert not is_open(Offer(state), ONE, OTHER, on=TODAY + timedelta(days=1))
        for moved in set(ProposalState) - {ProposalState.SUBMITTED}:
            assert not is_open(Offer(state), ONE, replace(OTHER, state=moved), on=TODAY)
