"""Make an account: by a mailed link that proves the address, or at once for seeds and the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, crypto, db
from portal.errors import NotFound
from portal.people.models import Invitation, Person
from portal.policy import Actor
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    pass

INVITATION_DAYS = 3
LONGEST_PATH = 300
SHORTEST_PASSWORD = 12
_OLD_LINK = W("This link is older than three days or was used already. Sign in, or join again.")


def person_key(person: Person) -> str:
    """Return the subject key of a person in the record."""
    return f"person:{person.pseudonym}"


def invite(name: str, email: str, password: str, *, language: str, next_path: str = "") -> str | None:
    """Prepare an account and return the secret for the mailed link; None where the address has one already.

    Whoever asks sees the same answer either way, and waits for the same hash.
    """
    email = email.strip().lower()
    hashed = crypto.hash_password(password)
    if db.session().scalar(select(Person.id).where(Person.email == email)) is not None:
        return None
    token = crypto.new_token()
    invitation = Invitation(
        token_hash=crypto.token_hash(token),
        name=name,
        email=email,
        language=language,
        password_hash=hashed,
        next_path=next_path if len(next_path) <= LONGEST_PATH else "",
        expires_at=clock.real() + timedelta(days=INVITATION_DAYS),
    )
    db.session().add(invitation)
    return token


def accept_invitation(token: str) -> tuple[Person, str]:
    """Make the account of a mailed link, once; return it and where the person was going."""
    session = db.session()
    invitation = session.get(Invitation, crypto.token_hash(token), with_for_update=True)
    if invitation is None or invitation.used_at or invitation.expires_at <= clock.real():
        raise NotFound(_OLD_LINK)
    if session.scalar(select(Person.id).where(Person.email == invitation.email)) is not None:
        raise NotFound(_OLD_LINK)
    invitation.used_at = clock.real()
    person = _join(invitation.name, invitation.email, invitation.password_hash, language=invitation.language)
    return person, invitation.next_path


def join(name: str, email: str, password: str, *, language: str = "it") -> Person:
    """Make an account at once; for seeds, the command line and the administrator."""
    return _join(name, email.strip().lower(), crypto.hash_password(password), language=language)


def _join(name: str, email: str, password_hash: str, *, language: str) -> Person:
    person = Person(
        name=name,
        email=email,
        password_hash=password_hash,
        language=language,
        joined_at=clock.now(),
        grants=[],
    )
    db.session().add(person)
    db.session().flush()
    record(Did.PERSON_JOINED, person_key(person), by=Actor(kind="person", pseudonym=person.pseudonym))
    return person
