"""A room of the city, a pact that was promised hours of spaces, its group, and the office."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.policy import SYSTEM
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.models import Allocation, Pool
from portal.support.spaces import actions, queries
from portal.support.spaces.models import Space, SpaceBooking, SpaceClosing, SpaceQuarter
from portal.support.spaces.opening import Stretch
from tests.support.conftest import PACT, Desk, row

DAILY = ((9 * 60, 22 * 60),) * 6 + (None,)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant on the city's clock."""
    return datetime.combine(day, time(hour, minute), clock.zone())


def monday(weeks: int = 2) -> date:
    """Return a Monday to come; by itself one that is more than a week away, so that no word is late."""
    today = clock.today()
    return today + timedelta(days=7 * weeks - today.weekday())


def stretch(begins: datetime, hours: int = 2) -> Stretch:
    return Stretch(begins, begins + timedelta(hours=hours))


class Rooms:
    """What the two sides do, each step in a transaction of its own."""

    def __init__(self, cast: Any) -> None:
        self.cast, self.rosa, self.tina = cast, cast.rosa, cast.tina
        self.desk = Desk(cast)
        self.pool = self.desk.opened(500, slug="rooms", kind="spaces")
        self.promise_id = self.promised(PACT, 10)

    def promised(self, subject: str, hours: int, **more: Any) -> int:
        facts = {"party_person_id": self.rosa.person_id, **more}
        asked = row(kind="spaces", amount=hours, unit="hour")
        (one,) = self.desk.approved(self.pool, asked, subject=subject, **facts)
        with db.writing():
            support.commit(subject, 1, by=SYSTEM)
        return one.id

    def space(self, name: str = "Sala dei Mulini", **more: Any) -> Space:
        facts = {
            "name": {"it": name, "en": name},
            "address": "Via dei Mulini 3",
            "capacity": 40,
            "week": DAILY,
        }
        with db.writing():
            return actions.add(actions.Plan(**facts | more), by=self.tina)

    def book(
        self, space: Space, *times: Stretch, by: Any = None, promise: int = 0, **more: Any
    ) -> list[SpaceBooking]:
        with db.writing() as session:
            mine = session.get_one(Allocation, promise or self.promise_id)
            wish = actions.Wish(times, **more)
            return actions.book(mine, session.get_one(Space, space.id), wish, by=by or self.rosa)

    def close(
        self, space: Space, *times: Stretch, seen: Any = None, by: Any = None, **reason: str
    ) -> SpaceClosing:
        """Close hours, having seen what is booked in them, unless a test has seen something else."""
        with db.writing() as session:
            wish = actions.Closure(times, reason or {"it": "Caldaia rotta", "en": "The boiler is broken"})
            here, by = session.get_one(Space, space.id), by or self.tina
            met = [one.id for one in actions.check(here, wish, by=by)] if seen is None else seen
            return actions.close(here, wish, seen=met, by=by)[0]

    def reopen(self, closing: SpaceClosing, by: Any = None) -> None:
        with db.writing() as session:
            found = session.scalars(queries.closing_series(closing.space_id, closing.series or 0)).all()
            actions.reopen(found, session.get_one(Space, closing.space_id), by=by or self.tina)

    def quarters(self) -> tuple[int, int]:
        """Return how many quarters of an hour are booked, and how many are closed."""
        with db.reading() as session:
            counted = select(func.count(SpaceQuarter.booking_id), func.count(SpaceQuarter.closing_id))
            booked, closed = session.execute(counted).one()
            return booked, closed

    def do(self, verb: Any, one: SpaceBooking, *more: Any, by: Any = None, **options: Any) -> None:
        with db.writing() as session:
            found = session.scalars(queries.booking(one.id)).one()
            verb(found, *more, by=by or self.tina, **options)

    def figures(self) -> tuple[int, int]:
        """Return booked and delivered hours, in agreement with the bookings, the pool and the ledger."""
        with db.reading() as session:
            mine = session.get_one(Allocation, self.promise_id)
            found = session.scalars(queries.bookings_of([mine.id])).all()
            assert sum(one.hours for one in found if one.state in {"booked", "late"}) == mine.booked
            assert sum(one.hours for one in found if one.state in {"used", "missed"}) == mine.delivered
            pool = session.get_one(Pool, self.pool.id)
            assert support_queries.balances()[pool.id].delivered == pool.delivered
            return mine.booked, mine.delivered


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Any:
    """The people of these tests, all made beforehand, in whichever database the test asks for."""
    from tests.support.legal.conftest import cast as made

    return made.__wrapped__(request)


@pytest.fixture
def rooms(cast: Any) -> Rooms:
    return Rooms(cast)
