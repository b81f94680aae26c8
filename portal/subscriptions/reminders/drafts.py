"""Whoever left a draft is told two weeks before it lapses, once for each time it was saved."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, select

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.proposals import queries
from portal.proposals.jobs import DRAFT_KEPT
from portal.proposals.lifecycle import State
from portal.proposals.models import Proposal
from portal.subscriptions.recipients import end_of, holder, in_words
from portal.words import W

# Time enough to find the word again, or to ask for help.
WARNED_BEFORE = timedelta(days=14)


def due() -> Select[str]:
    """Select the drafts that lapse within two weeks and whose holder can be written to."""
    return queries.soon_lapsing(clock.now() - DRAFT_KEPT + WARNED_BEFORE).with_only_columns(Proposal.code)


def remind_of(code: str, base_url: str) -> None:
    """Say until when the draft is kept, and how to keep it longer."""
    with db.writing() as session:
        draft = session.scalars(select(Proposal).where(Proposal.code == code)).one()
        lapses_on = clock.local(draft.saved_at + DRAFT_KEPT).date()
        if draft.state != State.DRAFT.value or lapses_on <= clock.today():
            return
        for to in holder(draft):
            body = (
                W("Your draft %(code)s is kept until %(day)s.", code=code, day=in_words(lapses_on, to)),
                W("Save any page of it to keep it for six months more. If you do not need it, do nothing."),
            )
            link = f"{base_url}/{to.language}/propose/{code}"
            text = Text(W("Your draft is about to lapse"), body, link, draft.title, end_of(lapses_on))
            tell("E12", f"E12:{code}:lapses:{draft.saved_at:%Y%m%d%H%M%S}", to, text, about=draft.key)
