"""Server-side sessions: the cookie holds a secret, the database its hash; ending the row ends the session."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import CallbackDict

from portal import clock, crypto, db
from portal.people import queries
from portal.people.models import OpenSession, Person

if TYPE_CHECKING:
    from flask import Flask, Request, Response

log = logging.getLogger("portal.sessions")
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
FRESH = timedelta(minutes=10)
# Writing "last seen" at every page would make every page a write.
SEEN_EVERY = timedelta(minutes=5)
# Values stay well below this: it stops a session from becoming a store.
MOST_KEYS = 50

login_manager = LoginManager()


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_person(person_id: str) -> Person | None:
    """Return the active person of a session; runs before the request's unit of work."""
    with db.reading() as session:
        person = session.scalar(queries.by_id(int(person_id)))
    return person if person is not None and person.is_active else None


class BrowserSession(CallbackDict[str, Any], SessionMixin):
    """What one browser is doing; knows whether it changed and whether it needs a new secret."""

    def __init__(
        self, content: dict[str, Any] | None = None, token: str = "", *, is_lost: bool = False
    ) -> None:
        def changed(_self: object) -> None:
            self.modified = True

        super().__init__(content or {}, changed)
        self.modified = False
        self.accessed = True
        self.token = token
        self.is_lost = is_lost
        self.seen_at: datetime | None = None
        self.needs_new_secret = False


class ServerSessions(SessionInterface):
    """Keep sessions in the database, each under the hash of its secret."""

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Return the session of the cookie, or an empty one."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        try:
            row = _row(token) if token else None
        except OperationalError:
            # The view will meet the same database and say so; whoever is signed in stays so.
            log.exception("sessions cannot be read")
            return BrowserSession(is_lost=True)
        if row is None:
            return BrowserSession()
        found = BrowserSession(dict(row.content), token)
        found.seen_at = row.seen_at
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session back where it changed; runs after the request's transaction."""
        assert isinstance(session, BrowserSession)  # noqa: S101 - the interface knows only the mixin
        if session.is_lost:
            return
        try:
            self._save(app, session, response)
        except OperationalError:
            # The answer is worth more than the session; a busy database already has its own page.
            log.exception("a session cannot be kept")

    def _save(self, app: Flask, session: BrowserSession, response: Response) -> None:
        if not session:
            self._drop(app, session, response)
            return
        if not (session.modified or session.needs_new_secret or _seen_long_ago(session)):
            return
        _store(session)
        response.set_cookie(
            self.get_cookie_name(app),
            session.token,
            max_age=int(LONGEST.total_seconds()),
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
            path="/",
        )
        response.vary.add("Cookie")

    def _drop(self, app: Flask, session: BrowserSession, response: Response) -> None:
        if session.token:
            with db.aside() as own:
                own.execute(
                    delete(OpenSession).where(OpenSession.token_hash == crypto.token_hash(session.token))
                )
            response.delete_cookie(
                self.get_cookie_name(app),
                secure=self.get_cookie_secure(app),
                httponly=True,
                samesite="Lax",
                path="/",
            )


def _row(token: str) -> OpenSession | None:
    with db.reading() as session:
        row = session.get(OpenSession, crypto.token_hash(token))
    now = clock.real()
    alive = row is not None and row.expires_at > now and row.seen_at + IDLE > now
    return row if alive else None


def _seen_long_ago(session: BrowserSession) -> bool:
    return session.seen_at is not None and session.seen_at + SEEN_EVERY < clock.real()


def _store(session: BrowserSession) -> None:
    now = clock.real()
    with db.aside() as own:
        if session.needs_new_secret and session.token:
            own.execute(delete(OpenSession).where(OpenSession.token_hash == crypto.token_hash(session.token)))
            session.token = ""
        is_new = not session.token
        session.token = session.token or crypto.new_token()
        row = None if is_new else own.get(OpenSession, crypto.token_hash(session.token))
        if row is None:
            # A row that was ended meanwhile (sign-out elsewhere, a new role) is never brought back to life.
            if not is_new:
                return
            row = OpenSession(
                token_hash=crypto.token_hash(session.token), created_at=now, expires_at=now + LONGEST
            )
            own.add(row)
        row.content = dict(session)
        row.person_id = int(session["_user_id"]) if "_user_id" in session else None
        row.seen_at = now


def begin(session: BrowserSession, person: Person) -> None:
    """Sign the person in: a new secret, freshly signed in; opened drafts are kept, but not by an official.

    Whoever works for the city would otherwise stand on both sides of what was opened here before.
    """
    is_official = any(grant.is_valid(clock.now()) for grant in person.grants)
    kept = [] if is_official else session.get("keys", [])
    session.clear()
    session["keys"] = kept
    session.needs_new_secret = True
    login_user(person)
    session["fresh_at"] = clock.real().isoformat()


def end(session: BrowserSession) -> None:
    """Sign out: the row dies with the answer."""
    logout_user()
    session.clear()


def is_fresh(session: SessionMixin) -> bool:
    """Say whether the password was typed in the last ten minutes."""
    text: str = session.get("fresh_at", "")
    return bool(text) and datetime.fromisoformat(text) + FRESH > clock.real()


def open_key(session: BrowserSession, subject: str) -> None:
    """Let this browser hold the subject, after its secret link or word was right.

    A session that may do more gets a new secret, so that whoever knew it before holds nothing (ASVS 7.2.4).
    """
    keys = [key for key in session.get("keys", []) if key != subject]
    session.needs_new_secret = subject not in session.get("keys", [])
    session["keys"] = [*keys, subject][-MOST_KEYS:]


def confirm_password(session: SessionMixin, person: Person, password: str) -> bool:
    """Ask again who this is, before an act that binds; runs before any writing transaction."""
    if not crypto.password_matches(person.password_hash, password):
        return False
    session["fresh_at"] = clock.real().isoformat()
    return True
