"""Connect an account with an identity at a provider of sign-ins, and take the connection away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, crypto, db, policy
from portal.errors import NotFound, Stale
from portal.people import queries
from portal.people.actions.joining import make_account
from portal.people.actions.keys import as_actor, person_key
from portal.people.models import OutsideIdentity, Person
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.people.provider import Identity

_TAKEN = W("This identity belongs to another account here. Disconnect it there first, or use another one.")
_KNOWN_ADDRESS = W(
    "There is an account with your address already. Sign in with its password, then connect the two."
)
_GONE = W("This connection is not there any more.")


def whose(identity: Identity) -> Person | None:
    """Return the person connected with this identity, by issuer and subject alone; never by address."""
    with db.reading() as session:
        person_id = session.scalar(
            select(OutsideIdentity.person_id).where(
                OutsideIdentity.issuer == identity.issuer, OutsideIdentity.subject == identity.subject
            )
        )
        return session.scalar(queries.by_id(person_id)) if person_id is not None else None


def connected(person_id: int) -> list[OutsideIdentity]:
    """Return the identities connected with an account, in the open unit of work."""
    own = select(OutsideIdentity).where(OutsideIdentity.person_id == person_id).order_by(OutsideIdentity.id)
    return list(db.session().scalars(own))


def join_elsewhere(identity: Identity, name: str, *, language: str) -> Person:
    """Make the account of somebody whom the provider vouches for, address included; without a password.

    Refuses with Stale where the address has an account: whoever owns that one connects it while signed in.
    """
    email = identity.email.strip().lower()
    if db.session().scalar(select(Person.id).where(Person.email == email)) is not None:
        raise Stale(_KNOWN_ADDRESS)
    person = make_account(name, email, crypto.nobody_hash(), language=language)
    _connect(person, identity, by=as_actor(person))
    return person


def connect(person: Person, identity: Identity, *, by: Actor) -> None:
    """Let the identity open this account; an identity opens one account only, and the database decides."""
    policy.check(by, Can.ACCOUNT_SECURE)
    _connect(person, identity, by=by)


def _connect(person: Person, identity: Identity, *, by: Actor) -> None:
    now = clock.real()
    row = {
        "person_id": person.id,
        "issuer": identity.issuer,
        "subject": identity.subject,
        "assurance": identity.assurance,
        "connected_at": now,
        "used_at": now,
    }
    insert = db.insert(OutsideIdentity).values(row).on_conflict_do_nothing().returning(OutsideIdentity.id)
    if db.session().execute(insert).scalar_one_or_none() is None:
        raise Stale(_TAKEN)
    record(Did.IDENTITY_CONNECTED, person_key(person), by=by, issuer=identity.issuer)


def disconnect(person: Person, identity_id: int, *, by: Actor) -> None:
    """Take the connection away; refuses with NotFound one that is not this person's."""
    policy.check(by, Can.ACCOUNT_SECURE)
    found = db.session().get(OutsideIdentity, identity_id)
    if found is None or found.person_id != person.id:
        raise NotFound(_GONE)
    db.session().delete(found)
    record(Did.IDENTITY_DISCONNECTED, person_key(person), by=by, issuer=found.issuer)
