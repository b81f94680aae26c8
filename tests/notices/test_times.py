"""Nobody is written to at night, and a digest's period has one name, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices.times import (
    Choice,
    first_allowed,
    is_quiet,
    is_urgent,
    newest_slot,
    next_morning,
    period,
)

ROME, SEOUL = ZoneInfo("Europe/Rome"), ZoneInfo("Asia/Seoul")
DIGESTS = (Choice.WEEKLY, Choice.DAILY)


@pytest.fixture(autouse=True)
def by_day() -> None:
    """Here the night is night."""


instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from([ROME, SEOUL, ZoneInfo("Europe/Madrid")])


@given(instants, zones)
def test_the_first_allowed_instant_is_by_day_and_never_half_a_day_off(at: datetime, zone: ZoneInfo) -> None:
    found = first_allowed(at, zone)
    assert not is_quiet(found, zone)
    assert timedelta(0) <= found - at <= timedelta(hours=11)
    assert found == at or is_quiet(at, zone)


@given(instants, zones)
def test_the_next_morning_is_by_day_on_another_day(at: datetime, zone: ZoneInfo) -> None:
    found = next_morning(at, zone)
    assert not is_quiet(found, zone)
    assert (found.astimezone(zone).date() - at.astimezone(zone).date()).days == 1


@given(instants, zones, st.sampled_from(DIGESTS))
def test_the_newest_slot_is_past_by_day_and_no_other_lies_between(
    at: datetime, zone: ZoneInfo, choice: Choice
) -> None:
    slot = newest_slot(choice, at, zone)
    assert slot <= at
    assert not is_quiet(slot, zone)
    assert newest_slot(choice, slot, zone) == slot
    assert at - slot <= timedelta(days=7 if choice is Choice.WEEKLY else 1, hours=1)


@given(instants, instants, zones, st.sampled_from(DIGESTS))
def test_two_slots_have_one_name_only_where_they_are_one(
    one: datetime, other: datetime, zone: ZoneInfo, choice: Choice
) -> None:
    slots = [newest_slot(choice, at, zone) for at in (one, other)]
    names = [period(choice, slot, zone) for slot in slots]
    assert (names[0] == names[1]) == (slots[0] == slots[1])


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-03-28T21:00+01:00", "2026-03-29T07:00+02:00"),  # the night that is an hour short
        ("2026-10-25T02:30+02:00", "2026-10-25T07:00+01:00"),  # the hour that comes twice, the first time
        ("2026-10-25T02:30+01:00", "2026-10-25T07:00+01:00"),  # and the second
        ("2026-11-28T06:59+01:00", "2026-11-28T07:00+01:00"),
        ("2026-11-28T07:00+01:00", "2026-11-28T07:00+01:00"),
        ("2026-11-28T20:59+01:00", "2026-11-28T20:59+01:00"),
        ("2026-12-31T23:00+01:00", "2027-01-01T07:00+01:00"),
    ],
)
def test_the_night_ends_at_seven_by_the_clock_on_the_wall(at: str, allowed: str) -> None:
    assert first_allowed(datetime.fromisoformat(at), ROME) == datetime.fromisoformat(allowed)


def test_only_a_deadline_within_a_day_is_urgent() -> None:
    now = datetime(2026, 11, 28, 23, tzinfo=UTC)
    assert is_urgent(now + timedelta(hours=23), now)
    assert is_urgent(now - timedelta(hours=1), now)
    assert not is_urgent(now + timedelta(hours=24), now)
    assert not is_urgent(None, now)
