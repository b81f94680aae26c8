"""An account is made by whoever holds the mailed link, once, and nobody learns who has one already."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal import clock, db
from portal.notices.models import Message
from portal.people import jobs
from portal.people.models import Invitation, Person, Tally
from portal.record import Act
from tests.browser import Browser
from tests.conftest import Cast

NEW = {"name": "Rosa Neri", "email": "rosa@example.org", "password": "lamp tide oven moss"}


def _ask(client: Browser, **other: str) -> Any:
    return client.post("/en/join", {**NEW, **other}, at="/en/join", follow=False)


def _mails() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def _link() -> str:
    link = _mails()[-1].link
    assert link.startswith("http://127.0.0.1:8000/en/join/")
    return link.removeprefix("http://127.0.0.1:8000")


def _people() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count(Person.id)))


def test_the_mailed_link_makes_the_account_and_signs_in(client: Browser) -> None:
    assert _ask(client).headers["Location"] == "/en/join/sent"
    assert _people() == 0
    client.get(_link())
    client.post(_link())
    assert "Rosa Neri" in client.page
    assert client.get("/en/account").status_code == 200
    with db.reading() as session:
        assert "person:joined" in session.scalars(select(Act.verb)).all()


def test_a_known_and_an_unknown_address_get_the_same_answer(client: Browser, app: Any, cast: Cast) -> None:
    cast.person("teo")
    known, unknown = _ask(client, email="teo@example.org"), _ask(Browser(app))
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    first, second = _mails()
    assert first.title == "You have an account already"
    assert first.link == "http://127.0.0.1:8000/en/sign-in"
    assert second.title == "Confirm your address"


def test_the_key_of_a_message_holds_no_address(client: Browser, cast: Cast) -> None:
    cast.person("teo")
    _ask(client, email="teo@example.org")
    assert "teo@" not in _mails()[0].key


def test_a_mail_scanner_that_opens_the_link_does_not_use_it_up(client: Browser, app: Any) -> None:
    _ask(client)
    for _ in range(3):
        assert Browser(app).get(_link()).status_code == 200
    assert _people() == 0
    client.post(_link())
    assert _people() == 1


def test_the_link_works_once(client: Browser, app: Any) -> None:
    _ask(client)
    link = _link()
    client.post(link)
    other = Browser(app)
    assert other.post(link, at="/en/join").status_code == 404
    assert "used already" in other.page
    assert other.get("/en/account", follow=False).status_code == 303
    assert _people() == 1


def test_the_link_ends_after_three_real_days(client: Browser) -> None:
    _ask(client)
    with db.writing() as session:
        session.execute(update(Invitation).values(expires_at=clock.real() - timedelta(seconds=1)))
    assert client.post(_link()).status_code == 404
    assert _people() == 0
    with db.writing():
        jobs.forget_old_sessions()
    with db.reading() as session:
        assert session.scalars(select(Invitation)).all() == []


def test_a_made_up_link_makes_nothing(client: Browser) -> None:
    assert client.post("/en/join/guessed", at="/en/join").status_code == 404


def test_two_links_to_one_address_make_one_account(client: Browser, app: Any) -> None:
    _ask(client)
    first = _link()
    _ask(client, password="other words for this")
    client.post(_link())
    assert Browser(app).post(first, at="/en/join").status_code == 404
    assert _people() == 1


def test_only_the_hash_of_the_link_is_kept(client: Browser) -> None:
    _ask(client)
    with db.reading() as session:
        kept = session.scalars(select(Invitation)).one()
    assert _link().rpartition("/")[2] not in (kept.token_hash, kept.next_path)
    assert NEW["password"] not in kept.password_hash


def test_who_joins_on_the_way_to_a_page_arrives_there(client: Browser) -> None:
    client.get("/en/account/messages")
    onto = client.parsed.forms[-1]["values"]["next"]
    client.post("/en/join", {**NEW, "next": onto}, at="/en/join")
    assert client.post(_link(), follow=False).headers["Location"] == "/en/account/messages"


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"name": ""}, "Enter your name"),
        ({"name": " \u200b\u2060 "}, "Enter your name"),
        ({"name": "x" * 121}, "longer than 120"),
        ({"email": "rosa"}, "Enter an e-mail address, like"),
        ({"email": "rosa@"}, "Enter an e-mail address, like"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "Enter an e-mail address, like"),
        ({"email": ""}, "Enter your e-mail address"),
        ({"password": ""}, "Enter a password"),
        ({"password": "short words"}, "at least 12 characters"),
        ({"password": "password1234"}, "easy to guess"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "easy to guess"),
        ({"password": "bolognacomune2026"}, "easy to guess"),
        ({"password": "rosa neri 12345"}, "easy to guess"),
        ({"password": "Rosaexample.org"}, "easy to guess"),
        ({"password": "x1 y2" * 50}, "longer than 200"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_kept(
    client: Browser, other: dict[str, str], sentence: str
) -> None:
    assert _ask(client, **other).status_code == 422
    assert sentence in client.page
    typed = {**NEW, **other}
    assert typed["password"] == "" or typed["password"] not in client.page
    if "email" not in other:
        assert 'value="rosa@example.org"' in client.page
    assert _mails() == []


@pytest.mark.parametrize(
    "password", ["lamp tide oven moss", "ночь улица фонарь", "x!7kQ" * 13, "  spaces count too  "]
)
def test_long_passwords_of_any_sign_are_welcome(client: Browser, password: str) -> None:
    assert _ask(client, password=password).status_code == 303
    client.get(_link())
    client.post(_link())
    client.post("/en/sign-out")
    client.sign_in(NEW["email"], password)
    assert client.get("/en/account", follow=False).status_code == 200


def test_nobodys_letter_box_is_filled_by_a_stranger(client: Browser, app: Any, cast: Cast) -> None:
    cast.person("teo")
    for email in ("rosa@example.org", "teo@example.org"):
        answers = [_ask(Browser(app), email=email).status_code for _ in range(6)]
        assert answers == [303] * 5 + [429]
    assert len(_mails()) == 6


def test_counts_of_tries_are_forgotten_after_a_day(client: Browser) -> None:
    _ask(client)
    with db.writing():
        jobs.forget_old_sessions()
    with db.reading() as session:
        assert session.scalars(select(Tally)).all()
    with db.writing() as session:
        session.execute(update(Tally).values(window=Tally.window - 2 * 24 * 60))
        jobs.forget_old_sessions()
    with db.reading() as session:
        assert session.scalars(select(Tally)).all() == []
