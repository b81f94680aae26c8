"""Signing in with another service: it opens the account connected with issuer and subject, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import NotFresh, Stale
from portal.people import queries
from portal.people.actions import elsewhere
from portal.people.models import OutsideIdentity, Person
from portal.people.provider import Identity, provider_for
from portal.record import Act
from tests.browser import Browser
from tests.conftest import CAST
from tests.people.openid import CLIENT_ID, CLIENT_SECRET, OpenId
from tests.people.test_provider import KEY

HERE = "/en/account/elsewhere"


@pytest.fixture
def openid() -> Iterator[OpenId]:
    running = OpenId(key=KEY).start()
    yield running
    running.stop()


@pytest.fixture
def app(app: Any, config: Any, openid: OpenId) -> Iterator[Any]:
    app.config["PORTAL"] = replace(
        config,
        oidc_issuer=openid.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="City identity",
    )
    app.extensions["provider"] = provider_for(app.config["PORTAL"])
    yield app
    app.extensions["provider"] = None


def go(browser: Browser, openid: OpenId, path: str = "/en/sign-in/elsewhere") -> str:
    """Go to the service and sit at its page; return the address it sends the browser back to."""
    answer = browser.get(path, follow=False)
    assert answer.status_code == 302
    parts = urlsplit(openid.sign_in(answer.headers["Location"]))
    return f"{parts.path}?{parts.query}"


def people() -> list[str]:
    with db.reading() as session:
        return sorted(session.scalars(select(Person.email)))


def connect(cast: Any, name: str, openid: OpenId, subject: str = "s-1") -> None:
    person = cast.person(name)
    with db.writing():
        elsewhere.connect(person, Identity(openid.issuer, subject), by=cast.fresh(name))


def test_whoever_is_connected_is_signed_in(client: Browser, cast: Any, openid: OpenId) -> None:
    connect(cast, "rosa", openid)
    client.get("/en/sign-in")
    assert "Sign in with City identity" in client.page
    assert client.get(go(client, openid)).request.path == "/en/account"
    assert "rosa@example.org" in client.page
    with db.reading() as session:
        assert "person:signed_in" in session.scalars(select(Act.verb)).all()


def test_the_address_alone_opens_nobodys_account(client: Browser, cast: Any, openid: OpenId) -> None:
    cast.person("rosa")
    openid.person |= {"email": "rosa@example.org", "email_verified": True}
    assert client.get(go(client, openid)).request.path == "/en/join/elsewhere"
    assert client.post("/en/join/elsewhere", {"name": "Rosa"}).status_code == 409
    assert "Sign in with its password" in client.page
    assert client.get("/en/account").request.path == "/en/sign-in"


def test_somebody_new_joins_with_a_verified_address(client: Browser, openid: OpenId) -> None:
    openid.person |= {"email": "new@example.org", "email_verified": True}
    client.get(go(client, openid))
    assert client.post("/en/join/elsewhere", {"name": " "}).status_code == 422
    assert people() == []
    assert client.post("/en/join/elsewhere", {"name": "Newcomer"}).request.path == "/en/account"
    assert people() == ["new@example.org"]
    again = Browser(client.app)
    assert again.get(go(again, openid)).request.path == "/en/account"
    # There is no password to guess.
    assert again.post("/en/sign-in", {"email": "new@example.org", "password": ""}).status_code == 422


def test_without_a_verified_address_nobody_joins(client: Browser, openid: OpenId) -> None:
    openid.person |= {"email": "new@example.org", "email_verified": False}
    client.get(go(client, openid))
    assert "no address that it has verified" in client.page
    assert client.post("/en/join/elsewhere", {"name": "Newcomer"}).status_code == 409
    assert people() == []


def test_whoever_has_an_account_connects_it_and_takes_it_apart(
    client: Browser, cast: Any, openid: OpenId
) -> None:
    cast.person("rosa")
    client.sign_in(CAST["rosa"][1])
    client.get(go(client, openid, "/en/account/elsewhere/there"))
    assert "knows you as Rosa Neri" in client.page
    client.post(HERE)
    assert "Connected on" in client.page
    other = Browser(client.app)
    assert other.get(go(other, openid)).request.path == "/en/account"
    with db.reading() as session:
        number = session.scalar(select(OutsideIdentity.id))
    client.get(HERE)
    assert client.post(f"{HERE}/{number}/removal").status_code == 200
    third = Browser(client.app)
    assert third.get(go(third, openid)).request.path == "/en/join/elsewhere"


def test_an_outsider_takes_no_connection_apart(client: Browser, cast: Any, openid: OpenId) -> None:
    connect(cast, "rosa", openid)
    cast.person("eve")
    client.sign_in(CAST["eve"][1])
    with db.reading() as session:
        number = session.scalar(select(OutsideIdentity.id))
    assert client.post(f"{HERE}/{number}/removal", at=HERE).status_code == 404
    client.get(go(client, openid, "/en/account/elsewhere/there"))
    assert client.post(HERE).status_code == 409
    assert "belongs to another account" in client.page


def test_an_official_still_shows_the_second_factor(client: Browser, cast: Any, openid: OpenId) -> None:
    connect(cast, "giulia", openid)
    assert client.get(go(client, openid)).request.path == "/en/sign-in/second"
    assert client.get("/en/desk").request.path == "/en/sign-in"


def test_a_suspended_account_stays_closed(client: Browser, cast: Any, openid: OpenId) -> None:
    connect(cast, "rosa", openid)
    with db.writing() as session:
        session.scalars(queries.by_email("rosa@example.org")).one().suspended_at = clock.now()
    assert client.get(go(client, openid)).status_code == 403
    assert "suspended" in client.page


def test_the_answer_serves_the_browser_that_asked_and_once(
    client: Browser, cast: Any, openid: OpenId
) -> None:
    connect(cast, "rosa", openid)
    back = go(client, openid)
    thief = Browser(client.app)
    assert thief.get(back).status_code == 403
    go(thief, openid)
    assert thief.get(back).status_code == 403
    assert client.get(back).status_code == 200
    assert client.get(back).status_code == 403


@pytest.mark.parametrize("onto", ["//evil.example", "/%09/evil.example", "https://evil.example/", "/en/desk"])
def test_nobody_is_led_elsewhere_afterwards(client: Browser, cast: Any, openid: OpenId, onto: str) -> None:
    connect(cast, "rosa", openid)
    answer = client.get(go(client, openid, f"/en/sign-in/elsewhere?next={onto}"), follow=False)
    while answer.status_code == 302:  # the address without a language
        answer = client.get(answer.headers["Location"], follow=False)
    assert answer.headers["Location"] == "/en/account"


def test_a_service_that_is_away_is_said_to_be_away(client: Browser, openid: OpenId) -> None:
    openid.is_away = True
    assert client.get("/en/sign-in/elsewhere").status_code == 503
    assert "sign in with your password" in client.page


def test_where_there_is_no_service_there_is_no_page(client: Browser) -> None:
    client.app.extensions["provider"] = None
    assert client.get("/en/sign-in/elsewhere").status_code == 404
    assert client.get("/en/sign-in/elsewhere/back").status_code == 403
    client.get("/en/sign-in")
    assert "City identity" not in client.page


def test_one_identity_connected_by_two_at_once_opens_one_account(both: db.Database, cast: Any) -> None:
    rosa, teo = cast.person("rosa"), cast.person("teo")
    identity = Identity("https://id.city.example", "s-1")
    by_rosa, by_teo = cast.fresh("rosa"), cast.fresh("teo")
    with db.writing():
        elsewhere.connect(rosa, identity, by=by_rosa)
    with pytest.raises(Stale, match="another account"), db.writing():
        elsewhere.connect(teo, identity, by=by_teo)
    found = elsewhere.whose(identity)
    assert found is not None
    assert found.id == rosa.id


def test_connecting_asks_once_more_who_this_is(cast: Any) -> None:
    person, rosa = cast.person("rosa"), cast.rosa
    with pytest.raises(NotFresh), db.writing():
        elsewhere.connect(person, Identity("https://id.city.example", "s-1"), by=rosa)
