"""No address answers without a declared permission, and none breaks when anybody opens it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter

from portal.app import guard_routes
from portal.policy import Can
from portal.web import needs, public
from tests.browser import Browser, unused_code
from tests.conftest import CAST, Cast

SAMPLES = {"language": "en", "code": "BO-2026-999", "number": 1, "name": "mail", "token": "x", "row": "s1"}


def addresses(app: Any, method: str) -> list[tuple[str, str]]:
    adapter = app.url_map.bind("127.0.0.1")
    return sorted(
        (
            rule.endpoint,
            adapter.build(rule.endpoint, {name: _sample(rule, name) for name in rule.arguments}, method),
        )
        for rule in app.url_map.iter_rules()
        if method in rule.methods and rule.endpoint not in {"static", "probes.ready"}
    )


def _sample(rule: Any, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else str(SAMPLES.get(name, "x"))


def test_an_app_with_an_undeclared_route_refuses_to_start() -> None:
    app = Flask("bare")
    app.add_url_rule("/open", "open", public(lambda: ""))
    app.add_url_rule("/desk", "desk", needs(Can.DESK_READ)(lambda: ""))
    guard_routes(app)
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="name no permission: forgotten"):
        guard_routes(app)


def test_an_app_that_changes_things_under_a_permission_to_read_refuses_to_start() -> None:
    app = Flask("sly")
    app.add_url_rule("/desk", "look", needs(Can.DESK_READ)(lambda: ""))
    guard_routes(app)
    app.add_url_rule("/desk/cases", "change", needs(Can.CASE_READ)(lambda: ""), methods=["POST"])
    app.add_url_rule("/open", "open", public(lambda: ""), methods=["GET", "DELETE"])
    with pytest.raises(RuntimeError, match="under a permission to read: change, open"):
        guard_routes(app)


def test_every_route_names_a_permission_of_the_table(app: Any) -> None:
    named = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    odd = {
        endpoint
        for endpoint, view in named.items()
        if endpoint != "static" and not endpoint.startswith("probes.") and view.permission not in set(Can)
    }
    assert not odd


def test_no_page_breaks_when_a_stranger_opens_it(app: Any) -> None:
    browser = Browser(app)
    broken = {
        address: status
        for _, address in addresses(app, "GET")
        if (status := browser.get(address).status_code) >= 500
    }
    assert not broken


@pytest.mark.parametrize("name", ["eve", "giulia", "aldo"])
def test_no_page_breaks_when_somebody_signed_in_opens_it(app: Any, cast: Cast, name: str) -> None:
    cast.person(name)
    browser = Browser(app)
    browser.sign_in(CAST[name][1])
    broken = {
        address: status
        for _, address in addresses(app, "GET")
        if (status := browser.get(address).status_code) >= 500
    }
    assert not broken


def test_nothing_can_be_sent_without_the_token_of_a_page(app: Any) -> None:
    client = app.test_client()
    taken = {
        address: client.post(address, data={"x": "y"}).status_code for _, address in addresses(app, "POST")
    }
    # For machines: a city without an automation has no such page, and one with it asks for a signature.
    assert taken.pop("/api/v1/servers/status") == 404
    assert set(taken.values()) == {400}, {
        address: status for address, status in taken.items() if status != 400
    }


def test_nothing_an_empty_form_can_break(app: Any) -> None:
    browser = Browser(app)
    browser.get("/en/sign-in")
    broken = {
        address: status
        for _, address in addresses(app, "POST")
        if (status := browser.post(address, follow=False).status_code) >= 500
    }
    assert not broken


def test_desks_lead_a_stranger_to_sign_in_and_back(app: Any, cast: Cast) -> None:
    cast.person("giulia")
    browser = Browser(app)
    browser.get("/en/desk/jobs")
    assert "Sign in" in browser.page
    answer = browser.post(
        "/en/sign-in",
        {**browser.parsed.forms[-1]["values"], "email": CAST["giulia"][1], "password": "commons-demo-2026"},
        follow=False,
    )
    browser.get(answer.headers["Location"])
    step = {**browser.parsed.forms[-1]["values"], "one_time_code": unused_code(CAST["giulia"][1])}
    answer = browser.post("/en/sign-in/second", step, follow=False)
    assert answer.headers["Location"] == "/en/desk/jobs"
