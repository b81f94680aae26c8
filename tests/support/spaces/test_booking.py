"""A space is booked by whole hours of a promise, and nobody ever has the same quarter of an hour twice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.support import actions as support
from portal.support.handing import actions as handing
from portal.support.models import Allocation, Delivery
from portal.support.spaces import actions, queries
from portal.support.spaces.models import Space, SpaceQuarter
from tests.at_once import at_once
from tests.support.spaces.conftest import Rooms, at, monday, stretch

CROWD = 50
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


def crowd(*tasks: Any) -> Counter[str]:
    """Do all of these at the same moment; return how often each refusal was said, by its kind."""
    return Counter(type(one).__name__ for one in at_once(*tasks))


def test_fifty_at_once_for_one_evening_and_one_has_it(both: Any, rooms: Rooms) -> None:
    space = rooms.space()
    promises = [rooms.promised(f"pact:{number}", 4) for number in range(10)]
    evening = at(monday(), 18)
    # Half of them want an hour earlier or later: what overlaps is the same evening.
    wanted = [stretch(evening + (number % 3 - 1) * HOUR, 3) for number in range(CROWD)]
    tasks = [
        lambda number=number: rooms.book(space, wanted[number], promise=promises[number % 10])
        for number in range(CROWD)
    ]
    assert crowd(*tasks) == {"Invalid": CROWD - 1}
    with db.reading() as session:
        kept = session.scalar(select(func.count()).select_from(SpaceQuarter))
        held = session.scalar(select(func.sum(Allocation.booked)))
    assert (kept, held) == (12, 3)


def test_fifty_at_once_never_book_more_hours_than_were_promised(both: Any, rooms: Rooms) -> None:
    spaces = [rooms.space(f"Sala {number}") for number in range(5)]
    day = monday()
    tasks = [
        lambda number=number: rooms.book(
            spaces[number % 5], stretch(at(day + timedelta(days=number % 6), 9), 1)
        )
        for number in range(CROWD)
    ]
    assert crowd(*tasks) == {"Invalid": CROWD - 10}
    assert rooms.figures() == (10, 0)


def test_a_weekly_row_stays_at_its_hour_when_the_clocks_change(rooms: Rooms, move_clock: Any) -> None:
    now = clock.now()
    move_clock(datetime(now.year + 1, 10, 1, tzinfo=UTC) - now)
    with db.writing() as session:
        session.get_one(Allocation, rooms.promise_id).starts_on = clock.today()
    space, first = rooms.space(), monday(3)
    days = [first + n * WEEK for n in range(3)]
    made = rooms.book(space, *(stretch(at(day, 18), 1) for day in days))
    assert {clock.local(one.begins_at).hour for one in made} == {18}
    assert {one.begins_at.astimezone(UTC).hour for one in made} == {16, 17}
    assert {one.series for one in made} == {made[0].id}


def test_a_row_names_what_is_taken_and_books_the_rest_only_if_asked(rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    other = rooms.promised("pact:BO-2026-042", 5, title="Casa dei Mulini")
    rooms.book(space, stretch(at(day + timedelta(days=7), 17), 3), promise=other)
    wanted = [stretch(at(day + n * WEEK, 18)) for n in range(3)]
    with pytest.raises(Invalid) as refused:
        rooms.book(space, *wanted)
    assert "Casa dei Mulini" in str(refused.value)
    assert f"{day + WEEK:%d/%m/%Y}, 18:00" in str(refused.value)
    assert rooms.figures() == (0, 0)
    made = rooms.book(space, *wanted, leaves_out=True)
    assert [clock.local(one.begins_at).date() for one in made] == [day, day + 2 * WEEK]
    assert rooms.figures() == (4, 0)


def test_what_was_used_is_given_and_accepted_like_any_other_support(rooms: Rooms, move_clock: Any) -> None:
    space = rooms.space()
    (one,) = rooms.book(space, stretch(at(monday(), 18), 3), people=20)
    with pytest.raises(WrongState):
        rooms.do(actions.use, one, 18, "")
    move_clock(2 * WEEK + timedelta(days=1))
    with pytest.raises(NotAllowed):
        rooms.do(actions.use, one, 18, "", by=rooms.rosa)
    rooms.do(actions.use, one, 18, "Assembly")
    assert rooms.figures() == (0, 3)
    with pytest.raises(WrongState):
        rooms.do(actions.use, one, 18, "")
    with db.writing() as session:
        found = session.scalars(queries.booking(one.id)).one()
        delivery = session.get_one(Delivery, found.delivery_id)
        assert "Sala dei Mulini" in delivery.evidence
        handing.accept(session.get_one(Allocation, rooms.promise_id), delivery, by=rooms.rosa)


def test_a_word_in_time_frees_space_and_hours_and_a_late_one_is_for_the_office(
    rooms: Rooms, move_clock: Any
) -> None:
    space, day = rooms.space(), monday()
    first, second, third = rooms.book(space, *(stretch(at(day + timedelta(days=n), 18)) for n in range(3)))
    with pytest.raises(Invalid):
        rooms.do(actions.cancel, first, " ", late_hours=24, by=rooms.rosa)
    rooms.do(actions.cancel, first, "We are away", late_hours=24, by=rooms.rosa)
    assert rooms.figures() == (4, 0)
    rooms.book(space, stretch(at(day, 18)))
    move_clock(at(day + timedelta(days=1), 9) - clock.now())
    rooms.do(actions.cancel, second, "We are ill", late_hours=24, by=rooms.rosa)
    # The evening is free for others, the hours wait.
    assert rooms.figures() == (6, 0)
    other = rooms.promised("pact:BO-2026-042", 5)
    rooms.book(space, stretch(at(day + timedelta(days=1), 18)), promise=other)
    rooms.do(actions.excuse, second, "They were ill")
    assert rooms.figures() == (4, 0)
    # What the city itself calls off costs the group nothing.
    rooms.do(actions.cancel, third, "The heating is broken", late_hours=100)
    assert rooms.figures() == (2, 0)


def test_who_did_not_come_loses_the_hours_and_may_object(rooms: Rooms, move_clock: Any) -> None:
    (one,) = rooms.book(rooms.space(), stretch(at(monday(), 18)))
    move_clock(2 * WEEK + timedelta(days=1))
    with pytest.raises(Invalid):
        rooms.do(actions.miss, one, " ")
    rooms.do(actions.miss, one, "The door stayed locked all evening")
    assert rooms.figures() == (0, 2)


def test_what_is_booked_is_neither_given_by_hand_nor_settled(rooms: Rooms) -> None:
    (one,) = rooms.book(rooms.space(), stretch(at(monday(), 9), 8))
    with pytest.raises(Invalid), db.writing() as session:
        mine = session.get_one(Allocation, rooms.promise_id)
        support.deliver(mine, 3, clock.today(), "By hand", by=rooms.tina)
    with pytest.raises(WrongState), db.writing() as session:
        handing.close(session.get_one(Allocation, rooms.promise_id), "It is over", by=rooms.tina)
    rooms.do(actions.cancel, one, "Not needed", late_hours=0)
    with db.writing() as session:
        handing.close(session.get_one(Allocation, rooms.promise_id), "It is over", by=rooms.tina)
    with pytest.raises(WrongState):
        rooms.book(rooms.space("Another"), stretch(at(monday(), 9)))


def test_settling_and_booking_at_the_same_moment_is_one_of_the_two(both: Any, rooms: Rooms) -> None:
    space = rooms.space()

    def close() -> None:
        with db.writing() as session:
            handing.close(session.get_one(Allocation, rooms.promise_id), "It is over", by=rooms.tina)

    told = crowd(close, lambda: rooms.book(space, stretch(at(monday(), 9))))
    assert sum(told.values()) == 1
    assert not set(told) - {"Invalid", "WrongState", "StaleDataError"}


def test_an_outsider_books_nothing_and_cancels_nothing(rooms: Rooms) -> None:
    space, evening = rooms.space(), stretch(at(monday(), 18))
    with pytest.raises(NotAllowed):
        rooms.book(space, evening, by=rooms.cast.eve)
    (one,) = rooms.book(space, evening)
    with pytest.raises(NotAllowed):
        rooms.do(actions.cancel, one, "Mine now", late_hours=24, by=rooms.cast.eve)
    with pytest.raises(NotAllowed), db.writing():
        actions.add(actions.Plan({"en": "Mine"}, "Here", 5, ((540, 600),) + (None,) * 6), by=rooms.rosa)


SUNDAY = timedelta(days=6)


@pytest.mark.parametrize(
    ("begins", "hours", "field"),
    [
        (lambda: at(clock.today() - WEEK, 18), 2, "begins"),
        (lambda: at(monday(), 8), 2, "begins"),
        (lambda: at(monday(), 21), 2, "begins"),
        (lambda: at(monday() + SUNDAY, 10), 2, "begins"),
        (lambda: at(monday(), 18, 10), 2, "until"),
        (lambda: at(monday(), 18), 0, "until"),
        (lambda: at(monday(), 9), 11, "until"),
        (lambda: at(date(2900, 1, 4), 9), 1, "begins"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(rooms: Rooms, begins: Any, hours: int, field: str) -> None:
    with db.writing() as session:
        session.get_one(Allocation, rooms.promise_id).ends_on = clock.today() + 10 * WEEK
    with pytest.raises(Invalid) as refused:
        rooms.book(rooms.space(), stretch(begins(), hours))
    assert refused.value.field == field


def test_a_closed_space_a_crowd_and_endless_weeks_are_refused(rooms: Rooms) -> None:
    small = rooms.space("Small", capacity=5)
    with pytest.raises(Invalid, match="5 people"):
        rooms.book(small, stretch(at(monday(), 18)), people=6)
    with pytest.raises(Invalid, match="26"):
        rooms.book(small, *(stretch(at(monday() + n * WEEK, 18), 1) for n in range(27)))
    with db.writing() as session:
        session.get_one(Space, small.id).is_open = False
    with pytest.raises(Invalid, match="no bookings"):
        rooms.book(small, stretch(at(monday(), 18)))
    assert rooms.figures() == (0, 0)
