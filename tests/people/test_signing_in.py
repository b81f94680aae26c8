"""Signing in gives a new secret, signing out kills it, and nobody is led to another site."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import g
from sqlalchemy import select, update

from portal import clock, crypto, db
from portal.people import actions, lifetimes, limits, sessions
from portal.people.actions.factors import enter_app
from portal.people.factors import seeded_secret
from portal.people.models import OpenSession, Person
from portal.policy import SYSTEM, Role
from portal.record import Act
from portal.web import sign_path, signed_path
from tests.browser import Browser
from tests.conftest import PASSWORD, Cast

EMAIL = "rosa@example.org"


@pytest.fixture
def rosa(client: Browser, cast: Cast) -> Any:
    return cast.person("rosa")


def _cookie(browser: Browser) -> str:
    cookie = browser.client.get_cookie("portal")
    return cookie.value if cookie else ""


def _with_cookie(app: Any, value: str) -> Browser:
    browser = Browser(app)
    browser.client.set_cookie("portal", value)
    return browser


def _is_in(browser: Browser) -> bool:
    return browser.get("/en/account", follow=False).status_code == 200


def _sign_in(browser: Browser, **values: str) -> Any:
    content = {"email": EMAIL, "password": PASSWORD, **values}
    return browser.post("/en/sign-in", content, at="/en/sign-in", follow=False)


def test_the_right_password_opens_the_account(client: Browser, rosa: Person) -> None:
    assert _sign_in(client).headers["Location"] == "/en/account"
    assert _is_in(client)
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == "person:signed_in")).one()
    assert act.actor == rosa.pseudonym


@pytest.mark.parametrize("email", [" ROSA@Example.org ", EMAIL])
def test_an_address_is_read_kindly(client: Browser, rosa: Person, email: str) -> None:
    assert _sign_in(client, email=email).status_code == 303


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_sound_the_same(
    client: Browser, rosa: Person, email: str
) -> None:
    assert _sign_in(client, email=email, password="wrong words here").status_code == 422
    assert "The address or the password is not right" in client.page
    assert f'value="{email}"' in client.page
    assert "wrong words here" not in client.page
    assert not _is_in(client)


def test_empty_fields_are_named(client: Browser, rosa: Person) -> None:
    assert _sign_in(client, email=" ", password="").status_code == 422
    assert "Enter your e-mail address" in client.page
    assert "Enter your password" in client.page


def test_a_cookie_replayed_after_signing_out_is_dead(client: Browser, rosa: Person, app: Any) -> None:
    _sign_in(client)
    stolen = _cookie(client)
    assert _is_in(_with_cookie(app, stolen))
    client.get("/en/account")
    assert client.post("/en/sign-out", follow=False).status_code == 303
    assert not _is_in(client)
    assert not _is_in(_with_cookie(app, stolen))


def test_signing_in_gives_a_new_secret_and_kills_the_old_one(client: Browser, rosa: Person, app: Any) -> None:
    client.get("/en/sign-in")
    planted = _cookie(client)
    assert planted
    _sign_in(client)
    assert _cookie(client) != planted
    assert not _is_in(_with_cookie(app, planted))
    with db.reading() as session:
        assert session.get(OpenSession, crypto.token_hash(planted)) is None


def test_a_cookie_of_somebodys_choice_is_never_taken_up(client: Browser, rosa: Person, app: Any) -> None:
    browser = _with_cookie(app, "chosen-by-the-attacker")
    _sign_in(browser)
    assert _cookie(browser) != "chosen-by-the-attacker"
    assert not _is_in(_with_cookie(app, "chosen-by-the-attacker"))


def test_the_database_keeps_only_the_hash_of_the_cookie(client: Browser, rosa: Person) -> None:
    _sign_in(client)
    with db.reading() as session:
        rows = session.scalars(select(OpenSession)).all()
    assert [row.token_hash for row in rows] == [crypto.token_hash(_cookie(client))]
    assert rows[0].person_id == rosa.id


def test_a_new_role_ends_the_open_sessions(client: Browser, rosa: Person) -> None:
    _sign_in(client)
    with db.writing():
        actions.grant(rosa, Role.OFFICER, by=SYSTEM)
        enter_app(rosa, seeded_secret(EMAIL))
    assert not _is_in(client)
    client.sign_in(EMAIL)
    assert client.get("/en/desk/jobs", follow=False).status_code == 200


def test_a_role_that_ended_is_gone_at_the_next_request(client: Browser, rosa: Person) -> None:
    with db.writing():
        actions.grant(rosa, Role.OFFICER, by=SYSTEM, until=clock.now() + timedelta(days=1))
        enter_app(rosa, seeded_secret(EMAIL))
    client.sign_in(EMAIL)
    assert client.get("/en/desk/jobs", follow=False).status_code == 200
    clock.set_offset(timedelta(days=2))
    assert client.get("/en/desk/jobs", follow=False).status_code == 403


def test_a_suspended_person_is_out_at_the_next_request(client: Browser, rosa: Person) -> None:
    _sign_in(client)
    with db.writing() as session:
        session.execute(update(Person).values(suspended_at=clock.now(), version_id=Person.version_id + 1))
    assert not _is_in(client)
    assert _sign_in(client).status_code == 422


def test_all_sessions_can_be_ended_at_once(client: Browser, rosa: Person, app: Any) -> None:
    other = Browser(app)
    _sign_in(other)
    _sign_in(client)
    client.get("/en/account/sessions")
    client.post("/en/account/sessions/end", follow=False)
    assert not _is_in(client)
    assert not _is_in(other)


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timedelta(seconds=-1)},
        {"seen_at": -lifetimes.IDLE - timedelta(seconds=1)},
    ],
)
def test_a_session_ends_after_a_week_and_after_half_a_day_of_rest(
    client: Browser, rosa: Person, change: dict[str, timedelta]
) -> None:
    _sign_in(client)
    with db.writing() as session:
        session.execute(update(OpenSession).values({name: clock.real() + d for name, d in change.items()}))
    assert not _is_in(client)


def test_a_session_in_use_stays_awake_without_a_write_at_every_page(client: Browser, rosa: Person) -> None:
    def seen_at() -> Any:
        with db.reading() as session:
            return session.scalars(select(OpenSession.seen_at)).one()

    _sign_in(client)
    _is_in(client)
    first = seen_at()
    _is_in(client)
    assert seen_at() == first
    with db.writing() as session:
        session.execute(update(OpenSession).values(seen_at=first - timedelta(minutes=6)))
    _is_in(client)
    assert seen_at() >= first


def test_signing_in_is_fresh_for_ten_minutes(client: Browser, rosa: Person, app: Any) -> None:
    _sign_in(client)
    with app.test_request_context(headers={"Cookie": f"portal={_cookie(client)}"}) as context:
        app.preprocess_request()
        assert g.actor.is_fresh
        context.session["fresh_at"] = (clock.real() - timedelta(minutes=11)).isoformat()
        assert not sessions.is_fresh(context.session)
        assert not sessions.confirm_password(context.session, rosa, "wrong")
        assert sessions.confirm_password(context.session, rosa, PASSWORD)
        assert sessions.is_fresh(context.session)


TRICKS = [
    "/%09/evil.example",
    "/\t/evil.example",
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/en/account/messages",
    "",
    "Ii8vZXZpbC5leGFtcGxlIg.forged",
]


@pytest.mark.parametrize("onto", TRICKS)
def test_what_we_did_not_sign_leads_nowhere(client: Browser, rosa: Person, onto: str) -> None:
    assert _sign_in(client, next=onto).headers["Location"] == "/en/account"


@pytest.mark.parametrize(
    "onto", ["//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example", "/a\nb"]
)
def test_even_signed_an_address_of_another_site_leads_nowhere(app: Any, onto: str) -> None:
    with app.test_request_context():
        assert signed_path(sign_path(onto)) is None
        assert signed_path(sign_path("/en/pacts?q=à&page=2")) == "/en/pacts?q=à&page=2"


def test_the_sixth_try_of_a_minute_is_refused_and_another_network_is_not(
    client: Browser, rosa: Person, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.real().replace(second=30)  # no minute ends in the middle
    monkeypatch.setattr(clock, "real", lambda: now)
    tries = [_sign_in(client, password=f"wrong words {n}").status_code for n in range(6)]
    assert tries == [422] * 5 + [429]
    assert "Wait a minute" in client.page
    assert _sign_in(client).status_code == 429
    elsewhere = Browser(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert _sign_in(elsewhere).status_code == 303


def test_one_network_cannot_try_everybody(
    client: Browser, rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.people.limits.NETWORK", (limits.Step(3, limits.QUARTER),))
    tries = [
        _sign_in(client, email=f"a{n}@example.org", password="wrong words").status_code for n in range(4)
    ]
    assert tries == [422, 422, 422, 429]


def test_over_https_the_cookie_belongs_to_the_host_alone(
    app: Any, config: Any, rosa: Person, monkeypatch: Any
) -> None:
    cookie = _set_cookie(app.test_client().get("/en/sign-in"))
    assert cookie.startswith("portal=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie

    from portal.app import create_app

    secure = create_app(
        replace(config, base_url="https://commons.example.org", trusted_hosts=("commons.example.org",))
    )
    answer = secure.test_client().get("/en/sign-in", base_url="https://commons.example.org")
    cookie = _set_cookie(answer)
    assert cookie.startswith("__Host-portal=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def _set_cookie(answer: Any) -> str:
    (cookie,) = answer.headers.getlist("Set-Cookie")
    return cookie
