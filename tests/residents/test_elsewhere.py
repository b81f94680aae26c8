"""Another service vouches for a resident: by the city's claims, at the city's level, for who is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import city, db
from portal.errors import NotAllowed
from portal.people.models import OpenSession
from portal.people.provider import provider_for
from portal.residents.claims import claim, vouched
from portal.residents.models import Conflict, Residency
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.people.openid import CLIENT_ID, CLIENT_SECRET, OpenId
from tests.people.test_provider import KEY
from tests.residents.people import ROSA, rows, settle, verified

RULES = city.profile("bologna").residents
HERE = "/en/account/residence/elsewhere"
LEVEL = "https://www.spid.gov.it/SpidL{}"
SAID: dict[str, Any] = {
    "sub": "s-1",
    "acr": LEVEL.format(2),
    "fiscal_number": f"TINIT-{ROSA}",
    "address": {"postal_code": "40121", "locality": "Bologna"},
}


@pytest.fixture
def openid() -> Iterator[OpenId]:
    running = OpenId(key=KEY, person=dict(SAID)).start()
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


@pytest.fixture
def rosa(client: Browser, cast: Cast) -> Browser:
    cast.person("rosa")
    client.sign_in(CAST["rosa"][1])
    return client


def go(browser: Browser, openid: OpenId) -> str:
    """Go to the service and sit at its page; return the address it sends the browser back to."""
    answer = browser.get(f"{HERE}/there", follow=False)
    assert answer.status_code == 302
    parts = urlsplit(openid.sign_in(answer.headers["Location"]))
    return f"{parts.path}?{parts.query}"


def test_whoever_the_service_vouches_for_is_verified(rosa: Browser, cast: Cast, openid: OpenId) -> None:
    rosa.get("/en/account/residence")
    assert "City identity" in rosa.page
    assert rosa.get(go(rosa, openid)).request.path == HERE
    assert not verified(cast.person("rosa"))  # looking changes nothing
    rosa.post(HERE)
    assert "verified resident now" in rosa.page
    (row,) = rows(Residency)
    assert (row.way, row.issuer, row.assurance) == ("elsewhere", openid.issuer, LEVEL.format(2))
    asked = openid.asked[-1]
    assert asked["acr_values"] == f"{LEVEL.format(2)} {LEVEL.format(3)}"
    assert asked["code_challenge_method"] == "S256"
    assert "address" in asked["scope"].split()


def test_the_number_waits_sealed_and_is_gone_afterwards(rosa: Browser, openid: OpenId) -> None:
    rosa.get(go(rosa, openid))
    with db.reading() as session:
        waiting = repr(session.scalars(select(OpenSession.content)).all())
    assert "vouched" in waiting
    assert ROSA not in waiting
    assert ROSA not in rosa.page
    rosa.post(HERE)
    with db.reading() as session:
        assert "vouched" not in repr(session.scalars(select(OpenSession.content)).all())
    assert rosa.post(HERE).status_code == 409


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"acr": LEVEL.format(1)}, "stronger sign-in"),
        ({"acr": None}, "stronger sign-in"),
        ({"acr": "whatever"}, "stronger sign-in"),
        ({"address": {"postal_code": "20121"}}, "does not say that you live"),
        ({"address": None}, "does not say that you live"),
        ({"address": "40121 Bologna"}, "does not say that you live"),
        ({"fiscal_number": None}, "does not tell the number"),
        ({"fiscal_number": "TINIT-NRERSO80A42A944R"}, "does not tell the number"),
    ],
)
def test_less_than_the_city_asks_for_changes_nothing(
    rosa: Browser, cast: Cast, openid: OpenId, said: dict[str, Any], sentence: str
) -> None:
    openid.person |= said
    assert rosa.get(go(rosa, openid)).status_code == 403
    assert sentence in rosa.page
    assert rosa.post(HERE).status_code == 409
    assert not verified(cast.person("rosa"))


def test_an_answer_is_believed_once_and_only_where_it_was_asked_for(
    rosa: Browser, cast: Cast, openid: OpenId
) -> None:
    back = go(rosa, openid)
    eve = Browser(rosa.app)
    cast.person("eve")
    eve.sign_in(CAST["eve"][1])
    assert eve.get(back).status_code == 403
    assert rosa.get(back).status_code == 200
    assert rosa.get(back).status_code == 403
    openid.twist = {"answer": {"state": "another"}}
    assert rosa.get(go(rosa, openid)).status_code == 403


def test_what_was_said_to_one_account_is_of_no_use_in_another(
    rosa: Browser, cast: Cast, openid: OpenId
) -> None:
    rosa.get(go(rosa, openid))
    rosa.post("/en/sign-out", at="/en/account")
    cast.person("eve")
    rosa.sign_in(CAST["eve"][1])
    rosa.get("/en/account/residence")
    assert rosa.post(HERE).status_code == 409
    assert rows(Residency) == []


def test_a_second_account_waits_for_staff_with_its_level(rosa: Browser, cast: Cast, openid: OpenId) -> None:
    settle(cast.person("eve"), ROSA, by=cast.eve)
    rosa.get(go(rosa, openid))
    rosa.post(HERE)
    assert "in use in another account" in rosa.page
    (conflict,) = rows(Conflict)
    assert (conflict.issuer, conflict.assurance) == (openid.issuer, LEVEL.format(2))


def test_a_service_that_is_away_says_so(rosa: Browser, openid: OpenId) -> None:
    openid.is_away = True
    assert rosa.get(f"{HERE}/there").status_code == 503


def test_nobody_who_is_not_signed_in_goes_there(client: Browser, openid: OpenId) -> None:
    assert client.get(f"{HERE}/there").request.path == "/en/sign-in"


# Whatever a service might put where a text is awaited.
ODD = st.sampled_from(
    [None, True, 7, "", "x" * 20, [], ["40121"], {}, {"postal_code": {}}, {"postal_code": ["40121"]}, "💥"]
)


@given(st.dictionaries(st.sampled_from(["acr", "address", "fiscal_number"]), ODD, min_size=1))
def test_whatever_a_service_says_is_read_or_refused(odd: dict[str, Any]) -> None:
    claims = {**SAID, **odd}
    assert isinstance(claim(claims, "address.postal_code"), str)
    with pytest.raises(NotAllowed):
        vouched(claims, RULES)


def test_a_claim_may_be_a_plain_yes() -> None:
    wanted = RULES.claims
    assert wanted is not None
    rules = replace(RULES, claims=replace(wanted, resident="is_resident", values=("true",)))
    assert vouched({**SAID, "is_resident": True}, rules).number == ROSA
    with pytest.raises(NotAllowed):
        vouched({**SAID, "is_resident": False}, rules)
    with pytest.raises(NotAllowed):
        vouched(SAID, replace(rules, claims=None))
