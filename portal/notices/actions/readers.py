"""Who gets news: the row of a reader, the links in their mails, how often, and the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from portal import clock, crypto, db
from portal.errors import NotFound
from portal.notices import links, queries, times
from portal.notices.kinds import Kind
from portal.notices.models import Message, Reader
from portal.notices.times import Choice
from portal.words import W

if TYPE_CHECKING:
    from portal.notices.links import Purpose

NO_LINK = W("This link leads nowhere any more. Follow again, and you get a new one by mail.")


def reader_of(person_id: int | None, address: str, language: str) -> Reader:
    """Return the reader of this account, or of this address; made where there is none yet."""
    lowered = None if person_id else address.strip().lower()
    now = clock.now()
    row = {
        "person_id": person_id,
        "address": lowered,
        "language": language,
        "choice": Choice.WEEKLY.value,
        "handle": crypto.new_token(),
        "made_at": now,
        "active_at": now,
    }
    session = db.session()
    found = session.scalar(queries.reader(person_id, lowered))
    if found is None:
        # Two at once: the unique index lets one row stand, and both find it.
        session.execute(db.insert(Reader).values(row).on_conflict_do_nothing())
        found = session.scalars(queries.reader(person_id, lowered)).one()
    return found


def reader_by_link(token: str, purpose: Purpose) -> Reader:
    """Return the reader whose link this is, with what they follow; refuses with NotFound."""
    handle = links.handle_of(token, purpose)
    found = db.session().scalar(queries.reader_by_handle(handle)) if handle else None
    if found is None:
        raise NotFound(NO_LINK)
    return found


def choose(reader: Reader, choice: Choice, language: str = "") -> None:
    """Let the reader have news so often, in this language; what is held already goes the new way."""
    now = clock.now()
    reader.choice = choice.value
    reader.language = language or reader.language
    reader.off_since = (reader.off_since or now) if choice is Choice.OFF else None
    go_on(reader)
    held = update(Message).where(*queries.held_news_of(reader))
    if choice is Choice.OFF:
        held = held.values(goes="page", due_at=None)
    elif choice is Choice.AT_ONCE:
        held = held.values(due_at=times.first_allowed(now, clock.zone()))
    else:
        held = held.values(due_at=None)
    db.session().execute(held.execution_options(synchronize_session=False))


def stop(reader: Reader) -> None:
    """Send this reader no news any more; whoever changes their mind finds everything as it was."""
    choose(reader, Choice.OFF)


def go_on(reader: Reader) -> None:
    """Note that the reader still wants this, so that nobody asks again for a year."""
    reader.active_at, reader.asked_at = clock.now(), None


def forget_reader(reader: Reader) -> None:
    """Forget a reader whole: what they follow, the address, and the news for it that nobody wants any more.

    Somebody without follows may still have news to come from a pact they take part in: that stays.
    """
    session = db.session()
    if reader.address and (reader.choice == Choice.OFF or any(one.confirmed_at for one in reader.follows)):
        unsent = (Message.kind == Kind.NEWS.value, Message.goes.in_(("held", "page")))
        mine = (Message.person_id.is_(None), Message.address == reader.address)
        session.execute(delete(Message).where(*unsent, *mine).execution_options(synchronize_session=False))
    session.execute(delete(Reader).where(Reader.id == reader.id))
