"""A forgotten password is replaced by a mailed link, once; a known one by whoever knows it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from portal import clock, crypto, db
from portal.errors import NotFound
from portal.people import actions
from portal.people.actions.factors import enter_app
from portal.people.factors import seeded_secret
from portal.people.models import MailedLink, Person
from tests.browser import Browser
from tests.conftest import CAST, PASSWORD, Cast
from tests.people.letters import acts, link, mails, stored

ROSA = CAST["rosa"][1]
NEW = "lamp tide oven moss"


@pytest.fixture
def rosa(cast: Cast) -> Any:
    return cast.person("rosa")


def _is_in(browser: Browser) -> bool:
    return browser.get("/en/account", follow=False).status_code == 200


def _in(app: Any, password: str = PASSWORD) -> Browser:
    browser = Browser(app)
    browser.sign_in(ROSA, password)
    return browser


def _forget(browser: Browser, email: str = ROSA) -> str:
    browser.post("/en/sign-in/forgotten", {"email": email}, at="/en/sign-in/forgotten")
    return link(email)


def test_the_mailed_link_sets_a_new_password_and_ends_every_session(
    client: Browser, app: Any, rosa: Person
) -> None:
    inside = _in(app)
    onto = _forget(client)
    client.get(onto)
    assert client.post(onto, {"password": NEW}).status_code == 200
    assert "Sign in with it now" in client.page
    assert not _is_in(inside)
    assert not _is_in(client)
    assert not _is_in(_in(app))
    assert _is_in(_in(app, NEW))
    told = mails()[-1]
    assert (told.person_id, told.link) == (rosa.id, "")
    (act,) = acts("person:password_reset")
    assert (act.actor, act.facts) == (rosa.pseudonym, {})


def test_a_second_factor_is_still_asked_after_a_reset(client: Browser, rosa: Person) -> None:
    with db.writing():
        enter_app(rosa, seeded_secret(ROSA))
    onto = _forget(client)
    client.post(onto, {"password": NEW}, at=onto)
    client.post("/en/sign-in", {"email": ROSA, "password": NEW})
    assert client.get("/en/sign-in/second").status_code == 200
    assert not _is_in(client)
    client.sign_in(ROSA, NEW)
    assert _is_in(client)


def test_a_link_works_once_and_takes_the_others_with_it(client: Browser, rosa: Person) -> None:
    first, second = _forget(client), _forget(client)
    assert client.post(second, {"password": NEW}, at=second).status_code == 200
    for used in (first, second):
        assert client.get(used).status_code == 404
        assert client.post(used, {"password": "other words for this"}).status_code == 404
    assert crypto.password_matches(stored(rosa.id).password_hash, NEW)


def test_a_link_ends_after_an_hour(client: Browser, rosa: Person) -> None:
    onto = _forget(client)
    client.get(onto)
    with db.writing() as session:
        session.execute(update(MailedLink).values(expires_at=MailedLink.made_at))
    assert client.post(onto, {"password": NEW}).status_code == 404
    assert crypto.password_matches(stored(rosa.id).password_hash, PASSWORD)


def test_a_weak_password_does_not_use_the_link_up(client: Browser, rosa: Person) -> None:
    onto = _forget(client)
    assert client.post(onto, {"password": "rosa neri 12345"}, at=onto).status_code == 422
    assert "without your name" in client.page
    assert client.post(onto, {"password": NEW}).status_code == 200


def test_an_address_without_an_account_is_offered_one(client: Browser) -> None:
    onto = _forget(client, "nobody@example.org")
    assert onto.startswith("/en/join/")
    assert mails()[0].title == "There is no account with this address"


def test_a_suspended_account_is_not_opened_by_its_letter_box(
    client: Browser, rosa: Person, cast: Cast
) -> None:
    onto = _forget(client)
    with db.writing():
        actions.suspend(rosa, "Reported by the help desk", by=cast.fresh("ada"))
    assert client.post(onto, {"password": NEW}, at="/en/sign-in").status_code == 403
    assert crypto.password_matches(stored(rosa.id).password_hash, PASSWORD)


def test_two_resets_at_once_come_one_after_the_other(both: db.Database, cast: Cast) -> None:
    cast.person("rosa")
    with db.writing():
        tokens = [actions.ask(ROSA, language="it").token for _ in range(4)]

    def reset(token: str) -> bool:
        try:
            with db.writing():
                actions.reset_password(token, f"lamp tide oven {token}")
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(reset, tokens)) == [False, False, False, True]


def test_whoever_knows_the_password_changes_it_and_only_this_browser_stays(
    client: Browser, app: Any, rosa: Person
) -> None:
    elsewhere = _in(app)
    client.sign_in(ROSA)
    before = client.client.get_cookie("portal").value
    changed = {"old": PASSWORD, "password": NEW}
    answer = client.post("/en/account/password", changed, at="/en/account/password")
    assert answer.status_code == 200
    assert "Your password is changed" in client.page
    assert client.client.get_cookie("portal").value != before
    assert not _is_in(elsewhere)
    stolen = Browser(app)
    stolen.client.set_cookie("portal", before)
    assert not _is_in(stolen)
    assert mails()[-1].person_id == rosa.id
    assert len(acts("person:password_changed")) == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"old": "not my password", "password": NEW}, "not your password"),
        ({"old": "", "password": NEW}, "Enter your password"),
        ({"old": PASSWORD, "password": "bologna 12345"}, "easy to guess"),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(
    client: Browser, rosa: Person, values: dict[str, str], sentence: str
) -> None:
    client.sign_in(ROSA)
    assert client.post("/en/account/password", values, at="/en/account/password").status_code == 422
    assert sentence in client.page
    assert NEW not in client.page
    assert crypto.password_matches(stored(rosa.id).password_hash, PASSWORD)


def test_a_session_opened_under_an_older_password_is_dead(client: Browser, rosa: Person) -> None:
    # As it is left by a sign-in that checked the old password just before the new one was set.
    client.sign_in(ROSA)
    assert _is_in(client)
    with db.writing() as session:
        session.execute(update(Person).values(password_set_at=clock.real() + timedelta(seconds=1)))
    assert not _is_in(client)


def test_a_hash_of_yesterdays_cost_is_renewed_by_signing_in(
    client: Browser, app: Any, rosa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = _in(app)
    monkeypatch.setitem(crypto._cost, "time_cost", 2)
    crypto._hasher.cache_clear()
    try:
        client.sign_in(ROSA)
        after = stored(rosa.id).password_hash
        client.sign_in(ROSA)
        assert stored(rosa.id).password_hash == after
    finally:
        monkeypatch.undo()
        crypto._hasher.cache_clear()
    assert "t=2" in after
    assert crypto.password_matches(after, PASSWORD)
    assert _is_in(inside)
