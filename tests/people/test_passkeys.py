"""A passkey answers one question, of this site, for its own person, once; without a name there are none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from portal import db
from portal.people import second_step
from portal.people.actions import passkeys
from portal.people.factors import Site
from portal.people.held import look
from portal.people.models import OpenSession, Passkey, Person
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.people.device import Device
from tests.people.test_factors import at_once, half, is_in

GIULIA, ROSA = CAST["giulia"][1], CAST["rosa"][1]
SITE = Site("localhost", "http://localhost:8000")


@pytest.fixture
def app(app: Any, config: Any) -> Any:
    """The application at an address with a name."""
    app.config["PORTAL"] = replace(config, base_url="http://localhost:8000")
    return app


def asked(browser: Browser, path: str) -> Any:
    """Return the question that a page's script asks for."""
    answer = browser.client.post(path, headers={"X-CSRFToken": browser.token()})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def add(browser: Browser, device: Device, name: str = "Phone") -> Any:
    browser.get("/en/account/passkeys/new")
    options = asked(browser, "/en/account/passkeys/options")
    return browser.post("/en/account/passkeys", {"name": name, "passkey": device.made(options)})


def owner(app: Any, cast: Cast, name: str = "rosa") -> tuple[Browser, Device]:
    """Return the browser of somebody who has a passkey."""
    browser, device = Browser(app), Device()
    cast.person(name)
    browser.sign_in(CAST[name][1])
    assert add(browser, device).status_code == 200
    return browser, device


def enter_alone(browser: Browser, device: Device, path: str = "/en/sign-in/passkey") -> bool:
    browser.get("/en/sign-in")
    answer = device.answered(asked(browser, "/en/sign-in/passkey/options"))
    browser.post(path, {"passkey": answer}, follow=False)
    return is_in(browser)


def test_a_first_passkey_brings_recovery_codes_and_is_listed(app: Any, cast: Cast) -> None:
    rosa, _ = owner(app, cast)
    assert rosa.page.count('<li class="code">') == 10
    rosa.get("/en/account/factors")
    assert "Phone" in rosa.page
    add(rosa, Device(), "Key on the ring")
    assert "Key on the ring" in rosa.page
    assert [one.name for one in look(cast.person("rosa").id).passkeys] == ["Phone", "Key on the ring"]


def test_a_passkey_is_the_second_step_after_the_password(app: Any, cast: Cast) -> None:
    _, device = owner(app, cast, "giulia")
    browser = half(Browser(app))
    assert "Use a passkey" in browser.page
    options = asked(browser, "/en/sign-in/second/options")
    assert [one["id"] for one in options["allowCredentials"]] == [json.loads(device.answered(options))["id"]]
    assert options["userVerification"] == "required"
    browser.post("/en/sign-in/second", {"passkey": device.answered(options)})
    assert browser.get("/en/desk", follow=False).status_code == 200


def test_a_passkey_alone_signs_in_with_both_factors(app: Any, cast: Cast) -> None:
    _, device = owner(app, cast, "giulia")
    browser = Browser(app)
    assert enter_alone(browser, device)
    assert browser.get("/en/desk", follow=False).status_code == 200


def test_the_question_of_a_stranger_names_nobodys_passkey(app: Any, cast: Cast) -> None:
    owner(app, cast)
    browser = Browser(app)
    browser.get("/en/sign-in")
    assert asked(browser, "/en/sign-in/passkey/options")["allowCredentials"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:9000"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://evil.example"},
        {"host": "evil.example"},
        {"is_verified": False},
        {"key": Device().key},
        {"id": b"another id altogether"},
    ],
)
def test_what_is_not_ours_opens_nothing(app: Any, cast: Cast, wrong: dict[str, Any]) -> None:
    _, device = owner(app, cast)
    browser = Browser(app)
    assert not enter_alone(browser, replace(device, **wrong))
    browser.get("/en/sign-in?failed=passkey")
    assert "The passkey was not accepted" in browser.page


