"""A group with its people, for the tests of this folder."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.organisations import actions, queries
from portal.organisations.actions import About, Given
from portal.organisations.models import Kind, Mandate, Organisation, Scope

NAME = "Amici del canale"
ABOUT = About(NAME, Kind.INFORMAL_GROUP.value, summary="Puliamo la riva.")
SLUG = "amici-del-canale"


def founded(cast: Any, speaker: str = "rosa", about: About = ABOUT) -> Organisation:
    """Return a group for which somebody speaks."""
    by = getattr(cast, speaker)
    with db.writing():
        person = actions_person(cast, speaker)
        return actions.register(about, person, country="IT", by=by)


def actions_person(cast: Any, name: str) -> Any:
    """Return an account in the open unit of work."""
    person = cast.person(name)
    return db.session().get_one(type(person), person.id)


def here(group: Organisation) -> Organisation:
    """Return the group in the open unit of work, as it stands."""
    return db.session().scalars(queries.by_id(group.id)).one()


def admitted(cast: Any, group: Organisation, name: str, *, speaks: bool = False) -> None:
    """Let somebody belong to the group."""
    cast.person(name)
    with db.writing():
        actions.admit(here(group), actions_person(cast, name), speaks_for_it=speaks)


def given(
    scope: Scope = Scope.EVERYTHING, *, until: datetime | None = None, subject: str = "", **more: Any
) -> Given:
    """Return what a mandate says, from now on."""
    starts_at = more.pop("starts_at", clock.real() + clock.offset() - timedelta(seconds=1))
    return Given(
        scope.value, starts_at, until, more.pop("decided_by", "Assemblea del 3 maggio"), subject, **more
    )


def mandated(cast: Any, group: Organisation, name: str, what: Given, *, by: str = "rosa") -> Mandate:
    """Give a member a mandate."""
    actor, pseudonym = getattr(cast, by), cast.person(name).pseudonym
    with db.writing():
        return actions.give_mandate(here(group), pseudonym, what, by=actor)


def mailed_link(address: str) -> str:
    """Return the path of the newest secret link in the outbox to an address."""
    with db.reading() as session:
        wanted = select(Message.link).where(Message.address == address).order_by(Message.id.desc())
        link = session.scalars(wanted).first()
    assert link, f"nothing was mailed to {address}"
    return re.sub(r"^https?://[^/]+/[a-z]{2}/", "/en/", link)
