"""People see where they are signed in and end it; what ended is dead on every node at the next request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from config import Config
from portal import clock, db
from portal.app import create_app
from portal.people import actions, lifetimes
from portal.people.browsers import describe
from portal.people.lifetimes import is_alive
from portal.people.models import OpenSession, Person
from portal.policy import SYSTEM, Role
from tests.browser import Browser
from tests.conftest import CAST, PASSWORD, Cast

ROSA = CAST["rosa"][1]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture(scope="module")
def nodes(one_app: Any, demo_seal: Path) -> tuple[Any, Any]:
    """Two applications, as on two machines over one database."""
    return one_app, create_app(Config.from_env({"PORTAL_DATA_DIR": str(demo_seal.parent)}))


def _is_in(browser: Browser) -> bool:
    return browser.get("/en/account", follow=False).status_code == 200


def _in(app: Any, agent: str = FIREFOX, email: str = ROSA) -> Browser:
    browser = Browser(app)
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    browser.sign_in(email)
    return browser


def _cookie(browser: Browser) -> str:
    return str(browser.client.get_cookie("portal").value)


def _sign_out(browser: Browser, _person: Person) -> None:
    browser.post("/en/sign-out", at="/en/account")


def _change_password(browser: Browser, _person: Person) -> None:
    values = {"old": PASSWORD, "password": "lamp tide oven moss"}
    assert browser.post("/en/account/password", values, at="/en/account/password").status_code == 200


def _end_all(browser: Browser, _person: Person) -> None:
    browser.post("/en/account/sessions/end", at="/en/account/sessions")


def _new_role(_browser: Browser, person: Person) -> None:
    with db.writing():
        actions.grant(person, Role.CLERK, by=SYSTEM)


def _end_role(_browser: Browser, person: Person) -> None:
    with db.writing():
        given = actions.grant(person, Role.CLERK, by=SYSTEM, starts_at=clock.now() + timedelta(days=9))
        db.session().flush()
        actions.end_role(person, given.id, by=SYSTEM)


def _suspend(_browser: Browser, person: Person) -> None:
    with db.writing():
        actions.suspend(person, "Reported", by=SYSTEM)


@pytest.mark.parametrize("end", [_sign_out, _change_password, _end_all, _new_role, _end_role, _suspend])
def test_what_ended_on_one_node_is_dead_on_the_other(
    both: db.Database, nodes: Any, cast: Cast, end: Callable[[Browser, Person], None]
) -> None:
    one_app, there = nodes
    person = cast.person("rosa")
    here = _in(one_app)
    stolen = Browser(there)
    stolen.client.set_cookie("portal", _cookie(here))
    assert _is_in(stolen)
    end(here, person)
    assert not _is_in(stolen)


def test_the_page_names_each_browser_and_this_one(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    here = _in(app)
    _in(
        app,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Safari/604.1",
    )
    _in(app, "<script>alert(1)</script>")
    here.get("/en/account/sessions")
    assert "Firefox, Linux" in here.page
    assert "Safari, iPhone" in here.page
    assert "Unknown browser" in here.page
    assert "alert(1)" not in here.page
    assert here.page.count("this one") == 1


def _ends(browser: Browser) -> list[str]:
    browser.get("/en/account/sessions")
    actions_of = [form["action"] for form in browser.parsed.forms]
    return [path for path in actions_of if path.endswith("/end") and path.count("/") == 5]


def test_one_session_is_ended_and_the_others_stay(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    here, there = _in(app), _in(app)
    (path,) = _ends(here)
    here.post(path)
    assert _is_in(here)
    assert not _is_in(there)
    assert here.post(path).status_code == 404


def test_all_others_are_ended_and_this_one_stays(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    here, *others = [_in(app) for _ in range(3)]
    here.post("/en/account/sessions/end", {"which": "others"}, at="/en/account/sessions")
    assert _is_in(here)
    assert not any(_is_in(other) for other in others)


def test_nobody_ends_the_session_of_somebody_else(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    cast.person("eve")
    here, there, eve = _in(app), _in(app), _in(app, email=CAST["eve"][1])
    (path,) = _ends(here)
    assert eve.post(path, at="/en/account/sessions").status_code == 404
    assert _is_in(there)


def test_the_page_holds_no_key_to_a_session(app: Any, cast: Cast) -> None:
    cast.person("rosa")
    here = _in(app)
    here.get("/en/account/sessions")
    with db.reading() as session:
        hashes = session.scalars(select(OpenSession.token_hash)).all()
    assert not [one for one in hashes if one in here.page]
    assert _cookie(here) not in here.page


@pytest.mark.parametrize(
    ("is_staff", "idle", "longest"),
    [(False, timedelta(hours=12), timedelta(days=7)), (True, timedelta(hours=1), timedelta(hours=12))],
)
def test_whoever_works_for_the_city_has_the_shorter_session(
    is_staff: bool, idle: timedelta, longest: timedelta
) -> None:
    at, moment = clock.real(), timedelta(microseconds=1)
    assert is_alive(at - longest + moment, at, at, is_staff=is_staff)
    assert not is_alive(at - longest, at, at, is_staff=is_staff)
    assert is_alive(at - idle + moment, at - idle + moment, at, is_staff=is_staff)
    assert not is_alive(at - idle, at - idle, at, is_staff=is_staff)


@pytest.mark.parametrize("name", ["rosa", "giulia"])
def test_after_an_hour_of_rest_a_citizen_is_still_in_and_an_officer_is_not(
    app: Any, cast: Cast, name: str
) -> None:
    cast.person(name)
    browser = _in(app, email=CAST[name][1])
    assert _is_in(browser)
    with db.writing() as session:
        seen_at = clock.real() - lifetimes.STAFF_IDLE - timedelta(seconds=1)
        session.execute(update(OpenSession).values(seen_at=seen_at, created_at=seen_at))
    assert _is_in(browser) == (name == "rosa")


def test_a_session_that_was_ended_is_not_brought_back_by_what_was_under_way(app: Any, cast: Cast) -> None:
    person = cast.person("rosa")
    browser = _in(app)
    with app.test_request_context(headers={"Cookie": f"portal={_cookie(browser)}"}) as context:
        app.preprocess_request()
        with db.writing():
            actions.end_sessions(person)
        # A draft is opened at this very moment: more rights, so a new secret.
        from portal.people.sessions import open_key

        open_key(context.session, "proposal:PR-2222-22")
        answer = app.process_response(app.make_response("ok"))
    assert "Set-Cookie" not in answer.headers
    with db.reading() as session:
        assert session.scalars(select(OpenSession).where(OpenSession.person_id == person.id)).all() == []


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari, macOS"),
        ("curl/8.9", ""),
        ("", ""),
        ("x" * 100_000 + "Firefox/1", ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent: str, name: str) -> None:
    assert describe(agent) == name
