"""What arrived and was entered wrongly: put right by a new row, followed by the surplus, traced, and public."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.support import actions as support
from portal.support.changes import Change, Wish
from portal.support.models import Pool, PoolEntry, PoolRequest
from portal.support.models.surplus import Surplus, SurplusArrival
from portal.support.surplus import actions, queries, said
from tests.support.conftest import RULES
from tests.support.surplus.conftest import EURO, Group, arrive
from tests.support.surplus.test_pages import browser
from tests.support.surplus.test_surplus import _row, fund


def correct(number, cents, *, by, reason="A slip of the pen"):
    with db.writing() as session:
        found = session.get_one(SurplusArrival, number)
        return actions.correct(found, Wish(cents, reason), by=by, rules=RULES)


def arrived(group):
    with db.reading() as session:
        return session.scalar(select(Surplus.arrived_cents).where(Surplus.is_current))


def came():
    with db.reading() as session:
        return [cents for *_, cents in session.execute(queries.inflows())]


def test_a_correction_is_a_new_row_and_what_arrived_follows(both, cast, group, desk):
    declared = group.declare(cast.speaker)
    first = arrive(declared, 2_000 * EURO, "CRO 1", by=cast.tina)
    arrive(declared, 1_000 * EURO, "CRO 2", by=cast.tina)
    assert correct(first, 1_500 * EURO, by=cast.tina).state == "booked"
    correct(first, 1_600 * EURO, by=cast.tina, reason="Read again")
    assert (fund().capacity, arrived(group), came()) == (
        2_600 * EURO, 2_600 * EURO, [1_600 * EURO, 1_000 * EURO]
    )  # fmt: skip
    assert desk.figures(fund()) == (0, 0, 0)
    with db.reading() as session:
        assert session.get_one(SurplusArrival, first).amount_cents == 2_000 * EURO
        row = session.get_one(SurplusArrival, first).entry_id
        rows = session.execute(select(PoolEntry.amount, PoolEntry.corrects_id).order_by(PoolEntry.id))
        assert [tuple(one) for one in rows] == [
            (2_000 * EURO, None), (1_000 * EURO, None), (-500 * EURO, row), (100 * EURO, row)
        ]  # fmt: skip
        assert [(one["was"], one["now"], one["why"]) for one in said.fund()["corrections"]] == [
            (2_000 * EURO, 1_500 * EURO, "A slip of the pen"), (1_500 * EURO, 1_600 * EURO, "Read again")
        ]  # fmt: skip


def test_what_never_arrived_financed_nothing(both, cast, group, desk):
    first = arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 1", by=cast.tina)
    second = arrive(Group(cast, "Pixel").declare(cast.speaker), 3_000 * EURO, "CRO 2", by=cast.tina)
    desk.approved(fund(), {**_row(), "amount": 2_500 * EURO, "value_cents": 2_500 * EURO})
    with db.writing():
        support.commit("pact:BO-2026-041", 1, by=cast.nuria)

    def shares():
        with db.reading():
            rows = said.fund()["financed"]
            promised = db.rows(queries.PROMISED_AND_FINANCED, {"subject": "pact:BO-2026-041"})
        of_pact = {one["name"]: one["cents"] for one in said.financed_of(promised)}
        assert of_pact == {one["name"]: one["cents"] for one in rows}
        return of_pact

    assert shares() == {"Ruota Libera": 2_000 * EURO, "Pixel": 500 * EURO}
    correct(first, 500 * EURO, by=cast.tina)
    assert shares() == {"Ruota Libera": 500 * EURO, "Pixel": 2_000 * EURO}
    with pytest.raises(Invalid, match="is left in"):
        correct(second, 1_000 * EURO, by=cast.tina)
    correct(second, 2_000 * EURO, by=cast.tina)
    correct(first, 500 * EURO + 1, by=cast.tina)
    assert shares() == {"Ruota Libera": 500 * EURO + 1, "Pixel": 2_000 * EURO - 1}


def test_no_more_than_was_declared_however_it_is_put_right(cast, group, desk):
    declared = group.declare(cast.speaker, part=2_000 * EURO)
    arrive(declared, 1_000 * EURO, "CRO 1", by=cast.tina)
    group.declare(cast.speaker, part=1_500 * EURO, why="Less than we hoped")
    with pytest.raises(Invalid, match="declared less"):
        correct(1, 1_501 * EURO, by=cast.tina)
    with pytest.raises(Invalid, match="declared less"):
        desk.asks(Change.CORRECT, fund(), 1_501 * EURO, entry_id=1)
    desk.asks(Change.CORRECT, fund(), 1_500 * EURO, entry_id=1)
    assert arrived(group) == fund().capacity == 1_500 * EURO


def test_above_the_citys_sum_a_second_person_decides_and_nothing_moves_before(cast, group, desk):
    arrive(
        group.declare(cast.speaker, surplus=40_000 * EURO, part=30_000 * EURO),
        20_000 * EURO,
        "A",
        by=cast.tina,
    )
    asked = correct(1, 2_000 * EURO, by=cast.tina)
    assert (asked.state, arrived(group), fund().capacity) == ("waiting", 20_000 * EURO, 20_000 * EURO)
    own = replace(cast.fresh("nuria"), organisations=frozenset({group.id}))
    with pytest.raises(NotAllowed), db.writing() as session:
        support.approve_change(session.get_one(PoolRequest, asked.id), by=own)
    desk.answers(asked)
    assert arrived(group) == fund().capacity == 2_000 * EURO
    late = correct(1, 25_000 * EURO, by=cast.tina)
    group.declare(cast.speaker, surplus=40_000 * EURO, part=24_000 * EURO, why="A slip")
    with pytest.raises(WrongState, match="declared less"):
        desk.answers(late)


def test_only_a_treasurer_who_is_not_of_the_group_corrects(cast, group, desk):
    arrive(group.declare(cast.speaker), 2_000 * EURO, "A", by=cast.tina)
    own = replace(cast.tina, organisations=frozenset({group.id}))
    for actor in (cast.speaker, cast.eve, cast.giulia, cast.nuria, cast.aldo, own):
        with pytest.raises(NotAllowed):
            correct(1, 5, by=actor)
    with pytest.raises(NotAllowed), db.writing() as session:
        pool = session.scalars(select(Pool)).one()
        support.ask(Change.CORRECT, pool, Wish(5, "Mine", entry_id=1), by=own, rules=RULES)
    assert arrived(group) == 2_000 * EURO


def test_corrections_and_arrivals_at_once_agree_in_the_end(both, cast, group, desk):
    declared = group.declare(cast.speaker, part=1_000 * EURO)
    first = arrive(declared, 500 * EURO, "first", by=cast.tina)
    tina = cast.tina

    def act(number):
        try:
            if number % 2:
                arrive(declared, 200 * EURO, f"CRO {number}", by=tina)
            else:
                correct(first, (600 + number) * EURO, by=tina)
        except Refused:
            return

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(act, range(6)))
    assert arrived(group) == fund().capacity == sum(came()) <= 1_000 * EURO
    assert desk.figures(fund()) == (0, 0, 0)


def test_the_pages_of_a_correction(app, client, cast, group):
    arrive(group.declare(cast.speaker), 2_000 * EURO, "CRO 7", by=cast.tina)
    page = "/en/desk/commons-fund/1/arrivals/1/correction"
    tina = browser(app, "tina@city.example")
    tina.get("/en/desk/commons-fund")
    assert page in tina.parsed.links
    for wrong, sentence in (
        ({"amount": "1e9", "reason": "Slip"}, "Enter an amount"),
        ({"amount": "9.000", "reason": "Slip"}, "declared less than this"),
        ({"amount": "2.000", "reason": "Slip"}, "says this amount already"),
        ({"amount": "1.500", "reason": ""}, "Say why"),
    ):
        assert tina.post(page, wrong, at=page).status_code == 422
        assert sentence in tina.page
        assert f'value="{wrong["amount"]}"' in tina.page
    tina.post(page, {"amount": "1.500", "reason": "The bank says <1500>"}, at=page)
    assert "Corrected" in tina.page
    client.get("/en/commons-fund")
    for words in ("€ 2,000", "€ 1,500", "The bank says &lt;1500&gt;", "What was put right"):
        assert words in client.page
    assert "CRO 7" not in client.page
    assert f"Ruota Libera,{clock.today().year - 1},10000.00,5000.00,1500.00" in client.get(
        "/en/commons-fund.csv"
    ).get_data(as_text=True)
    assert tina.get("/en/desk/commons-fund/2/arrivals/1/correction").status_code == 404
    for one in (client, browser(app, "eve@example.org"), browser(app, "aldo@city.example")):
        assert one is client or one.get(page).status_code == 403
        assert one.post(page, {"amount": "1", "reason": "x"}).status_code == 403
