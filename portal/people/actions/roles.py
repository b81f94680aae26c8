"""Give people city roles, from an instant until another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid
from portal.people.actions.joining import person_key
from portal.people.actions.signing_in import end_sessions
from portal.people.models import Grant, Person
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from datetime import datetime

    from portal.policy import Role


def grant(person: Person, role: Role, *, by: Actor, office: str = "", until: datetime | None = None) -> Grant:
    """Give a person a city role from now on; the open sessions end, so that the role holds at once."""
    policy.check(by, Can.ROLES_GRANT)
    if until is not None and until <= clock.now():
        raise Invalid(W("The role must end after today."), field="until")
    given = Grant(person_id=person.id, role=role.value, office=office, starts_at=clock.now(), until=until)
    db.session().add(given)
    end_sessions(person)
    record(Did.ROLE_GRANTED, person_key(person), by=by, role=role.value, office=office)
    return given
