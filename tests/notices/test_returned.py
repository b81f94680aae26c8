"""Mail that comes back marks its address, whoever tells it; nobody can report an address that is not theirs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from portal import crypto, db
from portal.notices import jobs, links, queries, returned
from portal.notices.actions import Recipient, Text, forget_bounce, post
from portal.notices.models import Bounce, Message
from portal.notices.post_office import office_for
from portal.schedule.actions import Hopeless
from portal.words import W
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.notices.post import Post

ANNA = "anna@example.org"


def report(message_id: str, *, status: str = "5.1.1", action: str = "failed", whole: bool = False) -> bytes:
    """Return a report as mail servers write it (RFC 3464)."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: bounces@city.example\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; someone@else.example\r\nAction: {action}\r\nStatus: {status} (no mailbox)\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def _said(event: str = "E02", key: str = "1", to: Recipient | None = None) -> int:
    with db.writing() as session:
        post(
            event,
            f"{event}:{key}",
            to or Recipient(None, ANNA, "en"),
            Text(W("A"), [W("b")]),
            about="pact:BO-1",
        )
        return session.scalars(select(Message.id).where(Message.key == f"{event}:{key}")).one()


def _id(number: int) -> str:
    return f"<{links.message_id(number)}@city.example>"


@pytest.mark.parametrize("whole", [False, True])
def test_a_report_names_our_message_and_why(whole: bool) -> None:
    assert returned.read(report(_id(7), whole=whole)) == returned.Returned(7, "5.1.1")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe" * 50,
        b"Subject: hello\r\n\r\nhello",
        report("<message-7-0000000000000000@city.example>"),
        report("<message-7@city.example>"),
        report("<message-7-é@city.example>"),
        report("message--@"),
        report("<OURS>", status="4.2.2", action="delayed"),
        report("<OURS>", status="4.2.2"),
        report("<OURS>", action="relayed"),
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n",
        b"x" * (returned.MOST_BYTES + 1),
    ],
)
def test_anything_else_is_no_report(content: bytes) -> None:
    assert returned.read(content.replace(b"<OURS>", _id(7).encode())) is None


def test_what_came_back_stops_news_and_acts_and_marks_what_is_legal(database: db.Database) -> None:
    first = _said()
    assert jobs.came_back(first, "5.1.1", lambda _id: None)
    later = [_said("E03", "2"), _said("E02", "3")]
    taken: list[Any] = []

    class Office:
        def take(self, mail: Any, name: str) -> None:
            taken.append(name)

    for number in jobs.waiting():
        if number in later:
            jobs.send(number, Office(), lambda _id: None, sender="p@city.example", city="Bologna")
    assert taken == []
    with db.reading() as session:
        assert {one.id for one in session.scalars(queries.unreached())} == {first, *later}
        assert [one.id for one in session.scalars(queries.for_letters())] == [first, later[1]]
    with db.writing():
        forget_bounce(ANNA.upper())
    again = _said("E02", "4")
    jobs.send(again, Office(), lambda _id: None, sender="p@city.example", city="Bologna")
    assert len(taken) == 1


def test_a_message_that_is_gone_is_said_to_be_gone(database: db.Database) -> None:
    assert not jobs.came_back(99, "5.1.1", lambda _id: None)


@pytest.fixture
def server() -> Iterator[Post]:
    found = Post()
    found.open()
    yield found
    found.close()


def test_a_server_that_refuses_the_address_marks_it_and_a_later_mail_clears_it(
    database: db.Database, server: Post
) -> None:
    office = office_for(server.url, "bounces@city.example")
    server.unknown.add(ANNA)
    number = _said()
    with pytest.raises(Hopeless):
        jobs.send(number, office, lambda _id: None, sender="p@city.example", city="Bologna")
    with db.reading() as session:
        bounce = session.scalars(select(Bounce)).one()
        assert (bounce.address, bounce.status, bounce.times) == (ANNA, "5.1.1", 1)
    server.unknown.clear()
    with db.writing():
        jobs.send_again([number])
    jobs.send(number, office, lambda _id: None, sender="p@city.example", city="Bologna")
    with db.reading() as session:
        assert session.scalars(select(Bounce)).all() == []
        assert session.scalars(queries.unreached()).all() == []


def test_the_person_sees_it_and_says_when_it_works_again(app: Any, cast: Cast) -> None:
    eve = cast.person("eve")
    number = _said(to=Recipient(eve.id, "", "en"))
    assert jobs.came_back(number, "5.1.1", lambda _id: eve.email)
    browser = Browser(app)
    browser.sign_in(CAST["eve"][1])
    browser.get("/en/account")
    assert "Our mail does not reach you" in browser.page
    browser.post("/en/account/address/again")
    assert "Our mail does not reach you" not in browser.page
    cast.person("giulia")
    desk = Browser(app)
    desk.sign_in(CAST["giulia"][1])
    desk.get("/en/desk/undelivered")
    assert "BO-1" in desk.page
    assert eve.email not in desk.page


def test_the_command_notes_the_address(
    database: db.Database, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from portal.cli import mailing

    number = _said()
    secret = crypto.keyed_hash("x", "y")
    monkeypatch.setattr(mailing, "open_portal", lambda: None)
    monkeypatch.setattr("sys.stdin", type("Pipe", (), {"buffer": io.BytesIO(report(_id(number)))})())
    assert mailing._bounced(None) == 0  # type: ignore[arg-type]
    assert f"message {number} did not arrive" in capsys.readouterr().out
    assert crypto.keyed_hash("x", "y") == secret
    with db.reading() as session:
        assert session.scalars(select(Bounce.address)).all() == [ANNA]
