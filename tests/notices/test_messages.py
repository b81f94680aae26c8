"""A message about one event reaches one person once, also when the mail server fails or two workers send."""

from __future__ import annotations

import threading
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.notices import jobs, post_office, queries
from portal.notices.actions import Recipient, Text, post
from portal.notices.models import Message
from portal.schedule.actions import Hopeless
from portal.words import W
from tests.conftest import Cast

SENDER, CITY = "patti@city.example", "Comune di Bologna"
HELLO = Text(
    W("A new text"), [W("There is a new text of “%(title)s”.", title="Orto & <Mura>")], "https://x.example/it"
)


class Server:
    """A mail server that fails as often as it is told, and remembers what it took."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.taken: list[EmailMessage] = []

    def take(self, mail: EmailMessage, name: str) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("no route to host")
        self.taken.append(mail)


def _post(
    key: str = "E02:1:rosa", to: Recipient | None = None, *, about: str = "", text: Text = HELLO
) -> None:
    with db.writing():
        post("E02", key, to or Recipient(None, "rosa@example.org", "en"), text, about=about)


def _send(server: object, address: str | None = "rosa@example.org") -> None:
    for message_id in jobs.waiting():
        jobs.send(message_id, server, lambda _person: address, sender=SENDER, city=CITY)


def _only() -> Message:
    with db.reading() as session:
        return session.scalars(select(Message)).one()


def _pass_time(distance: timedelta) -> None:
    """Let a lease that was given become older."""
    with db.writing() as session:
        message = session.scalars(select(Message)).one()
        assert message.lease_until
        session.execute(update(Message).values(lease_until=message.lease_until - distance))


def test_the_same_event_tells_the_same_person_once(both: db.Database) -> None:
    _post()
    _post()
    _post("E02:1:teo")
    with db.reading() as session:
        assert len(session.scalars(select(Message)).all()) == 2


def test_a_message_that_is_rolled_back_is_not_sent(database: db.Database) -> None:
    with pytest.raises(KeyError), db.writing():
        post("E02", "k", Recipient(None, "rosa@example.org", "en"), HELLO)
        raise KeyError
    assert jobs.waiting() == []


def test_a_mail_is_sent_once_and_says_everything(both: db.Database) -> None:
    server = Server()
    _post(about="pact:BO-2026-041")
    _send(server)
    _send(server)
    (mail,) = server.taken
    assert mail["To"] == "rosa@example.org"
    assert mail["From"] == "Comune di Bologna <patti@city.example>"
    assert mail["Subject"] == "[BO-2026-041] A new text"
    assert mail["References"] == "<pact-BO-2026-041@city.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert "new text of “Orto & <Mura>”" in plain
    assert "https://x.example/it" in plain
    assert "Orto &amp; &lt;Mura&gt;" in html
    assert _only().state == "sent"
    assert _only().sent_at is not None


def test_a_person_is_written_to_where_the_account_says_now(database: db.Database, cast: Cast) -> None:
    server = Server()
    _post(to=Recipient(cast.person("rosa").id, "old@example.org", "en"))
    assert _only().address == ""
    _send(server, "new@example.org")
    assert server.taken[0]["To"] == "new@example.org"


def test_a_person_without_an_address_still_has_the_message_on_the_page(
    database: db.Database, cast: Cast
) -> None:
    server, rosa = Server(), cast.person("rosa")
    _post(to=Recipient(rosa.id, "", "en"))
    _send(server, None)
    assert server.taken == []
    assert jobs.waiting() == []
    with db.reading() as session:
        assert len(session.scalars(queries.newest_of(rosa.id, 5)).all()) == 1


def test_two_senders_at_once_send_once(both: db.Database) -> None:
    server, barrier = Server(), threading.Barrier(2)
    for number in range(5):
        _post(f"E02:{number}:rosa")
    ids = jobs.waiting()

    def work() -> None:
        barrier.wait()
        for message_id in ids:
            jobs.send(message_id, server, lambda _person: None, sender=SENDER, city=CITY)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.taken) == 5
    assert jobs.waiting() == []


def test_a_failing_server_is_asked_again_after_a_longer_wait_each_time(both: db.Database) -> None:
    server = Server(failures=3)
    _post()
    waits = []
    for _ in range(3):
        with pytest.raises(OSError, match="no route"):
            _send(server)
        message = _only()
        assert message.lease_until
        waits.append(round((message.lease_until - clock.real()).total_seconds() / 10) * 10)
        assert jobs.waiting() == []
        _pass_time(timedelta(hours=2))
    assert waits == [30, 60, 120]
    assert "no route to host" in _only().last_error
    _send(server)
    assert len(server.taken) == 1
    assert (_only().state, _only().attempts, _only().last_error) == ("sent", 4, "")


def test_a_message_that_never_goes_is_given_up_and_says_so(
    database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_ATTEMPTS", 2)
    _post()
    with pytest.raises(OSError, match="no route"):
        _send(Server(failures=1))
    _pass_time(timedelta(hours=2))
    with pytest.raises(Hopeless, match="no route"):
        _send(Server(failures=1))
    assert _only().state == "failed"
    assert jobs.waiting() == []


def test_a_sender_that_died_is_replaced_and_shut_out(both: db.Database) -> None:
    _post()
    dead = jobs._claim(_only().id)
    assert dead is not None
    assert jobs.waiting() == []
    _pass_time(timedelta(minutes=3))
    _send(Server(failures=0))
    jobs._end(dead, state="waiting", error="too late")
    assert (_only().state, _only().last_error) == ("sent", "")


def test_a_folder_holds_one_file_a_message(database: db.Database, tmp_path: Path) -> None:
    office = post_office.office_for(f"file://{tmp_path / 'mail'}")
    _post()
    _send(office)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == f"{_only().id:08d}-E02.eml"
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "A new text"
    office.take(
        post_office.as_mail(_only(), "rosa@example.org", sender=SENDER, city=CITY), f"{_only().id:08d}-E02"
    )
    assert len(list((tmp_path / "mail").iterdir())) == 1


@pytest.mark.parametrize(
    ("title", "address"),
    [("A\nBcc: eve@example.org", "rosa@example.org"), ("A", "rosa@example.org\r\nBcc: eve@example.org")],
)
def test_a_line_end_never_becomes_a_header(database: db.Database, title: str, address: str) -> None:
    server = Server()
    _post(text=Text(W("%(title)s", title=title), [W("x")]), to=Recipient(None, address, "en"))
    with pytest.raises(ValueError, match=r"linefeed|newline|CR|must be"):
        _send(server)
    assert server.taken == []


def test_smtp_addresses_choose_the_right_door() -> None:
    office = post_office.office_for("smtps://user:p%40ss@post.example.org")
    assert isinstance(office, post_office.SmtpOffice)
    assert office.parts.hostname == "post.example.org"
