"""Give people city roles, from an instant until another, and end them; one administrator always stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db, policy
from portal.errors import Invalid, NotFound, WrongState
from portal.people import queries
from portal.people.actions.keys import person_key
from portal.people.actions.signing_in import end_sessions
from portal.people.models import Grant, Person
from portal.policy import Actor, Can, Role
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from datetime import datetime

ENDS_EARLY = W("The role must end after it starts, and after today.")
HELD = W("This person has that role in these days already. End it first, or choose other days.")
ENDED = W("This role has ended already.")
LAST = W("This is the last administrator. Make somebody else administrator first.")


def grant(
    person: Person,
    role: Role,
    *,
    by: Actor,
    office: str = "",
    starts_at: datetime | None = None,
    until: datetime | None = None,
) -> Grant:
    """Give a person a city role, from now or later; the open sessions end, so that it holds at once.

    Refuses with Invalid where the days are the wrong way round or overlap the same role.
    """
    policy.check(by, Can.ROLES_GRANT, person)
    starts_at = max(starts_at or clock.now(), clock.now())
    if until is not None and until <= starts_at:
        raise Invalid(ENDS_EARLY, field="until")
    if db.session().scalar(queries.overlapping(person.id, role, starts_at, until)) is not None:
        raise Invalid(HELD, field="role")
    given = Grant(person_id=person.id, role=role.value, office=office, starts_at=starts_at, until=until)
    db.session().add(given)
    end_sessions(person)
    record(Did.ROLE_GRANTED, person_key(person), by=by, role=role.value, office=office)
    return given


def end_role(person: Person, grant_id: int, *, by: Actor) -> None:
    """End a role now, or withdraw one that has not begun; the open sessions end.

    Refuses with NotFound, and with WrongState where it has ended, or is the last administrator's.
    """
    policy.check(by, Can.ROLES_GRANT, person)
    others = other_administrators(person)
    given = _held(person, grant_id)
    if given.role == Role.ADMINISTRATOR.value and given.is_valid(clock.now()) and not others:
        raise WrongState(LAST)
    if given.starts_at >= clock.now():
        db.session().delete(given)
    else:
        given.until = clock.now()
    end_sessions(person)
    record(Did.ROLE_ENDED, person_key(person), by=by, role=given.role, office=given.office)


def _held(person: Person, grant_id: int) -> Grant:
    wanted = select(Grant).where(Grant.id == grant_id, Grant.person_id == person.id)
    given = db.session().scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if given is None:
        raise NotFound(ENDED)
    if given.until is not None and given.until <= clock.now():
        raise WrongState(ENDED)
    return given


def other_administrators(person: Person) -> bool:
    """Say whether somebody else administers the portal now, and hold all administrators while it is decided.

    Two who remove each other at the same moment come one after the other, and the second is the last one.
    """
    session = db.session()
    session.scalars(queries.administrators(clock.now()).with_for_update()).all()
    # Asked again, of the instant after the wait: the other one's role ended later than this unit began.
    left = queries.administrators(max(clock.now(), clock.real() + clock.offset()))
    return any(person_id != person.id for person_id in session.scalars(left))
