"""How a person stands to organisations and to what others began: one statement for every request."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    String,
    bindparam,
    case,
    false,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from portal.db import UtcDateTime
from portal.organisations.models import Mandate, Membership, Organisation
from portal.people.models import Share

MEMBERSHIP, MANDATE, HELD, PAST = "membership", "mandate", "held", "past"

_PERSON = bindparam("person_id", type_=Integer)
_AT = bindparam("at", type_=UtcDateTime())


def _of_person() -> CompoundSelect[Any]:
    nothing = literal_column("''", String)
    no_organisation = literal_column("0", Integer).label("organisation_id")
    members = (
        select(
            literal(MEMBERSHIP, String).label("sort"),
            Membership.organisation_id.label("organisation_id"),
            Membership.speaks_for_it.label("decides"),
            Organisation.slug.label("named"),
            Organisation.name.label("name"),
        )
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == _PERSON, Membership.starts_at <= _AT)
        .where(or_(Membership.until.is_(None), Membership.until > _AT))
    )
    mandates = (
        select(literal(MANDATE, String), Mandate.organisation_id, false(), Mandate.subject, nothing)
        .where(Mandate.person_id == _PERSON, Mandate.starts_at <= _AT)
        .where(or_(Mandate.until.is_(None), Mandate.until > _AT))
        .where(or_(Mandate.ended_at.is_(None), Mandate.ended_at > _AT))
    )
    is_held = or_(Share.until.is_(None), Share.until > _AT)
    shares = select(
        case((is_held, HELD), else_=PAST), no_organisation, Share.decides, Share.subject, nothing
    ).where(Share.person_id == _PERSON)
    return union_all(members, mandates, shares)


# Rows (sort, organisation_id, decides, named, name): what a person belongs to and shares.
# Parameters: person_id, at.
OF_PERSON = _of_person()
