"""Leave a message for somebody; the worker sends it as mail, alone or together with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from portal import clock, crypto, db, words
from portal.notices import times
from portal.notices.actions.readers import reader_of
from portal.notices.kinds import Kind, kind_of
from portal.notices.models import Message
from portal.notices.times import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.words import W

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Recipient:
    """Whom a message reaches: an account, only an address, or somebody without mail; and their language.

    Without mail it is a name and a way: `postal` the lines of an address, a phone, or the office.
    """

    person_id: int | None
    address: str
    language: str
    name: str = ""
    postal: tuple[str, ...] = ()
    phone: str = ""
    way: str = ""

    @property
    def is_without_mail(self) -> bool:
        """Say whether only paper, a call or the counter reaches this person."""
        return self.person_id is None and not self.address

    @property
    def mark(self) -> str:
        """Return what stands for this person in the key of a message; nobody is named by it."""
        if self.person_id:
            return f"p{self.person_id}"
        return crypto.token_hash(self.address or "\n".join((self.name, *self.postal, self.phone)))[:32]


@dataclass(frozen=True)
class Text:
    """What a message says: a title of 60 characters or less, sentences, and one address to open.

    `topic` is the case in its own words, `deadline` the instant by which the reader has to do something,
    `calendar` an entry for their calendar (RFC 5545), which goes along.
    """

    title: W
    sentences: Sequence[W]
    link: str = ""
    topic: str = ""
    deadline: datetime | None = None
    calendar: str = ""


def post(
    event: str, key: str, to: Recipient, text: Text, *, about: str = "", kind: Kind | None = None
) -> None:
    """Leave the message in the open transaction; the same key again changes nothing.

    `event` is the mail's id (E01 ...), `about` the subject key of the case; `kind` only where it is not the
    event's own: what is a decision for a party is news for whoever follows.
    """
    kind = kind or kind_of(event)
    course = _course(kind, to, text.deadline)
    if course is None:
        return
    row = {
        "key": key[:160],
        "event": event,
        "subject_key": about,
        "person_id": to.person_id,
        "address": "" if to.person_id else to.address,
        "language": to.language,
        "title": _title(text, about, to.language),
        "body": "\n\n".join(words.say(sentence, to.language) for sentence in text.sentences),
        "link": text.link,
        "created_at": clock.now(),
        "state": "waiting",
        "fence": 0,
        "attempts": 0,
        "last_error": "",
        "kind": kind.value,
        "who": to.mark,
        "topic": text.topic[:LONGEST_TITLE],
        "calendar": text.calendar,
        **course,
    }
    db.session().execute(db.insert(Message).values(row).on_conflict_do_nothing())


def _title(text: Text, about: str, language: str) -> str:
    case, title = about.rpartition(":")[2], words.say(text.title, language)
    return (f"[{case}] {title}" if case else title)[:LONGEST_TITLE]


def _course(kind: Kind, to: Recipient, deadline: datetime | None) -> dict[str, Any] | None:
    """Return how the message goes, and from when; None where nobody wants it and no page would show it."""
    now = clock.now()
    if kind in {Kind.ACCOUNT, Kind.LEGAL} or times.is_urgent(deadline, now):
        return {"goes": "alone", "due_at": None}
    if kind is Kind.ACT:
        return {"goes": "held", "due_at": times.first_allowed(now, clock.zone())}
    choice = Choice(reader_of(to.person_id, to.address, to.language).choice)
    if choice is Choice.OFF:
        return {"goes": "page", "due_at": None} if to.person_id else None
    is_at_once = choice is Choice.AT_ONCE
    return {"goes": "held", "due_at": times.first_allowed(now, clock.zone()) if is_at_once else None}


def mark_read(person_id: int, up_to: int) -> None:
    """Note that a person has read their messages up to this one."""
    unread = (Message.person_id == person_id, Message.id <= up_to, Message.read_at.is_(None))
    db.session().execute(update(Message).where(*unread).values(read_at=clock.now()))
