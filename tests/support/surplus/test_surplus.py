"""Surplus from its declaration to what it financed: who may, what is refused, and what happens at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.models import Pool, PoolEntry
from portal.support.models.surplus import Surplus, SurplusArrival
from portal.support.surplus import queries
from portal.support.surplus.tracing import Inflow, Part, Use, trace
from tests.support.surplus.conftest import EURO, Group, arrive

FIRST, SECOND = (1, 2024), (2, 2025)


def fund():
    with db.reading() as session:
        return session.scalars(select(Pool)).one()


def test_what_arrives_makes_the_fund_grow_and_the_row_says_whence(both, cast, group, desk):
    declared = group.declare(cast.speaker)
    arrive(declared, 2_000 * EURO, "CRO 1", by=cast.tina)
    arrive(declared, 3_000 * EURO, "CRO 2", by=cast.tina)
    assert (fund().slug, fund().capacity) == ("commons-fund", 5_000 * EURO)
    assert desk.figures(fund()) == (0, 0, 0)
    with db.reading() as session:
        assert session.scalars(select(PoolEntry.movement).order_by(PoolEntry.id)).all() == [
            "opened",
            "increased",
        ]
        year = clock.today().year - 1
        assert [tuple(one) for one in session.execute(queries.inflows())] == [
            (group.id, year, 2_000 * EURO), (group.id, year, 3_000 * EURO)
        ]  # fmt: skip
    with pytest.raises(Invalid, match="declared less"):
        arrive(declared, 1, "CRO 3", by=cast.tina)


def test_what_the_fund_gave_is_traced_to_its_surplus(cast, group, desk):
    arrive(group.declare(cast.speaker), 5_000 * EURO, "CRO 1", by=cast.tina)
    desk.approved(fund(), {**_row(), "amount": 4_000 * EURO, "value_cents": 4_000 * EURO})
    with db.reading() as session:
        assert session.execute(queries.uses()).all() == []
    with db.writing():
        support.commit("pact:BO-2026-041", 1, by=cast.nuria)
    with db.reading() as session:
        ((allocation, cents, subject, title),) = session.execute(queries.uses())
    assert (cents, subject, title) == (4_000 * EURO, "pact:BO-2026-041", "Air-data commons")
    assert trace([Inflow(FIRST, 5_000 * EURO)], [Use(allocation, cents)]) == [
        Part(FIRST, allocation, 4_000 * EURO)
    ]


def _row():
    return {
        "id": "s1", "kind": "funding", "what": "Tools", "unit": "cent", "months": 0, "plan": "", "conditions": ""
    }  # fmt: skip


def test_a_correction_is_a_new_row_with_a_reason_and_not_below_what_arrived(cast, group):
    first = group.declare(cast.speaker)
    arrive(first, 2_000 * EURO, "CRO 1", by=cast.tina)
    with pytest.raises(Invalid, match="why you correct"):
        group.declare(cast.speaker, part=4_000 * EURO)
    with pytest.raises(Invalid, match="arrived in the fund already"):
        group.declare(cast.speaker, part=1_000 * EURO, why="A slip")
    second = group.declare(cast.speaker, part=4_000 * EURO, why="A slip")
    with pytest.raises(WrongState):
        arrive(first, 1, "CRO 2", by=cast.tina)
    with db.reading() as session:
        rows = session.scalars(queries.of_group(group.id)).all()
        assert [(one.number, one.is_current, one.rest_cents) for one in rows] == [
            (2, True, 2_000 * EURO), (1, False, 3_000 * EURO)
        ]  # fmt: skip
        assert session.get_one(Surplus, second).retained_cents == 6_000 * EURO


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"surplus": 0}, "above zero"),
        ({"surplus": -1, "part": 0}, "above zero"),
        ({"part": 10_001 * EURO}, "no more than the whole"),
        ({"part": -1}, "no more than the whole"),
        ({"year": 2199}, "a year that is over"),
        ({"year": 1999}, "a year that is over"),
        ({"basis": ""}, "accounts"),
        ({"basis": "x" * 2001}, "Shorten"),
        ({"clause": "x" * 301}, "Shorten"),
    ],
)
def test_what_is_no_declaration_is_refused(cast, group, wrong, sentence):
    with pytest.raises(Invalid, match=sentence):
        group.declare(cast.speaker, **wrong)
    with db.reading() as session:
        assert session.scalars(select(Surplus)).all() == []


def test_who_does_not_speak_for_the_group_declares_nothing_and_only_the_treasurer_confirms(cast, group):
    for actor in (cast.eve, cast.giulia, cast.tina, cast.aldo):
        with pytest.raises(NotAllowed):
            group.declare(actor)
    declared = group.declare(cast.speaker)
    own = replace(cast.tina, organisations=frozenset({group.id}))
    for actor in (cast.speaker, cast.eve, cast.giulia, cast.nuria, cast.aldo, own):
        with pytest.raises(NotAllowed):
            arrive(declared, 1, "CRO 1", by=actor)


@pytest.mark.parametrize(("cents", "reference"), [(0, "A"), (-5, "A"), (5, ""), (5, "x" * 81), (5, "there")])
def test_a_row_of_the_bank_is_whole_and_counts_once(cast, group, cents, reference):
    declared = group.declare(cast.speaker)
    arrive(declared, 5, "there", by=cast.tina)
    with pytest.raises(Invalid):
        arrive(declared, cents, reference, by=cast.tina)


def test_many_rows_at_once_never_bring_in_more_than_was_declared(both, cast, group, desk):
    declared = group.declare(cast.speaker, part=1_000 * EURO)
    arrive(declared, 100 * EURO, "first", by=cast.tina)
    tina = cast.tina

    def enter(number):
        try:
            arrive(declared, 400 * EURO, f"CRO {number}", by=tina)
        except Refused:
            return 0
        return 1

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(enter, range(6))) == 2
    assert fund().capacity == 900 * EURO
    assert desk.figures(fund()) == (0, 0, 0)


def test_the_database_itself_keeps_what_arrived(both, cast, group):
    arrive(group.declare(cast.speaker), 5, "CRO", by=cast.tina)
    for statement in (
        "UPDATE surplus_arrival SET amount_cents = 9",
        "UPDATE surplus SET arrived_cents = 99999999",
    ):
        with pytest.raises(SQLAlchemyError), db.writing() as session:
            session.execute(text(statement))
    with db.reading() as session:
        assert len(session.scalars(select(SurplusArrival)).all()) == 1
        assert session.scalar(support_queries.pool(clock.today().year, queries.FUND)) is not None


def test_what_came_first_is_used_first():
    parts = trace(
        [Inflow(FIRST, 300), Inflow(None, 100), Inflow(SECOND, 500), Inflow(FIRST, 50)],
        [Use(7, 350), Use(None, 100), Use(8, 1_000)],
    )
    assert parts == [
        Part(FIRST, 7, 300), Part(None, 7, 50), Part(None, None, 50), Part(SECOND, None, 50),
        Part(SECOND, 8, 450), Part(FIRST, 8, 50),
    ]  # fmt: skip


FLOWS = st.lists(st.tuples(st.sampled_from([FIRST, SECOND, None]), st.integers(0, 500)), max_size=6)
USES = st.lists(st.integers(0, 500), max_size=6)


@settings(max_examples=150)
@given(FLOWS, USES)
def test_nothing_is_financed_twice_and_nothing_is_forgotten(flows, uses):
    parts = trace([Inflow(*one) for one in flows], [Use(n, cents) for n, cents in enumerate(uses)])
    there, wanted = sum(cents for _, cents in flows), sum(uses)
    assert sum(one.cents for one in parts) == min(there, wanted)
    for origin in (FIRST, SECOND, None):
        assert sum(one.cents for one in parts if one.origin == origin) <= sum(
            c for o, c in flows if o == origin
        )
    for n, cents in enumerate(uses):
        assert sum(one.cents for one in parts if one.allocation == n) <= cents


def test_two_groups_have_funds_of_their_own_declarations(cast, group):
    other = Group(cast, "Pixel")
    group.declare(cast.speaker)
    with pytest.raises(NotAllowed):
        other.declare(cast.speaker_of(group.id))
