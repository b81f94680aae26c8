"""Tell who somebody is by address and password, and end what is open."""

from __future__ import annotations

from sqlalchemy import delete, update

from portal import clock, crypto, db, policy
from portal.errors import NotFound
from portal.people import letters, queries
from portal.people.actions.keys import as_actor, person_key
from portal.people.models import OpenSession, Person
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

_NO_SESSION = W("This session has ended already.")


def identify(email: str, password: str) -> Person | None:
    """Return the active person with this address and password, or None.

    An unknown address costs the same hash as a wrong password. Opens no writing transaction.
    """
    with db.reading() as session:
        # The roles in the same statement: one more for people there are would tell who they are.
        person = session.scalars(queries.by_email_at_once(email)).unique().one_or_none()
    matches = crypto.password_matches(person.password_hash if person else crypto.nobody_hash(), password)
    return person if person is not None and matches and person.is_active else None


def note_sign_in(person: Person, *, known: str, named: str) -> None:
    """Remember that the person signed in, and tell them where the browser is none they used before.

    `known` is the secret by which the browser is known, `named` its family and system. The very first
    browser of an account is no news to anybody.
    """
    used = db.session().scalars(queries.browsers_of(person.id, clock.real())).all()
    if used and crypto.token_hash(known) not in used:
        letters.tell_new_browser(person, named)
    record(Did.PERSON_SIGNED_IN, person_key(person), by=as_actor(person))


def stronger_hash(person: Person, password: str) -> str:
    """Return a new hash of the right password where the cost has been raised since; else nothing.

    Runs before any writing transaction, because hashing is slow.
    """
    return crypto.hash_password(password) if crypto.needs_rehash(person.password_hash) else ""


def keep_hash(person: Person, stronger: str) -> None:
    """Keep the new hash, unless the password was changed meanwhile."""
    same = update(Person).where(Person.id == person.id, Person.password_hash == person.password_hash)
    db.session().execute(same.values(password_hash=stronger).execution_options(synchronize_session=False))


def end_sessions(person: Person, *, but: str = "") -> None:
    """End a person's open sessions, on every node at the next request; `but` is the hash of one to keep."""
    db.session().execute(
        delete(OpenSession).where(OpenSession.person_id == person.id, OpenSession.token_hash != but)
    )


def end_session(person: Person, handle: str) -> None:
    """End one open session of this person; refuses with NotFound."""
    rows = db.session().scalars(queries.open_sessions_of(person.id)).all()
    found = next((row for row in rows if row.handle == handle), None)
    if found is None:
        raise NotFound(_NO_SESSION)
    db.session().execute(delete(OpenSession).where(OpenSession.token_hash == found.token_hash))


def end_sessions_of(person: Person, *, by: Actor) -> None:
    """End all sessions of somebody else's account, and remember who did."""
    policy.check(by, Can.PERSON_END_SESSIONS, person)
    end_sessions(person)
    record(Did.PERSON_SESSIONS_ENDED, person_key(person), by=by)
