"""Questions about messages, the readers of news, and what they follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, TextClause, func, select
from sqlalchemy.orm import selectinload

from portal.notices.kinds import ENVELOPE, Kind
from portal.notices.models import Bounce, Enclosure, Follow, Message, Reader
from portal.notices.models.messages import HELD, TO_SEND
from portal.schedule.waits import MOST_ITEM_TRIES

if TYPE_CHECKING:
    from datetime import datetime

# About a day of tries: a mail server may be away over a night.
MOST_ATTEMPTS = MOST_ITEM_TRIES


def newest_of(person_id: int, limit: int, *, before: int | None = None, kind: str = "") -> Select[Message]:
    """Select a person's newest messages, older than the message `before`; `kind` "" takes all."""
    found = select(Message).where(Message.person_id == person_id, Message.event != ENVELOPE)
    found = found.order_by(Message.id.desc()).limit(limit)
    if kind:
        found = found.where(Message.kind == kind)
    return found if before is None else found.where(Message.id < before)


def unread_of(person_id: int) -> Select[int]:
    """Select how many messages a person has not read."""
    mine = (Message.person_id == person_id, Message.read_at.is_(None), Message.event != ENVELOPE)
    return select(func.count()).select_from(Message).where(*mine)


def about(subject_key: str) -> Select[Message]:
    """Select the messages about one case."""
    return select(Message).where(Message.subject_key == subject_key).order_by(Message.id)


def to_send(at: datetime, limit: int = 50) -> Select[Message]:
    """Select messages that wait, and those whose sender died: the lease is over.

    However often they were tried: a worker that died at the last try has given nothing up yet.
    """
    return (
        select(Message)
        .where(TO_SEND)
        .where((Message.lease_until.is_(None)) | (Message.lease_until < at))
        .order_by(Message.id)
        .limit(limit)
    )


def without_link(event: str) -> Select[int]:
    """Select the ids of given-up messages of an event whose link was destroyed."""
    return select(Message.id).where(Message.event == event, Message.link == "", Message.state == "failed")


def due_groups(at: datetime, limit: int = 200) -> Select[*tuple[Any, ...]]:
    """Select (reader, case, kind) of what is held and may go now."""
    found = select(Message.who, Message.subject_key, Message.kind).where(HELD, Message.due_at <= at)
    return found.group_by(Message.who, Message.subject_key, Message.kind).order_by(Message.who).limit(limit)


def due_of(who: str, case: str, kind: str, at: datetime) -> Select[Message]:
    """Select what is held of a reader about one case and may go now, locked, the oldest first."""
    mine = (Message.who == who, Message.subject_key == case, Message.kind == kind)
    found = select(Message).where(HELD, Message.due_at <= at, *mine)
    return found.order_by(Message.id).with_for_update()


def had_mail(who: str, case: str, day: Any) -> Select[int]:
    """Select the mail about a case that a reader had on this day."""
    mine = (Message.who == who, Message.subject_key == case, Message.mail_day == day)
    return select(Message.id).where(*mine)


def held_news_of(reader: Reader) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """Return the conditions that a message is news held for this reader."""
    return (HELD, Message.kind == Kind.NEWS.value, *_to(reader))


def _to(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    if reader.person_id is not None:
        return (Message.person_id == reader.person_id,)
    return (Message.person_id.is_(None), Message.address == reader.address)


def readers_with_news() -> Select[*tuple[Any, ...]]:
    """Select (reader's name, account, address, language) of everybody for whom a digest gathers."""
    whose = (Message.who, Message.person_id, func.max(Message.address), func.max(Message.language))
    held = select(*whose).where(HELD)
    held = held.where(Message.kind == Kind.NEWS.value, Message.due_at.is_(None))
    return held.group_by(Message.who, Message.person_id).order_by(Message.who)


def news_for_digest(who: str) -> Select[Message]:
    """Select what gathers for a reader's digest, locked, the newest first."""
    found = select(Message).where(HELD, Message.who == who, Message.kind == Kind.NEWS.value)
    return found.where(Message.due_at.is_(None)).order_by(Message.id.desc()).with_for_update()


def by_key(key: str) -> Select[int]:
    """Select the message of a key."""
    return select(Message.id).where(Message.key == key)


def enclosed_in(envelope_id: int) -> Select[Message]:
    """Select the messages that go in a mail, the newest first."""
    found = select(Message).join(Enclosure, Enclosure.message_id == Message.id)
    return found.where(Enclosure.envelope_id == envelope_id).order_by(Message.id.desc())


def reader(person_id: int | None, address: str | None) -> Select[Reader]:
    """Select the reader of an account, or of an address."""
    mine = Reader.person_id == person_id if person_id is not None else Reader.address == address
    return select(Reader).where(mine)


def with_follows(found: Select[Reader]) -> Select[Reader]:
    """Load along what the readers follow."""
    return found.options(selectinload(Reader.follows))


def reader_by_handle(handle: str) -> Select[Reader]:
    """Select the reader of a link, with what they follow."""
    return with_follows(select(Reader).where(Reader.handle == handle))


def follow_of(reader_id: int, follow_id: int) -> Select[Follow]:
    """Select one thing that this reader follows."""
    return select(Follow).where(Follow.id == follow_id, Follow.reader_id == reader_id)


def follows_target(person_id: int, what: str, target: str) -> Select[int]:
    """Select the follow of one thing by a person."""
    found = select(Follow.id).join(Reader).where(Reader.person_id == person_id)
    return found.where(Follow.what == what, Follow.target == target, Follow.confirmed_at.is_not(None))


def bounce_of(address: str) -> Select[Bounce]:
    """Select what is known of mail to an address that came back."""
    return select(Bounce).where(Bounce.address == address.strip().lower())


def unreached(limit: int = 100) -> Select[Message]:
    """Select the messages that did not arrive, the newest first."""
    found = select(Message).where(Message.unreached_at.is_not(None))
    return found.order_by(Message.unreached_at.desc(), Message.id.desc()).limit(limit)


def for_letters(after: int = 0) -> Select[Message]:
    """Select the legal messages that no mail could deliver, the oldest first: they become letters."""
    lost = (Message.unreached_at.is_not(None), Message.kind == Kind.LEGAL.value, Message.id > after)
    return select(Message).where(*lost).order_by(Message.id)


def how_many_bounce() -> Select[int]:
    """Select how many addresses take no mail at present."""
    return select(func.count()).select_from(Bounce)
