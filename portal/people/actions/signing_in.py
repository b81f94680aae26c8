"""Tell who somebody is by address and password, and end what is open."""

from __future__ import annotations

from sqlalchemy import delete

from portal import crypto, db
from portal.people import queries
from portal.people.actions.joining import person_key
from portal.people.models import OpenSession, Person
from portal.policy import Actor
from portal.record import Did, record


def identify(email: str, password: str) -> Person | None:
    """Return the active person with this address and password, or None.

    An unknown address costs the same hash as a wrong password. Opens no writing transaction.
    """
    with db.reading() as session:
        person = session.scalar(queries.by_email(email))
    matches = crypto.password_matches(person.password_hash if person else crypto.nobody_hash(), password)
    return person if person is not None and matches and person.is_active else None


def note_sign_in(person: Person) -> None:
    """Remember that the person signed in."""
    record(Did.PERSON_SIGNED_IN, person_key(person), by=Actor(kind="person", pseudonym=person.pseudonym))


def end_sessions(person: Person) -> None:
    """End all open sessions of a person, on every node at the next request."""
    db.session().execute(delete(OpenSession).where(OpenSession.person_id == person.id))
