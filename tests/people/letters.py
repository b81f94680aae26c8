"""What stands in somebody's letter box, as the tests read it."""

from __future__ import annotations

from sqlalchemy import select

from portal import db
from portal.notices.models import Message
from portal.people.models import Person
from portal.record import Act

BASE = "http://127.0.0.1:8000"


def mails(address: str = "") -> list[Message]:
    """Return all messages, or those to one address, the oldest first."""
    with db.reading() as session:
        found = session.scalars(select(Message).order_by(Message.id)).all()
    return [mail for mail in found if not address or mail.address == address]


def link(address: str) -> str:
    """Return the path of the newest link that was sent to this address, for a reader of English."""
    return mails(address)[-1].link.removeprefix(BASE).replace("/it/", "/en/", 1)


def acts(verb: str) -> list[Act]:
    """Return the acts of one kind."""
    with db.reading() as session:
        return list(session.scalars(select(Act).where(Act.verb == verb).order_by(Act.id)))


def stored(person_id: int) -> Person:
    """Return the account as the database has it."""
    with db.reading() as session:
        return session.get_one(Person, person_id)