@pytest.mark.parametrize(
    "wrong", [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"is_verified": False}]
)
def test_a_passkey_of_another_site_is_not_taken(app: Any, cast: Cast, wrong: dict[str, Any]) -> None:
    cast.person("rosa")
    browser = Browser(app)
    browser.sign_in(ROSA)
    assert add(browser, Device(**wrong)).status_code == 422
    assert "not accepted" in browser.page
    assert not look(cast.person("rosa").id).any


def test_an_answer_counts_once(app: Any, cast: Cast) -> None:
    _, device = owner(app, cast)
    browser = Browser(app)
    browser.get("/en/sign-in")
    answer = device.answered(asked(browser, "/en/sign-in/passkey/options"))
    browser.post("/en/sign-in/passkey", {"passkey": answer})
    assert is_in(browser)
    browser.post("/en/sign-out", at="/en/account")
    browser.post("/en/sign-in/passkey", {"passkey": answer}, at="/en/sign-in")
    assert not is_in(browser)


def test_an_answer_to_a_question_of_yesterday_or_for_something_else_opens_nothing(
    app: Any, cast: Cast
) -> None:
    _, device = owner(app, cast, "giulia")
    browser = half(Browser(app))
    answer = device.answered(asked(browser, "/en/sign-in/second/options"))
    browser.post("/en/sign-in/passkey", {"passkey": answer})
    assert not is_in(browser)
    half(browser)
    answer = device.answered(asked(browser, "/en/sign-in/second/options"))
    with db.writing() as session:
        for row in session.scalars(select(OpenSession)):
            if "challenge" in row.content:
                old = {**row.content["challenge"], "until": "2020-01-01T00:00:00+00:00"}
                row.content = {**row.content, "challenge": old}
    assert browser.post("/en/sign-in/second", {"passkey": answer}).status_code == 422


@pytest.mark.parametrize("counts", [True, False])
def test_one_answer_on_two_nodes_opens_one(both: db.Database, cast: Cast, counts: bool) -> None:
    rosa, device = cast.person("rosa"), Device()
    question = b"q" * 32
    asks = {"challenge": second_step.web_safe(question)}
    with db.writing():
        passkeys.add_passkey(
            rosa, "Phone", device.made(asks), question=question, site=SITE, by=cast.fresh("rosa"), keep=""
        )
    # Many devices do not count at all: nought stands for ever.
    device.count = 0 if counts else -1
    answer = device.answered(asks)
    said = at_once(*[lambda: passkeys.use_passkey(answer, question=question, site=SITE)] * 4)
    assert sorted(said, key=str) == [rosa.id, None, None, None]


def test_a_counter_that_goes_back_is_a_copied_key(app: Any, cast: Cast) -> None:
    _, device = owner(app, cast)
    device.count = 7
    assert enter_alone(Browser(app), device)
    device.count = 5
    assert not enter_alone(Browser(app), device)
    with db.reading() as session:
        assert session.scalars(select(Passkey.sign_count)).one() == 8


def test_another_persons_passkey_is_no_second_step_of_mine(app: Any, cast: Cast) -> None:
    _, eves = owner(app, cast, "eve")
    owner(app, cast, "giulia")
    browser = half(Browser(app))
    asked_of_giulia = asked(browser, "/en/sign-in/second/options")
    assert browser.post("/en/sign-in/second", {"passkey": eves.answered(asked_of_giulia)}).status_code == 422
    assert not is_in(browser)


def test_the_outsider_removes_nobody_elses(app: Any, cast: Cast) -> None:
    owner(app, cast, "rosa")
    eve, _ = owner(app, cast, "eve")
    (hers,) = look(cast.person("rosa").id).passkeys
    assert eve.post(f"/en/account/passkeys/{hers.id}/removal", at="/en/account/factors").status_code == 409
    assert look(cast.person("rosa").id).any
    assert eve.get("/en/account/factors").get_data(as_text=True).count("passkeys/") == 2


