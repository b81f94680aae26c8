"""The pages of matchfunding: what everybody reads, the group enters and the city confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.policy import SYSTEM
from portal.proposals.models import Pledge
from portal.support import actions as support
from tests.browser import Browser
from tests.counting import counting
from tests.proposals.calls.steps import published
from tests.proposals.matching.steps import EURO, call_with, confirm, pledge, project, row


@pytest.fixture
def there(cast):
    for name in ("rosa", "teo", "eve", "giulia", "marco", "tina"):
        cast.person(name)
    ref = call_with(cast)
    return ref, project(cast, ref)


def browser(app, name):
    found = Browser(app)
    found.sign_in(f"{name}@{'example.org' if name in {'rosa', 'eve'} else 'city.example'}")
    return found


def typed(**more):
    day = clock.today()
    return {"amount": "1.200", "pledged_on": f"{day:%d/%m/%Y}", "reference": "T-1", **more}


def entered():
    with db.reading() as session:
        return session.scalar(select(func.count(Pledge.id)))


def test_from_the_first_pledge_to_the_settlement_in_a_browser(app, client, cast, there, move_clock):
    ref, code = there
    rosa, tina, marco = browser(app, "rosa"), browser(app, "tina"), browser(app, "marco")
    rosa.post(f"/en/track/{code}/pledges", typed(name="Ugo Donatore", address="ugo@example.org"),
              at=f"/en/track/{code}/pledges")  # fmt: skip
    assert "Ugo Donatore" in rosa.page
    day = f"{clock.today():%d/%m/%Y}"
    rosa.post(f"/en/track/{code}/pledges/rows", {"rows": f"day,amount,name,mail,ref\n{day},300,,,P-1"})
    client.get(f"/en/proposals/{code}/campaign")
    assert "€ 1,500" in client.page
    assert "Ugo Donatore" in client.page
    assert "Without name" in client.page
    assert "ugo@example.org" not in client.page
    page = f"/en/desk/calls/{ref}/match"
    with db.reading() as session:
        ids = list(session.scalars(select(Pledge.id).order_by(Pledge.id)))
    tina.post(f"{page}/checks", {"pledge": ids, "received_on": day, "evidence": ""}, at=page)
    assert "Say what shows it" in tina.page
    assert tina.page.count(" checked>") == 2
    tina.post(f"{page}/checks", {"pledge": ids, "received_on": day, "evidence": "Statement 3"})
    assert "Every pledge was looked at" in tina.page
    move_clock(timedelta(days=11))
    marco.get(page)
    marco.post(f"{page}/settlement", marco.confirm("marco@city.example"))
    assert "no pledge of this call changes" not in marco.page
    client.get(f"/en/calls/{ref}/match")
    assert "The city adds € 1,500" in client.page
    assert "1500.00" in client.get(f"/en/calls/{ref}/match.csv").get_data(as_text=True)
    assert client.get(f"/en/proposals/{code}/campaign.csv").get_data(as_text=True).count("\n") == 3


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "Infinity"}, "Enter an amount"),
        ({"amount": "1e400"}, "Enter an amount"),
        ({"amount": "-5"}, "Enter an amount"),
        ({"amount": ""}, "Say how much"),
        ({"amount": "0"}, "above zero"),
        ({"amount": "٣"}, "Enter an amount"),
        ({"pledged_on": "30/2/2026"}, "There is no such day"),
        ({"reference": ""}, "short reference"),
        ({"address": "nobody"}, "Enter an e-mail address"),
    ],
)
def test_what_is_wrong_is_said_and_kept(app, there, wrong, sentence):
    _, code = there
    rosa = browser(app, "rosa")
    page = f"/en/track/{code}/pledges"
    values = {**typed(), "evidence": "Kept words", **wrong}
    assert rosa.post(page, values, at=page).status_code == 422
    assert sentence in rosa.page
    assert "Kept words" in rosa.page
    assert entered() == 0


def test_a_stranger_enters_checks_and_settles_nothing(app, client, cast, there):
    ref, code = there
    (number,) = pledge(code, by=cast.rosa)
    eve = browser(app, "eve")
    for one in (client, eve):
        assert one.post(f"/en/track/{code}/pledges", typed()).status_code in {403, 404}
        assert one.post(f"/en/track/{code}/pledges/{number}/withdrawal").status_code in {403, 404}
        for path in ("checks", "settlement"):
            assert one.post(f"/en/desk/calls/{ref}/match/{path}", {"pledge": number}).status_code == 403
    assert eve.get(f"/en/desk/calls/{ref}/match").status_code == 403
    assert entered() == 1


def test_a_call_of_another_kind_has_no_match(client, cast, there):
    ref = published(cast)
    assert client.get(f"/en/calls/{ref}/match").status_code == 404
    assert client.get("/en/proposals/PR-AAAA-AA/campaign").status_code == 404


def test_the_pages_ask_as_little_with_many_pledges_as_with_few(app, cast, there):
    ref, code = there
    ids = pledge(code, *(row(reference=f"F-{n}") for n in range(3)), by=cast.rosa)
    confirm(code, ids, by=cast.tina)
    few = asked_by(app, ref, code)
    pledge(code, *(row(5 * EURO, f"M-{n}") for n in range(60)), by=cast.rosa)
    project(cast, ref, cast.teo)
    assert asked_by(app, ref, code) == few
    assert max(few) <= 6, few


def asked_by(app, ref, code):
    found = []
    for path in (f"/en/calls/{ref}/match", f"/en/proposals/{code}/campaign"):
        with counting() as asked:
            assert len(app.test_client().get(path).data) <= 30_000
        found.append(len(asked))
    return found


def test_what_is_set_aside_is_told_and_its_rest_given_back(app, client, cast, move_clock):
    for name in ("rosa", "giulia", "marco", "tina"):
        cast.person(name)
    with db.writing():
        year = (clock.today() + timedelta(days=11)).year
        fund = support.open_pool(year, "match", "funding", "Match fund", 5_000 * EURO, by=SYSTEM)
    ref = call_with(cast, pool_id=fund.id)
    code = project(cast, ref)
    confirm(code, pledge(code, by=cast.rosa), by=cast.tina)
    move_clock(timedelta(days=11))
    marco, page = browser(app, "marco"), f"/en/desk/calls/{ref}/match"
    marco.post(f"{page}/settlement", marco.confirm("marco@city.example"), at=page)
    client.get(f"/en/calls/{ref}/match")
    assert "Taken: € 0. Left: € 1,000. Gone back to where it came from: € 0." in client.page.replace(
        "\xa0", " "
    )
    own = f"/en/money/pools/{year}/for-call-{ref.lower()}"
    assert f'href="{own}"' in client.page
    assert "Set aside for the awarded projects of a call" in client.get(own).get_data(as_text=True)
    assert "Give back what no project took" not in marco.get(page).get_data(as_text=True)
    marco.post(f"/en/desk/calls/{ref}/decision", {"decision_reason": "Nobody goes on"})
    assert "Give back what no project took" in marco.get(page).get_data(as_text=True)
    assert marco.post(f"{page}/return", {"return_reason": ""}, at=page).status_code == 422
    assert "Write the reason" in marco.page
    marco.post(f"{page}/return", {"return_reason": "The group withdrew"}, at=page)
    client.get(f"/en/calls/{ref}/match")
    assert "Left: € 0. Gone back to where it came from: € 1,000." in client.page.replace("\xa0", " ")
    assert "The group withdrew" in client.get(f"/en/money/pools/{year}/match").get_data(as_text=True)
