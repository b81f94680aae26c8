"""Questions about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal.people.models import Grant, OpenSession, Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.policy import Role


def with_grants() -> Select[Person]:
    """Select people together with their roles."""
    return select(Person).options(selectinload(Person.grants))


def by_id(person_id: int) -> Select[Person]:
    """Select one person with roles."""
    return with_grants().where(Person.id == person_id)


def by_email(email: str) -> Select[Person]:
    """Select the person who signs in with this address."""
    return with_grants().where(Person.email == email.strip().lower())


def by_ids(ids: Iterable[int]) -> Select[Person]:
    """Select several people."""
    return select(Person).where(Person.id.in_(list(ids)))


def holding(role: Role, at: datetime) -> Select[Person]:
    """Select the people who hold this role at this instant, by name."""
    return (
        select(Person)
        .join(Grant)
        .where(Grant.role == role.value, Grant.starts_at <= at, (Grant.until.is_(None)) | (Grant.until > at))
        .where(Person.suspended_at.is_(None))
        .order_by(Person.name)
        .distinct()
    )


def open_sessions_of(person_id: int) -> Select[OpenSession]:
    """Select a person's open sessions."""
    return select(OpenSession).where(OpenSession.person_id == person_id)
