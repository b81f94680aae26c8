"""Periods cover the pact without gap, due days never drift, and the life line says where it stands."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pacts import calendar
from portal.pacts.calendar import Dates, months_later
from portal.pacts.lifecycle import State

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def periods_of(
    starts_on: date, ends_on: date, every: int = 6, grace: int = 30
) -> tuple[calendar.Period, ...]:
    first_due_on = months_later(starts_on, every) + timedelta(days=grace)
    return calendar.periods(starts_on, ends_on, every_months=every, first_due_on=first_due_on)


@given(DAYS, st.integers(1, 2000), st.integers(1, 24))
def test_periods_cover_every_day_once(starts_on: date, days: int, every: int) -> None:
    ends_on = starts_on + timedelta(days=days)
    found = periods_of(starts_on, ends_on, every)
    assert found[0].starts_on == starts_on
    assert found[-1].last_day == ends_on
    assert all(one.ends_before == other.starts_on for one, other in pairwise(found))
    assert all(one.starts_on < one.ends_before <= one.due_on for one in found)
    assert [one.number for one in found] == list(range(1, len(found) + 1))


@given(DAYS, st.integers(0, 240))
def test_months_later_keeps_the_day_or_the_months_end(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 1), 6, date(2027, 6, 1)),
    ],
)
def test_month_ends_and_leap_days(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_a_months_end_does_not_drift_over_february() -> None:
    found = periods_of(date(2026, 8, 31), date(2028, 8, 30), every=6)
    assert [one.starts_on for one in found] == [
        date(2026, 8, 31),
        date(2027, 2, 28),
        date(2027, 8, 31),
        date(2028, 2, 29),
    ]


def test_three_years_every_half_year() -> None:
    found = periods_of(date(2026, 12, 1), date(2029, 11, 30))
    assert len(found) == 6
    assert (found[0].last_day, found[0].due_on) == (date(2027, 5, 31), date(2027, 7, 1))
    assert found[-1].last_day == date(2029, 11, 30)


def test_due_and_overdue_follow_the_calendar_only() -> None:
    found = periods_of(date(2026, 12, 1), date(2029, 11, 30))
    assert calendar.due(found, (), date(2027, 5, 31)) == ()
    assert calendar.due(found, (), date(2027, 6, 1)) == (found[0],)
    assert calendar.overdue(found, (), date(2027, 7, 1)) == ()
    assert calendar.overdue(found, (), date(2027, 7, 2)) == (found[0],)
    assert calendar.due(found, (1,), date(2027, 7, 2)) == ()
    assert calendar.next_unreported(found, (1,)) == found[1]
    assert calendar.next_unreported(found, range(1, 7)) is None


def test_without_rhythm_there_is_one_period() -> None:
    found = calendar.periods(
        date(2026, 12, 1), date(2027, 1, 1), every_months=0, first_due_on=date(2027, 1, 31)
    )
    assert [(one.number, one.last_day) for one in found] == [(1, date(2027, 1, 1))]


START, END = date(2026, 12, 1), date(2029, 11, 30)


@pytest.mark.parametrize(
    ("state", "has_paper", "on", "expected"),
    [
        (State.SIGNED, True, START, True),
        (State.SIGNED, True, END, True),
        (State.SIGNED, True, START - timedelta(days=1), False),
        (State.SIGNED, True, END + timedelta(days=1), False),
        (State.SIGNED, False, START, False),
        (State.SUSPENDED, True, START, False),
        (State.SIGNING, True, START, False),
        (State.CONCLUDED, True, START, False),
    ],
)
def test_in_force_needs_signature_paper_and_dates(
    state: State, has_paper: bool, on: date, expected: bool
) -> None:
    assert calendar.in_force(state.value, START, END, has_paper=has_paper, on=on) is expected


def stations(state: State, on: date, dates: Dates | None = None) -> dict[str, str]:
    line = calendar.life_line(state.value, dates or Dates(starts_on=START, ends_on=END), on=on)
    return {station.id: station.state for station in line}


def test_life_line_of_a_pact_being_written() -> None:
    found = stations(State.CO_DESIGN, date(2026, 11, 1))
    assert found["checking"] == "done"
    assert found["co_design"] == "now"
    assert found["active"] == found["ended"] == "todo"


def test_a_beginning_that_passed_unsigned_is_missed() -> None:
    assert stations(State.AGREED, date(2026, 12, 2))["active"] == "missed"


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_exactly_one_place(state: State) -> None:
    found = list(stations(state, date(2026, 11, 1)).values())
    assert found.count("now") == (0 if state in calendar.ENDED else 1)
    assert len(found) == len(calendar.ORDER)
