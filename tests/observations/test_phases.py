"""A period is counted in the city's days: over changes of the clock, the ends of months, and leap days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal import db
from portal.observations import phases, queries
from portal.observations.models import Period
from portal.observations.phases import Phase

ROME, SEOUL, APIA = ZoneInfo("Europe/Rome"), ZoneInfo("Asia/Seoul"), ZoneInfo("Pacific/Apia")
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
LENGTHS = st.integers(1, 120)
ZONES = st.sampled_from([ROME, SEOUL, APIA, ZoneInfo("America/New_York"), ZoneInfo("UTC")])


@given(DAYS, LENGTHS, ZONES)
def test_every_day_of_a_period_is_counted_once_and_whole(first: date, length: int, zone: ZoneInfo) -> None:
    last = first + timedelta(days=length - 1)
    dates = phases.span(first, last, zone)
    assert phases.days(dates.opens_at, dates.closes_at, zone) == length
    for n in range(length):
        noon = datetime.combine(first + timedelta(days=n), datetime.min.time(), zone).replace(hour=12)
        counted = phases.count(dates.opens_at, dates.closes_at, noon.astimezone(UTC), zone)
        assert (counted.day, counted.days, counted.last) == (n + 1, length, last)
        assert phases.phase(dates.opens_at, dates.closes_at, noon) is Phase.OPEN


@given(DAYS, LENGTHS, ZONES)
def test_the_first_instant_belongs_to_it_and_the_last_does_not(
    first: date, length: int, zone: ZoneInfo
) -> None:
    dates = phases.span(first, first + timedelta(days=length - 1), zone)
    tick = timedelta(microseconds=1)
    opens, closes = dates.opens_at, dates.closes_at
    assert phases.phase(opens, closes, opens - tick) is Phase.AHEAD
    assert phases.phase(opens, closes, opens) is Phase.OPEN
    assert phases.phase(opens, closes, closes - tick) is Phase.OPEN
    assert phases.phase(opens, closes, closes) is Phase.OVER
    assert phases.count(opens, closes, opens - tick, zone).day == 0
    assert phases.count(opens, closes, closes + timedelta(days=40), zone).day == length


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        (date(2026, 3, 28), date(2026, 3, 30), 71),  # the clocks go forward on the 29th
        (date(2026, 10, 24), date(2026, 10, 26), 73),  # and back on the 25th
        (date(2028, 2, 28), date(2028, 3, 1), 72),  # a leap day
        (date(2026, 12, 31), date(2027, 1, 1), 48),
    ],
)
def test_a_day_is_as_long_as_the_city_says(first: date, last: date, hours: int) -> None:
    dates = phases.span(first, last, ROME)
    assert dates.closes_at - dates.opens_at == timedelta(hours=hours)


@given(DAYS, LENGTHS)
def test_the_shortest_period_has_just_the_days_that_are_asked(first: date, least: int) -> None:
    last = phases.least_last_day(first, least)
    dates = phases.span(first, last, ROME)
    assert phases.days(dates.opens_at, dates.closes_at, ROME) == least
    # A month more is never a day too few, however long the month is.
    assert (last - first).days == least - 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    spans=st.lists(st.tuples(DAYS, LENGTHS), min_size=1, max_size=6),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2041, 6, 1)),
)
def test_the_database_says_the_same(
    both: db.Database, cast, spans: list[tuple[date, int]], at: datetime
) -> None:
    officer, instant = cast.person("giulia"), at.replace(tzinfo=UTC)
    ends = [phases.span(first, first + timedelta(days=length - 1), ROME) for first, length in spans]
    # Exactly at an edge, as well as anywhere.
    instants = [instant, ends[0].opens_at, ends[0].closes_at]
    with db.unit(writes=True) as session:
        session.add_all(
            Period(
                subject_key=f"proposal:PR-{n}",
                version=0,
                opens_at=one.opens_at,
                closes_at=one.closes_at,
                published_at=instant,
                published_by_id=officer.id,
            )
            for n, one in enumerate(ends)
        )
        session.flush()
        for moment in instants:
            found = session.execute(select(Period, queries.phase_of(moment), queries.is_open(moment))).all()
            assert len(found) == len(ends)
            for period, phase, is_open in found:
                expected = phases.phase(period.opens_at, period.closes_at, moment)
                assert (Phase(phase), bool(is_open)) == (expected, expected is Phase.OPEN)
        session.rollback()
