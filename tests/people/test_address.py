"""An account moves to another address when that address answers, and the old one can undo it for a week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal import clock, crypto, db
from portal.people.models import MailedLink, Person
from tests.browser import Browser
from tests.conftest import CAST, PASSWORD, Cast
from tests.people.letters import acts, link, mails, stored

ROSA, OTHER = CAST["rosa"][1], "rosa.neri@example.org"
PAGE = "/en/account/address"


@pytest.fixture
def rosa(cast: Cast) -> Any:
    return cast.person("rosa")


@pytest.fixture
def inside(client: Browser, rosa: Person) -> Browser:
    client.sign_in(ROSA)
    return client


def _ask(browser: Browser, email: str = OTHER, password: str = PASSWORD) -> Any:
    return browser.post(PAGE, {"email": email, "password": password}, at=PAGE, follow=False)


def _push(browser: Browser, path: str) -> Any:
    return browser.post(path, at=path, follow=False)


def _is_in(browser: Browser) -> bool:
    return browser.get("/en/account", follow=False).status_code == 200


def test_the_new_address_confirms_and_the_old_one_is_told_at_once(
    inside: Browser, app: Any, rosa: Person
) -> None:
    assert _ask(inside).status_code == 303
    assert stored(rosa.id).email == ROSA
    old = mails(ROSA)[-1]
    assert "/account/address/undo/" in old.link
    assert OTHER not in old.title + old.body
    onto = link(OTHER)
    elsewhere = Browser(app)
    elsewhere.get(onto)
    assert stored(rosa.id).email == ROSA
    assert _push(elsewhere, onto).status_code == 303
    assert stored(rosa.id).email == OTHER
    assert elsewhere.get(onto).status_code == 404
    assert [act.facts for act in (*acts("person:address_change_asked"), *acts("person:address_changed"))] == [
        {},
        {},
    ]
    elsewhere.sign_in(OTHER)
    assert _is_in(elsewhere)


def test_undoing_restores_the_address_ends_everything_and_asks_for_a_new_password(
    inside: Browser, app: Any, rosa: Person
) -> None:
    _ask(inside)
    undo = link(ROSA)
    _push(Browser(app), link(OTHER))
    owner = Browser(app)
    owner.get(undo)
    assert stored(rosa.id).email == OTHER
    onto = _push(owner, undo).headers["Location"]
    assert stored(rosa.id).email == ROSA
    assert not _is_in(inside)
    attacker = Browser(app)
    attacker.sign_in(ROSA)
    assert not _is_in(attacker)
    owner.post(onto, {"password": "lamp tide oven moss"}, at=onto)
    owner.sign_in(ROSA, "lamp tide oven moss")
    assert _is_in(owner)
    assert len(acts("person:address_restored")) == 1


def test_undoing_before_the_new_address_answers_kills_its_link(
    inside: Browser, app: Any, rosa: Person
) -> None:
    _ask(inside)
    new = link(OTHER)
    _push(Browser(app), link(ROSA))
    assert Browser(app).get(new).status_code == 404
    assert stored(rosa.id).email == ROSA


def test_a_second_change_cannot_undo_the_undoing(inside: Browser, app: Any, rosa: Person) -> None:
    _ask(inside)
    first = link(ROSA)
    _push(Browser(app), link(OTHER))
    _ask(inside, "third@example.org")
    second, third = link(OTHER), link("third@example.org")
    _push(Browser(app), third)
    _push(Browser(app), first)
    assert stored(rosa.id).email == ROSA
    assert Browser(app).get(second).status_code == 404
    assert stored(rosa.id).email == ROSA


def test_the_undoing_is_good_for_a_week_and_the_new_address_for_a_day(inside: Browser) -> None:
    _ask(inside)
    with db.reading() as session:
        ends = dict(session.execute(select(MailedLink.purpose, MailedLink.expires_at)).all())
    for purpose, days in (("undo", 7), ("new_address", 1)):
        assert timedelta(days=days, minutes=-1) < ends[purpose] - clock.real() <= timedelta(days=days)
    with db.writing() as session:
        session.execute(update(MailedLink).values(expires_at=clock.real()))
    for path in (link(ROSA), link(OTHER)):
        assert inside.post(path, follow=False).status_code == 404


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        (OTHER, "not my password", "not your password"),
        (OTHER, "", "Enter your password"),
        (ROSA, PASSWORD, "your address already"),
        ("x@y.example\r\nBcc: z@y.example", PASSWORD, "Enter an e-mail address"),
        ("", PASSWORD, "Enter your e-mail address"),
    ],
)
def test_what_cannot_be_asked_writes_to_nobody(
    inside: Browser, email: str, password: str, sentence: str
) -> None:
    assert _ask(inside, email, password).status_code == 422
    assert sentence in inside.page
    assert mails() == []


def test_an_address_of_somebody_else_shows_only_to_whoever_reads_its_mail(
    inside: Browser, app: Any, rosa: Person, cast: Cast
) -> None:
    cast.person("teo")
    taken, free = _ask(inside, CAST["teo"][1]), _ask(inside)
    assert (taken.status_code, taken.headers["Location"]) == (free.status_code, free.headers["Location"])
    assert _ask(inside, CAST["teo"][1]).status_code == 303
    teo = Browser(app)
    assert _push(teo, link(CAST["teo"][1])).status_code == 422
    assert "Another account has this address" in teo.page
    assert stored(rosa.id).email == ROSA


def test_a_new_password_voids_a_change_that_somebody_else_asked_for(
    inside: Browser, app: Any, rosa: Person
) -> None:
    _ask(inside)
    inside.post(
        "/en/account/password",
        {"old": PASSWORD, "password": "lamp tide oven moss"},
        at="/en/account/password",
    )
    assert Browser(app).get(link(OTHER)).status_code == 404
    assert crypto.password_matches(stored(rosa.id).password_hash, "lamp tide oven moss")


def test_name_and_language_change_without_a_word_of_it_in_the_record(inside: Browser, rosa: Person) -> None:
    values = {"name": "Rosa\r\nBianchi", "language": "en"}
    assert inside.post("/en/account/profile", values, at="/en/account/profile").status_code == 200
    assert "Rosa Bianchi" in inside.page
    assert (stored(rosa.id).name, stored(rosa.id).language) == ("Rosa Bianchi", "en")
    assert [act.facts for act in acts("person:profile_changed")] == [{}]
    for wrong in ({"name": "", "language": "en"}, {"name": "Rosa", "language": "xx"}):
        assert inside.post("/en/account/profile", wrong, at="/en/account/profile").status_code == 422
