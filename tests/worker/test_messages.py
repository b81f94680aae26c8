"""Messages under the worker: each act told once, each message mailed once, whatever dies or is down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from config import Config
from portal import db, worker
from portal.notices.models import Message
from portal.record.models import Act, Cursor, Leaf
from tests.conftest import Cast
from tests.pacts import journey
from tests.worker.dying import dies_at, let_leases_end
from tests.worker.mail_server import MailServer

Make = Callable[..., worker.Tools]


@pytest.fixture
def news(both: db.Database, cast: Cast) -> db.Database:
    """A proposal that was sent and taken: acts in order, nobody told yet."""
    cast.person("giulia")
    cast.person("marco")
    journey.checked(cast)
    return both


def _messages() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def _position() -> tuple[int, int]:
    with db.reading() as session:
        cursor = session.scalar(select(Cursor.position))
        return -1 if cursor is None else cursor, len(session.scalars(select(Leaf)).all())


def test_a_crash_between_message_and_cursor_tells_nobody_twice(news: db.Database, tools: Make) -> None:
    made = tools()
    worker.run_now("record", made)
    assert dies_at("told", lambda: worker.run_now("reactions", made))
    assert _messages() == []
    worker.run_now("reactions", made)
    told = [message.key for message in _messages()]
    assert len(told) == len(set(told)) >= 3
    assert _position() == (_position()[1] - 1, _position()[1])
    worker.run_now("reactions", made)
    assert [message.key for message in _messages()] == told


def test_a_crash_while_the_record_is_put_in_order_leaves_no_gap(news: db.Database, tools: Make) -> None:
    made = tools()
    assert dies_at("ordered", lambda: worker.run_now("record", made))
    assert _position() == (-1, 0)
    worker.run_now("record", made)
    with db.reading() as session:
        places = session.execute(select(Leaf.position, Leaf.act_id).order_by(Leaf.position)).all()
        acts = session.scalars(select(Act.id).order_by(Act.id)).all()
    assert [tuple(place) for place in places] == list(enumerate(acts))


def test_two_workers_at_once_tell_everybody_once(news: db.Database, tools: Make) -> None:
    workers = [tools(), tools()]
    worker.run_now("reactions", workers[0])  # the reader has been there before
    ready = threading.Barrier(2)
    results: list[str] = []

    def work(made: worker.Tools) -> None:
        ready.wait(10)
        results.extend(worker.run_now(name, made) for name in ("record", "reactions", "record", "reactions"))

    threads = [threading.Thread(target=work, args=[made]) for made in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [result for result in results if "failed" in result]
    told = [message.key for message in _messages()]
    assert len(told) == len(set(told)) >= 3
    assert _position() == (_position()[1] - 1, _position()[1])


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def mailing(config: Config, tools: Make) -> Callable[[int], worker.Tools]:
    """Make the tools of a worker that hands its mail to a server on this machine."""

    def make(port: int) -> worker.Tools:
        from portal.notices.post_office import office_for

        made = tools()
        made.office = office_for(replace(config, mail_url=f"smtp://127.0.0.1:{port}").mail_url)
        return made

    return make


def _tell(made: worker.Tools) -> int:
    worker.run_now("record", made)
    worker.run_now("reactions", made)
    return len(_messages())


def _ids(server: MailServer) -> list[str]:
    return sorted(mail["Message-ID"] for mail in server.taken)


def test_a_mail_server_that_was_down_gets_every_message_once(
    news: db.Database, mailing: Any, tools: Make
) -> None:
    down = MailServer()
    down.stop()
    made = mailing(down.port)
    count = _tell(made)
    assert worker.run_now("mail", made) == f"0 of {count} done"
    assert {message.state for message in _messages()} == {"waiting"}
    assert worker.run_now("mail", made) == "0 of 0 done"  # nobody knocks again at once
    let_leases_end()
    up = MailServer(down.port)
    try:
        assert worker.run_now("mail", made) == f"{count} of {count} done"
        let_leases_end()
        assert worker.run_now("mail", made) == "0 of 0 done"
    finally:
        up.stop()
    assert len(_ids(up)) == len(set(_ids(up))) == count
    assert {message.state for message in _messages()} == {"sent"}


def test_a_mail_refused_for_now_is_sent_later_and_once(
    news: db.Database, mailing: Any, mail_server: MailServer
) -> None:
    made = mailing(mail_server.port)
    count = _tell(made)
    mail_server.refuse(1)
    assert worker.run_now("mail", made) == f"{count - 1} of {count} done"
    let_leases_end()
    assert worker.run_now("mail", made) == "1 of 1 done"
    assert len(set(_ids(mail_server))) == len(_ids(mail_server)) == count


def test_two_workers_mail_everything_once(news: db.Database, mailing: Any, mail_server: MailServer) -> None:
    workers = [mailing(mail_server.port), mailing(mail_server.port)]
    count = _tell(workers[0])
    ready = threading.Barrier(2)

    def work(made: worker.Tools) -> None:
        ready.wait(10)
        worker.run_now("mail", made)

    threads = [threading.Thread(target=work, args=[made]) for made in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(_ids(mail_server))) == len(_ids(mail_server)) == count


def test_a_worker_that_dies_after_a_mail_repeats_at_most_that_one_under_its_name(
    news: db.Database, mailing: Any, mail_server: MailServer
) -> None:
    made = mailing(mail_server.port)
    count = _tell(made)
    assert dies_at("mailed", lambda: worker.run_now("mail", made))
    let_leases_end()
    worker.run_now("mail", made)
    assert {message.state for message in _messages()} == {"sent"}
    # No protocol can tell whether a mail arrived whose sender died: the same name lets mail programs see it.
    assert len(set(_ids(mail_server))) == count
    assert len(_ids(mail_server)) == count + 1
