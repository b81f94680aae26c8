"""Questions about organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from portal.organisations.models import Membership, Organisation

if TYPE_CHECKING:
    from datetime import datetime


def by_slug(slug: str) -> Select[Organisation]:
    """Select one organisation."""
    return select(Organisation).where(Organisation.slug == slug)


def of_person(person_id: int, at: datetime) -> Select[Organisation]:
    """Select the organisations a person belongs to at this instant."""
    return (
        select(Organisation)
        .join(Membership)
        .where(Membership.person_id == person_id, Membership.starts_at <= at)
        .where((Membership.until.is_(None)) | (Membership.until > at))
        .order_by(Organisation.name)
    )


def ids_of_person(person_id: int, at: datetime) -> Select[int]:
    """Select the ids of those organisations."""
    return of_person(person_id, at).with_only_columns(Organisation.id).order_by(None)
