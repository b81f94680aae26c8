"""Choose a new password: signed in with the old one, or by a link sent to the account's address."""

from __future__ import annotations

from sqlalchemy import delete

from portal import clock, crypto, db, policy
from portal.errors import NotAllowed, Stale
from portal.people import letters
from portal.people.actions import links
from portal.people.actions.keys import as_actor, locked, person_key
from portal.people.actions.signing_in import end_sessions
from portal.people.models import KnownBrowser, Person, Purpose
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.words import W

SUSPENDED = W("This account is suspended. The help desk below can tell you why.")
_CHANGED = W("The password was changed meanwhile. Sign in with the new one.")


def reset_password(token: str, password: str) -> tuple[Person, str]:
    """Set the password by a mailed link, once; return the person and where they were going.

    All sessions end; second factors stay, so that a letter box alone never opens a protected account.
    Refuses with NotFound where the link is over, and with NotAllowed where the account is suspended.
    """
    hashed = crypto.hash_password(password)
    # The account is held before its link is used: two links at once come one after the other.
    person = locked(links.find(token, Purpose.RESET).person_id or 0)
    link = links.use(token, Purpose.RESET)
    if not person.is_active:
        raise NotAllowed(SUSPENDED)
    set_password(person, hashed)
    end_sessions(person)
    record(Did.PERSON_PASSWORD_RESET, person_key(person), by=as_actor(person))
    letters.tell_password_changed(person, by_link=True)
    return person, link.next_path


def change_password(person: Person, password: str, *, by: Actor, this_session: str) -> Person:
    """Set the password of somebody whose old one was just confirmed; the sessions elsewhere end.

    `this_session` is the hash of the session that stays. Refuses with Stale where somebody else was faster.
    """
    policy.check(by, Can.ACCOUNT_OWN)
    hashed = crypto.hash_password(password)
    held = locked(person.id)
    if held.password_hash != person.password_hash:
        raise Stale(_CHANGED)
    set_password(held, hashed)
    end_sessions(held, but=this_session)
    record(Did.PERSON_PASSWORD_CHANGED, person_key(held), by=by)
    letters.tell_password_changed(held, by_link=False)
    return held


def set_password(person: Person, hashed: str) -> None:
    """Put the new hash in place; what was asked under the old password is worth nothing any more."""
    person.password_hash, person.password_set_at = hashed, clock.real()
    db.session().execute(delete(KnownBrowser).where(KnownBrowser.person_id == person.id))
    links.void(person.id, (Purpose.RESET, Purpose.NEW_ADDRESS))
