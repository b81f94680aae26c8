"""The pages of a track: what everybody reads, a group enters, and the city decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.proposals.models import Stage, Venture
from tests.browser import Browser
from tests.counting import counting
from tests.proposals.calls.steps import GREEN, dated, do, published
from tests.proposals.incubation.test_track import actions, applied, let_on, plans

DAY = "{0:%d/%m/%Y}"


def browser(app, email):
    found = Browser(app)
    found.sign_in(email)
    return found


@pytest.fixture
def ref(cast):
    for name in ("rosa", "eve", "giulia", "marco"):
        cast.person(name)
    return published(cast, dated(replace(GREEN, track="incubation"), closes=10))


def stages(**more):
    day = DAY.format(clock.today())
    return {"name_1": "Formazione", "starts_1": day, "ends_1": day, "places_1": "100", **more}


def test_from_the_stages_to_the_decision_in_a_browser(app, client, ref):
    giulia, marco = browser(app, "giulia@city.example"), browser(app, "marco@city.example")
    rosa = browser(app, "rosa@example.org")
    desk, page = f"/en/desk/calls/{ref}/track", f"/en/calls/{ref}/track"
    giulia.post(f"{desk}/stages", stages(), at=desk)
    assert "Formazione" in giulia.page
    rosa.post(f"{page}/application", {"name": "", "summary": "Kept words"}, at=f"{page}/application")
    assert "Kept words" in rosa.page
    rosa.post(f"{page}/application", {"name": "Bici comune", "summary": "Kept words", "is_named": "y"})
    assert "Show a step" in rosa.page
    step = {"kind": "statute", "on": DAY.format(clock.today()), "evidence": "Draft 2"}
    rosa.post(f"{page}/1/steps", step)
    assert "Statute drafted" in rosa.page
    giulia.post(f"{desk}/1/decision", {"outcome": "goes_on", "reason": ""}, at=f"{desk}/1")
    assert "Say it in a few words" in giulia.page
    giulia.post(f"{desk}/1/decision", {"outcome": "goes_on", "reason": "A clear plan"})
    assert "You proposed this decision" in giulia.page
    marco.get(f"{desk}/1")
    marco.post(f"{desk}/1/approval", marco.confirm("marco@city.example"))
    presence = {"kind": "training", "on": DAY.format(clock.today()), "hours": "6", "evidence": "List"}
    giulia.post(f"{desk}/1/presence", presence, at=f"{desk}/1")
    assert "Training" in giulia.page
    giulia.post(f"{desk}/1/founding", {"slug": "nobody"}, at=f"{desk}/1")
    assert "no such entry" in giulia.page
    client.get(page)
    for said in ("Bici comune", "Formazione", "<svg", "On the track"):
        assert said in client.page
    assert "A clear plan" not in client.page
    assert "Formazione,100,1,0,0" in client.get(f"{page}.csv").get_data(as_text=True)


def test_what_a_stage_asks_is_a_column_only_where_one_asks_something(app, client, ref):
    giulia, column = browser(app, "giulia@city.example"), '<th scope="col">What a group needs to enter'
    desk, page = f"/en/desk/calls/{ref}/track", f"/en/calls/{ref}/track"
    giulia.post(f"{desk}/stages", stages(), at=desk)
    client.get(page)
    assert "Formazione" in client.page
    assert column not in client.page
    giulia.post(f"{desk}/stages", stages(conditions_1="A statute"), at=desk)
    client.get(page)
    assert column in client.page
    assert "A statute" in client.page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"places_1": "0"}, "how many places"),
        ({"places_1": "-3"}, "whole number"),
        ({"places_1": "Infinity"}, "whole number"),
        ({"mentoring_1": "-4"}, "whole number"),
        ({"mentoring_1": "10001"}, "at most 10000 hours"),
        ({"starts_1": "30/2/2030"}, "There is no such day"),
        ({"ends_1": "1/1/2020"}, "ends after it starts"),
        ({"name_1": ""}, "at least one stage"),
    ],
)
def test_stages_that_are_wrong_are_said_and_kept(app, ref, wrong, sentence):
    giulia = browser(app, "giulia@city.example")
    desk = f"/en/desk/calls/{ref}/track"
    typed = stages(conditions_1="Kept words")
    assert giulia.post(f"{desk}/stages", {**typed, **wrong}, at=desk).status_code == 422
    assert sentence in giulia.page
    assert "Kept words" in giulia.page
    with db.reading() as session:
        assert session.scalars(select(Stage)).all() == []


def test_a_stranger_sees_no_group_that_is_not_named_and_changes_nothing(app, client, cast, ref):
    do(ref, lambda call: actions.set_stages(call, plans(5), by=cast.giulia))
    applied(ref, cast.rosa, "Secret idea")
    eve = browser(app, "eve@example.org")
    page, desk = f"/en/calls/{ref}/track", f"/en/desk/calls/{ref}/track"
    for one in (client, eve):
        assert "Secret idea" not in one.get(page).get_data(as_text=True)
        assert one.get(f"{page}/1", follow=False).status_code in {303, 404}
        for path in ("steps", "withdrawal"):
            assert one.post(f"{page}/1/{path}").status_code in {403, 404}
        for path in ("stages", "1/decision", "1/approval", "1/presence", "1/interest", "1/founding"):
            assert one.post(f"{desk}/{path}").status_code == 403
    assert client.post(f"{page}/application", {"name": "x", "summary": "y"}).status_code in {403, 303}
    with db.reading() as session:
        assert session.scalars(select(Venture.state)).all() == ["applied"]


def test_the_pages_ask_as_little_for_many_as_for_few(app, cast, ref):
    do(ref, lambda call: actions.set_stages(call, plans(50), by=cast.giulia))

    def asked_now():
        with counting() as asked:
            assert len(app.test_client().get(f"/en/calls/{ref}/track").data) <= 30_000
        return len(asked)

    let_on(applied(ref, cast.rosa), cast)
    few = asked_now()
    for n in range(6):
        applied(ref, cast.rosa, f"Idea {n}")
    assert asked_now() == few <= 6


def test_before_anybody_applied_there_is_no_empty_chart(client, cast, ref):
    client.get(f"/en/calls/{ref}/track")
    assert "How many came as far" in client.page
    assert "<svg" not in client.page.partition("<main")[2].partition("<footer")[0]
    applied(ref, cast.rosa)
    client.get(f"/en/calls/{ref}/track")
    assert "<svg" in client.page.partition("<main")[2].partition("<footer")[0]
