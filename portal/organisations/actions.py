"""Found an organisation with its first member."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, crypto, db, policy, search
from portal.organisations.findable import card_of
from portal.organisations.models import Kind, Membership, Organisation
from portal.policy import Can
from portal.record import Did, record

if TYPE_CHECKING:
    from portal.people.models import Person
    from portal.policy import Actor


def slug_of(name: str) -> str:
    """Return the name as it stands in an address: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "group"


def found(name: str, kind: Kind, *, by: Actor, speaker: Person | None = None) -> Organisation:
    """Enter an organisation; the speaker belongs to it and speaks for it from now on."""
    policy.check(by, Can.ORGANISATION_FOUND)
    organisation = Organisation(
        slug=_free_slug(name), name=name, kind=kind.value, founded_at=clock.now(), members=[]
    )
    db.session().add(organisation)
    db.session().flush()
    if speaker is not None:
        admit(organisation, speaker, speaks_for_it=True)
    record(Did.ORGANISATION_FOUNDED, f"organisation:{organisation.slug}", by=by, kind=kind.value)
    search.put(card_of(organisation))
    return organisation


def admit(organisation: Organisation, person: Person, *, speaks_for_it: bool = False) -> Membership:
    """Let a person belong to an organisation from now on."""
    membership = Membership(
        organisation_id=organisation.id,
        person_id=person.id,
        speaks_for_it=speaks_for_it,
        starts_at=clock.now(),
    )
    db.session().add(membership)
    return membership


def _free_slug(name: str) -> str:
    slug = slug_of(name)
    taken = db.session().scalar(select(Organisation.id).where(Organisation.slug == slug))
    return slug if taken is None else f"{slug}-{crypto.new_code(4).lower()}"
