"""Fences are put into force by the last signature, and measured by those who belong to the pact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal import city, clock, db
from portal.errors import Invalid, NotAllowed, WrongState
from portal.fences import actions, queries
from portal.fences.models import Fence
from portal.fences.monitors import State
from portal.policy import SYSTEM, Rel
from portal.record import Act

PACT = "pact:BO-2026-041"
ROW = {
    "id": "f1",
    "catalogue": "open_hours",
    "title": {"it": "Aperto a chiunque", "en": "Open to everybody"},
    "sentence": {"it": "Aperto almeno 40 ore.", "en": "Open for at least 40 hours."},
    "comparator": "at_least",
    "threshold": 40,
    "unit": "hours_week",
    "frequency": "month",
    "source": "opening_log",
}


class Thing:
    """A pact whose community has one person."""

    def __init__(self, person_id: int) -> None:
        self.person_id = person_id

    def relations(self, actor):
        return frozenset({Rel.PARTY}) if actor.person_id == self.person_id else frozenset()


@pytest.fixture
def people(cast):
    return {name: getattr(cast, name) for name in ("rosa", "eve", "giulia", "tina")}


@pytest.fixture
def pact(people):
    return Thing(people["rosa"].person_id)


def set_up(*, days: int = 365, **changes) -> Fence:
    start = clock.today() - timedelta(days=10)
    with db.writing():
        (fence,) = actions.set_fences(
            PACT,
            [ROW | changes],
            start,
            start + timedelta(days=days),
            by=SYSTEM,
            profile=city.profile("bologna"),
        )
    return fence


def measure(
    fence: Fence, value: int, pact, by, *, ago: int = 0, evidence: str = "Opening log of November"
) -> None:
    with db.writing() as session:
        here = session.get_one(Fence, fence.id)
        actions.measure(here, value, clock.today() - timedelta(days=ago), evidence, pact, by=by)


def gauge() -> dict:
    with db.reading():
        (one,) = queries.gauges(PACT, "en", clock.today())
        return one


def test_a_fence_is_set_measured_and_shown(both, people, pact):
    fence = set_up()
    assert fence.close == 44
    assert gauge()["state"] == State.NOT_MEASURED
    measure(fence, 52, pact, people["rosa"], ago=2)
    assert (gauge()["state"], gauge()["value_text"]) == (State.HOLDING, "52 h")
    measure(fence, 39, pact, people["giulia"], ago=1)
    assert (gauge()["state"], len(gauge()["history"])) == (State.BREACHED, 2)
    with db.reading() as session:
        acts = session.scalars(select(Act).where(Act.subject == PACT).order_by(Act.id)).all()
        assert [(act.verb, act.facts.get("value")) for act in acts] == [
            ("fence:set", None),
            ("fence:measured", 52),
            ("fence:measured", 39),
        ]


def test_a_second_measure_of_a_day_corrects_the_first(both, people, pact):
    fence = set_up()
    measure(fence, 30, pact, people["rosa"])
    measure(fence, 50, pact, people["rosa"])
    assert gauge()["state"] == State.HOLDING


def test_setting_again_moves_the_dates_and_nothing_else(both, people):
    first = set_up()
    again = set_up(days=700, threshold=10)
    assert (again.id, again.threshold) == (first.id, 40)
    assert again.in_force_until - again.in_force_from == timedelta(days=700)


@pytest.mark.parametrize("name", ["eve", "tina"])
def test_nobody_else_measures(people, pact, name):
    fence = set_up()
    with pytest.raises(NotAllowed):
        measure(fence, 52, pact, people[name])


@pytest.mark.parametrize(
    ("value", "more", "field"),
    [
        (-1, {}, "value"),
        (169, {}, "value"),
        (52, {"ago": -1}, "measured_on"),
        (52, {"ago": 11}, "measured_on"),
        (52, {"evidence": " "}, "evidence"),
    ],
)
def test_a_measure_needs_its_facts(people, pact, value, more, field):
    fence = set_up()
    with pytest.raises(Invalid) as refused:
        measure(fence, value, pact, people["rosa"], **more)
    assert refused.value.field == field


def test_nothing_is_measured_after_the_end(people, pact):
    fence = set_up(days=5)
    with pytest.raises(WrongState):
        measure(fence, 52, pact, people["rosa"])


def test_the_city_counts_its_fences(people, pact):
    fence = set_up()
    set_up(id="f2")
    measure(fence, 39, pact, people["rosa"])
    with db.reading():
        found = queries.counts(clock.today())
    assert (found[State.BREACHED], found[State.NOT_MEASURED], sum(found.values())) == (1, 1, 2)


def test_without_a_profile_nothing_counts_as_close(people):
    start = clock.today()
    with db.writing():
        (fence,) = actions.set_fences(PACT, [ROW], start, None, by=SYSTEM)
    assert fence.close == fence.threshold


@pytest.mark.parametrize("change", ["close = 39", "comparator = 'about'"])
def test_the_database_itself_refuses_nonsense(both, people, change):
    set_up()
    with pytest.raises(IntegrityError), db.writing() as session:
        session.execute(text(f"UPDATE fence SET {change}"))
