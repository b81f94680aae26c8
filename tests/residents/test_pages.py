"""The account's page of residence and the desk: who may, what they see, what becomes of odd input."""

from __future__ import annotations

import pytest

from portal import db
from portal.residents.models import Conflict, Residency, Resident
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.counting import counting
from tests.people.letters import acts
from tests.residents.people import ROSA, rows, settle, verified

OWN, DESK = "/en/account/residence", "/en/desk/residents"


@pytest.fixture
def carla(client: Browser, cast: Cast) -> Browser:
    """The clerk's browser."""
    cast.person("carla")
    client.sign_in(CAST["carla"][1])
    return client


def enter(client: Browser, cast: Cast, name: str) -> Browser:
    cast.person(name)
    browser = Browser(client.app)
    browser.sign_in(CAST[name][1])
    return browser


def page_of(cast: Cast, name: str) -> str:
    return f"{DESK}/people/{cast.person(name).pseudonym}"


def at_the_counter(carla: Browser, cast: Cast, name: str) -> str:
    """Let somebody come to the counter and say their address; return their page."""
    email = cast.person(name).email
    carla.post(f"{DESK}/people", {"email": email}, at=DESK)
    return page_of(cast, name)


def shown(number: str = ROSA, **other: str) -> dict[str, str]:
    return {"kind": "identity_card", "result": "shown", "number": number, **other}


def test_a_person_reads_their_own_status_and_takes_it_back(client: Browser, cast: Cast) -> None:
    rosa = enter(client, cast, "rosa")
    rosa.get("/en/account")
    assert OWN in rosa.parsed.links
    rosa.get(OWN)
    assert "Show it in one of these ways" in rosa.page
    assert "24 months" in rosa.page
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    rosa.get(OWN)
    assert "Yes: you showed that you live here" in rosa.page
    assert "by the city&#39;s census" in rosa.page
    rosa.post(f"{OWN}/withdrawal")
    assert "no longer shown as a resident" in rosa.page
    assert not verified(cast.person("rosa"))
    assert rosa.post(f"{OWN}/withdrawal").status_code == 409


def test_a_clerk_checks_a_document_and_nothing_of_its_number_stays(carla: Browser, cast: Cast) -> None:
    cast.person("rosa")
    carla.get(DESK)
    answer = carla.post(f"{DESK}/people", {"email": " Rosa@example.org "})
    assert answer.request.path == page_of(cast, "rosa")
    answer = carla.post(f"{page_of(cast, 'rosa')}/check", shown("nre rso 80a41 a944r"))
    assert "verified resident now" in carla.page
    assert verified(cast.person("rosa"))
    (row,) = rows(Residency)
    assert (row.way, row.document_kind, row.checked_by_id) == (
        "in_person",
        "identity_card",
        cast.person("carla").id,
    )
    (act,) = acts("residence:verified")
    assert act.actor == cast.person("carla").pseudonym
    assert ROSA not in carla.page
    with db.reading() as session:
        dump = [session.execute(table.select()).all() for table in Residency.metadata.sorted_tables]
    assert ROSA not in repr(dump)


def test_a_clerk_sees_nobody_who_is_not_at_the_counter(carla: Browser, cast: Cast) -> None:
    where = page_of(cast, "rosa")
    assert carla.get(where).status_code == 404
    for verb, values in (("check", shown()), ("revocation", {"reason": "x"})):
        assert carla.post(f"{where}/{verb}", values, at=DESK).status_code == 404
    assert rows(Residency) == []
    assert carla.get(at_the_counter(carla, cast, "rosa")).status_code == 200
    at_the_counter(carla, cast, "eve")  # and with the next one, the one before has gone
    assert carla.get(where).status_code == 404


def test_whoever_stands_in_an_open_conflict_is_seen_until_it_is_decided(carla: Browser, cast: Cast) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    settle(cast.person("eve"), ROSA, by=cast.eve)
    carla.get(f"{DESK}/conflicts/{rows(Conflict)[0].id}")
    assert {page_of(cast, "rosa"), page_of(cast, "eve")} <= set(carla.parsed.links)
    assert carla.get(page_of(cast, "rosa")).status_code == carla.get(page_of(cast, "eve")).status_code == 200
    assert carla.get(page_of(cast, "nina")).status_code == 404
    assert enter(carla, cast, "aldo").get(page_of(cast, "nina")).status_code == 200


def test_a_document_that_shows_nothing_is_noted_and_changes_nothing(carla: Browser, cast: Cast) -> None:
    where = at_the_counter(carla, cast, "rosa")
    carla.post(f"{where}/check", shown("", result="not_shown"))
    assert "Nothing changed" in carla.page
    assert rows(Residency) == rows(Resident) == []
    (act,) = acts("residence:not_shown")
    assert act.facts == {"kind": "identity_card"}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"number": ""}, "Enter the number of your document"),
        ({"number": "NRERSO80A42A944R"}, "Compare it with your card"),
        ({"number": "x" * 500}, "longer than 80"),
        ({"number": "<script>"}, "16 letters and digits"),
        ({"kind": "library_card"}, "Not a valid choice"),
        ({"kind": ""}, "Choose what you were shown"),
        ({"result": "maybe"}, "Not a valid choice"),
    ],
)
def test_odd_input_is_refused_with_a_sentence(
    carla: Browser, cast: Cast, values: dict[str, str], sentence: str
) -> None:
    where = at_the_counter(carla, cast, "rosa")
    assert carla.post(f"{where}/check", shown(**values)).status_code == 422
    assert sentence in carla.page
    assert rows(Resident) == []


