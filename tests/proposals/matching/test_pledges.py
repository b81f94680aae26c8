"""Pledges from the first to the settlement: who may, what is refused, and what happens at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.privacy import registry
from portal.proposals.matching import actions, queries
from portal.proposals.matching.actions import Seen
from portal.proposals.matching.rows import read
from portal.proposals.models import Backer, Call, MatchAward, Pledge
from tests.proposals.calls.steps import do as do_call
from tests.proposals.matching.steps import EURO, call_with, confirm, pledge, project, row
from tests.proposals.steps import do, load


@pytest.fixture
def cast(cast):
    for name in ("rosa", "teo", "giulia", "marco", "tina", "nuria", "aldo", "eve"):
        cast.person(name)
    return cast


def settle(ref, by):
    return do_call(ref, lambda call: [one.cents for one in actions.settle(call, by=by)])


def test_from_a_pledge_to_what_the_city_adds(both, cast, move_clock):
    ref = call_with(cast)
    code = project(cast, ref)
    first, second = pledge(code, row(2_000 * EURO, "A"), row(900 * EURO, "B"), by=cast.rosa)
    confirm(code, [first], by=cast.tina)
    confirm(code, [second], by=cast.tina, cents=400 * EURO)
    move_clock(timedelta(days=11))
    assert settle(ref, cast.fresh("marco")) == [2_400 * EURO]
    with db.reading() as session:
        call = session.scalars(select(Call)).one()
        assert (call.earmarked_cents, call.settled_by_id) == (2_400 * EURO, cast.marco.person_id)
    with pytest.raises(WrongState, match="settled"):
        confirm(code, [second], by=cast.tina)
    with pytest.raises(WrongState, match="already"):
        settle(ref, cast.fresh("nuria"))


def test_only_what_arrived_counts_and_the_newest_look_at_it(cast, move_clock):
    ref = call_with(cast)
    code = project(cast, ref)
    pledged, back = pledge(code, row(2_000 * EURO, "A"), row(2_000 * EURO, "B"), by=cast.rosa)
    confirm(code, [pledged], by=cast.tina)
    confirm(code, [pledged], by=cast.tina, cents=1_500 * EURO)
    do(code, lambda one: actions.withdraw(one, db.session().get_one(Pledge, back), by=cast.rosa))
    for again in (pledged, back):
        with pytest.raises(WrongState):
            do(
                code,
                lambda one, n=again: actions.withdraw(one, db.session().get_one(Pledge, n), by=cast.rosa),
            )
    with pytest.raises(WrongState, match="taken back"):
        confirm(code, [back], by=cast.tina)
    move_clock(timedelta(days=11))
    assert settle(ref, cast.fresh("marco")) == [1_500 * EURO]


def test_who_has_no_part_in_it_enters_confirms_and_settles_nothing(cast, move_clock):
    ref = call_with(cast)
    code = project(cast, ref)
    (number,) = pledge(code, by=cast.rosa)
    for name in ("eve", "teo", "giulia", "tina"):
        with pytest.raises(NotAllowed):
            pledge(code, row(reference="X"), by=getattr(cast, name))
    for name in ("rosa", "eve", "giulia", "nuria", "aldo"):
        with pytest.raises(NotAllowed):
            confirm(code, [number], by=getattr(cast, name))
    move_clock(timedelta(days=11))
    for name in ("rosa", "eve", "tina", "aldo"):
        with pytest.raises(NotAllowed):
            settle(ref, cast.fresh(name))


def test_who_confirmed_money_does_not_settle(cast, move_clock):
    ref = call_with(cast)
    code = project(cast, ref)
    ids = pledge(code, by=cast.rosa)
    both_roles = replace(cast.fresh("tina"), roles=cast.tina.roles | cast.marco.roles)
    confirm(code, ids, by=both_roles)
    move_clock(timedelta(days=11))
    with pytest.raises(NotAllowed, match="You confirmed money"):
        settle(ref, both_roles)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount_cents": 0}, "above zero"),
        ({"amount_cents": -5}, "above zero"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 81}, "reference"),
        ({"reference": "A"}, "already"),
        ({"pledged_on": clock.real().date() + timedelta(days=2)}, "since the call opened"),
        ({"pledged_on": clock.real().date() - timedelta(days=20)}, "since the call opened"),
        ({"name": "x" * 121}, "Shorten"),
    ],
)
def test_what_is_no_pledge_is_refused_and_nothing_is_entered(cast, wrong, sentence):
    code = project(cast, call_with(cast))
    pledge(code, row(reference="A"), by=cast.rosa)
    with pytest.raises(Invalid, match=sentence):
        pledge(code, row(reference="C"), replace(row(reference="B"), **wrong), by=cast.rosa)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Pledge)) == 1


def test_after_the_close_nothing_is_pledged_and_before_it_nothing_settled(cast, move_clock):
    ref = call_with(cast)
    code = project(cast, ref)
    with pytest.raises(WrongState, match="after the call has closed"):
        settle(ref, cast.fresh("marco"))
    move_clock(timedelta(days=10))
    with pytest.raises(WrongState, match="while the call is open"):
        pledge(code, by=cast.rosa)


def test_more_than_was_pledged_cannot_have_arrived(cast):
    code = project(cast, call_with(cast))
    ids = pledge(code, by=cast.rosa)
    for cents in (-1, 1_000 * EURO + 1):
        with pytest.raises(Invalid, match="not more than was pledged"):
            confirm(code, ids, by=cast.tina, cents=cents)
    for seen in (Seen(clock.today(), ""), Seen(clock.today() + timedelta(days=1), "x")):
        with pytest.raises(Invalid), db.writing() as session:
            actions.confirm(load(code), [(session.get_one(Pledge, ids[0]), 1)], seen, by=cast.tina)


def test_the_same_reference_at_once_is_entered_once(both, cast):
    code = project(cast, call_with(cast))
    rosa = cast.rosa

    def enter(_number):
        try:
            return len(pledge(code, row(reference="same"), by=rosa))
        except Refused:
            return 0

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(enter, range(6))) == 1


def test_a_pot_settled_by_many_at_once_is_settled_once_and_never_beyond(both, cast, move_clock):
    ref = call_with(cast, budget_cents=3_000 * EURO)
    for by in (cast.rosa, cast.teo):
        code = project(cast, ref, by)
        confirm(code, pledge(code, row(2_000 * EURO, "A"), by=by), by=cast.tina)
    move_clock(timedelta(days=11))
    marco, nuria = cast.fresh("marco"), cast.fresh("nuria")

    def race(number):
        try:
            return settle(ref, marco if number % 2 else nuria)
        except Refused:
            return None

    with ThreadPoolExecutor(6) as threads:
        won = [one for one in threads.map(race, range(6)) if one]
    assert won == [[2_000 * EURO, 1_000 * EURO]]
    with db.reading() as session:
        assert session.scalar(select(func.sum(MatchAward.cents))) == 3_000 * EURO
        assert session.scalar(select(Call.earmarked_cents)) == 3_000 * EURO


def test_the_database_itself_keeps_the_ledger_and_the_pot(both, cast):
    ref = call_with(cast)
    pledge(project(cast, ref), by=cast.rosa)
    for statement in (
        "UPDATE pledge SET amount_cents = 5",
        "DELETE FROM pledge",
        "UPDATE call SET earmarked_cents = budget_cents + 1",
    ):
        with pytest.raises(SQLAlchemyError), db.writing() as session:
            session.execute(text(statement))


def test_a_name_is_handed_out_and_erased_and_the_sums_stay(cast):
    code = project(cast, call_with(cast))
    pledge(code, row(name="Ugo Donatore", email="ugo@example.org", is_named=True), by=cast.rosa)
    pledge(code, row(reference="T-2", email="UGO@example.org "), by=cast.rosa)
    held = registry.BY_TABLE["backer"]
    with db.writing() as session:
        (found,) = session.execute(registry.rows(held, 0, "ugo@example.org")).all()
        assert found.name == "Ugo Donatore"
        columns = registry.personal_columns(registry.table(held))
        session.execute(registry.table(held).update().values(registry.emptied(held, columns)))
    with db.reading() as session:
        backer = session.scalars(select(Backer)).one()
        assert (backer.name, backer.email) == ("", "")
        call = session.scalars(select(Call)).one()
        (one,) = session.execute(queries.projects(call)).all()
    assert (one.pledged, one.backers) == (2_000 * EURO, 1)


def test_the_file_of_a_platform_is_read_whole_or_not_at_all(cast):
    code = project(cast, call_with(cast))
    day = f"{clock.today():%d/%m/%Y}"
    text_of = "day;amount;name;address;reference\n{0};1.200,50;Ugo;ugo@example.org;P-1\n{0};20;;;P-2\n"
    rows = read(text_of.format(day))
    assert [(one.amount_cents, one.name, one.source) for one in rows] == [
        (1_200_50, "Ugo", "platform"), (2_000, "", "platform")
    ]  # fmt: skip
    pledge(code, *rows, by=cast.rosa)
    with db.reading() as session:
        assert session.scalar(select(func.count(Pledge.id))) == 2


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("1/12/2026,Infinity,,,P", "Row 2: Enter an amount"),
        ("1/12/2026,-5,,,P", "Row 2"),
        ("1/12/2026,0,,,P", "Row 2: Enter an amount above zero"),
        ("1/12/2026,٣,,,P", "Row 2"),
        ("30/2/2026,5,,,P", "Row 2: There is no such day"),
        ("1/12/2026,5,,,", "Row 2: The reference is missing"),
        ("1/12/2026,5,P", "five columns"),
        ("", "at least one row"),
        ("1/12/2026,5,,,P\n1/12/2026,5,,,P", "Row 3: This reference stands in the file twice"),
    ],
)
def test_a_wrong_row_is_named(line, sentence):
    with pytest.raises(Invalid, match=sentence):
        read(f"day,amount,name,address,reference\n{line}\n")
