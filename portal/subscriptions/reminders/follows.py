"""Nobody is written to for ever: after a year we ask once, and after a month without an answer we stop."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, exists, func, or_, select

from portal import clock, db
from portal.notices import links, queries
from portal.notices.actions import Recipient, Text, forget_reader, post
from portal.notices.kinds import Kind
from portal.notices.links import Purpose
from portal.notices.models import Follow, Reader
from portal.notices.times import Choice
from portal.people.models import Person
from portal.record import Act, Did
from portal.words import W

if TYPE_CHECKING:
    from datetime import datetime

A_YEAR, TO_ANSWER, OFF_KEPT = timedelta(days=365), timedelta(days=30), timedelta(days=30)
# A follow that nobody confirmed is no longer needed when its link is over.
UNCONFIRMED_KEPT = timedelta(days=4)


def due() -> Select[int]:
    """Select the readers who did nothing for a year, those who stopped, and those who never began."""
    now = clock.now()
    waits = exists().where(Follow.reader_id == Reader.id)
    confirmed = exists().where(Follow.reader_id == Reader.id, Follow.confirmed_at.is_not(None))
    quiet = waits & (Reader.active_at < now - A_YEAR) & (Reader.choice != Choice.OFF.value)
    by_mail = Reader.address.is_not(None)
    gone = by_mail & or_(
        Reader.off_since < now - OFF_KEPT, ~confirmed & (Reader.made_at < now - UNCONFIRMED_KEPT)
    )
    return select(Reader.id).where(or_(quiet, gone)).order_by(Reader.id)


def remind_of(reader_id: int, base_url: str) -> None:
    """Ask whether to go on, or end kindly what nobody answered for; forget addresses nobody needs."""
    with db.writing() as session:
        found = session.scalar(queries.with_follows(select(Reader).where(Reader.id == reader_id)))
        if found is None:
            return
        now = clock.now()
        if found.address and _is_over(found, now):
            forget_reader(found)
        elif found.follows and _seen_at(found) < now - A_YEAR:
            _ask_or_end(found, now, base_url)


def _is_over(reader: Reader, now: datetime) -> bool:
    if reader.off_since is not None:
        return reader.off_since < now - OFF_KEPT
    is_confirmed = any(one.confirmed_at for one in reader.follows)
    has_waiting = any(one.asked_at > now - UNCONFIRMED_KEPT for one in reader.follows)
    return not is_confirmed and not has_waiting and reader.made_at < now - UNCONFIRMED_KEPT


def _seen_at(reader: Reader) -> datetime:
    """Return when the reader last did something here; for an account, signing in counts."""
    if reader.person_id is None:
        return reader.active_at
    session = db.session()
    pseudonym = session.scalar(select(Person.pseudonym).where(Person.id == reader.person_id))
    signed_in = (Act.subject == f"person:{pseudonym}", Act.verb == Did.PERSON_SIGNED_IN.value)
    newest = session.scalar(select(func.max(Act.at)).where(*signed_in))
    return max(reader.active_at, newest) if newest else reader.active_at


def _ask_or_end(reader: Reader, now: datetime, base_url: str) -> None:
    to = _recipient(reader)
    page = f"{base_url}/{to.language}/following/{links.token_for(reader.handle, Purpose.PAGE)}"
    if reader.asked_at is None:
        reader.asked_at = now
        body = [
            W("For a year we have written to you about what you follow here, and heard nothing from you."),
            W("Do you want to go on? One press of a button is enough. Without it we stop in a month."),
        ]
        _say(reader, to, Text(W("Shall we go on writing to you?"), body, page), "ask")
    elif reader.asked_at < now - TO_ANSWER:
        body = [
            W("We heard nothing from you, so we stop writing about what you followed. Thank you!"),
            W("You can follow anything again whenever you like."),
        ]
        _say(reader, to, Text(W("We stop writing to you"), body, f"{base_url}/{to.language}/"), "end")
        _end(reader)


def _end(reader: Reader) -> None:
    if reader.address:
        forget_reader(reader)
    else:
        reader.follows.clear()
        reader.asked_at = None


def _recipient(reader: Reader) -> Recipient:
    own = None
    if reader.person_id is not None:
        own = db.session().scalar(select(Person.language).where(Person.id == reader.person_id))
    return Recipient(reader.person_id, reader.address or "", own or reader.language)


def _say(reader: Reader, to: Recipient, text: Text, step: str) -> None:
    key = f"E51:{reader.handle[:16]}:{reader.active_at:%Y%m%d}:{step}"
    post("E51", key, to, text, kind=Kind.ACCOUNT)
