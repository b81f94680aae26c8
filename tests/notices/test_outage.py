"""The mail server is away for an hour: every mail goes out once; a wrong address stops only its own mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal import db, worker
from portal.notices.actions import Recipient, Text, post
from portal.notices.models import Message
from portal.notices.post_office import office_for
from portal.operations.actions import try_again
from portal.schedule.models import FailedItem, JobRun
from portal.schedule.waits import MOST_ITEM_TRIES
from portal.words import W
from tests.conftest import Cast
from tests.notices.post import Post
from tests.worker.dying import dies_at

MINUTE = timedelta(minutes=1)
PEOPLE = ("rosa", "teo", "eve")


@pytest.fixture
def server() -> Iterator[Post]:
    found = Post()
    yield found
    found.close()


class Tools:
    """Of a worker's tools, those that mail needs."""

    city, sender = "Comune di Bologna", "patti@city.example"
    reply_to = base_url = reply_domain = ""

    def __init__(self, url: str) -> None:
        self.office = office_for(url)


def _write(*names: str) -> None:
    with db.writing():
        for name in names:
            to = Recipient(None, f"{name}@example.org", "en")
            post("E02", f"E02:1:{name}", to, Text(W("A new text"), [W("There is a new text.")]))


def _beat(server: Post) -> str | None:
    return worker.run_now("mail", Tools(server.url))  # type: ignore[arg-type]


def _pass(distance: timedelta) -> None:
    """Let time pass: every instant until which somebody waits comes nearer by the distance."""
    with db.writing() as session:
        for model, column in ((Message, "lease_until"), (JobRun, "lease_until"), (FailedItem, "next_try_at")):
            for row in session.scalars(select(model).where(getattr(model, column).is_not(None))):
                session.execute(
                    update(model).where(model.id == row.id).values({column: getattr(row, column) - distance})
                )


def _messages() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def _failed() -> list[FailedItem]:
    with db.reading() as session:
        return list(session.scalars(select(FailedItem)))


def _assert_all_went_once(server: Post, count: int = 3) -> None:
    assert len(server.ids) == len(set(server.ids)) == count
    assert {message.state for message in _messages()} == {"sent"}
    assert _failed() == []


def test_an_hour_without_a_mail_server_loses_and_doubles_nothing(both: db.Database, server: Post) -> None:
    _write(*PEOPLE)
    # What the worker finds as the hour passes: nobody there, then busy, then hanging up midway.
    for minutes in (1, 1, 2, 4, 8, 4):
        _beat(server)
        _pass(minutes * MINUTE)
    server.mood = "busy"
    server.open()
    for minutes in (10, 10):
        _beat(server)
        _pass(minutes * MINUTE)
    server.mood = "hangs up"
    for minutes in (10, 10):
        _beat(server)
        _pass(minutes * MINUTE)
    assert server.taken == []
    assert {message.state for message in _messages()} == {"waiting"}
    # Growing waits: whoever looks ten times in an hour tries each mail only when its wait is over.
    assert {message.attempts for message in _messages()} <= {6, 7, 8}
    assert {item.standing for item in _failed()} == {"waits"}
    server.mood = "well"
    for _ in range(3):
        _pass(61 * MINUTE)
        _beat(server)
    _assert_all_went_once(server)


def test_a_server_that_hangs_up_between_two_mails_gets_each_once(database: db.Database, server: Post) -> None:
    server.open()
    _write("rosa")
    assert _beat(server) == "1 of 1 done"
    server.mood = "hangs up"
    _write("teo")
    assert _beat(server) == "0 of 1 done"
    server.close()
    _pass(MINUTE)
    assert _beat(server) == "0 of 1 done"
    server.mood = "well"
    server.open()
    _pass(2 * MINUTE)
    assert _beat(server) == "1 of 1 done"
    _assert_all_went_once(server, 2)


def test_an_address_that_is_refused_for_good_fails_only_its_own_mail(
    both: db.Database, server: Post, cast: Cast
) -> None:
    server.open()
    server.unknown.add("teo@example.org")
    _write(*PEOPLE)
    assert _beat(server) == "2 of 3 done"
    assert [message.state for message in _messages()] == ["sent", "failed", "sent"]
    (item,) = _failed()
    assert (item.job, item.item, item.standing, item.attempts) == ("mail", str(_messages()[1].id), "rests", 1)
    assert item.reason == "550 5.1.1 <(the address)> has no mailbox here"
    knocks = server.knocks
    _pass(timedelta(days=1))
    assert _beat(server) == "0 of 0 done"
    assert server.knocks == knocks
    # The mailbox is there again, and somebody says so.
    server.unknown.clear()
    with db.writing():
        try_again(item.id, by=cast.giulia)
    assert worker.run_asked(Tools(server.url)) == "1 of 1 done"  # type: ignore[arg-type]
    _assert_all_went_once(server)


def test_a_mail_is_given_up_after_a_day_of_tries_and_rests(database: db.Database, server: Post) -> None:
    _write("rosa")
    _beat(server)
    with db.writing() as session:  # all but two of its tries are over
        for model in (Message, FailedItem):
            session.execute(update(model).values(attempts=MOST_ITEM_TRIES - 2))
    for _ in range(2):
        _pass(timedelta(hours=1, minutes=1))
        _beat(server)
    (message,) = _messages()
    assert (message.state, message.attempts) == ("failed", MOST_ITEM_TRIES)
    assert _failed()[0].standing == "rests"
    server.open()
    _beat(server)
    assert server.taken == []


def test_a_worker_that_dies_with_a_failure_in_its_hands_sends_the_rest_once(
    both: db.Database, server: Post
) -> None:
    _write(*PEOPLE)
    assert dies_at("item-failed", lambda: _beat(server))
    server.open()
    _pass(10 * MINUTE)
    assert worker.run_asked(Tools(server.url)) == "3 of 3 done"  # type: ignore[arg-type]
    _assert_all_went_once(server)


def test_a_mail_whose_worker_died_at_its_last_try_is_not_forgotten(
    database: db.Database, server: Post
) -> None:
    _write("rosa")
    with db.writing() as session:
        session.execute(update(Message).values(attempts=MOST_ITEM_TRIES - 1))
    assert dies_at("mail-claimed", lambda: _beat(server))
    _pass(10 * MINUTE)
    worker.run_asked(Tools(server.url))  # type: ignore[arg-type]
    (message,) = _messages()
    (item,) = _failed()
    assert (message.state, message.attempts) == ("failed", MOST_ITEM_TRIES + 1)
    assert (item.item, item.standing) == (str(message.id), "rests")
