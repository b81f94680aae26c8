"""Close an account for a while, and open it again."""

from __future__ import annotations

from sqlalchemy import update

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.people.actions.keys import locked, person_key
from portal.people.actions.roles import LAST, other_administrators
from portal.people.actions.signing_in import end_sessions
from portal.people.models import Person, Suspension
from portal.policy import Actor, Can, Role
from portal.record import Did, record
from portal.words import W

SUSPENDED = W("This account is suspended already.")
NOT_SUSPENDED = W("This account is not suspended.")
NO_REASON = W("Say why the account is suspended")


def suspend(person: Person, reason: str, *, by: Actor) -> None:
    """Suspend an account with a reason; its sessions end, and nobody can sign in to it.

    Refuses with Invalid without a reason, and with WrongState: suspended already, or the last administrator.
    """
    policy.check(by, Can.PERSON_SUSPEND, person)
    if not reason:
        raise Invalid(NO_REASON, field="reason")
    others = other_administrators(person)
    held = locked(person.id)
    if not held.is_active:
        raise WrongState(SUSPENDED)
    administers = any(
        one.role == Role.ADMINISTRATOR.value and one.is_valid(clock.now()) for one in held.grants
    )
    if administers and not others:
        raise WrongState(LAST)
    held.suspended_at = clock.now()
    db.session().add(
        Suspension(
            person_id=held.id, reason=reason, started_at=clock.now(), started_by_id=by.person_id or held.id
        )
    )
    end_sessions(held)
    record(Did.PERSON_SUSPENDED, person_key(held), by=by)


def reinstate(person: Person, *, by: Actor) -> None:
    """Open a suspended account again; refuses with WrongState where it is not suspended."""
    policy.check(by, Can.PERSON_SUSPEND, person)
    held = locked(person.id)
    if held.is_active:
        raise WrongState(NOT_SUSPENDED)
    held.suspended_at = None
    ended = update(Suspension).where(Suspension.person_id == held.id, Suspension.ended_at.is_(None))
    db.session().execute(ended.values(ended_at=clock.now(), ended_by_id=by.person_id or held.id))
    record(Did.PERSON_REINSTATED, person_key(held), by=by)
