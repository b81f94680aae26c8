"""What the worker asks of people: where mail goes now, and which sessions are over."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from portal import clock, db
from portal.people.models import KnownBrowser, MailedLink, OpenSession, Person, Tally


def address_of(person_id: int) -> str | None:
    """Return where a person's mail goes now, or None where there is nobody any more."""
    with db.reading() as session:
        return session.scalar(
            select(Person.email)
            .where(Person.id == person_id)
            .where(Person.suspended_at.is_(None), Person.erased_at.is_(None))
        )


def forget_old_sessions() -> int:
    """Drop sessions, mailed links, known browsers and tries that are over; return how many sessions."""
    now = clock.real()
    gone = db.session().execute(delete(OpenSession).where(OpenSession.expires_at < now))
    yesterday = int((now - timedelta(days=1)).timestamp()) // 60
    db.session().execute(delete(Tally).where(Tally.window < yesterday))
    db.session().execute(delete(MailedLink).where(MailedLink.expires_at < now))
    db.session().execute(delete(KnownBrowser).where(KnownBrowser.expires_at < now))
    return int(gone.rowcount)  # type: ignore[attr-defined]