def test_one_of_two_is_removed_and_opens_nothing_any_more(app: Any, cast: Cast) -> None:
    rosa, device = owner(app, cast)
    add(rosa, Device(), "Other")
    first = look(cast.person("rosa").id).passkeys[0]
    rosa.post(f"/en/account/passkeys/{first.id}/removal", at="/en/account/factors", follow=False)
    assert not enter_alone(Browser(app), device)


def test_the_last_of_somebody_with_a_role_stays(app: Any, cast: Cast) -> None:
    giulia, _ = owner(app, cast, "giulia")
    giulia.post("/en/account/factors/app/removal", at="/en/account/factors", follow=False)
    (only,) = look(cast.person("giulia").id).passkeys
    assert giulia.post(f"/en/account/passkeys/{only.id}/removal", at="/en/account/factors").status_code == 409
    assert look(cast.person("giulia").id).count == 1


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "null", "{}", '{"id": 1}', '{"id": {}}', "{" * 30_000, "\u0000"]
)
def test_nonsense_breaks_nothing(app: Any, cast: Cast, answer: str) -> None:
    rosa, device = owner(app, cast)
    rosa.get("/en/account/passkeys/new")
    asked(rosa, "/en/account/passkeys/options")
    assert rosa.post("/en/account/passkeys", {"name": "X", "passkey": answer}).status_code == 422
    real = json.loads(device.answered({"challenge": "eA"}))
    broken = {**real, "response": {**real["response"], "authenticatorData": "eA", "signature": answer[:40]}}
    for text in (answer, json.dumps(broken)):
        browser = Browser(app)
        browser.get("/en/sign-in")
        asked(browser, "/en/sign-in/passkey/options")
        assert browser.post("/en/sign-in/passkey", {"passkey": text}, follow=False).status_code == 303
        assert not is_in(browser)


def test_a_passkey_needs_a_fresh_sign_in(app: Any, cast: Cast) -> None:
    cast.person("giulia")
    browser = Browser(app)
    browser.sign_in(GIULIA)
    with db.writing() as session:
        row = session.scalars(select(OpenSession)).one()
        row.content = {**row.content, "fresh_at": "2020-01-01T00:00:00+00:00"}
    browser.get("/en/account/passkeys/new")
    refused = browser.client.post("/en/account/passkeys/options", headers={"X-CSRFToken": browser.token()})
    assert refused.status_code == 403
    browser.post("/en/account/passkeys/new", at="/en/account/factors")
    assert "Confirm that it is you" in browser.page
    browser.post("/en/account/passkeys/new", browser.confirm(), follow=True)
    assert "Make the passkey" in browser.page


@pytest.mark.parametrize(
    ("base_url", "site"),
    [
        ("http://127.0.0.1:8000", None),
        ("https://[2001:db8::1]", None),
        ("http://localhost:8000", SITE),
        ("https://commons.example.org", Site("commons.example.org", "https://commons.example.org")),
    ],
)
def test_passkeys_are_made_for_names_only(base_url: str, site: Site | None) -> None:
    assert Site.of(base_url) == site


def test_an_address_without_a_name_offers_codes_instead(app: Any, cast: Cast, config: Any) -> None:
    app.config["PORTAL"] = config
    cast.person("rosa")
    browser = Browser(app)
    browser.get("/en/sign-in")
    assert "passkey" not in browser.page
    browser.sign_in(ROSA)
    browser.get("/en/account/factors")
    assert "this one is reached by a number" in browser.page
    for path in (
        "/en/sign-in/passkey/options",
        "/en/account/passkeys/options",
        "/en/account/confirm/options",
    ):
        answer = browser.client.post(path, headers={"X-CSRFToken": browser.token()})
        assert answer.status_code == 404, path
    assert browser.get("/en/account/passkeys/new", follow=False).status_code == 303


def test_a_passkey_of_a_suspended_person_opens_nothing(app: Any, cast: Cast) -> None:
    _, device = owner(app, cast)
    with db.writing() as session:
        session.execute(
            update(Person).values(suspended_at=Person.joined_at, version_id=Person.version_id + 1)
        )
    assert not enter_alone(Browser(app), device)
