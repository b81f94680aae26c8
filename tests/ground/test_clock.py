"""One unit of work has one instant; what counts tries and leases runs on a clock nobody moves."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from portal import clock, db


def test_the_clock_stands_still_inside_a_unit(both: db.Database) -> None:
    with db.writing():
        first = clock.now()
        time.sleep(0.002)
        assert clock.now() == first
    assert clock.now() > first
    assert first.tzinfo is UTC


def test_a_unit_inside_another_leaves_the_outer_instant_alone(database: db.Database) -> None:
    with db.writing():
        first = clock.now()
        time.sleep(0.002)
        with db.reading():
            assert clock.now() > first
        assert clock.now() == first


def test_a_unit_that_fails_lets_the_clock_run_again(database: db.Database) -> None:
    with pytest.raises(KeyError), db.reading():
        raise KeyError
    first = clock.now()
    time.sleep(0.002)
    assert clock.now() > first


def test_the_moved_clock_moves_the_domain_only(both: db.Database) -> None:
    clock.set_offset(timedelta(days=400))
    with db.writing():
        assert timedelta(days=399) < clock.now() - clock.real() < timedelta(days=401)
    assert abs(clock.real() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-12-31T22:59:59+00:00", date(2026, 12, 31)),
        ("2026-12-31T23:00:00+00:00", date(2027, 1, 1)),
        ("2026-06-30T22:00:00+00:00", date(2026, 7, 1)),
    ],
)
def test_today_is_the_citys_day(instant: str, day: date) -> None:
    clock.fix(datetime.fromisoformat(instant))
    try:
        assert clock.today() == day
    finally:
        clock.fix(None)
