"""The pages of the commons fund: what everybody reads, a group declares and the treasurer enters."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.support import actions as support
from portal.support.models import Allocation, Pool
from portal.support.models.surplus import Surplus
from tests.browser import Browser
from tests.counting import counting
from tests.support.surplus.conftest import EURO, Group, arrive
from tests.support.surplus.test_surplus import _row

TYPED = {
    "surplus": "10.000",
    "transferred": "5.000",
    "basis": "Accounts, page 4",
    "clause": "Statute, art. 21",
}


def browser(app, email):
    found = Browser(app)
    found.sign_in(email)
    return found


def typed(**more):
    return {**TYPED, "year": str(clock.today().year - 1), **more}


def test_from_the_declaration_to_what_it_financed(app, client, cast, group, desk):
    page = f"/en/organisations/{group.slug}/surplus"
    rosa, tina = browser(app, "rosa@example.org"), browser(app, "tina@city.example")
    rosa.post(page, typed(), at=page)
    assert "Statute, art. 21" in rosa.page
    number = 1
    day = f"{clock.today():%d/%m/%Y}"
    wrong = {"d1-amount": "6.000", "d1-arrived_on": day, "d1-bank_reference": "CRO 77"}
    answer = tina.post(f"/en/desk/commons-fund/{number}/arrivals", wrong, at="/en/desk/commons-fund")
    assert answer.status_code == 422
    assert "CRO 77" in tina.page
    assert "declared less than this" in tina.page
    tina.post(f"/en/desk/commons-fund/{number}/arrivals", {**wrong, "d1-amount": "5.000"})
    assert "Everything that was declared has arrived" in tina.page
    with db.reading() as session:
        pool = session.scalars(select(Pool)).one()
    desk.approved(pool, {**_row(), "amount": 4_000 * EURO, "value_cents": 4_000 * EURO})
    with db.writing():
        support.commit("pact:BO-2026-041", 1, by=cast.nuria)
    client.get("/en/commons-fund")
    for said in ("Ruota Libera", "Air-data commons", "€ 4,000", "€ 1,000", "<svg"):
        assert said in client.page
    assert "CRO" not in client.page
    with db.reading() as session:
        decision = f"/en/money/decisions/{session.scalars(select(Allocation.id)).one()}"
    assert f'href="{decision}"' in client.page
    client.get(decision)
    assert "Financed by the surplus of" in client.page
    assert f'href="{page}">Ruota Libera' in client.page
    assert 'href="/en/commons-fund"' in client.get("/en/money").get_data(as_text=True)
    assert "Air-data commons,4000.00,EUR" in client.get("/en/commons-fund/financed.csv").get_data(
        as_text=True
    )
    assert "10000.00,5000.00,5000.00,EUR" in client.get("/en/commons-fund.csv").get_data(as_text=True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"surplus": "Infinity"}, "Enter an amount"),
        ({"surplus": "1e400"}, "Enter an amount"),
        ({"surplus": "٣"}, "Enter an amount"),
        ({"surplus": ""}, "Enter an amount"),
        ({"transferred": "-5"}, "Enter an amount"),
        ({"transferred": "10.001"}, "no more than the whole"),
        ({"year": "2199"}, "a year that is over"),
        ({"year": "x"}, "a year that is over"),
    ],
)
def test_what_is_wrong_is_said_and_kept(app, cast, group, wrong, sentence):
    page = f"/en/organisations/{group.slug}/surplus"
    rosa = browser(app, "rosa@example.org")
    assert rosa.post(page, typed(**wrong), at=page).status_code == 422
    assert sentence in rosa.page
    assert "Accounts, page 4" in rosa.page
    with db.reading() as session:
        assert session.scalars(select(Surplus)).all() == []


def test_a_stranger_declares_and_confirms_nothing(app, client, cast, group):
    number = group.declare(cast.speaker)
    eve = browser(app, "eve@example.org")
    for one in (client, eve):
        assert one.post(f"/en/organisations/{group.slug}/surplus", typed()).status_code in {403, 404}
        assert one.post(f"/en/desk/commons-fund/{number}/arrivals", {}).status_code == 403
    assert eve.get("/en/desk/commons-fund").status_code == 403
    assert client.get("/en/organisations/nobody/surplus").status_code == 404


def test_the_page_asks_as_little_for_many_as_for_one(app, cast, group):
    def asked_now():
        with counting() as asked:
            assert len(app.test_client().get("/en/commons-fund").data) <= 30_000
        return len(asked)

    arrive(group.declare(cast.speaker), 5, "one", by=cast.tina)
    few = asked_now()
    for n in range(4):
        arrive(Group(cast, f"Group {n}").declare(cast.speaker), 5, f"more {n}", by=cast.tina)
    assert asked_now() == few <= 5
