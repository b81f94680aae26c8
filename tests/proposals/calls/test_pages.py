"""The pages of calls: what everybody reads, what the desk writes, and what is refused with what was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.proposals.models import Call, Proposal
from tests.browser import Browser
from tests.proposals.calls.steps import GREEN, MATCHED, dated, drafted, published
from tests.proposals.calls.test_calls import begun, sent

TYPED = {
    "track": "matchfunding",
    "title_it": "Orti e cortili",
    "summary_it": "Cerchiamo gruppi.",
    "title_en": "Gardens and courtyards",
    "kinds": ["place"],
    "opens_on": "1/12/2030",
    "closes_on": "31/12/2030",
    "closes_hour": "12:00",
    "budget": "30.000",
    "match_ratio": "100",
    "match_cap": "5.000",
    "match_threshold": "1.000",
    "source": "Determinazione 12",
}


@pytest.fixture
def officer(app, cast):
    browser = Browser(app)
    cast.person("giulia")
    browser.sign_in("giulia@city.example")
    return browser


def test_everybody_reads_what_is_open_and_on_which_terms(client, cast):
    ref = published(cast, dated(MATCHED, closes=3))
    sent(cast.rosa, ref)
    client.get("/en/calls")
    assert "Courtyards to look after" in client.page
    assert "3 days left" in client.page
    assert "/en/commons-fund" in client.page
    client.get(f"/en/calls/{ref}")
    for said in (
        "€ 30,000",
        "the city adds € 100",
        "At least € 1,000",
        "adds € 2,000",
        "Courtyard garden",
        "Green spaces",
    ):
        assert said in client.page
    assert '<span lang="it">' not in client.page
    assert 'lang="it">' in client.page  # the terms are there in Italian only, and say so


def test_a_draft_a_foreign_number_and_an_odd_one_are_not_there(client, cast):
    ref = drafted(cast)
    for path in (ref, "CALL-2026-999", "%00", "x" * 300):
        assert client.get(f"/en/calls/{path}").status_code == 404
    assert "Courtyards" not in client.get("/en/calls").get_data(as_text=True)
    for odd in ("x", "20260101T000000.000000-", "20260101T000000.000000-" + "9" * 40, "²-²"):
        assert (
            client.get("/en/calls", follow=False).status_code
            == client.get(f"/en/calls?before={odd}").status_code
        )


def test_from_the_call_to_a_draft_under_it_in_two_clicks_more(client, cast):
    ref = published(cast)
    client.get(f"/en/propose?call={ref}")
    assert "Your proposal answers a call" in client.page
    answer = client.post("/en/propose", {"email": "", "call": ref})
    code = answer.request.path.rpartition("/")[2]
    assert "Courtyards to look after" in client.page
    with db.reading() as session:
        found = session.scalars(select(Proposal).where(Proposal.code == code)).one()
        assert found.call_id == session.scalar(select(Call.id))
    client.post(f"/en/propose/{code}/without-call")
    assert "Your proposal answers a call" not in client.page


def test_the_questions_before_the_draft_carry_the_call_along(client, cast):
    ref = published(cast)
    client.get(f"/en/propose/check?call={ref}")
    back = [link for link in client.parsed.links if "/propose" in link and "call=" in link]
    assert back
    client.get(f"/en/propose/check/ready?call={ref}")
    begin = next(form for form in client.parsed.forms if form["action"].endswith("/propose"))
    assert begin["values"]["call"] == ref


def test_nobody_begins_under_a_closed_call(client, cast, move_clock):
    ref = published(cast, dated(closes=1))
    move_clock(timedelta(days=2))
    assert client.post("/en/propose", {"email": "", "call": ref}).status_code == 409
    with db.reading() as session:
        assert session.scalars(select(Proposal)).all() == []


def test_the_check_page_says_why_the_call_does_not_take_it(app, cast, move_clock):
    ref = published(cast, dated(replace(GREEN, kinds=["software"]), closes=1))
    code = begun(cast.rosa, ref)
    rosa = Browser(app)
    rosa.sign_in("rosa@example.org")
    rosa.get(f"/en/propose/{code}/check")
    assert "for something else" in rosa.page
    move_clock(timedelta(days=2))
    answer = rosa.post(f"/en/propose/{code}/submission")
    assert answer.status_code == 422
    assert "This call is closed" in rosa.page


def test_an_officer_writes_a_call_and_somebody_else_publishes_it(app, officer, cast):
    officer.get("/en/desk/calls/new")
    answer = officer.post("/en/desk/calls/new", TYPED)
    assert "You wrote this call" in officer.page
    with db.reading() as session:
        call = session.scalars(select(Call)).one()
    assert answer.request.path == f"/en/desk/calls/{call.ref}"
    assert call.closes_at.isoformat() == "2030-12-31T11:00:00+00:00"
    assert (call.budget_cents, call.match_ratio_bp, call.match_cap_cents) == (3_000_000, 10_000, 500_000)
    officer.get(f"/en/desk/calls/{call.ref}/draft")
    assert 'value="31/12/2030"' in officer.page
    marco = Browser(app)
    cast.person("marco")
    marco.sign_in("marco@city.example")
    marco.get(f"/en/desk/calls/{call.ref}")
    marco.post(f"/en/desk/calls/{call.ref}/publication", marco.confirm("marco@city.example"))
    assert "See the public page" in marco.page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title_it": ""}, "Give the call a title"),
        ({"track": "raffle"}, "Choose from the list"),
        ({"opens_on": "30/2/2031"}, "There is no such day"),
        ({"closes_on": "1/11/2030"}, "must not be before the first"),
        ({"closes_hour": "25:00"}, "Enter an hour like 12:00"),
        ({"opens_on": "31/3/2030", "opens_hour": "2:30"}, "clocks are changed"),
        ({"budget": "Infinity"}, "Enter an amount in euros"),
        ({"match_cap": "1e400"}, "Enter an amount in euros"),
        ({"match_ratio": "٣"}, "Enter a whole number"),
        ({"match_ratio": "9999"}, "how many per cent"),
        ({"title_en": "x" * 151}, "Shorten this"),
        ({"zones": ["atlantis"]}, "Choose from the list"),
        ({"pool": "77"}, "Choose from the list"),
    ],
)
def test_what_is_wrong_is_said_and_kept(officer, wrong, sentence):
    officer.get("/en/desk/calls/new")
    answer = officer.post("/en/desk/calls/new", {**TYPED, **wrong})
    assert answer.status_code == 422
    assert sentence in officer.page
    assert "Gardens and courtyards" in officer.page or "title_en" in wrong
    with db.reading() as session:
        assert session.scalars(select(Call)).all() == []


def test_more_time_and_the_decision_are_given_on_the_desk(officer, cast, move_clock):
    ref = published(cast, dated(closes=2))
    page = f"/en/desk/calls/{ref}"
    later = clock.today() + timedelta(days=9)
    officer.post(f"{page}/extension", {"extended_on": "", "extended_reason": "Holidays"}, at=page)
    assert "Enter the new last day" in officer.page
    assert "Holidays" in officer.page
    typed = {"extended_on": f"{later.day}/{later.month}/{later.year}", "extended_reason": "Holidays"}
    assert officer.post(f"{page}/extension", typed).status_code == 200
    move_clock(timedelta(days=12))
    officer.post(f"{page}/decision", {"decision_reason": ""}, at=page)
    assert "Write the reason" in officer.page
    officer.post(f"{page}/decision", {"decision_reason": "Three groups were chosen."})
    officer.get(f"/en/calls/{ref}")
    assert "Three groups were chosen." in officer.page


def test_a_call_that_is_called_off_says_why(officer, cast):
    ref = published(cast)
    officer.post(
        f"/en/desk/calls/{ref}/cancellation", {"cancel_reason": "No money"}, at=f"/en/desk/calls/{ref}"
    )
    officer.get(f"/en/calls/{ref}")
    assert "No money" in officer.page
    assert "Propose under this call" not in officer.page


def test_old_calls_are_turned_over_page_by_page(client, cast, move_clock):
    for day in range(22):
        published(cast, dated(closes=day + 1))
    move_clock(timedelta(days=30))
    client.get("/en/calls")
    older = next(link for link in client.parsed.links if "before=" in link)
    assert client.page.count('class="card"') == 20
    client.get(older)
    assert client.page.count('class="card"') == 2
