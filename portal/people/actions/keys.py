"""What accounts are called in the record, and how one is held while it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.people import queries
from portal.policy import Actor

if TYPE_CHECKING:
    from portal.people.models import Person


def person_key(person: Person) -> str:
    """Return the subject key of a person in the record."""
    return f"person:{person.pseudonym}"


def as_actor(person: Person) -> Actor:
    """Return the person as whoever acts on their own account, also before a session is open."""
    return Actor(kind="person", person_id=person.id, pseudonym=person.pseudonym)


def locked(person_id: int) -> Person:
    """Return the account as it is now, held to the end: two changes come one after the other."""
    held = queries.by_id(person_id).with_for_update().execution_options(populate_existing=True)
    return db.session().scalars(held).one()
