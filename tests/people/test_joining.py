"""An account is made by whoever holds the mailed link, once, and nobody learns who has one already."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from portal import clock, crypto, db
from portal.errors import NotFound, Refused
from portal.notices.models import Message
from portal.people import actions, jobs
from portal.people.models import MailedLink, Person, Tally
from portal.policy import SYSTEM, Role
from portal.record import Act
from tests.browser import Browser
from tests.conftest import Cast

NEW = {"name": "Rosa Neri", "email": "rosa@example.org"}
CHOSEN = {"name": "Rosa Neri", "password": "lamp tide oven moss"}


def _ask(client: Browser, **other: str) -> Any:
    return client.post("/en/join", {**NEW, **other}, at="/en/join", follow=False)


def _mails() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def _link() -> str:
    link = _mails()[-1].link
    assert link.startswith("http://127.0.0.1:8000/en/join/")
    return link.removeprefix("http://127.0.0.1:8000")


def _open(client: Browser, link: str = "", **other: str) -> Any:
    link = link or _link()
    return client.post(link, {**CHOSEN, **other}, at=link)


def _people() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count(Person.id)))


def test_the_mailed_link_asks_for_the_password_makes_the_account_and_signs_in(client: Browser) -> None:
    assert _ask(client).headers["Location"] == "/en/join/sent"
    assert _people() == 0
    client.get(_link())
    assert 'value="Rosa Neri"' in client.page
    _open(client, name="Rosa  Bianchi")
    assert "Rosa Bianchi" in client.page
    assert client.get("/en/account").status_code == 200
    with db.reading() as session:
        assert "person:joined" in session.scalars(select(Act.verb)).all()


def test_nobody_lays_a_password_ready_for_somebody_elses_address(client: Browser, app: Any) -> None:
    _ask(client, password="known to the attacker")
    _open(Browser(app))
    for password, status in (("known to the attacker", 303), (CHOSEN["password"], 200)):
        somebody = Browser(app)
        somebody.sign_in(NEW["email"], password)
        assert somebody.get("/en/account", follow=False).status_code == status


@contextmanager
def counted(database: db.Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note every statement and every password hash, in order."""
    work: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        work.append(statement)

    def hashed(real: Any) -> Any:
        def hash_it(*values: str) -> Any:
            work.append("hash")
            return real(*values)

        return hash_it

    crypto.nobody_hash()
    event.listen(database.engine, "before_cursor_execute", note)
    with monkeypatch.context() as patch:
        for name in ("hash_password", "password_matches"):
            patch.setattr(crypto, name, hashed(getattr(crypto, name)))
        yield work
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/en/join", {"name": "Rosa Neri"}),
        ("/en/sign-in/forgotten", {}),
        ("/en/sign-in", {"password": "wrong words here"}),
    ],
)
def test_a_known_and_an_unknown_address_cost_the_same_work_and_get_the_same_answer(
    app: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch, path: str, values: Any
) -> None:
    cast.person("teo")
    seen = []
    for email in ("teo@example.org", "tea@example.org"):
        browser = Browser(app)
        browser.get(path)
        with counted(db.database(), monkeypatch) as work:
            answer = browser.post(path, {"email": email, **values}, follow=False)
        page = "" if answer.status_code == 303 else browser.page.replace(browser.token(), "")
        seen.append((answer.status_code, answer.headers.get("Location"), page.replace(email, ""), work))
    known, unknown = seen
    assert known[:3] == unknown[:3]
    # Which rows are met differs; how often the database and the hash are asked does not.
    assert [line.split()[0] for line in known[3]] == [line.split()[0] for line in unknown[3]]
    assert known[3].count("hash") == (1 if path.endswith("sign-in") else 0)


def test_an_address_with_an_account_is_told_so_and_gets_a_way_back_in(client: Browser, cast: Cast) -> None:
    cast.person("teo")
    _ask(client, email="Teo@Example.org")
    assert _mails()[0].title == "Hai già un account"
    assert _mails()[0].link.startswith("http://127.0.0.1:8000/it/account/reset/")
    assert "teo@" not in _mails()[0].key
    assert _people() == 1


