"""Whether a fence holds: a literal table first, then what is true of every fence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import city
from portal.errors import Invalid
from portal.fences.gauges import gauge
from portal.fences.measures import MOST, Measure, read
from portal.fences.monitors import State, is_broken, margin_of, months_after, status
from portal.words import in_language

START = date(2026, 1, 1)


@dataclass
class Taken:
    value: int
    measured_on: date


@dataclass
class Fence:
    comparator: str = "at_least"
    threshold: int = 40
    close: int = 44
    unit: str = "hours_week"
    frequency: str = "month"
    in_force_from: date = START
    in_force_until: date | None = None
    row_key: str = "f1"
    title: dict[str, str] | None = None
    sentence: dict[str, str] | None = None


def hours(**more) -> Fence:
    return Fence(**more)


def fee(**more) -> Fence:
    return Fence("at_most", 15, 14, "percent", "quarter", **more)


def licence(**more) -> Fence:
    return Fence("at_least", 1, 1, "yes_no", "quarter", **more)


def nobody(**more) -> Fence:
    return Fence("at_most", 0, 0, "yes_no", "year", **more)


@pytest.mark.parametrize(
    ("fence", "value", "state"),
    [
        (hours(), 52, State.HOLDING),
        (hours(), 45, State.HOLDING),
        (hours(), 44, State.CLOSE),
        (hours(), 40, State.CLOSE),
        (hours(), 39, State.BREACHED),
        (hours(), 0, State.BREACHED),
        (hours(close=40), 40, State.HOLDING),
        (fee(), 12, State.HOLDING),
        (fee(), 14, State.CLOSE),
        (fee(), 15, State.CLOSE),
        (fee(), 16, State.BREACHED),
        (fee(), 0, State.HOLDING),
        (licence(), 1, State.HOLDING),
        (licence(), 0, State.BREACHED),
        (nobody(), 0, State.HOLDING),
        (nobody(), 1, State.BREACHED),
    ],
)
def test_a_fresh_measure_decides(fence, value, state):
    assert status(fence, [Taken(value, date(2026, 1, 31))], date(2026, 2, 1)).state == state


@pytest.mark.parametrize(
    ("fence", "taken", "on", "state"),
    [
        (hours(), [], date(2026, 1, 15), State.NOT_MEASURED),
        (hours(), [], date(2026, 2, 1), State.NOT_MEASURED),
        (hours(), [], date(2026, 2, 2), State.OVERDUE),
        (hours(), [Taken(52, date(2026, 1, 31))], date(2026, 2, 28), State.HOLDING),
        (hours(), [Taken(52, date(2026, 1, 31))], date(2026, 3, 1), State.OVERDUE),
        (hours(), [Taken(41, date(2026, 1, 31))], date(2026, 3, 1), State.OVERDUE),
        (hours(), [Taken(30, date(2026, 1, 31))], date(2027, 3, 1), State.BREACHED),
        (
            hours(),
            [Taken(30, date(2026, 1, 31)), Taken(52, date(2026, 2, 20))],
            date(2026, 3, 1),
            State.HOLDING,
        ),
        (
            hours(),
            [Taken(52, date(2026, 1, 31)), Taken(30, date(2026, 1, 31))],
            date(2026, 2, 1),
            State.BREACHED,
        ),
        (hours(), [Taken(52, date(2026, 3, 1))], date(2026, 1, 15), State.NOT_MEASURED),
        (fee(), [Taken(12, date(2026, 1, 31))], date(2026, 4, 30), State.HOLDING),
        (fee(), [Taken(12, date(2026, 1, 31))], date(2026, 5, 1), State.OVERDUE),
        (hours(in_force_until=date(2026, 1, 20)), [], date(2027, 1, 1), State.NOT_MEASURED),
        (
            hours(in_force_until=date(2026, 2, 10)),
            [Taken(52, date(2026, 1, 31))],
            date(2027, 1, 1),
            State.HOLDING,
        ),
        (
            hours(in_force_until=date(2026, 12, 31)),
            [Taken(52, date(2026, 1, 31))],
            date(2027, 1, 1),
            State.OVERDUE,
        ),
    ],
)
def test_the_calendar_decides_what_is_missing(fence, taken, on, state):
    assert status(fence, taken, on).state == state


@pytest.mark.parametrize(
    ("fence", "value", "because"),
    [
        (hours(), 52, "52 h was measured on 31 Jan 2026; at least 40 h was promised."),
        (
            hours(),
            41,
            "41 h was measured on 31 Jan 2026; at least 40 h was promised, so little room is left.",
        ),
        (hours(), 39, "Only 39 h was measured on 31 Jan 2026, although at least 40 h was promised."),
        (fee(), 16, "16 % was measured on 31 Jan 2026, although at most 15 % was promised."),
        (licence(), 1, "The answer on 31 Jan 2026 was: yes, as promised."),
        (licence(), 0, "The answer on 31 Jan 2026 was: no, although the promise was: yes."),
    ],
)
def test_every_state_comes_with_its_reason(fence, value, because):
    assert str(status(fence, [Taken(value, date(2026, 1, 31))], date(2026, 2, 1)).because) == because


def test_silence_is_explained_too():
    assert "the first measure is due on 1 Feb 2026" in str(status(hours(), [], START).because)
    assert "was due on 1 Feb 2026" in str(status(hours(), [], date(2026, 3, 1)).because)
    late = status(hours(), [Taken(52, date(2026, 1, 31))], date(2026, 6, 1))
    assert str(late.because) == "The last measure is of 31 Jan 2026; the next one was due on 28 Feb 2026."


units = st.sampled_from(["hours_week", "percent", "cents", "days", "yes_no"])
days = st.dates(date(2026, 1, 1), date(2029, 1, 1))


@st.composite
def fences(draw):
    unit = draw(units)
    comparator = draw(st.sampled_from(["at_least", "at_most"]))
    threshold = draw(st.integers(0, min(MOST[unit], 10**6)))
    distance = draw(st.integers(0, 20))
    close = threshold + distance if comparator == "at_least" else max(threshold - distance, 0)
    ends = draw(st.none() | st.dates(date(2026, 6, 1), date(2029, 1, 1)))
    frequency = draw(st.sampled_from(["month", "quarter", "year"]))
    return Fence(
        comparator, threshold, close, unit, frequency, START, ends, title={"en": "T"}, sentence={"en": "S"}
    )


@given(fences(), st.lists(st.tuples(st.integers(0, 200), days), max_size=6), days)
def test_the_wrong_side_is_always_breached_and_the_right_side_never(fence, values, on):
    taken = sorted((Taken(*one) for one in values), key=lambda one: one.measured_on)
    found = status(fence, taken, on)
    known = [one for one in taken if one.measured_on <= on]
    assert (found.state is State.BREACHED) == (bool(known) and is_broken(fence, known[-1].value))
    assert (found.value is None) == (not known)
    if not known:
        assert found.state in {State.NOT_MEASURED, State.OVERDUE}
    for language in ("en", "it"):
        with in_language(language):
            assert str(found.because)
            assert str(found.words)


@given(fences(), st.lists(st.tuples(st.integers(0, 200), days), max_size=6), days)
def test_a_gauge_stays_on_its_scale(fence, values, on):
    taken = sorted((Taken(*one) for one in values), key=lambda one: one.measured_on)
    drawn = gauge(fence, taken, "en", on)
    ratios = [drawn["limit_ratio"], *drawn["history"], drawn["value_ratio"] or 0]
    assert all(0 <= one <= 1 for one in ratios)
    if drawn["value"] is not None and drawn["limit_ratio"] < 1:
        wrong = drawn["value_ratio"] < drawn["limit_ratio"]
        assert is_broken(fence, drawn["value"]) == (
            wrong if fence.comparator == "at_least" else drawn["value_ratio"] > drawn["limit_ratio"]
        )


def test_a_gauge_speaks_the_language_of_its_reader():
    fence = hours(
        title={"it": "Aperto", "en": "Open"}, sentence={"it": "Almeno 40 ore", "en": "At least 40 hours"}
    )
    taken = [Taken(45, date(2026, 1, 5)), Taken(52, date(2026, 1, 31))]
    drawn = gauge(fence, taken, "it", date(2026, 2, 1))
    assert (drawn["title"], drawn["value_text"], drawn["limit_text"]) == ("Aperto", "52 h", "40 h")
    assert (drawn["value_ratio"], drawn["limit_ratio"]) == (1.0, 40 / 52)
    assert drawn["history"] == [45 / 52, 1.0]
    assert (drawn["status_tone"], drawn["comparator"]) == ("green", "at_least")
    empty = gauge(fence, [], "en", START)
    assert (empty["value_text"], empty["value_ratio"], empty["limit_ratio"]) == ("", None, 0.8)


@pytest.mark.parametrize(
    ("value", "unit", "en", "it"),
    [
        (52, "hours_week", "52 h", "52 h"),
        (62, "percent", "62 %", "62 %"),
        (500, "cents", "€ 5", "€ 5"),
        (0, "cents", "€ 0", "€ 0"),
        (30, "days", "30 days", None),
        (1, "days", "1 day", None),
        (1, "yes_no", "yes", None),
        (0, "yes_no", "no", None),
    ],
)
def test_a_measure_reads_with_its_unit(value, unit, en, it):
    assert str(Measure(value, unit)).replace("\u00a0", " ") == en
    if it:
        with in_language("it"):
            assert str(Measure(value, unit)).replace("\u00a0", " ") == it


BAD = ["", "Infinity", "1e400", "٣", "１２", "-1", "1_000", "abc", "1 2"]


@pytest.mark.parametrize("unit", MOST)
@pytest.mark.parametrize("typed", BAD)
def test_what_is_no_measure_is_refused(typed, unit):
    with pytest.raises(Invalid) as refused:
        read(typed, unit)
    assert refused.value.field == "value"


@pytest.mark.parametrize(
    ("typed", "unit"),
    [("169", "hours_week"), ("101", "percent"), ("2", "yes_no"), ("0.5", "percent"), ("9" * 30, "days")],
)
def test_an_impossible_measure_is_refused(typed, unit):
    with pytest.raises(Invalid):
        read(typed, unit)


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("0", "percent", 0),
        ("168", "hours_week", 168),
        ("1", "yes_no", 1),
        ("5", "cents", 500),
        (" 30 ", "days", 30),
    ],
)
def test_a_measure_is_read_as_people_write_it(typed, unit, value):
    assert read(typed, unit) == value


def test_close_begins_as_far_off_as_usual():
    assert margin_of("at_least", 40, usual_threshold=20, usual_close=24) == 44
    assert margin_of("at_most", 10, usual_threshold=15, usual_close=14) == 9
    assert margin_of("at_most", 0, usual_threshold=15, usual_close=14) == 0


@pytest.mark.parametrize("fence", city.profile("bologna").fences, ids=lambda one: one.id)
def test_every_fence_of_the_catalogue_holds_is_close_or_broken_as_it_says(fence):
    here = Fence(fence.comparator, fence.threshold, fence.close, fence.unit, fence.frequency)
    fresh = START + timedelta(days=1)
    assert status(here, [Taken(fence.threshold, fresh)], fresh).state in {State.HOLDING, State.CLOSE}
    worse = fence.threshold - 1 if fence.comparator == "at_least" else fence.threshold + 1
    assert status(here, [Taken(worse, fresh)], fresh).state is State.BREACHED


def test_months_end_with_the_month():
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
