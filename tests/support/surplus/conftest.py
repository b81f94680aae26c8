"""A group with a speaker, and what it declares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal import clock, db
from portal.organisations import actions as groups
from portal.organisations.actors import actor_for
from portal.organisations.models import Kind, Organisation
from portal.people import queries as people_queries
from portal.support.models.surplus import Surplus
from portal.support.surplus import actions
from portal.support.surplus.actions import Paid, Statement

EURO = 100


class Group:
    """A cooperative for which Bruno's stand-in, Rosa, speaks, or somebody else who is named."""

    def __init__(self, cast: Any, name: str = "Ruota Libera", who: str = "rosa") -> None:
        speaker = cast.person(who)
        with db.writing() as session:
            person = session.get_one(type(speaker), speaker.id)
            made = groups.found(name, Kind.COOPERATIVE, by=getattr(cast, who), speaker=person)
            self.id, self.slug = made.id, made.slug

    def declare(self, by: Any, surplus: int = 10_000 * EURO, part: int = 5_000 * EURO, **more: Any) -> int:
        facts = {"basis": "Accounts of the year, page 4", "clause": "Statute, art. 21"} | more
        year = facts.pop("year", clock.today().year - 1)
        with db.writing() as session:
            said = Statement(year, surplus, part, **facts)
            return actions.declare(session.get_one(Organisation, self.id), said, by=by).id


def arrive(surplus_id: int, cents: int, reference: str, *, by: Any) -> int:
    with db.writing() as session:
        paid = Paid(cents, clock.today(), reference)
        return actions.arrive(session.get_one(Surplus, surplus_id), paid, by=by).id


@pytest.fixture
def cast(cast: Any) -> Any:
    """The people of support; the speaker is Rosa once there is a group, looked up each time she acts."""

    class Speaking:
        def __getattr__(self, name: str) -> Any:
            return getattr(cast, name)

        @property
        def speaker(self) -> Any:
            return self.speaker_of()

        def speaker_of(self, only: int = 0, who: str = "rosa") -> Any:
            with db.reading() as session:
                person = session.scalars(people_queries.by_id(cast.person(who).id)).one()
                found = actor_for(person, is_proved=True)
            return replace(found, speaks_for=frozenset({only})) if only else found

    return Speaking()


@pytest.fixture
def group(cast: Any) -> Group:
    return Group(cast)
