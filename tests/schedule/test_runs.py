"""The database decides who does which run, and a worker that died is replaced and shut out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.errors import NotAllowed
from portal.record import Act
from portal.schedule import actions, queries
from portal.schedule.models import FailedItem, Job, JobRun
from portal.schedule.said import said
from tests.conftest import Cast
from tests.worker.dying import let_leases_end

DUE = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def _claim(
    period: str = "2026-11-23T07:30", *, job: str = "reminders", due_at: datetime = DUE
) -> actions.Run | None:
    with db.writing():
        return actions.claim(job, period, due_at=due_at)


def _claimed(period: str = "2026-11-23T07:30", *, job: str = "reminders") -> actions.Run:
    run = _claim(period, job=job)
    assert run is not None
    return run


def _take_over() -> actions.Run | None:
    with db.writing():
        return actions.take_over()


def _finish(run: actions.Run, result: str = "2 of 2 done", *, failed: bool = False) -> bool:
    with db.writing():
        return actions.finish(run, result, failed=failed)


def _row() -> JobRun:
    with db.reading() as session:
        return session.scalars(select(JobRun).order_by(JobRun.id.desc())).first()


def _let_lease_end() -> None:
    with db.writing() as session:
        session.execute(update(JobRun).values(lease_until=clock.real() - timedelta(seconds=1)))


def test_a_period_is_claimed_once(both: db.Database) -> None:
    assert _claim() is not None
    assert _claim() is None
    assert _claim("2026-11-24T07:30") is not None
    assert _claim(job="housekeeping") is not None


def test_a_period_that_was_done_or_failed_is_not_claimed_again(both: db.Database) -> None:
    _finish(_claimed("a"))
    _finish(_claimed("b"), failed=True)
    assert _claim("a") is None
    assert _claim("b") is None


def test_two_workers_at_once_share_the_periods(both: db.Database) -> None:
    barrier, won, failures = threading.Barrier(2), [], []

    def work() -> None:
        barrier.wait()
        try:
            won.extend(run.period for number in range(10) if (run := _claim(str(number))) is not None)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(won) == [str(number) for number in range(10)]


def test_a_running_run_is_left_alone_until_its_lease_ends(both: db.Database) -> None:
    first = _claimed()
    assert _take_over() is None
    _let_lease_end()
    second = _take_over()
    assert second is not None
    assert (second.id, second.period, second.due_at, second.fence) == (first.id, first.period, DUE, 2)
    assert _take_over() is None


def test_a_worker_that_was_replaced_is_shut_out(both: db.Database) -> None:
    first = _claimed()
    _let_lease_end()
    second = _take_over()
    assert second is not None
    with pytest.raises(actions.LeaseLost):
        first.progress(1, 2)
    assert _finish(first, "the dead one's result") is False
    with db.writing():
        actions.finish_quietly(first)
    assert _finish(second) is True
    assert (_row().state, _row().result, _row().attempts) == ("done", "2 of 2 done", 2)


def test_two_workers_at_once_take_over_a_dead_run_once(both: db.Database) -> None:
    _claimed()
    _let_lease_end()
    barrier, taken = threading.Barrier(2), []

    def work() -> None:
        barrier.wait()
        taken.append(_take_over())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([run for run in taken if run is not None]) == 1


def test_progress_is_seen_while_it_runs_and_keeps_the_lease(both: db.Database) -> None:
    run = _claimed()
    _let_lease_end()
    run.progress(3, 10)
    assert (_row().done, _row().total, _row().state) == (3, 10, "running")
    assert _row().lease_until > clock.real() + timedelta(minutes=4)
    assert _take_over() is None


def test_one_failure_never_stops_the_rest(both: db.Database) -> None:
    done: list[str] = []
    is_broken = True

    def step(name: str) -> Callable[[], None]:
        def work() -> None:
            if name == "b" and is_broken:
                raise OSError("disk full")
            done.append(name)

        return work

    items = [(name, step(name)) for name in "abc"]
    first = _claimed("1", job="receipts")
    assert first.each(items) == said("items", done=2, total=3)
    _finish(first, "2 of 3 done")
    assert done == ["a", "c"]
    assert (_row().state, _row().failures) == ("failed", 1)
    assert _failed_items() == [("receipts", "b", "OSError: disk full", 1)]
    assert _claimed("2", job="receipts").each(items) == said("items", done=2, total=2, waiting=1)
    let_leases_end()
    _claimed("2b", job="receipts").each(items)
    assert _failed_items() == [("receipts", "b", "OSError: disk full", 2)]
    is_broken = False
    let_leases_end()
    assert _claimed("3", job="receipts").each(items) == said("items", done=3, total=3)
    assert _failed_items() == []


def _failed_items() -> list[tuple[str, str, str, int]]:
    with db.reading() as session:
        rows = session.scalars(queries.failed_items())
        return [(row.job, row.item, row.reason, row.attempts) for row in rows]


def test_a_worker_that_lost_its_lease_stops_at_the_next_item(both: db.Database) -> None:
    run, done = _claimed(), []

    def lose() -> None:
        done.append("first")
        _let_lease_end()
        assert _take_over() is not None

    with pytest.raises(actions.LeaseLost):
        run.each([("first", lose), ("second", lambda: done.append("second"))])
    assert done == ["first"]


def test_a_long_name_or_reason_of_a_failed_item_still_fits(both: db.Database) -> None:
    for _ in range(2):
        actions.note_failure("mail", "x" * 300, "y" * 5000)
    assert [(len(item), len(reason), tries) for _, item, reason, tries in _failed_items()] == [(160, 2000, 2)]
    actions.forget_failure("mail", "x" * 300)
    assert _failed_items() == []


def test_nothing_to_do_leaves_no_row(both: db.Database) -> None:
    with db.writing():
        actions.announce("record", "every 5 s", DUE)
    run = _claimed(job="record")
    with db.writing():
        actions.finish_quietly(run)
    assert _row() is None
    with db.reading() as session:
        assert session.get_one(Job, "record").looked_at is not None


def test_a_run_that_starts_late_says_so(both: db.Database) -> None:
    _claim("late", due_at=clock.real() - timedelta(minutes=11))
    assert _row().is_late
    _claim("in time", due_at=clock.real() - timedelta(minutes=9))
    assert not _row().is_late


def test_staff_ask_for_a_run_and_the_next_worker_takes_it(both: db.Database, cast: Cast) -> None:
    giulia = cast.giulia
    with db.writing():
        actions.ask_now("mail", by=giulia)
    assert _row().state == "asked"
    run = _take_over()
    assert run is not None
    assert (run.job, run.fence) == ("mail", 1)
    assert _take_over() is None
    assert _finish(run)
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == "job:asked")).one()
    assert (act.subject, act.actor) == ("job:mail", giulia.pseudonym)


@pytest.mark.parametrize("name", ["eve", "aldo", "nuria"])
def test_others_may_not_ask_for_a_run(database: db.Database, cast: Cast, name: str) -> None:
    by = getattr(cast, name)
    with pytest.raises(NotAllowed), db.writing():
        actions.ask_now("mail", by=by)
    assert _row() is None


def test_announcing_again_changes_the_calendar_not_the_history(both: db.Database) -> None:
    for calendar in ("30 7 * * *", "0 8 * * *"):
        with db.writing():
            actions.announce("reminders", calendar, DUE)
    _finish(_claimed())
    with db.reading() as session:
        ((job, run),) = session.execute(queries.jobs_with_last_run()).all()
    assert (job.calendar, job.next_at, run.result) == ("0 8 * * *", DUE, "2 of 2 done")


def test_old_runs_that_ended_well_are_dropped_and_failures_stay(both: db.Database) -> None:
    _finish(_claimed("1"))
    _finish(_claimed("2"), failed=True)
    with db.writing() as session:
        session.execute(update(JobRun).values(ended_at=clock.real() - timedelta(days=91)))
    _finish(_claimed("3"))
    with db.writing():
        assert actions.prune() == 1
    with db.reading() as session:
        assert [run.period for run in session.scalars(queries.runs_of("reminders"))] == ["3", "2"]


def test_the_failed_item_of_one_job_is_not_anothers(database: db.Database) -> None:
    actions.note_failure("receipts", "PR-1", "no font")
    actions.forget_failure("agreements", "PR-1")
    with db.reading() as session:
        assert session.scalars(select(FailedItem.job)).all() == ["receipts"]
