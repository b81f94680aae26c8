"""What people steer holds: a cancelled beat rests, all that can be tried again is, and no wait hides another."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from portal import clock, db, worker
from portal.errors import WrongState
from portal.notices.actions import Recipient, Text, post
from portal.notices.models import Message
from portal.operations.actions import try_all_again
from portal.policy import SYSTEM
from portal.record import Act, Did, record
from portal.schedule import actions, queries
from portal.schedule.models import FailedItem, JobRun
from portal.schedule.said import Said
from portal.subscriptions import react, reactions
from portal.words import W
from tests.conftest import Cast
from tests.worker.dying import together

Move = Callable[[timedelta], None]


def _beat(job: worker.Job) -> str | None:
    return worker.run_slot(job, None)  # type: ignore[arg-type]


def _asked() -> str | None:
    return worker.run_asked(None)  # type: ignore[arg-type]


def _row() -> JobRun:
    with db.reading() as session:
        return session.scalars(select(JobRun).order_by(JobRun.id.desc())).first()


@pytest.fixture
def stopped(both: db.Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[worker.Job, list[str]]:
    """A job of the short beat with three items, cancelled by Giulia at its first; and what it did."""
    giulia, done = cast.giulia, []

    def step(name: str) -> Callable[[], None]:
        def work() -> None:
            if not done:
                with db.writing() as session:
                    actions.cancel(session.get_one(JobRun, _row().id), by=giulia)
            done.append(name)

        return work

    def work(_tools: worker.Tools, run: actions.Run) -> Said:
        return run.each([(name, step(name)) for name in "abc"])

    job = worker.Job("often", work)
    monkeypatch.setattr(worker, "BY_NAME", {"often": job})
    assert _beat(job) == "cancelled"
    return job, done


def test_a_beat_that_was_cancelled_does_not_begin_anew_a_moment_later(
    stopped: tuple[worker.Job, list[str]], move_clock: Move
) -> None:
    job, done = stopped
    for _ in range(3):
        move_clock(timedelta(seconds=5))
        assert _beat(job) is None
    assert done == ["a"]


def test_a_cancelled_beat_goes_on_after_an_hour(
    stopped: tuple[worker.Job, list[str]], move_clock: Move
) -> None:
    job, done = stopped
    with db.writing() as session:
        session.execute(update(JobRun).values(ended_at=clock.real() - timedelta(minutes=61)))
    move_clock(timedelta(seconds=5))
    assert _beat(job) == "3 of 3 done"
    assert done == ["a", "a", "b", "c"]


def test_a_cancelled_beat_goes_on_when_somebody_asks_for_it(
    stopped: tuple[worker.Job, list[str]], cast: Cast, move_clock: Move
) -> None:
    job, _ = stopped
    with db.writing():
        actions.ask_now("often", by=cast.giulia)
    assert _asked() == "3 of 3 done"
    move_clock(timedelta(seconds=5))
    assert _beat(job) == "3 of 3 done"


def test_a_run_that_never_began_leaves_the_beat_alone(
    both: db.Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = worker.Job("often", lambda _tools, run: run.each([("a", lambda: None)]))
    monkeypatch.setattr(worker, "BY_NAME", {"often": job})
    with db.writing():
        actions.ask_now("often", by=cast.giulia)
    with db.writing() as session:
        actions.cancel(session.get_one(JobRun, _row().id), by=cast.giulia)
    assert _beat(job) == "1 of 1 done"


def _given_up(*events: str) -> list[int]:
    with db.writing() as session:
        for number, name in enumerate(events):
            post(name, f"{name}:{number}", Recipient(None, "rosa@example.org", "en"), Text(W("A"), [W("b")]))
        session.execute(update(Message).values(state="failed", attempts=30))
        ids = list(session.scalars(select(Message.id).order_by(Message.id)))
    for message_id in ids:
        actions.note_failure("mail", str(message_id), "451 try later", is_final=True)
    return ids


def test_one_mail_without_its_link_keeps_no_other_from_being_tried_again(
    both: db.Database, cast: Cast
) -> None:
    _given_up("E05", "E01", "E09")
    with db.writing():
        assert try_all_again("mail", by=cast.giulia) == 2
    with db.reading() as session:
        messages = {one.event: one.state for one in session.scalars(select(Message))}
        items = [one.standing for one in session.scalars(select(FailedItem).order_by(FailedItem.id))]
    assert messages == {"E05": "waiting", "E01": "failed", "E09": "waiting"}
    assert items == ["waits", "rests", "waits"]


def test_where_no_mail_can_be_sent_again_all_of_them_say_why(database: db.Database, cast: Cast) -> None:
    _given_up("E01", "E01")
    with pytest.raises(WrongState, match="A new one can be asked for"), db.writing():
        try_all_again("mail", by=cast.giulia)


def test_a_beat_with_nothing_to_do_asks_for_no_write(database: db.Database) -> None:
    with db.writing():
        run = actions.claim("mail", "now:1", due_at=clock.now())
    assert run is not None
    writes: list[str] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: writes.append(statement) if "IMMEDIATE" in statement else None,
    )
    assert run.each([]).figures == {"done": 0, "total": 0}
    assert writes == []


def test_acts_that_rest_hide_none_whose_next_try_is_due(
    both: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(reactions, "REACTIONS", {Did.JOB_ASKED: lambda news: told.append(news.act.subject)})
    with db.writing():
        act = record(Did.JOB_ASKED, "job:late", by=SYSTEM)
    for number in range(210):
        with db.writing():
            actions.note_failure_here("reactions", f"{number + 1000} gone", "KeyError: x", is_final=True)
    actions.note_failure("reactions", f"{act.id} job:asked job:late", "KeyError: x")
    with db.writing() as session:
        session.execute(update(FailedItem).values(next_try_at=None))
    with db.writing():
        run = actions.claim("reactions", "now:1", due_at=clock.now())
    assert run is not None
    outcome = react(run, base_url="https://x.example")
    assert told == ["job:late"]
    assert outcome.figures["done"] == 1
    with db.reading() as session:
        assert len(session.scalars(queries.failed_items(limit=500)).all()) == 210


@pytest.mark.parametrize("both", ["postgres"], indirect=True)
def test_who_takes_a_run_locks_no_other(both: db.Database) -> None:
    with db.writing() as session:
        for number in range(2):
            session.add(JobRun(job="shared", period=f"now:{number}", state="asked", due_at=clock.now()))
    taken = []

    def elsewhere() -> None:
        with db.writing():
            taken.append(actions.take_over())

    with db.writing():
        taken.append(actions.take_over())
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
    assert [run.period for run in taken if run] == ["now:0", "now:1"]


def test_two_worker_processes_share_what_was_asked_for(
    both: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = multiprocessing.get_context("fork").Barrier(2)
    begun: list[str] = []

    def work(_tools: worker.Tools, run: actions.Run) -> Said:
        if not begun:  # each holds a run while the other takes one: neither waits for the other's rows
            begun.append(run.period)
            ready.wait(30)
        with db.writing():
            record(Did.JOB_ASKED, f"run:{run.id}", by=SYSTEM, process=os.getpid())
        return run.each([("a", lambda: None)])

    monkeypatch.setattr(worker, "BY_NAME", {"shared": worker.Job("shared", work, cron="0 4 * * *")})
    with db.writing() as session:
        for number in range(20):
            session.add(JobRun(job="shared", period=f"now:{number}", state="asked", due_at=clock.now()))

    def one_worker() -> None:
        while _asked() is not None:
            pass

    together(one_worker, one_worker)
    with db.reading() as session:
        acts = session.scalars(select(Act)).all()
        rows = session.scalars(select(JobRun)).all()
    assert sorted(act.subject for act in acts) == sorted(f"run:{row.id}" for row in rows)
    assert len({act.facts["process"] for act in acts}) == 2
    assert {(row.state, row.attempts, row.fence) for row in rows} == {("done", 1, 1)}
