"""Make an account: by a mailed link that proves the address, or at once for seeds and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal import clock, crypto, db
from portal.errors import NotFound
from portal.people.actions import links
from portal.people.actions.keys import as_actor, person_key
from portal.people.actions.roles import grant
from portal.people.models import Person, Purpose
from portal.policy import SYSTEM, Role
from portal.record import Did, record
from portal.words import home_language

LONGEST_PATH = 300


@dataclass(frozen=True)
class Asked:
    """What is to be mailed after somebody asked: the link's secret, and whose account it opens, if any."""

    token: str
    person: Person | None


def ask(email: str, *, language: str, name: str = "", next_path: str = "") -> Asked:
    """Make the link for an address: it joins where there is no account, else it chooses a new password.

    Whoever asks learns nothing: for both the same questions are put, and one row and one mail are written.
    """
    email = email.strip().lower()
    person = db.session().scalar(select(Person).where(Person.email == email))
    next_path = next_path if len(next_path) <= LONGEST_PATH else ""
    if person is not None:
        token = links.make(Purpose.RESET, person_id=person.id, language=person.language, next_path=next_path)
    else:
        token = links.make(Purpose.JOIN, name=name, email=email, language=language, next_path=next_path)
    return Asked(token, person)


def accept_invitation(token: str, name: str, password: str) -> tuple[Person, str]:
    """Make the account of a mailed link, once; return it and where the person was going.

    The password is chosen by whoever holds the link: nobody can lay one ready for somebody else's address.
    Refuses with NotFound where the link is over, or the address has an account by now.
    """
    hashed = crypto.hash_password(password)  # before the first statement: it would hold up other writers
    link = links.use(token, Purpose.JOIN)
    if db.session().scalar(select(Person.id).where(Person.email == link.email)) is not None:
        raise NotFound(links.OLD_LINK)
    person = make_account(name, link.email, hashed, language=link.language)
    if link.role:
        person.grants.append(grant(person, Role(link.role), by=SYSTEM))
    return person, link.next_path


def invite_administrator(email: str, *, language: str) -> str | None:
    """Return the secret of a link that makes an administrator's account; for the command line only.

    Where the address has an account already the role is granted at once, and there is no link.
    """
    email = email.strip().lower()
    person = db.session().scalar(select(Person).where(Person.email == email))
    if person is None:
        return links.make(Purpose.JOIN, email=email, language=language, role=Role.ADMINISTRATOR.value)
    grant(person, Role.ADMINISTRATOR, by=SYSTEM)
    return None


def join(name: str, email: str, password: str, *, language: str = "") -> Person:
    """Make an account at once; for seeds, the command line and the tests."""
    return make_account(
        name, email.strip().lower(), crypto.hash_password(password), language=language or home_language()
    )


def make_account(name: str, email: str, password_hash: str, *, language: str) -> Person:
    """Make the account; whoever calls has seen to it that the address is the person's."""
    person = Person(
        name=name,
        email=email,
        password_hash=password_hash,
        password_set_at=clock.real(),
        language=language,
        joined_at=clock.now(),
        grants=[],
    )
    db.session().add(person)
    db.session().flush()
    record(Did.PERSON_JOINED, person_key(person), by=as_actor(person))
    return person
