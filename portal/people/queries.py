"""Questions about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Integer, Select, String, and_, bindparam, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.people.models import Grant, Invitation, KnownBrowser, OpenSession, Person, Suspension
from portal.policy import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import BindParameter


def with_grants() -> Select[Person]:
    """Select people together with their roles."""
    return select(Person).options(selectinload(Person.grants))


def by_id(person_id: int) -> Select[Person]:
    """Select one person with roles."""
    return with_grants().where(Person.id == person_id)


def by_email(email: str) -> Select[Person]:
    """Select the person who signs in with this address."""
    return with_grants().where(Person.email == email.strip().lower())


def by_email_at_once(email: str) -> Select[Person]:
    """Select the same person and the roles in one statement; the rows are to be made unique."""
    found = select(Person).options(joinedload(Person.grants))
    return found.where(Person.email == email.strip().lower())


def by_ids(ids: Iterable[int]) -> Select[Person]:
    """Select several people."""
    return select(Person).where(Person.id.in_(list(ids)))


def valid(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a role is held at this instant."""
    return and_(Grant.starts_at <= at, or_(Grant.until.is_(None), Grant.until > at))


def holding(role: Role, at: datetime) -> Select[Person]:
    """Select the people who hold this role at this instant, by name."""
    return (
        select(Person)
        .join(Grant)
        .where(Grant.role == role.value, valid(at))
        .where(Person.suspended_at.is_(None))
        .order_by(Person.name)
        .distinct()
    )


def open_sessions_of(person_id: int) -> Select[OpenSession]:
    """Select a person's open sessions."""
    return select(OpenSession).where(OpenSession.person_id == person_id)


# Asked for at every page of somebody signed in, so they are put together once.
# Parameter: token_hash. A session with its person, one row for each role of theirs: columns, because nobody
# changes anything of it.
OPEN_SESSION = (
    select(
        OpenSession.content,
        OpenSession.created_at,
        OpenSession.seen_at,
        OpenSession.expires_at,
        Person.id,
        Person.pseudonym,
        Person.name,
        Person.suspended_at,
        Person.erased_at,
        Person.password_set_at,
        Grant.role,
        Grant.starts_at,
        Grant.until,
    )
    .outerjoin(Person, Person.id == OpenSession.person_id)
    .outerjoin(Grant, Grant.person_id == Person.id)
    .where(OpenSession.token_hash == bindparam("token_hash", type_=String))
)
# Parameter: person_id. One person and the roles in one statement; the rows are to be made unique.
SIGNED_IN = (
    select(Person)
    .options(joinedload(Person.grants))
    .where(Person.id == bindparam("person_id", type_=Integer))
)


def knows(token_hash: str, email: str, at: datetime) -> Select[int]:
    """Select the person with this address where this browser is known to them."""
    return (
        select(Person.id)
        .join(KnownBrowser, KnownBrowser.person_id == Person.id)
        .where(Person.email == email, KnownBrowser.token_hash == token_hash, KnownBrowser.expires_at > at)
    )


def browsers_of(person_id: int, at: datetime) -> Select[str]:
    """Select the hashes of the browsers in which a person signed in before."""
    known = (KnownBrowser.person_id == person_id, KnownBrowser.expires_at > at)
    return select(KnownBrowser.token_hash).where(*known)


def overlapping(person_id: int, role: Role, starts_at: datetime, until: datetime | None) -> Select[int]:
    """Select the roles of this kind that a person has at some time between two instants."""
    found = select(Grant.id).where(Grant.person_id == person_id, Grant.role == role.value)
    found = found.where(or_(Grant.until.is_(None), Grant.until > starts_at))
    return found if until is None else found.where(Grant.starts_at < until)


def administrators(at: datetime) -> Select[int]:
    """Select the people who administer the portal at this instant, in one order for all who hold them."""
    return (
        select(Grant.person_id)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role == Role.ADMINISTRATOR.value, valid(at), Person.suspended_at.is_(None))
        .order_by(Grant.id)
    )


def by_pseudonym(pseudonym: str) -> Select[Person]:
    """Select one person with roles by the name the record knows."""
    return with_grants().where(Person.pseudonym == pseudonym)


def found_by(text: str, at: datetime, *, after: int, most: int) -> Select[Person]:
    """Select people whose name holds the text or whose address begins with it, in the order they joined.

    Without a text: those who work for the city now or later. `after` is the last id of the page before.
    """
    found = with_grants().where(Person.id > after).order_by(Person.id).limit(most)
    if not text:
        works = exists().where(Grant.person_id == Person.id, or_(Grant.until.is_(None), Grant.until > at))
        return found.where(works)
    name = Person.name.icontains(text, autoescape=True)
    return found.where(or_(name, Person.email.istartswith(text.strip(), autoescape=True)))


def invitations_to(subject: str) -> Select[Invitation]:
    """Select the open invitations to a thing, the newest first; some may have run out."""
    found = select(Invitation).where(Invitation.subject == subject, Invitation.outcome == "")
    return found.order_by(Invitation.id.desc())


def suspensions_of(person_id: int) -> Select[Suspension]:
    """Select when and why an account was suspended, the newest first."""
    return select(Suspension).where(Suspension.person_id == person_id).order_by(Suspension.id.desc())
