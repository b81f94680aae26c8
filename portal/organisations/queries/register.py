"""The register of organisations: who may see which, the public list, the desk's list with what needs care."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.organisations.models import Check, Mandate, Membership, Organisation, Scope
from portal.organisations.queries.mandates import valid
from portal.policy import CASE_STAFF, Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.policy import Actor

PAGE = 20
# What the public list shows of each; nothing private can slip into a template through it.
PUBLIC_COLUMNS = (
    Organisation.id,
    Organisation.slug,
    Organisation.name,
    Organisation.kind,
    Organisation.summary,
)


def visible_to(actor: Actor) -> Select[Organisation]:
    """Select what the actor may see: all that are not hidden, one's own, and for the desk every one."""
    found = select(Organisation)
    if actor.kind == "system" or actor.holds(Role.CLERK, *CASE_STAFF):
        return found
    return found.where(or_(Organisation.hidden_at.is_(None), Organisation.id.in_(list(actor.organisations))))


def by_slug(found: Select[Organisation], slug: str) -> Select[Organisation]:
    """Narrow a selection to one organisation."""
    return found.where(Organisation.slug == slug)


def by_id(organisation_id: int) -> Select[Organisation]:
    """Select one organisation by its number."""
    return select(Organisation).where(Organisation.id == organisation_id)


def of_member(person_id: int, at: datetime) -> Select[*tuple[Any, ...]]:
    """Select the organisations a person belongs to at this instant, with the membership, by name."""
    return (
        select(Organisation, Membership)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, Membership.starts_at <= at)
        .where(or_(Membership.until.is_(None), Membership.until > at))
        .order_by(Organisation.name, Organisation.id)
    )


def names_of(keys: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """Select slug and name of the organisations with these subject keys, those that everybody may see."""
    slugs = [key.removeprefix("organisation:") for key in keys if key.startswith("organisation:")]
    return select(Organisation.slug, Organisation.name).where(
        Organisation.slug.in_(slugs), Organisation.hidden_at.is_(None)
    )


def listed(*, kind: str = "", text: str = "", after: str = "") -> Select[*tuple[Any, ...]]:
    """Select a page of the public register and one row more, by name; `after` is the last slug before it."""
    found = select(*PUBLIC_COLUMNS).where(Organisation.hidden_at.is_(None))
    page: Select[*tuple[Any, ...]] = _filtered(found, kind, text, after).limit(PAGE + 1)
    return page


def for_desk(
    at: datetime, soon: datetime, *, kind: str = "", text: str = "", after: str = "", care: str = ""
) -> Any:
    """Select a page of the desk's list and one row more, each with until when a check of it holds.

    `care` narrows to what needs care: "unchecked", "expired", "soon" (before that instant), "hidden".
    """
    holds = _holds_until().label("holds_until")
    double = _has_double().label("has_double")
    found = select(Organisation, holds, double)
    conditions: dict[str, ColumnElement[bool]] = {
        "unchecked": holds.is_(None),
        "expired": holds <= at,
        "soon": and_(holds > at, holds <= soon),
        "hidden": Organisation.hidden_at.is_not(None),
        "double": double,
    }
    if care in conditions:
        found = found.where(conditions[care])
    return _filtered(found, kind, text, after).limit(PAGE + 1)


def _filtered(found: Any, kind: str, text: str, after: str) -> Any:
    if kind:
        found = found.where(Organisation.kind == kind)
    if text:
        found = found.where(
            or_(
                Organisation.name.icontains(text, autoescape=True),
                Organisation.plain_name.contains(text.lower(), autoescape=True),
            )
        )
    if after:
        last = aliased(Organisation)
        comes_later = exists().where(
            last.slug == after,
            or_(
                Organisation.name > last.name,
                and_(Organisation.name == last.name, Organisation.id > last.id),
            ),
        )
        found = found.where(comes_later)
    return found.order_by(Organisation.name, Organisation.id)


def _holds_until() -> Any:
    return (
        select(func.max(Check.holds_until))
        .join(Mandate, Mandate.id == Check.mandate_id)
        .where(Check.organisation_id == Organisation.id, Mandate.ended_at.is_(None))
        .correlate(Organisation)
        .scalar_subquery()
    )


def _has_double() -> ColumnElement[bool]:
    other = aliased(Organisation)
    same_number = and_(other.tax_id != "", other.tax_id == Organisation.tax_id)
    same_name = and_(other.plain_name != "", other.plain_name == Organisation.plain_name)
    return exists().where(other.id != Organisation.id, or_(same_number, same_name)).correlate(Organisation)


def alike(name: str, tax_id: str, *, besides: int = 0) -> Select[Organisation]:
    """Select the organisations with this tax number or this plain name, at most five."""
    same = [Organisation.plain_name == name] + ([Organisation.tax_id == tax_id] if tax_id else [])
    return (
        select(Organisation)
        .where(or_(*same), Organisation.id != besides)
        .order_by(Organisation.name, Organisation.id)
        .limit(5)
    )


def representatives(organisation_id: int, at: datetime) -> Select[Mandate]:
    """Select the mandates by which somebody is the legal representative at this instant."""
    return select(Mandate).where(
        Mandate.organisation_id == organisation_id,
        Mandate.scope == Scope.LEGAL_REPRESENTATIVE.value,
        valid(at),
    )
