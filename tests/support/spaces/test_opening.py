"""Opening hours are read as people write them, and what is free is what is left of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Invalid
from portal.support.spaces import opening
from portal.support.spaces.opening import Stretch

ROME = ZoneInfo("Europe/Rome")
NIGHT = ((0, 1440),) * 7


@pytest.mark.parametrize(
    ("text", "hours"), [("9:00-22:00", (540, 1320)), ("0.00 – 24.00", (0, 1440)), (" ", None)]
)
def test_hours_are_read(text: str, hours: opening.Hours) -> None:
    assert opening.read(text) == hours


@pytest.mark.parametrize(
    "text", ["9", "22:00-9:00", "9:10-12:00", "9:00-24:15", "9:00-9:75", "always", "٩:00-10:00"]
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        opening.read(text)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 1), 24)]
)
def test_a_day_of_the_city_has_the_hours_that_its_clocks_show(day: date, hours: int) -> None:
    stretch = opening.open_on(day, NIGHT, ROME)
    assert stretch is not None
    assert stretch.ends_at - stretch.begins_at == timedelta(hours=hours)
    assert len(list(opening.quarters(stretch))) == hours * 4


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 8)), max_size=8))
def test_what_is_free_and_what_is_taken_make_the_day(rows: list[tuple[int, int]]) -> None:
    start = datetime(2027, 5, 3, 7, tzinfo=UTC)
    day, taken, at = Stretch(start, start + timedelta(hours=13)), [], start
    for gap, length in rows:
        begins = at + gap * opening.QUARTER
        at = begins + length * opening.QUARTER
        taken.append(Stretch(begins, at))
    free = opening.free(day, taken)
    inside = {one for each in taken for one in opening.quarters(each) if one < day.ends_at}
    assert {one for each in free for one in opening.quarters(each)} == set(opening.quarters(day)) - inside
