"""Server-side sessions: the cookie holds a secret, the database its hash; ending the row ends the session."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from flask import session as browser_session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from portal import clock, crypto, db
from portal.people import queries
from portal.people.browsers import describe
from portal.people.lifetimes import KNOWN_BROWSER, LONGEST, is_alive
from portal.people.models import KnownBrowser, OpenSession, Person
from portal.people.standing import account_of

if TYPE_CHECKING:
    from flask import Flask, Request, Response
    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from portal.people.standing import Account

log = logging.getLogger("portal.sessions")
FRESH = timedelta(minutes=10)
# Writing "last seen" at every page would make every page a write.
SEEN_EVERY = timedelta(minutes=5)
# Values stay well below this: it stops a session from becoming a store.
MOST_KEYS = 50

login_manager = LoginManager()


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_person(person_id: str) -> Person | None:
    """Return the active person of a session; asked for only where a page shows or changes the account."""
    with db.reading() as session:
        person = session.scalars(queries.SIGNED_IN, {"person_id": int(person_id)}).unique().one_or_none()
    return person if person is not None and _is_theirs(person) else None


def signed_in() -> Account | None:
    """Return the active account that this request's session names, as it was read with the session."""
    account: Account | None = getattr(browser_session, "account", None)
    if account is None or browser_session.get("_user_id") != str(account.id):
        return None
    return account if _is_theirs(account) else None


def _is_theirs(account: Person | Account) -> bool:
    # A sign-in that was under way while the password changed would otherwise outlive it.
    return account.is_active and browser_session.get("password_of", "") == account.password_stamp


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
        # Read together with the session, for whoever asks who this is.
        self.account: Account | None = None
        self.needs_new_secret = False
        # Somebody signs in with this very answer: whatever row was there before is replaced.
        self.begins = False
        self.browser = ""
        # The secret by which accounts that were opened in this browser know it, and one account more.
        self.known = ""
        self.known_to: int | None = None


def _row_of(token: str) -> tuple[Row[Any], Account | None] | None:
    try:
        return _row(token)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        # The line had broken while it lay idle: the question is asked once more, on a new one.
        return _row(token)


class ServerSessions(SessionInterface):
    """Keep sessions in the database, each under the hash of its secret."""

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Return the session of the cookie, or an empty one."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        try:
            there = _row_of(token) if token else None
        except SQLAlchemyError:
            # The view will meet the same database and say so; whoever is signed in stays so.
            log.exception("sessions cannot be read")
            return BrowserSession(is_lost=True)
        found = BrowserSession()
        if there is not None:
            row, account = there
            found = BrowserSession(dict(row.content), token)
            found.seen_at, found.account = row.seen_at, account
        found.known = request.cookies.get(known_cookie_name(app), "")
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session back where it changed; runs after the request's transaction."""
        assert isinstance(session, BrowserSession)  # noqa: S101 - the interface knows only the mixin
        if session.is_lost:
            return
        try:
            self._save(app, session, response)
            if session.known_to is not None:
                token = _know_browser(session.known, session.known_to)
                self._set(app, response, known_cookie_name(app), token, KNOWN_BROWSER)
        except SQLAlchemyError:
            # The answer is worth more than the session; a busy database already has its own page.
            log.exception("a session cannot be kept")

    def _save(self, app: Flask, session: BrowserSession, response: Response) -> None:
        if not session:
            self._drop(app, session, response)
            return
        if not (session.modified or session.needs_new_secret or _seen_long_ago(session)):
            return
        session.browser = describe(request.user_agent.string)
        if not _store(session):
            return
        self._set(app, response, self.get_cookie_name(app), session.token, LONGEST)
        response.vary.add("Cookie")

    def _set(self, app: Flask, response: Response, name: str, value: str, lasting: timedelta) -> None:
        response.set_cookie(
            name,
            value,
            max_age=int(lasting.total_seconds()),
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
            path="/",
        )

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


def known_cookie_name(app: Flask) -> str:
    """Return the cookie by which a browser is known that signed in before."""
    return f"{app.config['SESSION_COOKIE_NAME']}-known"


