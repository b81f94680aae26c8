"""Days are counted as the law counts them: the first day is left out, and no term ends on a day of rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import city

PROFILE = city.profile("bologna")
EXAMINATION = PROFILE.clock("examination")
DAYS = st.dates(date(2023, 1, 1), date(2040, 12, 31))
COUNTING = st.sampled_from(["calendar", "working"])


def clock(days: int, counting: str) -> city.Clock:
    return replace(EXAMINATION, days=days, counting=counting)  # type: ignore[arg-type]


def test_thirty_days_from_the_day_after() -> None:
    assert city.deadline(date(2026, 11, 3), EXAMINATION) == date(2026, 12, 3)


def test_a_term_that_ends_on_a_sunday_runs_on_to_monday() -> None:
    assert city.deadline(date(2026, 10, 23), EXAMINATION) == date(2026, 11, 23)


def test_a_term_that_ends_on_christmas_runs_on_beyond_saint_stephen_and_sunday() -> None:
    assert city.deadline(date(2026, 11, 25), EXAMINATION) == date(2026, 12, 28)


@pytest.mark.parametrize("year", [2023, 2025, 2031])
def test_the_patron_saint_is_a_day_of_rest(year: int) -> None:
    assert not PROFILE.calendar.is_working(date(year, 10, 4))


def test_working_days_leave_out_the_days_between() -> None:
    assert city.deadline(date(2026, 12, 4), clock(3, "working")) == date(2026, 12, 9)


def test_a_stopped_clock_ends_later() -> None:
    assert city.deadline(date(2026, 11, 3), EXAMINATION, stopped_days=12) == date(2026, 12, 15)
    with pytest.raises(ValueError, match="stopped"):
        city.deadline(date(2026, 11, 3), EXAMINATION, stopped_days=-1)


@given(DAYS, st.integers(0, 120), COUNTING, st.integers(0, 60))
def test_a_deadline_is_a_working_day_and_never_too_early(
    start: date, days: int, counting: str, stopped: int
) -> None:
    end = city.deadline(start, clock(days, counting), stopped_days=stopped)
    assert PROFILE.calendar.is_working(end)
    assert end >= start + timedelta(days=days + stopped)


@given(DAYS, st.integers(0, 120), COUNTING)
def test_a_day_later_never_ends_sooner(start: date, days: int, counting: str) -> None:
    one = clock(days, counting)
    assert city.deadline(start, one) <= city.deadline(start + timedelta(days=1), one)
    assert city.deadline(start, one) <= city.deadline(start, one, stopped_days=1)


@given(DAYS, st.integers(1, 60))
def test_working_days_are_counted_exactly(start: date, days: int) -> None:
    end = city.deadline(start, clock(days, "working"))
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(PROFILE.calendar.is_working(one) for one in between) == days
