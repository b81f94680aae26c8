"""Which second factors somebody has: read by the pages that ask for one, and before a person is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from portal import db
from portal.people import queries
from portal.people.models import CodeApp, Passkey, Person, RecoveryCode


@dataclass(frozen=True, slots=True)
class Held:
    """A person's second factors, and how many recovery codes are left."""

    app: CodeApp | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Say whether there is a second factor; recovery codes alone are none."""
        return self.app is not None or bool(self.passkeys)

    @property
    def count(self) -> int:
        """Return how many second factors there are."""
        return len(self.passkeys) + (self.app is not None)


def held_by(person_id: int) -> Held:
    """Return the second factors of a person, in the open unit of work."""
    session = db.session()
    keys = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.added_at, Passkey.id)
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return Held(
        session.get(CodeApp, person_id, populate_existing=True),
        tuple(session.scalars(keys)),
        session.scalars(left).one(),
    )


def look(person_id: int) -> Held:
    """Return the second factors of a person in a short reading of its own, before anything is written."""
    with db.reading():
        return held_by(person_id)


def passkey_of(credential_id: str) -> Passkey | None:
    """Return the passkey with this id, in a short reading of its own."""
    with db.reading() as session:
        return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def active(person_id: int) -> Person | None:
    """Return a person who may sign in, in a short reading of its own."""
    with db.reading() as session:
        person = session.scalar(queries.by_id(person_id))
    return person if person and person.is_active else None