def _row(token: str) -> tuple[Row[Any], Account | None] | None:
    rows = db.rows(queries.OPEN_SESSION, {"token_hash": crypto.token_hash(token)})
    if not rows:
        return None
    row, account = rows[0], account_of(rows)
    at, now = clock.now(), clock.real()
    is_staff = account is not None and any(grant.is_valid(at) for grant in account.grants)
    alive = now < row.expires_at and is_alive(row.created_at, row.seen_at, now, is_staff=is_staff)
    return (row, account) if alive else None


def _seen_long_ago(session: BrowserSession) -> bool:
    return session.seen_at is not None and session.seen_at + SEEN_EVERY < clock.real()


def _store(session: BrowserSession) -> bool:
    """Write the row; False where the session was ended meanwhile, which nothing brings back to life."""
    with db.aside() as own:
        row = None
        if session.token:
            row = own.get(OpenSession, crypto.token_hash(session.token), with_for_update=True)
            if row is None and not session.begins:
                return False
        if row is None or session.needs_new_secret:
            row = _renewed(own, session, row)
        row.content = dict(session)
        row.person_id = int(session["_user_id"]) if "_user_id" in session else None
        row.seen_at = clock.real()
        row.browser = session.browser
    return True


def _renewed(own: Session, session: BrowserSession, old: OpenSession | None) -> OpenSession:
    """Put a row with a new secret in the place of the old one; only signing in starts the week anew."""
    session.token = crypto.new_token()
    now = clock.real()
    began_at = now if old is None or session.begins else old.created_at
    if old is not None:
        own.delete(old)
    row = OpenSession(
        token_hash=crypto.token_hash(session.token), created_at=began_at, expires_at=began_at + LONGEST
    )
    own.add(row)
    return row


def _know_browser(known: str, person_id: int) -> str:
    """Let this person know the browser by a new secret, and return it.

    The one it had is worth nothing afterwards: somebody may have planted or copied it.
    """
    token, expires_at = crypto.new_token(), clock.real() + KNOWN_BROWSER
    new, old = crypto.token_hash(token), crypto.token_hash(known)
    values = {"token_hash": new, "person_id": person_id, "expires_at": expires_at}
    insert = db.insert(KnownBrowser).values(values)
    keys = [KnownBrowser.token_hash, KnownBrowser.person_id]
    with db.aside() as own:
        own.execute(update(KnownBrowser).where(KnownBrowser.token_hash == old).values(token_hash=new))
        own.execute(insert.on_conflict_do_update(index_elements=keys, set_={"expires_at": expires_at}))
    return token


def begin(session: BrowserSession, person: Person, *, is_proved: bool = False) -> None:
    """Sign the person in: a new secret, freshly signed in; opened drafts are kept, but not by an official.

    `is_proved` says that a second factor was shown too.

    Whoever works for the city would otherwise stand on both sides of what was opened here before.
    """
    is_official = any(grant.is_valid(clock.now()) for grant in person.grants)
    kept = [] if is_official else session.get("keys", [])
    session.clear()
    session["keys"] = kept
    session.needs_new_secret = session.begins = True
    session["password_of"] = person.password_stamp
    session.known_to = person.id
    login_user(person)
    session["fresh_at"] = clock.real().isoformat()
    if is_proved:
        session["second_at"] = clock.real().isoformat()
    # The features above say what somebody brings along into the account.
    current_app.extensions.get("take_along", _nothing)(kept, person)


def _nothing(_keys: list[str], _person: Person) -> None:
    """Take nothing along: no feature has asked for it."""


def end(session: BrowserSession) -> None:
    """Sign out: the row dies with the answer."""
    logout_user()
    session.clear()


def renew(session: BrowserSession, person: Person) -> None:
    """Give this browser a new secret after its person chose a new password; the other sessions are over."""
    session["password_of"] = person.password_stamp
    session["fresh_at"] = clock.real().isoformat()
    session.needs_new_secret = True


def is_fresh(session: SessionMixin) -> bool:
    """Say whether this person confirmed who they are in the last ten minutes.

    By the password, and by the second factor too where this session ever proved one: every session that
    counts for a city role did.
    """
    return is_recent(session, "fresh_at") and (not is_proved(session) or is_recent(session, "second_at"))


def is_proved(session: SessionMixin) -> bool:
    """Say whether a second factor was shown in this session."""
    return "second_at" in session


def is_recent(session: SessionMixin, what: str) -> bool:
    """Say whether an instant kept in the session is at most ten minutes ago."""
    text: str = session.get(what, "")
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
