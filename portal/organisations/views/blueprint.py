"""The blueprint of groups, and what its pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from portal import db, policy
from portal.organisations import queries
from portal.organisations.said import organisation_kind, scope_words
from portal.people.models import Person
from portal.web import me, one_or_404
from portal.web.chrome import profile

if TYPE_CHECKING:
    from portal.organisations.models import Organisation
    from portal.policy import Can

organisations = Blueprint("organisations", __name__)
organisations.add_app_template_filter(organisation_kind, "organisation_kind")
organisations.add_app_template_filter(scope_words, "scope_words")


def shown(slug: str) -> Organisation:
    """Return an organisation that the visitor may see."""
    return one_or_404(queries.by_slug(queries.visible_to(me()), slug))


def within(slug: str, permission: Can) -> Organisation:
    """Return an organisation in which the visitor may do this; refuses as the policy says."""
    found = shown(slug)
    policy.check(me(), permission, found)
    return found


def country() -> str:
    """Return the country whose tax numbers are expected."""
    return profile().calendar.country


def myself() -> Person:
    """Return the account of whoever is signed in, in the open unit of work."""
    return db.session().get_one(Person, me().person_id)
