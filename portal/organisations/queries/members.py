"""Who belongs to an organisation, who was invited, who asks to belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from portal.organisations.models import Membership, MembershipRequest
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime


def current(at: datetime) -> ColumnElement[bool]:
    """Return the condition that somebody belongs to the organisation at this instant."""
    return and_(Membership.starts_at <= at, or_(Membership.until.is_(None), Membership.until > at))


def members_of(organisation_id: int, at: datetime) -> Select[*tuple[Any, ...]]:
    """Select the members of this instant with their accounts, those who speak for it first."""
    return (
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, current(at))
        .order_by(Membership.speaks_for_it.desc(), Person.name, Person.id)
    )


def named_members(organisation_id: int, at: datetime) -> Select[*tuple[Any, ...]]:
    """Select (name, whether it is public, speaks for it) of each member; names only of who chose it."""
    return (
        select(Membership.is_named, Membership.speaks_for_it, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, current(at))
        .where(Person.suspended_at.is_(None))
        .order_by(Membership.speaks_for_it.desc(), Person.name)
    )


def speakers_of(organisation_id: int, at: datetime) -> Select[Membership]:
    """Select the memberships of those who speak for it and whose account is open."""
    return (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.organisation_id == organisation_id, current(at))
        .where(Membership.speaks_for_it, Person.suspended_at.is_(None))
        .order_by(Membership.id)
    )


def admitted_at(organisation_id: int, person_id: int, at: datetime) -> Select[Membership]:
    """Select a person's membership of this instant."""
    return select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.person_id == person_id, current(at)
    )


def requests_to(organisation_id: int) -> Select[*tuple[Any, ...]]:
    """Select the open requests to belong to it, with who asks, the oldest first."""
    return (
        select(MembershipRequest, Person)
        .join(Person, Person.id == MembershipRequest.person_id)
        .where(MembershipRequest.organisation_id == organisation_id, MembershipRequest.outcome == "")
        .order_by(MembershipRequest.id)
    )


def open_request(organisation_id: int, person_id: int) -> Select[MembershipRequest]:
    """Select the open request of one person."""
    return select(MembershipRequest).where(
        MembershipRequest.organisation_id == organisation_id,
        MembershipRequest.person_id == person_id,
        MembershipRequest.outcome == "",
    )
