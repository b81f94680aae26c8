"""Tell people of one act: each of them once, nobody of what they did themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.notices import telling
from portal.notices.actions import Recipient, Text
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from portal.notices.kinds import Kind
    from portal.record import Act
    from portal.words import W

# Without an account these acts take the secret link of the case: whoever did them is who would be told.
BY_LINK = ("proposal:", "pact:", "report:", "fence:", "legal:", "space:")


@dataclass(frozen=True)
class News:
    """An act, the case it is about, where links lead, and who was told of it already."""

    act: Act
    base_url: str
    told: set[str] = field(default_factory=set)

    @property
    def code(self) -> str:
        """Return the code of the case."""
        return self.act.subject.rpartition(":")[2]

    def link(self, to: Recipient, path: str) -> str:
        """Return an address of the portal in the recipient's language."""
        return f"{self.base_url}/{to.language}{path}"


@dataclass(frozen=True)
class Mail:
    """A mail of the house: its id, what it says, and the page it leads to.

    A receipt is told also to whoever acted. `calendar` is an entry for the reader's calendar. `kind` only
    where it is not the event's own.
    """

    event: str
    title: W
    sentences: tuple[W, ...]
    path: str
    topic: str = ""
    is_receipt: bool = False
    kind: Kind | None = None
    deadline: datetime | None = None
    calendar: str = ""


def tell(news: News, recipients: Iterable[Recipient], mail: Mail) -> None:
    """Leave the mail for each recipient who was not told of this act in another role before."""
    for to in recipients:
        if to.mark in news.told or (not mail.is_receipt and _did_it(news.act, to)):
            continue
        news.told.add(to.mark)
        link = news.link(to, mail.path)
        text = Text(mail.title, mail.sentences, link, mail.topic, mail.deadline, mail.calendar)
        key = f"{mail.event}:{news.act.id}:{to.mark}"
        telling.tell(mail.event, key, to, text, about=news.act.subject, kind=mail.kind)


def _did_it(act: Act, to: Recipient) -> bool:
    if to.person_id is None:
        return act.actor_kind == "visitor" and act.verb.startswith(BY_LINK)
    return db.session().scalar(select(Person.pseudonym).where(Person.id == to.person_id)) == act.actor
