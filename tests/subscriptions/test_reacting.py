"""Each act is told once, and one that cannot be told silences no other."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal import clock, db
from portal.notices.actions import Recipient, Text, post
from portal.notices.models import Message
from portal.policy import SYSTEM
from portal.record import Act, Did, record
from portal.record import actions as record_actions
from portal.schedule import actions as schedule
from portal.schedule.models import FailedItem
from portal.schedule.said import NOTHING, Said, said
from portal.subscriptions import react, reactions
from portal.subscriptions.reactions import News
from portal.words import W
from tests.worker.dying import dies_at, let_leases_end


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """Acts whose telling raises, by subject; every other job:asked act leaves one message."""
    broken: dict[str, Exception] = {}

    def tell(news: News) -> None:
        to = Recipient(None, "rosa@example.org", "en")
        post("E99", f"E99:{news.act.id}", to, Text(W("News"), [W("x")]), about=news.act.subject)
        if news.act.subject in broken:
            raise broken[news.act.subject]

    monkeypatch.setitem(reactions.REACTIONS, Did.JOB_ASKED, tell)
    return broken


def _happen(*subjects: str) -> None:
    with db.writing():
        for subject in subjects:
            record(Did.JOB_ASKED, subject, by=SYSTEM)
    with db.writing():
        record_actions.sequence()


def _react() -> tuple[Said, schedule.Run]:
    with db.writing():
        run = schedule.claim("reactions", clock.real().isoformat(), due_at=clock.now())
    assert run is not None
    return react(run, base_url="https://x.example"), run


def _told() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Message.subject_key).order_by(Message.id)))


def test_each_act_is_told_once(both: db.Database) -> None:
    _happen("job:a", "job:b")
    assert _react()[0] == said("looked_at", count=2)
    assert _react()[0] == NOTHING
    assert _told() == ["job:a", "job:b"]


def test_an_act_that_cannot_be_told_is_noted_and_silences_no_other(
    both: db.Database, told: dict[str, Exception]
) -> None:
    told["job:b"] = KeyError("no such pact")
    _happen("job:a", "job:b", "job:c")
    _, run = _react()
    assert _told() == ["job:a", "job:c"]
    with db.reading() as session:
        noted = session.scalars(select(FailedItem)).one()
        act = session.scalars(select(Act).where(Act.subject == "job:b")).one()
    assert run.failures == [noted.item] == [f"{act.id} job:asked job:b"]
    assert (noted.job, noted.reason) == ("reactions", "KeyError: 'no such pact'")


def test_an_act_that_could_not_be_told_is_told_later_and_once(
    both: db.Database, told: dict[str, Exception]
) -> None:
    told["job:b"] = KeyError("no such pact")
    _happen("job:a", "job:b", "job:c")
    _react()
    told.clear()
    assert _react()[0] == said("items", done=0, total=0, waiting=1)
    let_leases_end()
    assert _react()[0] == said("items", done=1, total=1)
    assert _react()[0] == NOTHING
    assert _told() == ["job:a", "job:c", "job:b"]


@pytest.mark.parametrize("point", ["told", "item-failed"])
def test_a_worker_that_dies_loses_no_failure(
    both: db.Database, told: dict[str, Exception], point: str
) -> None:
    told["job:b"] = KeyError("no such pact")
    _happen("job:a", "job:b", "job:c")
    if point == "item-failed":  # dies in the second try of what failed once
        _react()
        let_leases_end()
    assert dies_at(point, _react)
    let_leases_end()
    _react()
    told.clear()
    let_leases_end()
    _react()
    assert sorted(_told()) == ["job:a", "job:b", "job:c"]
    with db.reading() as session:
        assert session.scalars(select(FailedItem)).all() == []


def test_a_database_that_is_busy_midway_is_asked_again_from_the_start(
    both: db.Database, told: dict[str, Exception]
) -> None:
    told["job:b"] = OperationalError("", {}, Exception("database is locked"))
    _happen("job:a", "job:b")
    with pytest.raises(OperationalError):
        _react()
    assert _told() == []
    told.clear()
    _react()
    assert _told() == ["job:a", "job:b"]


def test_acts_that_concern_nobody_are_passed_over(both: db.Database) -> None:
    with db.writing():
        record(Did.PERSON_SIGNED_IN, "person:p-1", by=SYSTEM)
    _happen("job:a")
    assert _react()[0] == said("looked_at", count=2)
    assert _told() == ["job:a"]
