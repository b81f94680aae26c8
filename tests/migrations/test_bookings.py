"""Bookings of a city that is older than the closing of hours come through the upgrade, and what stopped is mended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import Invalid
from portal.pacts import actions as pacts
from portal.pacts import bookings
from portal.pacts.queries import stopped
from portal.support.models import Allocation
from portal.support.spaces import actions, queries
from portal.support.spaces.models import Space, SpaceQuarter
from tests.migrations.older import brought_up_to_date
from tests.subscriptions.test_spaces import DAY, book, promised
from tests.support.spaces.conftest import at, monday, stretch
from tests.worker.test_stopped_spaces import code_of, states, stop_as_before

__all__ = ["promised"]


# The last migration before bookings were cancelled with a suspension.
BEFORE = "0005"


def quarters() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count(SpaceQuarter.booking_id))) or 0


@pytest.mark.usefixtures("database")
def test_what_was_booked_keeps_its_hours_and_what_was_suspended_gives_them_back(
    promised: tuple[Space, int], cast: Any, empty: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, promise_id = promised
    for days in range(2):
        book(promised, cast.rosa, days)
    stop_as_before(code_of(promise_id), pacts.suspend, monkeypatch, cast.giulia)
    tina = cast.tina
    with brought_up_to_date(empty, BEFORE):
        assert quarters() == 8
        with pytest.raises(Invalid, match="is taken by"), db.writing() as session:
            mine, room = session.get_one(Allocation, promise_id), session.get_one(Space, space.id)
            actions.book(mine, room, actions.Wish([stretch(at(monday(), 18), 1)]), by=tina)
        with db.reading() as session:
            ((pact_id, _),) = session.execute(stopped.holding_spaces(clock.now())).all()
        for _ in range(2):
            bookings.cancel(pact_id)
        assert states(promise_id) == [("cancelled", "Both sides want it")] * 2
        assert quarters() == 0
        with db.writing() as session:
            begins = at(monday(), 17)
            wish = actions.Closure([stretch(begins, 3)], {"it": "Caldaia rotta"})
            actions.close(session.get_one(Space, space.id), wish, seen=(), by=tina)
        with db.reading() as session:
            assert (
                len(session.scalars(queries.closed(space.id, begins - DAY, begins + timedelta(days=1))).all())
                == 1
            )
