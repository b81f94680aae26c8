"""A group is told of what the city does with its bookings, and reminded on the day before; of its own acts not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import NotAllowed, WrongState
from portal.notices.models import Message
from portal.pacts import actions as pacts
from portal.pacts import queries as pact_queries
from portal.policy import SYSTEM
from portal.subscriptions.reminders import spaces as reminders
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.models import Allocation
from portal.support.spaces import actions, queries
from portal.support.spaces.models import Space, SpaceBooking
from portal.support.spaces.opening import Stretch
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


def here(code: str) -> Any:
    return db.session().scalars(pact_queries.by_code(code)).one()


def steer(code: str, verb: Any, by: Any) -> None:
    with db.writing():
        verb(here(code), "Both sides want it", "art. 14", by=by)


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


def test_the_end_of_the_pact_cancels_what_is_to_come_and_tells_the_group(
    promised: tuple[Space, int], cast: Any
) -> None:
    rosa, giulia, eve = cast.rosa, cast.giulia, cast.eve
    (space, promise_id), reason = promised, "Both sides want it"
    with db.reading() as session:
        code = session.get_one(Allocation, promise_id).code
    with db.writing() as session:
        week = [stretch(at(monday() + n * 7 * DAY, 18), 1) for n in range(2)]
        mine = session.get_one(Allocation, promise_id)
        actions.book(mine, session.get_one(Space, space.id), actions.Wish(week), by=rosa)
    for verb in (pacts.suspend, pacts.terminate):
        with pytest.raises(NotAllowed), db.writing():
            verb(here(code), reason, "art. 14", by=eve)
    steer(code, pacts.suspend, giulia)
    with pytest.raises(WrongState, match="suspended"):
        book(promised, rosa, 3)
    steer(code, pacts.resume, giulia)
    one = book(promised, rosa, 3)
    steer(code, pacts.terminate, giulia)
    react()
    found = mails()
    assert [mail.person_id for mail in found] == [rosa.person_id] * 2
    assert sum("serie settimanale: 2" in str(mail.body) for mail in found) == 1
    assert all(reason in str(mail.body) for mail in found)
    assert any(f"/spaces/{one.id}" in mail.link for mail in found)
    with pytest.raises(WrongState, match="suspended or over"):
        book(promised, rosa, 4)


def test_a_group_is_told_once_of_all_that_a_closing_cancels_in_its_own_language(
    promised: tuple[Space, int], cast: Any
) -> None:
    rosa, tina = cast.rosa, cast.tina
    for days in range(3):
        book(promised, rosa, days)
    kept = book(promised, rosa, 4)
    reason = {"it": "Caldaia rotta", "en": "The boiler is broken"}
    begins = at(monday(), 12)
    with db.writing() as session:
        space = session.get_one(Space, promised[0].id)
        wish = actions.Closure([Stretch(begins, begins + 3 * DAY)], reason)
        seen = [one.id for one in actions.check(space, wish, by=tina)]
        actions.close(space, wish, seen=seen, by=tina)
    react()
    react()
    (told,) = mails()
    assert (told.person_id, told.kind) == (rosa.person_id, "act")
    body = str(told.body)
    assert "Caldaia rotta" in body
    assert [f"{monday() + n * DAY:%-d}" in body for n in range(3)] == [True] * 3
    assert body.count("18:00") == 3
    with db.reading() as session:
        code = session.get_one(Allocation, promised[1]).code
        assert session.get_one(SpaceBooking, kept.id).state == "booked"
    assert told.link.endswith(f"/pacts/{code}/spaces")


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
