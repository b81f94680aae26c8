"""An office that was asked for its opinion is reminded three days before the last day, and on it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal import clock, db
from portal.notices.actions import Recipient, Text
from portal.notices.telling import tell
from portal.proposals.assessment import queries
from portal.proposals.assessment.letters import language_of
from portal.proposals.models import Opinion, Proposal
from portal.subscriptions.about_assessment import advisers
from portal.subscriptions.recipients import end_of, in_words, nearest
from portal.words import W

if TYPE_CHECKING:
    from sqlalchemy import Select

DAYS_BEFORE = (3, 0)
_TITLE = W("We still need your opinion")


def due() -> Select[int]:
    """Select the open questions whose last day is near."""
    return queries.soon_due(clock.today() + timedelta(days=max(DAYS_BEFORE)))


def remind_of(opinion_id: int, base_url: str) -> None:
    """Remind the office; the link itself stands in the first mail, since nobody keeps its secret."""
    with db.writing() as session:
        opinion = session.get_one(Opinion, opinion_id)
        mark = nearest((opinion.due_on - clock.today()).days, DAYS_BEFORE)
        if mark is None or opinion.state != "asked":
            return
        proposal = session.get_one(Proposal, opinion.proposal_id)
        outside = opinion.token_hash is not None
        asked = (
            [Recipient(None, opinion.address, language_of(proposal))] if outside else advisers(opinion.kind)
        )
        for to in asked:
            body = [
                W("The city asked you about the proposal “%(title)s”.", title=proposal.title),
                W("Answer by %(day)s.", day=in_words(opinion.due_on, to)),
            ]
            if outside:
                body.append(W("Use the link in the mail that we sent you before."))
            path = f"/desk/cases/{proposal.code}/opinions/{opinion.id}"
            link = base_url if outside else f"{base_url}/{to.language}{path}"
            text = Text(_TITLE, body, link, proposal.title, end_of(opinion.due_on))
            tell("E23", f"E23:{opinion.id}:before-{mark}:{to.mark}", to, text, about=proposal.case_key)
