"""Kinds of organisation, mandates and standings in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from portal import clock
from portal.organisations.models import Kind, Mandate, Scope
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS: dict[Kind, W] = {
    Kind.INFORMAL_GROUP: W("Informal group"),
    Kind.ASSOCIATION: W("Association"),
    Kind.THIRD_SECTOR: W("Third-sector body"),
    Kind.COOPERATIVE: W("Cooperative"),
    Kind.COMPANY: W("Company"),
    Kind.SCHOOL: W("School"),
    Kind.PUBLIC_BODY: W("Public body"),
}
SCOPES: dict[Scope, W] = {
    Scope.LEGAL_REPRESENTATIVE: W("Legal representative"),
    Scope.EVERYTHING: W("May sign everything for the group"),
    Scope.CASE: W("May sign one pact or proposal"),
}
SOON = timedelta(days=30)


def organisation_kind(kind: str) -> str:
    """Return what an organisation is, in the language of the page."""
    return str(KINDS[Kind(kind)])


def scope_words(mandate: Mandate) -> str:
    """Return for what a mandate is, with the code of its case."""
    words = str(SCOPES[Scope(mandate.scope)])
    code = mandate.subject.rpartition(":")[2]
    return f"{words}: {code}" if code else words


def state_of(mandate: Mandate, at: datetime) -> str:
    """Return "now", "later", "ended" or "over": whether a mandate holds at this instant."""
    if mandate.ended_at is not None and mandate.ended_at <= at:
        return "ended"
    if mandate.is_valid(at):
        return "now"
    return "later" if mandate.starts_at > at else "over"


def last_day(until: datetime | None) -> date | None:
    """Return the last day before an instant: what holds to the end of a day ends at the midnight after."""
    return clock.local(until - timedelta(microseconds=1)).date() if until else None


def standing_of(checks: Iterable[tuple[datetime, Mandate]], at: datetime) -> str:
    """Return how well it is known who represents a group: "checked", "soon", "expired" or "unchecked".

    Takes (until when a check holds, the mandate it confirmed).
    """
    until = max((holds for holds, mandate in checks if mandate.ended_at is None), default=None)
    if until is None:
        return "unchecked"
    if until <= at:
        return "expired"
    return "soon" if until <= at + SOON else "checked"
