"""Which mandates hold at an instant: the SQL twin of Mandate.is_valid, and the lists built on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from portal.organisations.models import Check, Mandate, Membership, Organisation
from portal.organisations.queries.members import current
from portal.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime


def valid(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a mandate holds at this instant."""
    return and_(
        Mandate.starts_at <= at,
        or_(Mandate.until.is_(None), Mandate.until > at),
        or_(Mandate.ended_at.is_(None), Mandate.ended_at > at),
    )


def of_organisation(organisation_id: int) -> Select[*tuple[Any, ...]]:
    """Select the mandates of an organisation with their persons, the newest first."""
    return (
        select(Mandate, Person)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.organisation_id == organisation_id)
        .order_by(Mandate.id.desc())
    )


def one(organisation_id: int, number: int) -> Select[Mandate]:
    """Select one mandate of this organisation and no other."""
    return select(Mandate).where(Mandate.organisation_id == organisation_id, Mandate.id == number)


def held_by(organisation_id: int, person_id: int, at: datetime) -> Select[Mandate]:
    """Select the mandates of one person that hold at this instant or later."""
    return select(Mandate).where(
        Mandate.organisation_id == organisation_id,
        Mandate.person_id == person_id,
        or_(Mandate.until.is_(None), Mandate.until > at),
        Mandate.ended_at.is_(None),
    )


def covering(organisation_id: int, person_id: int, subjects: tuple[str, ...], at: datetime) -> Select[int]:
    """Select the mandates by which a member may bind the organisation in one of these matters now."""
    is_member = exists().where(
        Membership.organisation_id == organisation_id, Membership.person_id == person_id, current(at)
    )
    return (
        select(Mandate.id)
        .where(
            Mandate.organisation_id == organisation_id,
            Mandate.person_id == person_id,
            Mandate.subject.in_(("", *subjects)),
            valid(at),
            is_member,
        )
        .limit(1)
    )


def checks_of(organisation_id: int) -> Select[*tuple[Any, ...]]:
    """Select what the city checked of it, with the mandate, the newest first."""
    return (
        select(Check, Mandate)
        .join(Mandate, Mandate.id == Check.mandate_id)
        .where(Check.organisation_id == organisation_id)
        .order_by(Check.id.desc())
    )


def ending(after: datetime, before: datetime) -> Select[*tuple[Any, ...]]:
    """Select the mandates that still hold and end between two instants, with their organisations."""
    return (
        select(Mandate, Organisation)
        .join(Organisation, Organisation.id == Mandate.organisation_id)
        .where(Mandate.ended_at.is_(None), Mandate.until > after, Mandate.until <= before)
        .order_by(Mandate.id)
    )
