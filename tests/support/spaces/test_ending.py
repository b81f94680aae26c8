"""With a pact that is suspended or ends what is booked is cancelled, and one that goes on books again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import WrongState
from portal.record import Act, Did
from portal.support.handing import actions as handing
from portal.support.models import Allocation
from portal.support.spaces import actions, queries
from portal.support.spaces.models import SpaceQuarter
from tests.support.conftest import PACT
from tests.support.spaces.conftest import Rooms, at, monday, stretch
from tests.support.spaces.test_booking import WEEK, crowd

DAY = timedelta(days=1)


def end(rooms: Rooms, subject: str = PACT, reason: str = "Both sides want it") -> None:
    with db.writing():
        actions.cancel_coming(subject, reason, by=rooms.tina)


def states(promise_id: int) -> dict[int, tuple[str, str]]:
    with db.reading() as session:
        found = session.scalars(queries.bookings_of([promise_id])).all()
        return {one.id: (one.state, one.reason) for one in found}


def quarters() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(SpaceQuarter)) or 0


def test_suspended_gives_its_hours_back_books_nothing_and_goes_on(rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    (one,) = rooms.book(space, stretch(at(day, 18)))
    end(rooms, reason="The site is not safe")
    assert states(rooms.promise_id) == {one.id: ("cancelled", "The site is not safe")}
    assert rooms.figures() == (0, 0)
    with pytest.raises(WrongState, match="suspended or over"):
        rooms.book(space, stretch(at(day + DAY, 18)))
    # What it had booked is free for others.
    other = rooms.promised("pact:BO-2026-042", 5)
    rooms.book(space, stretch(at(day, 18)), promise=other)
    with db.writing():
        actions.let_go_on(PACT)
    rooms.book(space, stretch(at(day + DAY, 18)))
    assert rooms.figures() == (2, 0)


def test_with_its_end_only_what_has_not_begun_is_cancelled_and_nothing_is_late(
    rooms: Rooms, move_clock: Any
) -> None:
    space, day = rooms.space(), monday()
    (now,) = rooms.book(space, stretch(at(day, 18)))
    row = rooms.book(space, *(stretch(at(day + DAY + n * WEEK, 18), 1) for n in range(3)))
    theirs = rooms.promised("pact:BO-2026-042", 5)
    (other,) = rooms.book(space, stretch(at(day + 2 * DAY, 18)), promise=theirs)
    move_clock(at(day, 19) - clock.now())
    end(rooms, reason="x" * 400)
    assert states(rooms.promise_id) == {now.id: ("booked", "")} | {
        one.id: ("cancelled", "x" * 299 + "…") for one in row
    }
    assert states(theirs) == {other.id: ("booked", "")}
    assert rooms.figures() == (2, 0)
    with db.reading() as session:
        (facts,) = session.scalars(select(Act.facts).where(Act.verb == Did.SPACE_CANCELLED))
    assert (facts["side"], facts["late"], facts["many"]) == ("city", False, 3)
    # What has begun is confirmed by the office, and then the promise is settled.
    move_clock(DAY)
    rooms.do(actions.use, now, 9, "")
    assert rooms.figures() == (0, 2)
    with db.writing() as session:
        handing.close(session.get_one(Allocation, rooms.promise_id), "The pact ended", by=rooms.tina)


def test_whoever_books_or_cancels_as_the_pact_ends_leaves_nothing_behind(both: Any, rooms: Rooms) -> None:
    space, day = rooms.space(), monday()
    first, second = rooms.book(space, *(stretch(at(day + n * DAY, 9), 1) for n in range(2)))
    tasks = [lambda n=n: rooms.book(space, stretch(at(day + n * DAY, 18), 1)) for n in range(4)]
    tasks.insert(2, lambda: end(rooms))
    tasks += [
        lambda one=one: rooms.do(actions.cancel, one, "Away", late_hours=0, by=rooms.rosa)
        for one in (first, second)
    ]
    refused = crowd(*tasks)
    assert set(refused) <= {"WrongState", "StaleDataError", "Stale"}, refused
    assert {state for state, _ in states(rooms.promise_id).values()} == {"cancelled"}
    assert rooms.figures() == (0, 0)
    assert quarters() == 0
