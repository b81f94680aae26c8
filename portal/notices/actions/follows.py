"""Follow something by account at once, or by mail alone after the link in a mail was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from portal import clock, crypto, db, policy
from portal.errors import Invalid, NotFound
from portal.notices import queries
from portal.notices.actions.readers import go_on, reader_of
from portal.notices.models import Follow, Reader, What
from portal.policy import Can
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

MOST_FOLLOWS = 100
# So long a link by mail confirms; longer than a weekend.
LINK_LASTS = timedelta(days=3)
RADII_M = (300, 1_000, 3_000)
TOO_MANY = W("You follow %(most)s things already. Stop following one of them first.")
OLD_LINK = W("This link is over, or was used already. Follow once more, and you get a new one.")
NOT_THERE = W("You do not follow this any more.")


@dataclass(frozen=True)
class Wish:
    """What somebody wants to follow: see the table; `title` is how it is called on their list."""

    what: What
    target: str
    title: str
    kind: str = ""
    district: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    radius_m: int = 0


def follow(wish: Wish, language: str, *, by: Actor) -> Follow:
    """Let the person follow it from now on; once more changes nothing. Refuses with Invalid above 100."""
    policy.check(by, Can.ACCOUNT_OWN)
    reader = reader_of(by.person_id, "", language)
    found = _row(reader, wish)
    found.confirmed_at, found.token_hash = found.confirmed_at or clock.now(), None
    go_on(reader)
    return found


def follow_on(what: What, old: str, new: str, title: str) -> None:
    """Let everybody who follows one thing follow the thing it became a part of, each once.

    Again changes nothing but for whoever followed the old thing in the meantime.
    """
    here = (Follow.what == what.value, Follow.target == old)
    there = (Follow.what == what.value, Follow.target == new)
    sure = select(Follow.reader_id).where(*here, Follow.confirmed_at.is_not(None))
    both = select(Follow.reader_id).where(*there)
    session, now = db.session(), clock.now()
    # Whoever confirmed the one does not have to confirm the other.
    asked = update(Follow).where(*there, Follow.confirmed_at.is_(None), Follow.reader_id.in_(sure))
    session.execute(asked.values(confirmed_at=now, token_hash=None))
    session.execute(delete(Follow).where(*here, Follow.reader_id.in_(both)))
    session.execute(update(Follow).where(*here).values(target=new, title=title))


def ask_to_follow(wish: Wish, address: str, language: str) -> str | None:
    """Let the address wait for its confirmation, and return the secret for the mail.

    None where it follows this already, or follows too much: the mail says so, the page never does.
    """
    reader = reader_of(None, address, language)
    try:
        found = _row(reader, wish)
    except Invalid:
        return None
    if found.confirmed_at is not None:
        return None
    token = crypto.new_token()
    found.token_hash, found.asked_at = crypto.token_hash(token), clock.now()
    return token


def confirm(token: str) -> Follow:
    """Let the follow count whose link was opened, once; refuses with NotFound."""
    waiting = (
        Follow.token_hash == crypto.token_hash(token),
        Follow.confirmed_at.is_(None),
        Follow.asked_at > clock.now() - LINK_LASTS,
    )
    now, session = clock.now(), db.session()
    follow_id = session.scalar(select(Follow.id).where(*waiting))
    done = session.execute(
        update(Follow)
        .where(*waiting)
        .values(confirmed_at=now, token_hash=None)
        .execution_options(synchronize_session=False)
    )
    if follow_id is None or done.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(OLD_LINK)
    return session.get_one(Follow, follow_id, populate_existing=True)


def waiting_for(token: str) -> Follow:
    """Return what a link would confirm, and change nothing; refuses with NotFound."""
    wanted = select(Follow).where(Follow.token_hash == crypto.token_hash(token))
    found = db.session().scalar(wanted.where(Follow.asked_at > clock.now() - LINK_LASTS))
    if found is None:
        raise NotFound(OLD_LINK)
    return found


def reader_with(reader_id: int) -> Reader:
    """Return the reader of a follow."""
    return db.session().get_one(Reader, reader_id)


def hand_over(found: Follow, reader: Reader, person_id: int, language: str) -> Reader:
    """Give what an address follows to the account with this address, and return the account's reader.

    The mailed link has shown that both are one person; the address alone is then needed no more.
    """
    session = db.session()
    own = reader_of(person_id, "", language)
    same = select(Follow).where(Follow.what == found.what, Follow.target == found.target)
    if session.scalar(same.where(Follow.reader_id == own.id)) is None:
        found.reader_id = own.id
    else:
        session.delete(found)
    session.flush()
    if session.scalar(select(Follow.id).where(Follow.reader_id == reader.id)) is None:
        session.execute(delete(Reader).where(Reader.id == reader.id))
    return own


def unfollow(reader: Reader, follow_id: int) -> str:
    """Stop following one thing and return its title; refuses with NotFound what is not this reader's."""
    session = db.session()
    found = session.scalar(queries.follow_of(reader.id, follow_id))
    if found is None:
        raise NotFound(NOT_THERE)
    session.delete(found)
    go_on(reader)
    return found.title


def _row(reader: Reader, wish: Wish) -> Follow:
    session = db.session()
    known = select(Follow).where(Follow.reader_id == reader.id)
    found = session.scalar(known.where(Follow.what == wish.what.value, Follow.target == wish.target))
    if found is not None:
        return found
    if len(session.scalars(known.with_only_columns(Follow.id)).all()) >= MOST_FOLLOWS:
        raise Invalid(W(TOO_MANY.id, most=MOST_FOLLOWS))
    values = {
        "reader_id": reader.id,
        "what": wish.what.value,
        "target": wish.target,
        "title": wish.title[:200],
        "kind": wish.kind,
        "district": wish.district,
        "latitude_e6": wish.latitude_e6,
        "longitude_e6": wish.longitude_e6,
        "radius_m": wish.radius_m,
        "asked_at": clock.now(),
        "token_hash": crypto.token_hash(crypto.new_token()),
    }
    session.execute(db.insert(Follow).values(values).on_conflict_do_nothing())
    return session.scalars(known.where(Follow.what == wish.what.value, Follow.target == wish.target)).one()
