"""Change an account's address, name and language; the old address can undo a change of address."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal import crypto, db, policy
from portal.errors import Invalid
from portal.people import letters
from portal.people.actions import links
from portal.people.actions.keys import as_actor, locked, person_key
from portal.people.actions.recovering import set_password
from portal.people.actions.signing_in import end_sessions
from portal.people.models import Person, Purpose
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

SAME = W("This is your address already.")
TAKEN = W("Another account has this address. Sign in there, or choose another address.")


@dataclass(frozen=True)
class NewAddress:
    """What is mailed: the link that confirms goes to the new address, the one that undoes to the old."""

    confirm: str
    undo: str
    old: str


def ask_address(person: Person, email: str, *, by: Actor) -> NewAddress:
    """Ask for another address, after the password was confirmed; nothing changes before the link is opened.

    Whether another account has the address shows only to whoever reads its mail. Refuses with Invalid.
    """
    policy.check(by, Can.ACCOUNT_OWN)
    email = email.strip().lower()
    held = locked(person.id)
    if held.email == email:
        raise Invalid(SAME, field="email")
    links.void(held.id, (Purpose.NEW_ADDRESS,))
    # The undoing first: it outdoes whatever was made at or after its own instant.
    undo = links.make(Purpose.UNDO, person_id=held.id, email=held.email, language=held.language)
    db.session().flush()
    confirm = links.make(Purpose.NEW_ADDRESS, person_id=held.id, email=email, language=held.language)
    record(Did.PERSON_ADDRESS_ASKED, person_key(held), by=by)
    return NewAddress(confirm, undo, held.email)


def confirm_address(token: str) -> Person:
    """Let the account have the address whose link was opened, once.

    Refuses with NotFound where the link is over, and with Invalid where another account has the address.
    """
    person = locked(links.find(token, Purpose.NEW_ADDRESS).person_id or 0)
    link = links.use(token, Purpose.NEW_ADDRESS)
    _move(person, link.email)
    links.void(person.id, (Purpose.RESET,))
    record(Did.PERSON_ADDRESS_CHANGED, person_key(person), by=as_actor(person))
    letters.tell_address_changed(person)
    return person


def undo_address(token: str) -> str:
    """Give the account its old address back, and return the secret of a link to choose a new password.

    Whoever asked for the change knew the password, so that one is dead and all sessions end. What was made
    since the change was asked is void, so that a second change cannot undo the undoing.
    """
    nobody = crypto.nobody_hash()
    person = locked(links.find(token, Purpose.UNDO).person_id or 0)
    link = links.use(token, Purpose.UNDO)
    if person.email != link.email:
        _move(person, link.email)
    links.void(person.id, (Purpose.NEW_ADDRESS, Purpose.UNDO), since=link.made_at)
    set_password(person, nobody)
    end_sessions(person)
    record(Did.PERSON_ADDRESS_RESTORED, person_key(person), by=as_actor(person))
    return links.make(Purpose.RESET, person_id=person.id, language=person.language)


def _move(person: Person, email: str) -> None:
    # The unique index decides a race; asked before, it is a sentence and not a lost race.
    if db.session().scalar(select(Person.id).where(Person.email == email)) is not None:
        raise Invalid(TAKEN)
    person.email = email
    db.session().flush()


def change_profile(person: Person, name: str, language: str, *, by: Actor) -> None:
    """Change the name people see and the language of messages; the record keeps no more than that."""
    policy.check(by, Can.ACCOUNT_OWN)
    held = locked(person.id)
    held.name, held.language = name, language
    record(Did.PERSON_PROFILE_CHANGED, person_key(held), by=by)
