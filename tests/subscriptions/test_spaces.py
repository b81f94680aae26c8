"""A group is told of what the city does with its bookings, and reminded on the day before; of its own acts not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.notices.models import Message
from portal.policy import SYSTEM
from portal.subscriptions.reminders import spaces as reminders
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.models import Allocation
from portal.support.spaces import actions, queries
from portal.support.spaces.models import Space, SpaceBooking
from tests.pacts import journey
from tests.proposals.test_others import react
from tests.support.spaces.conftest import DAILY, at, monday, stretch

DAY = timedelta(days=1)


def mails() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).where(Message.event == "E42").order_by(Message.id)))


@pytest.fixture
def promised(cast: Any, move_clock: Any) -> tuple[Space, int]:
    """Return a room, and hours of it that are promised to Rosa's pact, which has begun."""
    pact = journey.signed(cast)
    giulia, marco, tina = cast.giulia, cast.fresh("marco"), cast.tina
    move_clock(31 * DAY)
    facts = {"kind": "spaces", "what": "Assemblies", "amount": 9, "unit": "hour"}
    with db.writing() as session:
        first = session.scalars(support_queries.current(pact.key)).first()
        more = support.ask_more(first, "r1", facts, by=giulia)
        pool = support.open_pool(
            max(more.starts_on.year, clock.today().year), "rooms", "spaces", "Rooms", 50, by=SYSTEM
        )
        support.propose(more, pool, "Assemblies need a roof", by=giulia)
    with db.writing() as session:
        mine = session.get_one(Allocation, more.id)
        support.approve(mine, by=marco)
        support.commit_row(mine, by=giulia)
        plan = actions.Plan({"it": "Sala", "en": "Room"}, "Via Larga 1", 20, DAILY)
        return actions.add(plan, by=tina), more.id


def book(promised: tuple[Space, int], by: Any, days: int) -> SpaceBooking:
    space, promise_id = promised
    with db.writing() as session:
        wish = actions.Wish([stretch(at(monday() + days * DAY, 18), 1)])
        (made,) = actions.book(
            session.get_one(Allocation, promise_id), session.get_one(Space, space.id), wish, by=by
        )
        return made


def do(verb: Any, one: SpaceBooking, *more: Any, by: Any, **options: Any) -> None:
    with db.writing() as session:
        verb(session.scalars(queries.booking(one.id)).one(), *more, by=by, **options)


def test_the_group_hears_of_the_citys_acts_and_not_of_its_own(
    promised: tuple[Space, int], cast: Any, move_clock: Any
) -> None:
    rosa, tina = cast.rosa, cast.tina
    own = book(promised, rosa, 0)
    theirs = book(promised, tina, 1)
    react()
    (booked,) = mails()
    assert (booked.person_id, booked.kind) == (rosa.person_id, "news")
    assert f"/spaces/{theirs.id}" in booked.link
    do(actions.cancel, theirs, "The heating is broken", late_hours=24, by=tina)
    react()
    assert len(mails()) == 2
    assert mails()[-1].kind == "act"
    move_clock(17 * DAY)
    do(actions.use, own, 12, "", by=tina)
    react()
    assert len(mails()) == 3
    react()
    assert len(mails()) == 3


def test_the_day_before_is_said_once_and_only_of_what_stands(
    promised: tuple[Space, int], cast: Any, move_clock: Any
) -> None:
    rosa, day = cast.rosa, monday()
    kept, gone = book(promised, rosa, 0), book(promised, rosa, 1)
    do(actions.cancel, gone, "We are away", late_hours=0, by=rosa)

    def remind() -> int:
        with db.reading() as session:
            due = list(session.scalars(reminders.due()))
        for one in due:
            reminders.remind_of(one, "http://127.0.0.1")
        return len(due)

    move_clock(at(day - 2 * DAY, 12) - clock.now())
    assert remind() == 0
    move_clock(at(day - DAY, 12) - clock.now())
    assert (remind(), remind()) == (1, 1)
    (told,) = mails()
    assert f"/spaces/{kept.id}" in told.link
