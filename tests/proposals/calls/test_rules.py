"""When a call is open, whom it takes, and what the city adds: the rules, and the same said to the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, literal, select
from sqlalchemy.sql import visitors

from portal import db
from portal.errors import Invalid
from portal.proposals.calls import eligibility, queries
from portal.proposals.calls.lifecycle import Phase, State, phase
from portal.proposals.models import Call
from portal.web.moments import instant_at

ROME = ZoneInfo("Europe/Rome")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Terms:
    state: str = "published"
    opens_at: datetime | None = NOON
    closes_at: datetime | None = NOON + HOUR
    kinds: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)


@dataclass
class Entry:
    kind: str = ""
    district: str = ""
    group_kind: str = ""


def test_a_call_is_open_from_its_first_instant_up_to_not_at_its_last():
    step = timedelta(microseconds=1)
    assert phase(Terms(), NOON - step) is Phase.AHEAD
    assert phase(Terms(), NOON) is Phase.OPEN
    assert phase(Terms(), NOON + HOUR - step) is Phase.OPEN
    assert phase(Terms(), NOON + HOUR) is Phase.CLOSED


@given(
    state=st.sampled_from(State),
    opens=st.integers(-3, 3),
    length=st.integers(1, 4),
    at=st.integers(-5, 8),
)
def test_the_rule_and_the_database_agree_on_the_phase(state, opens, length, at):
    opens_at, instant = NOON + opens * HOUR, NOON + at * HOUR
    call = Terms(state.value, opens_at, opens_at + length * HOUR)
    columns = {"state": state.value, "opens_at": call.opens_at, "closes_at": call.closes_at}
    found = {one for one in Phase if _holds(queries.in_phase(one, instant), columns)}
    assert found == {phase(call, instant)}


ENGINE = create_engine("sqlite://")


def _holds(condition, columns):
    """Say whether a condition holds for one row that no table holds."""

    def instead(element, **_options):
        if getattr(element, "table", None) is Call.__table__:
            return literal(columns[element.name], element.type)
        return None

    with ENGINE.connect() as connection:
        return bool(connection.scalar(select(visitors.replacement_traverse(condition, {}, instead))))


def test_what_is_not_answered_yet_speaks_against_nothing():
    call = Terms(kinds=["place"], zones=["navile"], leads=["association"])
    assert eligibility.refusals(call, Entry(), NOON) == []


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry("software", "navile"), eligibility.WRONG_KIND),
        (Entry("place", "savena"), eligibility.WRONG_ZONE),
        (Entry("place", ""), eligibility.NO_ZONE),
        (Entry("place", "navile", "company"), eligibility.WRONG_LEAD),
    ],
)
def test_each_reason_is_named(entry, why):
    call = Terms(kinds=["place"], zones=["navile"], leads=["association"])
    assert why in eligibility.refusals(call, entry, NOON)
    assert eligibility.refusals(call, Entry("place", "navile", "association"), NOON) == []


def test_all_reasons_come_at_once():
    call = Terms(kinds=["place"], zones=["navile"], leads=["association"])
    found = eligibility.refusals(call, Entry("software", "savena", "company"), NOON + HOUR)
    wrong = [eligibility.WRONG_KIND, eligibility.WRONG_ZONE, eligibility.WRONG_LEAD]
    assert found == [eligibility.OVER, *wrong]


@given(
    raised=st.integers(0, 10**9),
    ratio_bp=st.integers(1, 100_000),
    cap=st.integers(1, 10**8),
    threshold=st.integers(0, 10**6),
)
def test_the_city_never_adds_more_than_share_or_cap_and_nothing_below_the_threshold(
    raised, ratio_bp, cap, threshold
):
    added = eligibility.match(raised, ratio_bp=ratio_bp, cap_cents=cap, threshold_cents=threshold).cents
    assert 0 <= added <= cap
    assert added * 10_000 <= raised * ratio_bp
    if raised < threshold:
        assert added == 0
    elif raised * ratio_bp // 10_000 <= cap:
        assert added == raised * ratio_bp // 10_000


def test_an_hour_that_is_missing_or_there_twice_is_no_deadline():
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        with pytest.raises(Invalid):
            instant_at(day, time(2, 30), ROME)
    assert instant_at(date(2026, 7, 1), time(12), ROME) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert instant_at(date(2026, 12, 1), time(12), ROME) == datetime(2026, 12, 1, 11, tzinfo=UTC)


def test_the_database_itself_refuses_a_published_call_without_dates_or_second_person(cast):
    giulia = cast.person("giulia").id
    for broken in (
        {"state": "published"},
        {"opens_at": NOON, "closes_at": NOON},
        {"drafted_by_id": giulia, "published_by_id": giulia},
        {"track": "matchfunding"},
        {"state": "cancelled"},
    ):
        with pytest.raises(Exception, match="CHECK"), db.writing() as session:
            session.add(Call(**{"ref": "CALL-X", "drafted_by_id": giulia, **broken}))
            session.flush()
