"""A pact that was promised ten hours of legal help, its group, and the legal officer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from portal import city, clock, db
from portal.policy import SYSTEM, Actor, Rel
from portal.support import actions as support
from portal.support.legal import actions, queries
from portal.support.legal.models import LegalAppointment, LegalHelp, LegalMatter, LegalWork
from portal.support.models import Allocation, Pool
from tests.conftest import Cast
from tests.support.conftest import Desk, row

RULES = city.profile("bologna").legal_hours


@dataclass
class Room:
    """A pact as this floor knows it: its group is Rosa, and whoever the test lets in."""

    code: str
    group: frozenset[int | None]

    @property
    def key(self) -> str:
        return f"pact:{self.code}"

    def relations(self, actor: Actor) -> frozenset[Rel]:
        is_in = actor.person_id is not None and actor.person_id in self.group
        return frozenset({Rel.PARTY, Rel.OWN_ORGANISATION}) if is_in else frozenset()


class Office:
    """What the two sides do, each step in a transaction of its own."""

    def __init__(self, cast: Any, hours: int = 10) -> None:
        self.cast, self.rosa, self.lea = cast, cast.rosa, cast.lea
        self.room = Room("BO-2026-041", frozenset({cast.rosa.person_id}))
        self.allocation_id = self.promised(self.room, hours)

    def promised(self, room: Room, hours: int, capacity: int = 200) -> int:
        desk = Desk(self.cast)
        pool = desk.opened(capacity, slug=f"legal-{room.code.lower()}", kind="legal")
        (one,) = desk.approved(pool, row(kind="legal", amount=hours), subject=room.key)
        with db.writing():
            support.commit(room.key, 1, by=SYSTEM)
        self.pool = pool
        return one.id

    def asked(self, topic: str = "licence", room: Room | None = None, by: Any = None) -> LegalMatter:
        with db.writing():
            where, who = room or self.room, by or self.rosa
            return actions.ask(where, topic, "Which licence keeps our code open?", by=who)

    def matter(self, number: int = 1, room: Room | None = None) -> LegalMatter:
        """Return the matter as the database holds it; call it inside a unit of work."""
        return db.session().scalars(queries.matter((room or self.room).key, number)).one()

    def do(self, verb: Any, *more: Any, by: Any, number: int = 1, **options: Any) -> Any:
        with db.writing():
            return verb(self.room, self.matter(number), *more, by=by, **options)

    def appointment(self, one: LegalAppointment) -> LegalAppointment:
        return db.session().scalars(queries.appointment(one.id)).one()

    def arrange(self, verb: Any, one: LegalAppointment, *more: Any, by: Any, **options: Any) -> Any:
        with db.writing():
            return verb(self.room, self.matter(), self.appointment(one), *more, by=by, **options)

    def worked(self, minutes: int, by: Any = None, kind: str = "study") -> LegalWork:
        work = actions.Work(clock.today(), minutes, kind)
        return self.do(actions.enter, work, by=by or self.lea)

    def on_work(self, verb: Any, one: LegalWork, *more: Any, by: Any) -> Any:
        with db.writing() as session:
            return verb(self.room, self.matter(), session.get_one(LegalWork, one.id), *more, by=by)

    def figures(self) -> tuple[int, int, int]:
        """Return booked and confirmed minutes, and delivered hours, in agreement with pool and ledger."""
        with db.reading() as session:
            help_ = session.scalars(queries.help_of(self.allocation_id)).one()
            allocation = session.get_one(Allocation, self.allocation_id)
            standing = session.scalars(select(LegalWork).where(queries.stands())).all()
            mine = [one for one in standing if one.help_id == help_.id]
            pool = session.get_one(Pool, self.pool.id)
            assert sum(one.minutes for one in mine) == help_.booked
            seen = [one.minutes for one in mine if one.answer in {"confirmed", "silent"}]
            assert sum(seen) == help_.confirmed
            assert pool.delivered == allocation.kept
            return help_.booked, help_.confirmed, allocation.kept

    def help(self) -> LegalHelp:
        return db.session().scalars(queries.help_of(self.allocation_id)).one()


def plan(after: timedelta = timedelta(days=3), minutes: int = 60, **changes: Any) -> actions.Plan:
    """Return a time so long from now, on the next full hour."""
    begins = (clock.now() + after).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    said = {"mode": "place", "place": "Piazza Maggiore 6, room 12"} | changes
    return actions.Plan(begins_at=begins, ends_at=begins + timedelta(minutes=minutes), **said)


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Any:
    """The people of these tests, all made beforehand: nobody joins in the middle of somebody's transaction."""
    if "both" not in request.fixturenames:
        request.getfixturevalue("database")
    made = Cast()
    names = ("rosa", "eve", "giulia", "marco", "tina", "lea", "aldo", "nina")
    made.gather(*names)
    people = {name: getattr(made, name) for name in names}
    return SimpleNamespace(
        person=made.person, fresh=lambda name: replace(people[name], is_fresh=True), **people
    )


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)
