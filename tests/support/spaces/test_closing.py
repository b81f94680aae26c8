"""Hours that the city closes are nobody's: what stood in them is cancelled, and nothing is booked there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.record import Act, Did
from portal.support.spaces import closing, queries
from portal.support.spaces.models import SpaceClosing
from portal.support.spaces.opening import Stretch
from tests.at_once import at_once, kinds
from tests.support.conftest import PACT
from tests.support.spaces.conftest import Rooms, at, monday, stretch
from tests.support.spaces.test_ending import DAY, states

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
ROME = ZoneInfo("Europe/Rome")
NOON = datetime(2027, 3, 1, 11, 7, tzinfo=UTC)
FIRST = date(2027, 3, 8)


def test_what_stands_in_the_hours_is_cancelled_with_the_reason_and_the_rest_stays(rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    inside, after = rooms.book(space, stretch(at(day, 18)), stretch(at(day + DAY, 18)))
    other = rooms.promised("pact:BO-2026-042", 5)
    (theirs,) = rooms.book(space, stretch(at(day, 12), 1), promise=other)
    made = rooms.close(space, stretch(at(day, 12), 7))
    assert states(rooms.promise_id) == {inside.id: ("cancelled", "Caldaia rotta"), after.id: ("booked", "")}
    assert states(other) == {theirs.id: ("cancelled", "Caldaia rotta")}
    assert rooms.figures() == (2, 0)
    assert rooms.quarters() == (8, 28)
    with db.reading() as session:
        acts = session.scalars(select(Act).order_by(Act.id)).all()
        facts = [(one.subject, one.facts) for one in acts if one.verb == Did.SPACE_CANCELLED]
        (closed,) = (one for one in acts if one.verb == Did.SPACE_CLOSED)
    assert {subject: (one["many"], one["closing"], one["side"]) for subject, one in facts} == {
        PACT: (1, made.id, "city"),
        "pact:BO-2026-042": (1, made.id, "city"),
    }
    assert (closed.subject, closed.facts["cancelled"], closed.facts["reason"]["en"]) == (
        space.key,
        2,
        "The boiler is broken",
    )


def test_who_would_book_closed_hours_hears_why(rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    rooms.close(space, stretch(at(day, 18)))
    with pytest.raises(Invalid, match=r"17:00: the space is closed in these hours \(The boiler is broken"):
        rooms.book(space, stretch(at(day, 17), 3))
    made = rooms.book(space, *(stretch(at(day + n * WEEK, 18)) for n in range(2)), leaves_out=True)
    assert [clock.local(one.begins_at).date() for one in made] == [day + WEEK]
    # What touches the closed hours only at their ends fits.
    rooms.book(space, stretch(at(day, 16)), stretch(at(day, 20)))
    assert rooms.figures() == (6, 0)


def test_whoever_saw_something_else_is_asked_again(rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    (one,) = rooms.book(space, stretch(at(day, 18)))
    for seen in ([], [one.id, one.id + 1]):
        with pytest.raises(Stale, match="has changed in the meantime"):
            rooms.close(space, stretch(at(day, 18)), seen=seen)
    assert rooms.figures() == (2, 0)
    assert rooms.quarters() == (8, 0)


def test_what_is_closed_is_not_closed_again_and_a_space_in_use_is_not_closed(
    rooms: Rooms, move_clock: Any
) -> None:
    space, day = rooms.space(), monday()
    rooms.close(space, stretch(at(day, 18)))
    with pytest.raises(Invalid, match="closed already: The boiler is broken"):
        rooms.close(space, stretch(at(day, 19)))
    rooms.book(space, stretch(at(day, 12), 3))
    move_clock(at(day, 13) - clock.now())
    with pytest.raises(Invalid, match=r"has the space until .* 15:00"):
        rooms.close(space, stretch(at(day, 14)))
    rooms.close(space, stretch(at(day, 15)))


def test_taken_back_its_hours_are_free_and_what_is_past_stays(rooms: Rooms, move_clock: Any) -> None:
    space, day = rooms.space(), monday()
    made = rooms.close(space, *(stretch(at(day + n * DAY, 12), 4) for n in range(3)))
    assert rooms.quarters() == (0, 48)
    move_clock(at(day + DAY, 13, 5) - clock.now())
    rooms.reopen(made)
    assert rooms.quarters() == (0, 16 + 5)
    with db.reading() as session:
        first, second, third = session.scalars(queries.closing_feed(space.id, at(day, 0)))
        assert [one.id for one in session.scalars(queries.closed(space.id, at(day, 0)))] == [
            first.id,
            second.id,
        ]
    assert (first.ends_at, first.freed_at, first.sequence) == (at(day, 16), None, 0)
    assert (second.ends_at, second.sequence) == (at(day + DAY, 13, 15), 1)
    assert third.freed_at is not None
    assert third.sequence == 1
    rooms.book(space, stretch(at(day + DAY, 13, 15)), stretch(at(day + 2 * DAY, 12)))
    with pytest.raises(WrongState, match="open again already"):
        rooms.reopen(made)


@pytest.mark.parametrize(
    ("begins", "length", "sentence"),
    [
        (lambda: at(monday(), 18, 10), HOUR, "quarters of an hour"),
        (lambda: at(monday(), 18), timedelta(minutes=20), "quarters of an hour"),
        (lambda: at(monday(), 18), -HOUR, "quarters of an hour"),
        (lambda: at(clock.today() - DAY, 18), HOUR, "past"),
        (lambda: at(clock.today() + 400 * DAY, 18), HOUR, "at most a year"),
    ],
)
def test_hours_that_cannot_be_closed_are_refused(
    rooms: Rooms, begins: Any, length: timedelta, sentence: str
) -> None:
    space, when = rooms.space(), begins()
    with pytest.raises(Invalid, match=sentence):
        rooms.close(space, Stretch(when, when + length))
    assert rooms.quarters() == (0, 0)


def test_no_reason_or_a_long_one_is_refused_and_an_outsider_closes_and_opens_nothing(rooms: Rooms) -> None:
    space, evening = rooms.space(), stretch(at(monday(), 18))
    for reason in ({"it": "", "en": ""}, {"it": "", "en": "x" * 151}):
        with pytest.raises(Invalid) as refused:
            rooms.close(space, evening, **reason)
        assert refused.value.field == "reason"
    with pytest.raises(Invalid):
        rooms.close(space)
    made = rooms.close(space, evening)
    for who in (rooms.rosa, rooms.cast.eve):
        with pytest.raises(NotAllowed):
            rooms.close(space, stretch(at(monday(), 9)), by=who)
        with pytest.raises(NotAllowed):
            rooms.reopen(made, by=who)
    assert rooms.quarters() == (0, 8)


def test_booking_and_closing_at_the_same_moment_leave_the_hours_to_one(both: Any, rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    promises = [rooms.promised(f"pact:{number}", 4) for number in range(6)]
    tasks = [
        lambda number=number: rooms.book(
            space, stretch(at(day, 12 + number // 2), 1), promise=promises[number]
        )
        for number in range(6)
    ]
    tasks.insert(3, lambda: rooms.close(space, stretch(at(day, 12), 3)))
    told = kinds(at_once(*tasks))
    assert set(told) <= {"Invalid", "Stale"}, told
    booked, closed = rooms.quarters()
    # Either it was closed over all that had been booked, or somebody was faster and it is asked again.
    assert (booked, closed) in {(0, 12), (4, 0), (8, 0), (12, 0)}
    assert ("Stale" in told) == (closed == 0)
    if closed:
        assert {state for one in promises for state, _ in states(one).values()} <= {"cancelled"}


def test_of_two_closings_at_the_same_moment_there_is_one(both: Any, rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    (one,) = rooms.book(space, stretch(at(day, 14), 1))
    tasks = [lambda n=n: rooms.close(space, stretch(at(day, 12 + n), 3), seen=[one.id]) for n in range(3)]
    told = kinds(at_once(*tasks))
    assert set(told) <= {"Invalid", "Stale"}, told
    assert len(told) == 2
    assert rooms.quarters() == (0, 12)
    with db.reading() as session:
        assert len(session.scalars(select(SpaceClosing)).all()) == 1
    assert states(rooms.promise_id) == {one.id: ("cancelled", "Caldaia rotta")}


def test_taking_back_and_booking_at_the_same_moment_end_in_whole_hours(both: Any, rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    made = rooms.close(space, stretch(at(day, 12), 3))
    tasks = [lambda n=n: rooms.book(space, stretch(at(day, 12 + n), 1)) for n in range(3)]
    tasks[1:1] = [lambda: rooms.reopen(made)] * 2
    told = kinds(at_once(*tasks))
    assert told.count("WrongState") == 1, told
    assert set(told) <= {"Invalid", "WrongState"}, told
    booked, closed = rooms.quarters()
    assert closed == 0
    assert booked == 4 * (3 - told.count("Invalid"))
    assert rooms.figures() == (booked // 4, 0)


def test_cancelling_and_closing_at_the_same_moment_gives_the_hours_back_once(both: Any, rooms: Rooms) -> None:
    from portal.support.spaces import actions

    space, day = rooms.space(), monday()
    (one,) = rooms.book(space, stretch(at(day, 12)))
    told = kinds(
        at_once(
            lambda: rooms.do(actions.cancel, one, "Away", late_hours=0, by=rooms.rosa),
            lambda: rooms.close(space, stretch(at(day, 12)), seen=[one.id]),
        )
    )
    assert len(told) == 1
    assert set(told) <= {"Stale", "WrongState"} or "StaleDataError" in told[0], told
    assert rooms.figures() == (0, 0)
    assert rooms.quarters()[0] == 0


def test_many_days_of_a_space_are_closed_in_one_step(rooms: Rooms) -> None:
    begins = at(monday(), 0).astimezone(UTC)
    rooms.close(rooms.space(), Stretch(begins, begins + 20 * DAY))
    assert rooms.quarters() == (0, 20 * 96)


def times(first: date, last: date, hours: Any = None, weeks: int = 1, now: datetime = NOON) -> list[Stretch]:
    return closing.times((first, last), hours, weeks, now=now, zone=ROME)


def test_whole_days_are_one_stretch_and_hours_are_one_a_day() -> None:
    (whole,) = times(FIRST, FIRST + 2 * DAY)
    assert whole == Stretch(datetime(2027, 3, 7, 23, tzinfo=UTC), datetime(2027, 3, 10, 23, tzinfo=UTC))
    parts = times(FIRST, FIRST + DAY, (540, 780), 2)
    assert [one.begins_at.day for one in parts] == [8, 9, 15, 16]
    assert {one.ends_at - one.begins_at for one in parts} == {4 * HOUR}
    late = times(FIRST, FIRST, (1200, 1440))[0]
    assert late.ends_at == datetime(2027, 3, 8, 23, tzinfo=UTC)


def test_of_today_what_is_past_is_left_out() -> None:
    (today,) = times(date(2027, 3, 1), date(2027, 3, 2))
    assert today.begins_at == datetime(2027, 3, 1, 11, 15, tzinfo=UTC)


def test_a_day_on_which_the_clocks_change_is_closed_whole_and_week_after_week_at_its_hour() -> None:
    change = date(2027, 3, 28)
    assert times(change, change)[0].ends_at - times(change, change)[0].begins_at == 23 * HOUR
    assert [one.begins_at.hour for one in times(change - WEEK, change - WEEK, (540, 600), 2)] == [8, 7]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ((FIRST, FIRST - DAY), "last"),
        ((FIRST, date(2028, 4, 1)), "last"),
        ((FIRST, FIRST, None, 0), "weeks"),
        ((FIRST, FIRST, None, 27), "weeks"),
        ((date(2028, 2, 1), date(2028, 2, 1), None, 9), "weeks"),
        ((FIRST, FIRST + WEEK, None, 2), "weeks"),
        ((date(2027, 3, 28), date(2027, 3, 28), (135, 240)), "hours"),
        ((date(2027, 10, 31), date(2027, 10, 31), (60, 135)), "hours"),
    ],
)
def test_days_that_cannot_be_are_refused(asked: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        times(*asked)
    assert refused.value.field == field
