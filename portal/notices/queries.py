"""Questions about messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from portal.notices.models import Message
from portal.schedule.waits import MOST_ITEM_TRIES

if TYPE_CHECKING:
    from datetime import datetime

# About a day of tries: a mail server may be away over a night.
MOST_ATTEMPTS = MOST_ITEM_TRIES


def newest_of(person_id: int, limit: int, *, before: int | None = None) -> Select[Message]:
    """Select a person's newest messages, older than the message `before`."""
    found = select(Message).where(Message.person_id == person_id).order_by(Message.id.desc()).limit(limit)
    return found if before is None else found.where(Message.id < before)


def about(subject_key: str) -> Select[Message]:
    """Select the messages about one case."""
    return select(Message).where(Message.subject_key == subject_key).order_by(Message.id)


def to_send(at: datetime, limit: int = 50) -> Select[Message]:
    """Select messages that wait, and those whose sender died: the lease is over.

    However often they were tried: a worker that died at the last try has given nothing up yet.
    """
    return (
        select(Message)
        .where(Message.state == "waiting")
        .where((Message.lease_until.is_(None)) | (Message.lease_until < at))
        .order_by(Message.id)
        .limit(limit)
    )


def without_link(event: str) -> Select[int]:
    """Select the ids of given-up messages of an event whose link was destroyed."""
    return select(Message.id).where(Message.event == event, Message.link == "", Message.state == "failed")