def test_an_unknown_address_says_so_and_keeps_what_was_typed(carla: Browser) -> None:
    carla.get(DESK)
    assert carla.post(f"{DESK}/people", {"email": "nobody@example.org"}).status_code == 422
    assert "nobody@example.org" in carla.page
    assert "No account has this address" in carla.page
    assert carla.post(f"{DESK}/people", {"email": "no address"}).status_code == 422


def test_clerks_do_not_check_themselves(carla: Browser, cast: Cast) -> None:
    where = at_the_counter(carla, cast, "carla")
    assert "a colleague checks your document" in carla.page
    assert carla.post(f"{where}/check", shown()).status_code == 403
    assert rows(Residency) == []


def test_a_contested_document_is_decided_on_the_desk(carla: Browser, cast: Cast) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    settle(cast.person("eve"), ROSA, by=cast.eve)
    carla.get(DESK)
    number = rows(Conflict)[0].id
    where = f"{DESK}/conflicts/{number}"
    assert where in carla.parsed.links
    eve = enter(carla, cast, "eve")
    eve.get(OWN)
    assert "in use in another account" in eve.page
    assert "Rosa" not in eve.page
    carla.get(where)
    for values in ({}, {"decision": "moved"}, {"decision": "burnt", "reason": "x"}):
        assert carla.post(f"{where}/decision", values).status_code == 422
    carla.post(f"{where}/decision", {"decision": "moved", "reason": "Same person, new account"})
    assert "both people are told" in carla.page
    assert [verified(cast.person(name)) for name in ("rosa", "eve")] == [False, True]
    assert carla.post(f"{where}/decision", {"decision": "kept", "reason": "x"}).status_code == 409
    carla.get(where)
    assert "Same person, new account" in carla.page
    rosa = enter(carla, cast, "rosa")
    rosa.get(OWN)
    assert "belongs to another account now" in rosa.page


def test_a_status_is_ended_on_the_desk_with_a_reason_that_the_person_reads(
    carla: Browser, cast: Cast
) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    where = at_the_counter(carla, cast, "rosa")
    assert carla.post(f"{where}/revocation", {"reason": ""}).status_code == 422
    carla.post(f"{where}/revocation", {"reason": "Moved to Modena"})
    assert "the person is told" in carla.page
    rosa = enter(carla, cast, "rosa")
    rosa.get(OWN)
    assert "Moved to Modena" in rosa.page


@pytest.mark.parametrize("name", ["rosa", "giulia", "nuria", "tina"])
def test_others_see_nothing_of_the_desk(client: Browser, cast: Cast, name: str) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    settle(cast.person("eve"), ROSA, by=cast.eve)
    browser = enter(client, cast, name)
    for path in ("", f"/people/{cast.person('eve').pseudonym}", "/conflicts/1"):
        assert browser.get(DESK + path).status_code == 403
    for path in ("/people", f"/people/{cast.person('eve').pseudonym}/check", "/conflicts/1/decision"):
        assert browser.post(DESK + path, {}).status_code == 403


def test_the_auditor_reads_and_writes_nothing(client: Browser, cast: Cast) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    settle(cast.person("eve"), ROSA, by=cast.eve)
    aldo = enter(client, cast, "aldo")
    for path in ("", f"/people/{cast.person('eve').pseudonym}", "/conflicts/1"):
        assert aldo.get(DESK + path).status_code == 200
        assert "Note what I saw" not in aldo.page
    assert aldo.post(f"{DESK}/conflicts/1/decision", {"decision": "kept", "reason": "x"}).status_code == 403


def test_a_thing_that_is_none_is_not_there(carla: Browser) -> None:
    for path in ("/people/p-nobody", "/conflicts/99"):
        assert carla.get(DESK + path).status_code == 404


def test_a_visitor_is_led_to_sign_in(client: Browser) -> None:
    assert client.get(OWN).request.path == "/en/sign-in"


def test_a_city_that_checks_nobody_in_person_has_no_such_form(
    carla: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    profile = carla.app.extensions["profile"]
    only = replace(profile, residents=replace(profile.residents, ways=("census",)))
    monkeypatch.setitem(carla.app.extensions, "profile", only)
    where = at_the_counter(carla, cast, "rosa")
    assert "What were you shown?" not in carla.page
    assert carla.post(f"{where}/check", shown()).status_code == 404
    rosa = enter(carla, cast, "rosa")
    rosa.get(OWN)
    assert "In person" not in rosa.page.split("<main")[1].split("</main>")[0]


def test_the_desk_asks_few_questions_however_many_wait(carla: Browser, cast: Cast) -> None:
    settle(cast.person("rosa"), ROSA, by=cast.rosa)
    asked = []
    for name in ("eve", "teo", "nina"):
        settle(cast.person(name), ROSA, by=getattr(cast, name))
        with counting() as found:
            assert carla.get(DESK).status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[-1]
    assert asked[0] <= 8
