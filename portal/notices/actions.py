"""Leave a message for somebody; the worker sends it as mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import clock, crypto, db, words
from portal.notices.models import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.words import W


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
    """What a message says: a title of 60 characters or less, sentences, and one address to open."""

    title: W
    sentences: Sequence[W]
    link: str = ""


def post(event: str, key: str, to: Recipient, text: Text, *, about: str = "") -> None:
    """Leave the message in the open transaction; the same key again changes nothing.

    `event` is the mail's id (E01 ...), `about` the subject key of the case.
    """
    title = words.say(text.title, to.language)
    case = about.rpartition(":")[2]
    row = {
        "key": key[:160],
        "event": event,
        "subject_key": about,
        "person_id": to.person_id,
        "address": "" if to.person_id else to.address,
        "language": to.language,
        "title": f"[{case}] {title}" if case else title,
        "body": "\n\n".join(words.say(sentence, to.language) for sentence in text.sentences),
        "link": text.link,
        "created_at": clock.now(),
        "state": "waiting",
        "fence": 0,
        "attempts": 0,
        "last_error": "",
    }
    db.session().execute(db.insert(Message).values(row).on_conflict_do_nothing())
