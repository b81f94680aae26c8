"""Whoever was asked for something is reminded seven and two days before the time is over."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, select

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.proposals.lifecycle import State
from portal.proposals.models import Proposal, Supplement
from portal.subscriptions.recipients import end_of, holder, in_words, nearest
from portal.words import W

DAYS_BEFORE = (7, 2)


def due() -> Select[int]:
    """Select the open requests whose time is over within a week."""
    last = clock.today() + timedelta(days=max(DAYS_BEFORE))
    found = select(Supplement.id).join(Proposal, Proposal.id == Supplement.proposal_id)
    found = found.where(Proposal.state == State.SUPPLEMENT_ASKED.value, Supplement.supplied_at.is_(None))
    return found.where(Supplement.answer_due_on >= clock.today(), Supplement.answer_due_on <= last)


def remind_of(supplement_id: int, base_url: str) -> None:
    """Remind the proposer of what the city asked for."""
    with db.writing() as session:
        request = session.get_one(Supplement, supplement_id)
        mark = nearest((request.answer_due_on - clock.today()).days, DAYS_BEFORE)
        if mark is None or request.supplied_at is not None:
            return
        proposal = session.get_one(Proposal, request.proposal_id)
        for to in holder(proposal):
            body = [
                W("We asked you for something about your proposal “%(title)s”.", title=proposal.title),
                W("Answer by %(day)s, or it lapses.", day=in_words(request.answer_due_on, to)),
            ]
            text = Text(
                W("We still need something from you"),
                body,
                f"{base_url}/{to.language}/track/{proposal.code}",
                proposal.title,
                end_of(request.answer_due_on),
            )
            tell("E03", f"E03:{request.id}:before-{mark}:{to.mark}", to, text, about=proposal.key)