def test_a_mail_scanner_that_opens_the_link_does_not_use_it_up(client: Browser, app: Any) -> None:
    _ask(client)
    for _ in range(3):
        assert Browser(app).get(_link()).status_code == 200
    assert _people() == 0
    _open(client)
    assert _people() == 1


def test_the_link_works_once(client: Browser, app: Any) -> None:
    _ask(client)
    link = _link()
    _open(client, link)
    other = Browser(app)
    assert other.post(link, CHOSEN, at="/en/join").status_code == 404
    assert "used already" in other.page
    assert other.get(link).status_code == 404
    assert other.get("/en/account", follow=False).status_code == 303
    assert _people() == 1


def test_the_link_ends_after_three_real_days(client: Browser) -> None:
    _ask(client)
    with db.writing() as session:
        expires_at = session.scalars(select(MailedLink.expires_at)).one()
        assert timedelta(days=2, hours=23) < expires_at - clock.real() <= timedelta(days=3)
        session.execute(update(MailedLink).values(expires_at=clock.real() - timedelta(seconds=1)))
    assert client.post(_link(), CHOSEN).status_code == 404
    assert _people() == 0
    with db.writing():
        jobs.forget_old_sessions()
    with db.reading() as session:
        assert session.scalars(select(MailedLink)).all() == []


def test_a_made_up_link_makes_nothing(client: Browser) -> None:
    for guessed in ("guessed", "x" * 5000, "%00", "%ED%A0%80", "%0d%0aBcc:x"):
        assert client.post(f"/en/join/{guessed}", CHOSEN, at="/en/join").status_code == 404


def test_a_link_for_one_purpose_opens_nothing_else(client: Browser, cast: Cast) -> None:
    _ask(client)
    token = _link().rpartition("/")[2]
    for path in ("account/reset", "account/address", "account/address/undo"):
        assert client.get(f"/en/{path}/{token}").status_code == 404
        assert client.post(f"/en/{path}/{token}", {"password": CHOSEN["password"]}).status_code == 404
    assert client.get(_link()).status_code == 200


def test_two_links_to_one_address_make_one_account(client: Browser, app: Any) -> None:
    _ask(client)
    first = _link()
    _ask(client)
    _open(client)
    assert Browser(app).post(first, CHOSEN, at="/en/join").status_code == 404
    assert _people() == 1


def test_one_link_opened_many_times_at_once_makes_one_account(both: db.Database) -> None:
    with db.writing():
        token = actions.ask("rosa@example.org", language="it", name="Rosa").token

    def accept(number: int) -> str:
        try:
            with db.writing():
                return actions.accept_invitation(token, f"Rosa {number}", CHOSEN["password"])[0].name
        except NotFound:
            return ""

    with ThreadPoolExecutor(6) as pool:
        made = [name for name in pool.map(accept, range(6)) if name]
    assert len(made) == 1
    assert _people() == 1


def test_only_the_hash_of_the_link_is_kept(client: Browser) -> None:
    _ask(client)
    with db.reading() as session:
        kept = session.scalars(select(MailedLink)).one()
    values = {str(getattr(kept, column.key)) for column in MailedLink.__table__.columns}
    assert _link().rpartition("/")[2] not in values


def test_who_joins_on_the_way_to_a_page_arrives_there(client: Browser) -> None:
    client.get("/en/account/messages")
    onto = client.parsed.forms[-1]["values"]["next"]
    client.post("/en/join", {**NEW, "next": onto}, at="/en/join")
    answer = client.post(_link(), CHOSEN, follow=False)
    assert answer.headers["Location"] == "/en/account/messages"


