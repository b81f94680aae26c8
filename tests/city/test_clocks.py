"""Days are counted as the law counts them: by hand, and against a second count written in another way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import city, clock
from portal.city import Count, Extension, Stop
from portal.proposals import answering_clock

PROFILE = city.profile("bologna")
EXAMINATION = PROFILE.clock("examination")
DAYS = st.dates(date(2023, 1, 1), date(2040, 12, 31))
COUNTING = st.sampled_from(["calendar", "working"])
SIX_DAYS = PROFILE.calendar
FIVE_DAYS = replace(SIX_DAYS, country="ES", subdivision="CT", rest_days=(6, 7), feasts=("09-24",))


def term(days: int, counting: str, calendar: city.Calendar = SIX_DAYS) -> city.Clock:
    return replace(EXAMINATION, days=days, counting=counting, calendar=calendar)  # type: ignore[arg-type]


def last(start: date, one: city.Clock, *stops: Stop, extension: Extension | None = None) -> date | None:
    return city.count(start, one, on=start, stops=stops, extension=extension).last_day


@pytest.mark.parametrize(
    ("start", "days", "counting", "end"),
    [
        (date(2026, 11, 3), 30, "calendar", date(2026, 12, 3)),
        # Ends on a Sunday: Monday.
        (date(2026, 10, 23), 30, "calendar", date(2026, 11, 23)),
        # Ends on Christmas; then Saint Stephen on a Saturday, then a Sunday.
        (date(2026, 11, 25), 30, "calendar", date(2026, 12, 28)),
        # The 29th of February is a day; without one the term ends on the 1st of March.
        (date(2028, 1, 30), 30, "calendar", date(2028, 2, 29)),
        (date(2027, 1, 30), 30, "calendar", date(2027, 3, 1)),
        # The patron saint, 4 October 2027, is a Monday.
        (date(2027, 9, 4), 30, "calendar", date(2027, 10, 5)),
        # Over the year's end: 25, 26 December, 1 and 6 January and three Sundays are left out.
        (date(2026, 12, 20), 15, "working", date(2027, 1, 11)),
        # The 8th of December is left out, Saturday is not.
        (date(2026, 12, 4), 3, "working", date(2026, 12, 9)),
    ],
)
def test_terms_worked_by_hand(start: date, days: int, counting: str, end: date) -> None:
    assert city.deadline(start, term(days, counting)) == end


def test_stops_and_an_extension_worked_by_hand() -> None:
    start, thirty = date(2026, 11, 3), term(30, "calendar")
    asked = Stop("supplement", date(2026, 11, 8), date(2026, 11, 20))
    noticed = Stop("refusal_notice", date(2026, 11, 25), date(2026, 11, 29))
    assert last(start, thirty, asked) == date(2026, 12, 15)
    assert last(start, thirty, asked, noticed) == date(2026, 12, 19)
    ten = Extension(10, date(2026, 11, 22), "a visit is needed")
    assert last(start, thirty, asked, extension=ten) == date(2026, 12, 28)
    # In working days the stop takes out only the days that would have counted.
    waited = Stop("supplement", date(2026, 12, 5), date(2026, 12, 9))
    assert last(date(2026, 12, 4), term(3, "working"), waited) == date(2026, 12, 11)
    # Full on a Sunday, and stopped on that day: it ends when the clock may run again.
    full = Stop("supplement", date(2026, 11, 22), date(2026, 11, 24))
    assert last(date(2026, 10, 23), thirty, full) == date(2026, 11, 25)


def test_a_count_says_where_the_clock_stands() -> None:
    start, thirty = date(2026, 11, 3), term(30, "calendar")
    twelfth = city.count(start, thirty, on=date(2026, 11, 15))
    assert (twelfth.gone, twelfth.left, twelfth.last_day) == (12, 18, date(2026, 12, 3))
    still = city.count(start, thirty, on=date(2026, 11, 20), stops=[Stop("supplement", date(2026, 11, 8))])
    assert (still.gone, still.last_day, still.days_late) == (5, None, 0)
    assert still.stop is not None
    late = city.count(start, replace(thirty, tacit="refused"), on=date(2026, 12, 5))
    assert (late.gone, late.days_late, late.tacit_effect) == (30, 2, "refused")
    assert city.count(start, replace(thirty, tacit="refused"), on=date(2026, 12, 3)).tacit_effect == "none"


@st.composite
def held(draw: st.DrawFn, start: date) -> list[Stop]:
    found, day = [], start
    for why in ("supplement", "refusal_notice")[: draw(st.integers(0, 2))]:
        day += timedelta(days=draw(st.integers(0, 40)))
        until = day + timedelta(days=draw(st.integers(0, 40)))
        found.append(Stop(why, day, until))  # type: ignore[arg-type]
        day = until
    return found


def counted_naively(start: date, one: city.Clock, stops: list[Stop], on: date) -> tuple[date, int]:
    """Cross the days off a long list by their ordinals, then read off the answer."""
    stood = {
        n
        for stop in stops
        if stop.until
        for n in range(stop.since.toordinal() + 1, stop.until.toordinal() + 1)
    }
    every = range(start.toordinal() + 1, start.toordinal() + 420)
    rest = {n for n in every if not one.calendar.is_working(date.fromordinal(n))}
    crossed = stood | rest if one.counting == "working" else stood
    left = [n for n in every if n not in crossed]
    full = left[one.days - 1] if one.days else start.toordinal()
    ends = full
    while ends in stood or not one.calendar.is_working(date.fromordinal(ends)):
        ends += 1
    return date.fromordinal(ends), min(one.days, sum(n <= on.toordinal() for n in left))


@settings(max_examples=60)
@given(st.data(), DAYS, st.integers(0, 120), COUNTING, st.sampled_from([SIX_DAYS, FIVE_DAYS]))
def test_the_count_agrees_with_a_naive_one(
    data: st.DataObject, start: date, days: int, counting: str, calendar: city.Calendar
) -> None:
    one, stops = term(days, counting, calendar), data.draw(held(start))
    on = start + timedelta(days=data.draw(st.integers(0, 200)))
    found: Count = city.count(start, one, on=on, stops=stops)
    assert (found.last_day, found.gone) == counted_naively(start, one, stops, on)
    assert found.left == found.length - found.gone
    assert found.last_day is not None
    assert calendar.is_working(found.last_day)


@given(DAYS, st.integers(0, 120), COUNTING)
def test_a_day_later_never_ends_sooner(start: date, days: int, counting: str) -> None:
    one = term(days, counting)
    assert city.deadline(start, one) <= city.deadline(start + timedelta(days=1), one)


@pytest.mark.parametrize(
    ("instant", "end"),
    [
        # Half an hour after midnight in the city is still yesterday in UTC: the night of the change to summer.
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 4, 28)),
        # The hour that comes twice in October, the second time; the 24th of November is a Tuesday.
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_the_change_of_the_hour_costs_no_day(instant: datetime, end: date) -> None:
    clock.set_zone("Europe/Rome")
    sent = SimpleNamespace(
        state="submitted",
        submitted_at=instant,
        decided_at=None,
        noticed_at=None,
        replied_at=None,
        extended_at=None,
        supplements=[],
        profile_version=PROFILE.version_key,
    )
    assert answering_clock.count(sent, on=instant.date()).last_day == end  # type: ignore[arg-type, union-attr]
