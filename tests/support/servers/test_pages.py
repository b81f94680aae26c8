"""The pages of both sides: what stands there, what a press does, and who finds nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock, db
from portal.support import actions as support
from portal.support.handing import actions as handing
from portal.support.models import Allocation
from portal.support.servers import actions, queries
from portal.support.servers.models import ServerAdmin, ServerMessage
from tests.browser import Browser
from tests.counting import counting
from tests.support.conftest import PACT
from tests.support.servers.conftest import PROFILE, SECRET, SSH

CODE = PACT.removeprefix("pact:")
ROOM, DESK = f"/en/pacts/{CODE}/server", "/en/desk/servers"
CERTIFICATE = "All disks and backups were wiped on the first of May by Ivan Ferri."


@pytest.fixture
def browse(app, cast):
    def signed_in(name: str) -> Browser:
        browser = Browser(app)
        city = {"giulia", "marco", "tina", "aldo", "ivan", "nuria", "ada"}
        browser.sign_in(f"{name}@{'city.example' if name in city else 'example.org'}")
        return browser

    return signed_in


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\u00a0", " ")))


def use(room, days: int = 30) -> None:
    today = clock.today()
    rows = [actions.Sample(today - timedelta(days=n), 20, 3000 + 40 * n, 20_000, 500) for n in range(days)]
    room.does(lambda it: actions.enter_use(it, rows, "hand", (80, 100), by=room.cast.ivan))


def test_a_promise_is_begun_prepared_and_set_up_without_scripts(room, browse):
    room.promised()
    ivan = browse("ivan")
    ivan.get(DESK)
    assert "Promised, and nobody has begun" in ivan.page
    with db.reading() as session:
        number = session.scalars(queries.unopened()).one().id
    at = ivan.post(DESK, {"allocation": str(number)}).request.path
    room.ref = at.rpartition("/")[2]
    assert "Nobody is named who runs the server" in plain(ivan.page)
    prepare(room, browse("rosa"))
    ivan.get(at)
    assert "Request it from the automation" not in ivan.page, "there is none in this city"
    ivan.post(f"{at}/request", {"route": "webhook"})
    ivan.post(f"{at}/start")
    assert ivan.post(f"{at}/running", {"a-address": "203.0.113.7"}).status_code == 422
    assert "Tick this step of the list first" in ivan.page
    assert 'value="203.0.113.7"' in ivan.page, "what was typed is kept"
    for step in ("machine", "access", "backup"):
        ivan.post(f"{at}/steps", {"s-step": step, "s-evidence": "Ticket 9"})
    assert "Ticket 9" in ivan.page
    assert ivan.post(f"{at}/running", {"a-address": "http://x/"}).status_code == 422
    ivan.post(f"{at}/running", {"a-address": "203.0.113.7"})
    assert "Running since" in plain(ivan.page)


def prepare(room, rosa: Browser) -> None:
    rosa.get(ROOM)
    mine, one = f"{ROOM}/{room.ref}", room.now.id
    told = {
        "domain": "x",
        "backup_by": "city",
        "backup_every": "day",
        "exit_what": "All",
        "exit_format": "SQL",
    }
    told = {f"p{one}-{name}": value for name, value in (told | {"exit_days": "30"}).items()}
    assert rosa.post(f"{mine}/particulars", told).status_code == 422
    assert "Enter a name like garden.example.org" in rosa.page
    assert 'value="All"' in rosa.page, "what was typed is kept"
    assert (
        rosa.post(f"{mine}/particulars", told | {f"p{one}-domain": "Garden.example.org"}).status_code == 200
    )
    runner = {f"r{one}-name": "Teo Galli", f"r{one}-email": "teo@example.org", f"r{one}-public_key": SSH}
    rosa.post(f"{mine}/administrators", runner)
    assert "Teo Galli, teo@example.org · with a key" in plain(rosa.page)


def test_use_words_and_a_longer_end_go_between_the_two_sides(room, browse):
    room.running()
    ivan, rosa, at, one = browse("ivan"), browse("rosa"), f"{DESK}/{room.ref}", room.now.id
    day = clock.today().strftime("%d/%m/%Y")
    figures = {"u-cpu_hours": "9", "u-memory_mb": "7000", "u-storage_mb": "10", "u-traffic_mb": "1"}
    ivan.post(f"{at}/use", {"u-day": day, **figures}, at=at)
    assert "7 of 8 GB, 87%" in plain(ivan.page)
    rosa.post(f"{ROOM}/{room.ref}/notes", {f"n{one}-words": "It is slow today"}, at=ROOM)
    ivan.post(f"{at}/notes", {"n-words": "We look at it"})
    rosa.get(ROOM)
    assert "We look at it" in rosa.page
    later = (room.now.ends_on + timedelta(days=60)).strftime("%d/%m/%Y")
    wish = {f"c{one}-plan": "medium", f"c{one}-ends_on": later, f"c{one}-why": "One more season"}
    rosa.post(f"{ROOM}/{room.ref}/change", wish)
    ivan.post(f"{at}/change")
    assert "as the second person" not in ivan.page
    tina = browse("tina")
    tina.get(at)
    assert "Grant it as the second person" in tina.page
    tina.post(f"{at}/change/second")
    assert room.now.ends_on.strftime("%d/%m/%Y") == later


def test_where_it_stands_is_said_in_the_reader_s_language(room, browse):
    room.running()
    rosa = browse("rosa")
    assert "European Union, in data centres qualified by the ACN" in rosa.get(ROOM).get_data(as_text=True)
    assert "Unione europea, in centri qualificati" in rosa.get(ROOM.replace("/en/", "/it/")).get_data(
        as_text=True
    )
    with db.writing() as session:
        session.scalars(queries.one(room.ref)).one().region = "In the cellar"
    assert "In the cellar" in rosa.get(ROOM).get_data(as_text=True)


def test_the_group_confirms_before_the_hand_over(room, browse):
    room.running()
    ivan, rosa, at = browse("ivan"), browse("rosa"), f"{DESK}/{room.ref}"
    ivan.post(f"{at}/winding-down", at=at)
    ivan.post(f"{at}/steps", {"s-step": "export", "s-evidence": "Ticket 10"})
    ivan.post(f"{at}/steps", {"s-step": "domain_moved", "s-evidence": "Ticket 11"})
    assert ivan.post(f"{at}/end", {"e-how": "hand_over", "e-certificate": CERTIFICATE}).status_code == 409
    form = {f"s{room.now.id}-evidence": "All opened on the new server"}
    rosa.post(f"{ROOM}/{room.ref}/confirmation", form, at=ROOM)
    ivan.post(f"{at}/end", {"e-how": "hand_over", "e-certificate": CERTIFICATE}, at=at)
    assert room.now.state == "handed_over"
    with db.reading() as session:
        assert session.query(ServerAdmin).count() == 0


def test_a_message_that_did_not_arrive_stands_red_and_is_sent_again(room, browse, app, monkeypatch):
    settings = replace(app.config["PORTAL"], servers_url="https://a.example/", servers_secrets=(SECRET,))
    monkeypatch.setitem(app.config, "PORTAL", settings)
    room.prepared()
    ivan, at = browse("ivan"), f"{DESK}/{room.ref}"
    ivan.get(at)
    assert "Request it from the automation" in ivan.page
    ivan.post(f"{at}/request", {"route": "webhook"})
    assert "server.requested" in ivan.page
    with db.writing() as session:
        session.query(ServerMessage).update({"state": "given_up"})
        message = session.query(ServerMessage).one().message_id
    ivan.get(f"{DESK}?need=stuck")
    assert room.ref in ivan.page
    ivan.get(at)
    assert "Did not arrive" in ivan.page
    ivan.post(f"{at}/messages", {"message": message})
    with db.reading() as session:
        assert session.query(ServerMessage).one().state == "waiting"
    assert ivan.post(f"{at}/messages", {"message": "msg_of_another"}).status_code == 404


def test_a_refusal_says_why_and_the_server_goes_on(room, browse, cast):
    room.running()
    sooner = room.now.ends_on - timedelta(days=9)
    room.does(lambda it: actions.ask_change(it, "small", sooner, "Less is enough", PROFILE, by=cast.rosa))
    ivan, at = browse("ivan"), f"{DESK}/{room.ref}"
    ivan.get(at)
    assert ivan.post(f"{at}/change/refusal", {"d-reason": ""}).status_code == 422
    ivan.post(f"{at}/change/refusal", {"d-reason": "The disks are full"})
    assert (room.now.state, room.now.changes[0].outcome) == ("running", "refused")


def suspend(room) -> None:
    with db.writing():
        handing.suspend(PACT)


def test_what_waits_while_the_pact_is_suspended_is_said_before_one_tries(room, browse):
    ref = room.prepared()
    ivan, rosa = browse("ivan"), browse("rosa")
    ivan.get(f"{DESK}/{ref}")
    assert "Request it by hand" in ivan.page
    suspend(room)
    ivan.get(f"{DESK}/{ref}")
    assert "The pact is suspended since" in ivan.page
    assert "It can be requested once the pact is resumed." in ivan.page
    assert "Request it by hand" not in ivan.page
    rosa.get(ROOM)
    assert "Until it is resumed the city requests no server and makes none larger." in rosa.page
    with db.writing():
        handing.go_on(PACT)
    ivan.get(f"{DESK}/{ref}")
    assert "Request it by hand" in ivan.page
    assert "suspended" not in ivan.page


def test_a_larger_size_waits_for_the_second_person_while_the_pact_is_suspended(room, browse):
    ref = room.running(further={"memory_gb": 64, "storage_gb": 500}, memory_gb=8, storage_gb=100)
    ends, rosa = room.now.ends_on, browse("rosa")
    suspend(room)
    rosa.get(ROOM)
    assert "a larger size is granted once the pact is resumed" in rosa.page
    with db.writing():
        handing.go_on(PACT)
    room.does(lambda it: actions.ask_change(it, "large", ends, "More people", PROFILE, by=room.cast.rosa))
    room.does(lambda it: actions.grant(it, it.changes[0], PROFILE, by=room.cast.ivan))
    tina = browse("tina")
    tina.get(f"{DESK}/{ref}")
    assert "Grant it as the second person" in tina.page
    suspend(room)
    tina.get(f"{DESK}/{ref}")
    assert "It can be granted as the second person once the pact is resumed." in tina.page
    assert "Grant it as the second person" not in tina.page


def test_whoever_is_not_of_the_group_finds_no_room(room, browse, app):
    room.running()
    mine = f"{ROOM}/{room.ref}/notes"
    for who in ("eve", "", "giulia", "aldo"):
        browser = browse(who) if who else Browser(app)
        answer = browser.get(ROOM, follow=False)
        assert answer.status_code in {303, 403, 404}, who
        assert "garden.example.org" not in answer.get_data(as_text=True)
        sent = browser.post(mine, {f"n{room.now.id}-words": "x"}, follow=False)
        assert sent.status_code in {303, 403, 404}, who


def test_the_auditor_reads_and_finds_no_button(room, browse):
    room.running()
    aldo = browse("aldo")
    aldo.get(f"{DESK}/{room.ref}")
    assert "Only the infrastructure officer" in plain(aldo.page)
    assert aldo.page.count("<form") <= 1, "signing out is all"
    assert aldo.post(f"{DESK}/{room.ref}/winding-down").status_code == 403


def test_a_server_of_another_pact_is_not_there(room, browse):
    room.running()
    rosa = browse("rosa")
    assert rosa.get("/en/pacts/BO-2026-099/server").status_code == 404
    wrong = f"/en/pacts/BO-2026-099/server/{room.ref}/notes"
    assert rosa.post(wrong, {f"n{room.now.id}-words": "x"}, at=ROOM).status_code == 404


def test_the_list_is_filtered_in_the_address_and_downloaded(room, browse):
    room.running()
    tina = browse("tina")
    assert room.ref in plain(tina.get(f"{DESK}?state=running").get_data(as_text=True))
    assert room.ref not in plain(tina.get(f"{DESK}?state=failed").get_data(as_text=True))
    assert room.ref not in plain(tina.get(f"{DESK}?need=late").get_data(as_text=True))
    assert tina.get(f"{DESK}?state=%27x&need=no&after=zz").status_code == 200
    rows = tina.get(f"{DESK}.csv?state=running").get_data(as_text=True)
    assert f"{room.ref},{CODE}" in rows


def test_the_city_is_late_from_the_day_after_its_promise(room, browse, app):
    room.prepared()
    with db.writing() as session:
        session.scalars(queries.one(room.ref)).one().due_on = clock.today() - timedelta(days=3)
    ivan = browse("ivan")
    ivan.get(f"{DESK}?need=late")
    assert room.ref in ivan.page
    rosa = browse("rosa")
    rosa.get(ROOM)
    assert "The city is late by 3 days" in plain(rosa.page)
    everybody = Browser(app)
    with counting() as asked:
        everybody.get(f"{ROOM}s")
    assert len(asked) <= 4
    assert "Late by 3 days" in plain(everybody.page)
    assert "garden.example.org" not in everybody.page
    rosa.get(f"{ROOM}s")
    assert f'href="{ROOM}"' in rosa.page


def test_a_promise_nobody_has_begun_is_said_and_no_promise_is_not_there(room, app):
    room.promised()
    everybody = Browser(app)
    everybody.get(f"{ROOM}s")
    assert "has not begun to prepare it" in everybody.page
    assert everybody.get("/en/pacts/BO-2026-099/servers").status_code == 404


def test_of_a_suspended_pact_everybody_reads_that_its_server_waits(room, app):
    room.promised()
    suspend(room)
    everybody = Browser(app)
    everybody.get(f"{ROOM}s")
    assert "The pact is suspended since" in everybody.page
    assert "Until it is resumed the city prepares no server." in everybody.page


def test_what_was_given_without_a_server_in_the_list_is_not_called_unbegun(room, app, cast):
    number = room.promised()
    with db.writing() as session:
        promise = session.get_one(Allocation, number)
        support.deliver(promise, 1, clock.today(), "handed over at the office", by=cast.ivan)
    everybody = Browser(app)
    everybody.get(f"{ROOM}s")
    assert "The city gave 1 vCPU of " in plain(everybody.page)
    assert f"/en/money/decisions/{number}" in everybody.page
    assert "has not begun" not in everybody.page


def test_the_pages_ask_little_and_are_light(room, browse):
    room.requested()  # its message and the tries of it stand on the desk's page
    room.set_up()
    use(room)
    ivan, rosa = browse("ivan"), browse("rosa")
    for browser, path, most in ((ivan, DESK, 10), (ivan, f"{DESK}/{room.ref}", 10), (rosa, ROOM, 6)):
        with counting() as asked:
            browser.get(path)
        assert len(asked) <= most, "\n".join(asked)
        assert len(browser.page.encode()) < 30_000, path


def test_the_secret_link_opens_the_room_without_an_account(room, app):
    """As the other rooms of a pact: whoever holds the link writes for the group, and no other link does."""
    room.running(case_key="proposal:PR-7Q4K-29")
    mine = f"{ROOM}/{room.ref}/notes"
    for key, status in (("proposal:PR-AAAA-11", 404), ("proposal:PR-7Q4K-29", 200)):
        browser = Browser(app)
        with browser.client.session_transaction() as session:
            session["keys"] = [key]
        assert browser.get(ROOM).status_code == status
        assert browser.post(mine, {f"n{room.now.id}-words": "Help"}, at=ROOM).status_code == status
    with db.reading() as session:
        (note,) = session.scalars(queries.notes(room.now.id))
    assert (note.side, note.author_id) == ("community", None)
    everybody = Browser(app)
    everybody.get(f"{ROOM}s")
    assert "garden.example.org" not in everybody.page


def test_several_servers_are_asked_at_once_for_what_each_is_asked_alone(room):
    room.running()
    use(room, days=70)
    use(room, days=3)  # of a day the row entered last counts
    for words in ("First", "Second"):
        room.does(lambda it, words=words: actions.write_note(it, words, by=room.cast.rosa))
    mine = room.now.id
    with db.reading() as session:
        for one, each in ((queries.days, queries.days_each), (queries.notes, queries.notes_each)):
            alone = [row.id for row in session.scalars(one(mine))]
            assert [row.id for row in session.scalars(each([mine, mine + 1]))] == alone != []
