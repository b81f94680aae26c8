"""A stop is orderly: the item in hand ends, what is left goes to another worker, and nothing hangs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from portal import clock, db, worker
from portal.schedule import actions as schedule
from portal.schedule.models import JobRun, RunState


@pytest.fixture
def at_work(database: db.Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A worker in the middle of the first of three items, until it is let go."""
    begun, may_end, done = threading.Event(), threading.Event(), []

    def work(_tools: Any, run: schedule.Run) -> str:
        def item(name: str) -> None:
            begun.set()
            assert may_end.wait(20)
            done.append(name)

        return run.each([(name, lambda name=name: item(name)) for name in "abc"])

    job = worker.Job("mail", work)
    monkeypatch.setattr(worker, "JOBS", (job,))
    monkeypatch.setitem(worker.BY_NAME, "mail", job)
    monkeypatch.setattr(worker, "OFTEN", worker.timedelta(seconds=1))
    running = worker.Worker(NoTools())  # type: ignore[arg-type]
    running.start()
    assert begun.wait(20)
    yield running, may_end, done
    may_end.set()
    schedule.stopping.clear()


class NoTools:
    """A worker that draws nothing."""

    def close(self) -> None:
        pass


def run_in_hand() -> JobRun:
    with db.reading() as session:
        return session.query(JobRun).filter_by(job="mail", state=RunState.RUNNING.value).one()


def test_a_worker_ends_the_item_in_hand_and_gives_the_run_back(at_work: Any) -> None:
    running, may_end, done = at_work
    threading.Timer(0.2, may_end.set).start()
    assert running.stop(20)
    assert done == ["a"]
    assert run_in_hand().lease_until < clock.real()
    with db.writing():
        taken = schedule.take_over()
    assert taken is not None
    assert worker.perform(taken, NoTools()) == "given back: this worker stops"  # type: ignore[arg-type]
    schedule.stopping.clear()
    with db.writing():
        taken = schedule.take_over()
    assert taken is not None
    assert worker.perform(taken, NoTools()) == "3 of 3 done"  # type: ignore[arg-type]


def test_an_item_that_does_not_end_loses_its_run_to_another(at_work: Any) -> None:
    running, may_end, done = at_work
    before = run_in_hand()
    assert not running.stop(0.2)
    with db.writing():
        taken = schedule.take_over()
    assert taken is not None
    assert (taken.id, taken.fence) == (before.id, before.fence + 2)
    may_end.set()  # the old worker comes to itself: it is shut out
    running.scheduler._executors["default"]._pool.shutdown(wait=True)
    with db.reading() as session:
        row = session.get_one(JobRun, taken.id)
    assert (row.state, row.fence) == (RunState.RUNNING.value, taken.fence)
    assert done == ["a"]