@pytest.mark.parametrize("onto", ["/%09/evil.example", "//evil.example", "/\\evil.example", "x" * 10_000])
def test_a_made_up_way_on_leads_to_the_account(client: Browser, onto: str) -> None:
    _ask(client, next=onto)
    assert client.post(_link(), CHOSEN, follow=False).headers["Location"] == "/en/account"


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"name": ""}, "Enter your name"),
        ({"name": " \u200b\u2060 "}, "Enter your name"),
        ({"name": "x" * 121}, "longer than 120"),
        ({"email": "rosa"}, "Enter an e-mail address, like"),
        ({"email": "rosa@"}, "Enter an e-mail address, like"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "Enter an e-mail address, like"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "Enter an e-mail address, like"),
        ({"email": "a\ud800b@b@example.org"}, "Enter an e-mail address, like"),
        ({"email": "x" * 300 + "@example.org"}, "longer than 254"),
        ({"email": ""}, "Enter your e-mail address"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field_and_kept(
    client: Browser, other: dict[str, str], sentence: str
) -> None:
    answer = _ask(client, **{name: value.encode("utf-8", "replace") for name, value in other.items()})  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert sentence in client.page
    if "email" not in other:
        assert 'value="rosa@example.org"' in client.page
    assert _mails() == []


def test_a_line_end_in_a_name_stays_a_name(client: Browser) -> None:
    _ask(client, name="Rosa\r\nBcc: eve@example.org\0")
    _open(client, name="Rosa\r\nBcc: eve@example.org\0")
    with db.reading() as session:
        assert session.scalars(select(Person.name)).all() == ["Rosa Bcc: eve@example.org"]


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"name": ""}, "Enter your name"),
        ({"password": ""}, "Choose a password"),
        ({"password": "short words"}, "at least 12 characters"),
        ({"password": "password1234"}, "tried first"),
        ({"password": "rosa neri 12345"}, "without your name"),
        ({"password": "patti commons bologna"}, "without your name"),
        ({"name": "Ghirigoro Zanzibar", "password": "ghirigoro zanzibar"}, "without your name"),
        ({"password": "x1 y2" * 50}, "at most 200"),
        ({"password": "y" * 1_000_000}, "at most 200"),
    ],
)
def test_a_password_that_cannot_be_used_says_what_to_do_and_keeps_the_link(
    client: Browser, other: dict[str, str], sentence: str
) -> None:
    _ask(client)
    assert _open(client, **other).status_code == 422
    assert sentence in client.page
    typed = other.get("password", CHOSEN["password"])
    assert not typed or typed not in client.page
    assert _people() == 0
    assert _open(client).status_code == 200


@pytest.mark.parametrize(
    "password", ["lamp tide oven moss", "ночь улица фонарь", "x!7kQ" * 13, "  spaces count too  "]
)
def test_long_passwords_of_any_sign_are_welcome(client: Browser, password: str) -> None:
    _ask(client)
    _open(client, password=password)
    client.post("/en/sign-out")
    client.sign_in(NEW["email"], password)
    assert client.get("/en/account", follow=False).status_code == 200


def test_nobodys_letter_box_is_filled_by_a_stranger(client: Browser, app: Any, cast: Cast) -> None:
    cast.person("teo")
    for email in ("rosa@example.org", "teo@example.org"):
        answers = [_ask(Browser(app), email=email).status_code for _ in range(6)]
        assert answers == [303] * 5 + [429]
    assert len(_mails()) == 10


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


def test_the_first_administrator_joins_by_a_link_of_the_command_line(client: Browser) -> None:
    with db.writing():
        token = actions.invite_administrator("Ada@City.example", language="en")
    assert token
    _open(client, f"/en/join/{token}", name="Ada Monti")
    with db.reading() as session:
        ada = session.scalars(select(Person)).one()
        granted = session.scalars(select(Act).where(Act.verb == "role:granted")).one()
    assert ada.email == "ada@city.example"
    assert (granted.actor, granted.facts["role"]) == ("system", "administrator")


def test_who_has_an_account_already_is_made_administrator_at_once(cast: Cast) -> None:
    person = cast.person("rosa")
    with db.writing():
        assert actions.invite_administrator(person.email, language="en") is None
    assert Role.ADMINISTRATOR in cast.rosa.roles
    with db.writing(), pytest.raises(Refused, match="has that role"):
        actions.grant(person, Role.ADMINISTRATOR, by=SYSTEM)
