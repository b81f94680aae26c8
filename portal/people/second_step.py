"""What a browser's session remembers between password and second factor, and of a passkey's question."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from portal import clock, crypto
from portal.people.factors import from_web_safe, web_safe
from portal.people.held import active

if TYPE_CHECKING:
    from portal.people.models import Person
    from portal.people.sessions import BrowserSession

HALF = timedelta(minutes=5)
ENROLLING = timedelta(minutes=30)
CHALLENGE = timedelta(minutes=5)
CHALLENGE_BYTES = 32


class For(StrEnum):
    """What a passkey is asked for; an answer to one question never serves another."""

    SIGN_IN = "sign-in"
    SECOND = "second"
    CONFIRM = "confirm"
    REGISTER = "register"


def _until(lasting: timedelta) -> str:
    return (clock.real() + lasting).isoformat()


def _is_over(until: str) -> bool:
    return datetime.fromisoformat(until) <= clock.real()


def begin_half(session: BrowserSession, person: Person) -> None:
    """Remember that the password was right; nobody is signed in yet, and the session has a new secret."""
    kept = session.get("keys", [])
    session.clear()
    session["keys"] = kept
    session["half"] = {"person": person.id, "stamp": person.password_stamp, "until": _until(HALF)}
    session.needs_new_secret = True


def half_person(session: BrowserSession) -> Person | None:
    """Return whose password was typed in the last five minutes; None where it was changed since."""
    half = session.get("half")
    if half is None or _is_over(half["until"]):
        return None
    person = active(half["person"])
    return person if person and person.password_stamp == half["stamp"] else None


def prove(session: BrowserSession) -> None:
    """Remember a second factor just shown; who may do more from now on gets a new secret (ASVS 7.2.4)."""
    session.needs_new_secret = session.needs_new_secret or "second_at" not in session
    session["second_at"] = clock.real().isoformat()


def confirm_by_passkey(session: BrowserSession) -> None:
    """Remember that a passkey was shown and unlocked just now: that is the password and the second factor."""
    session["fresh_at"] = clock.real().isoformat()
    prove(session)


def forget(session: BrowserSession) -> None:
    """Forget that a second factor was shown: the person has none any more."""
    session.pop("second_at", None)


def begin_enrolling(session: BrowserSession, person: Person, secret: str) -> None:
    """Keep the secret of an app that is not confirmed yet, for this person and this browser only."""
    sealed = crypto.seal(secret, f"enrolling:{person.id}")
    session["enrolling"] = {"person": person.id, "sealed": sealed, "until": _until(ENROLLING)}


def enrolling(session: BrowserSession, person: Person) -> str | None:
    """Return the secret this person is about to confirm, for half an hour."""
    kept = session.get("enrolling")
    if kept is None or kept["person"] != person.id or _is_over(kept["until"]):
        return None
    return crypto.unseal(kept["sealed"], f"enrolling:{person.id}")


def ask(session: BrowserSession, what: For) -> bytes:
    """Return a new question for a passkey; the one before is void."""
    question = secrets.token_bytes(CHALLENGE_BYTES)
    session["challenge"] = {
        "value": web_safe(question),
        "for": what.value,
        "until": _until(CHALLENGE),
    }
    return question


def asked(session: BrowserSession, what: For) -> bytes | None:
    """Return the question that stands open and take it away: right or wrong, it is answered once."""
    kept = session.pop("challenge", None)
    if kept is None or kept["for"] != what.value or _is_over(kept["until"]):
        return None
    return from_web_safe(kept["value"])
