"""Make a link for a mail, look at it as often as mail scanners like, and use it once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal import clock, crypto, db
from portal.errors import NotFound
from portal.people.models import MailedLink, Purpose
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement

LASTING = {
    Purpose.JOIN: timedelta(days=3),
    Purpose.RESET: timedelta(hours=1),
    Purpose.NEW_ADDRESS: timedelta(days=1),
    Purpose.UNDO: timedelta(days=7),
}
OLD_LINK = W("This link is over or was used already. Ask for a new one.")


def make(purpose: Purpose, *, language: str, **content: str | int | None) -> str:
    """Keep a new link by its hash and return its secret; `content` fills the other columns."""
    token, now = crypto.new_token(), clock.real()
    link = MailedLink(
        token_hash=crypto.token_hash(token),
        purpose=purpose.value,
        language=language,
        made_at=now,
        expires_at=now + LASTING[purpose],
        **content,
    )
    db.session().add(link)
    return token


def find(token: str, purpose: Purpose) -> MailedLink:
    """Return the link where it is still good; refuses with NotFound. Changes nothing."""
    wanted = select(MailedLink).where(*_good(token, purpose))
    found = db.session().scalar(wanted)
    if found is None:
        raise NotFound(OLD_LINK)
    return found


def use(token: str, purpose: Purpose) -> MailedLink:
    """Use the link up and return it; the database lets one of two through, the other gets NotFound."""
    used = update(MailedLink).where(*_good(token, purpose)).values(used_at=clock.real())
    done = db.session().execute(used.execution_options(synchronize_session=False))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(OLD_LINK)
    return db.session().get_one(MailedLink, crypto.token_hash(token), populate_existing=True)


def void(person_id: int, purposes: Iterable[Purpose], *, since: datetime | None = None) -> None:
    """Let a person's unused links of these kinds lead nowhere, all or those made since an instant."""
    dead = update(MailedLink).where(
        MailedLink.person_id == person_id,
        MailedLink.purpose.in_([purpose.value for purpose in purposes]),
        MailedLink.used_at.is_(None),
    )
    if since is not None:
        dead = dead.where(MailedLink.made_at >= since)
    done = dead.values(used_at=clock.real()).execution_options(synchronize_session=False)
    db.session().execute(done)


def _good(token: str, purpose: Purpose) -> tuple[ColumnElement[bool], ...]:
    return (
        MailedLink.token_hash == crypto.token_hash(token),
        MailedLink.purpose == purpose.value,
        MailedLink.used_at.is_(None),
        MailedLink.expires_at > clock.real(),
    )
