"""In which of their roles somebody decided on support or on a fund: the one held then; nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db
from portal.people.models import Grant
from portal.people.said import ROLES
from portal.policy import Role
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# The most particular first.
DECIDING = (Role.TREASURER, Role.LEGAL, Role.INFRASTRUCTURE, Role.OFFICER, Role.SIGNATORY)
SOMEBODY = W("An official of the city")


def held(acts: Sequence[tuple[int | None, datetime | None]]) -> list[W]:
    """Return the role of each act, given by whose it was and when; one question for all."""
    asked = select(Grant).where(Grant.person_id.in_(sorted({one for one, _ in acts if one is not None})))
    grants = db.session().scalars(asked).all() if acts else []
    return [_role([one for one in grants if one.person_id == person_id], at) for person_id, at in acts]


def _role(grants: Sequence[Grant], at: datetime | None) -> W:
    mine = {one.as_role() for one in grants if at is not None and one.is_valid(at)}
    return next((ROLES[role] for role in DECIDING if role in mine), SOMEBODY)
