"""What fails is tried again after growing waits, a run that kills its worker is given up, people can cancel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal import clock, db, worker
from portal.errors import Invalid, NotAllowed, WrongState
from portal.record import Act
from portal.schedule import actions, queries
from portal.schedule.models import FailedItem, JobRun
from portal.schedule.said import NOTHING, Said, said
from portal.schedule.waits import MOST_ITEM_TRIES, MOST_RUN_TRIES, wait_after
from tests.conftest import Cast
from tests.worker.dying import dies_at, let_leases_end

Work = Callable[[worker.Tools, actions.Run], Said | str]


def _job(monkeypatch: pytest.MonkeyPatch, work: Work, cron: str = "30 2 * * *") -> worker.Job:
    job = worker.Job("nightly", work, cron=cron)
    monkeypatch.setattr(worker, "BY_NAME", {"nightly": job})
    return job


def _run(job: worker.Job) -> str | None:
    return worker.run_slot(job, None)  # type: ignore[arg-type]


def _asked() -> str | None:
    return worker.run_asked(None)  # type: ignore[arg-type]


def _row() -> JobRun:
    with db.reading() as session:
        return session.scalars(select(JobRun).order_by(JobRun.id.desc())).first()


def _item() -> FailedItem:
    with db.reading() as session:
        return session.scalars(select(FailedItem)).one()


def _broken(_tools: worker.Tools, _run: actions.Run) -> Said:
    raise OSError("no font")


def _cancel(by: object) -> None:
    with db.writing() as session:
        actions.cancel(session.get_one(JobRun, _row().id), by=by)  # type: ignore[arg-type]


def test_waits_double_up_to_an_hour() -> None:
    assert [wait_after(tries).total_seconds() for tries in (1, 2, 3, 7, 8, 1000)] == [
        30,
        60,
        120,
        1920,
        3600,
        3600,
    ]


def test_a_calendar_run_that_fails_is_tried_again_with_growing_waits_and_a_cap(
    both: db.Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job, waits = _job(monkeypatch, _broken), []
    assert _run(job) == "failed: no font"
    for _ in range(MOST_RUN_TRIES - 1):
        row = _row()
        assert row.waits
        waits.append(round((row.lease_until - row.ended_at).total_seconds()))
        assert _asked() is None
        let_leases_end()
        assert _asked() == "failed: no font"
    assert waits == [30, 60, 120, 240, 480, 960, 1920]
    let_leases_end()
    assert _asked() is None
    assert _run(job) is None
    row = _row()
    assert (row.state, row.attempts, row.result, row.lease_until) == ("failed", 8, "OSError: no font", None)
    assert "failed after 8 tries" in caplog.text


def test_a_run_that_succeeds_at_its_second_try_is_done(
    both: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(_job(monkeypatch, _broken))
    _job(monkeypatch, lambda _tools, run: run.each([("a", lambda: None)]))
    let_leases_end()
    assert _asked() == "1 of 1 done"
    row = _row()
    assert (row.state, row.attempts, row.result) == ("done", 2, "")
    assert row.outcome == {"code": "items", "done": 1, "total": 1}


def test_the_failed_item_of_a_calendar_run_is_tried_before_the_next_night(
    both: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [OSError("no font")]

    def step() -> None:
        if broken:
            raise broken[0]

    _run(_job(monkeypatch, lambda _tools, run: run.each([("a", lambda: None), ("b", step)])))
    assert _row().waits
    broken.clear()
    let_leases_end()
    assert _asked() == "2 of 2 done"
    assert (_row().state, _row().failures) == ("done", 0)


def test_a_short_beat_that_breaks_waits_and_makes_no_row_every_few_seconds(
    both: db.Database, monkeypatch: pytest.MonkeyPatch, move_clock: Callable[[timedelta], None]
) -> None:
    job = _job(monkeypatch, _broken, cron="")
    assert _run(job) == "failed: no font"
    for _ in range(3):
        move_clock(timedelta(seconds=5))
        assert _run(job) is None
    _job(monkeypatch, lambda _tools, _run: NOTHING, cron="")
    let_leases_end()
    _asked()
    move_clock(timedelta(seconds=5))
    assert _run(worker.BY_NAME["nightly"]) == ""


def test_a_short_beat_whose_items_wait_leaves_no_row(
    both: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.note_failure("nightly", "a", "no font")
    job = _job(monkeypatch, lambda _tools, run: run.each([("a", lambda: pytest.fail("tried"))]), cron="")
    assert _run(job) == "0 of 0 done, 1 waiting for the next try"
    assert _row() is None


def test_a_run_whose_worker_keeps_dying_is_given_up_loudly(
    both: db.Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = _job(monkeypatch, lambda _tools, _run: NOTHING)
    with db.writing():
        run = actions.claim("nightly", "2026-11-23T02:30", due_at=clock.now())
        assert run is not None
    for tries in range(2, MOST_RUN_TRIES + 1):
        let_leases_end()
        with db.writing():
            run = actions.take_over()
        assert run is not None
        assert run.tries == tries
    let_leases_end()
    assert _asked() is None
    row = _row()
    assert (row.state, row.outcome) == ("failed", {"code": "gave_up", "tries": MOST_RUN_TRIES})
    assert "its worker died 8 times" in caplog.text
    with pytest.raises(actions.LeaseLost):
        run.progress(1, 1)
    assert job.name == row.job


@pytest.mark.parametrize("point", ["run-claimed", "item-done", "run-done"])
def test_a_run_whose_worker_dies_is_ended_by_another(
    both: db.Database, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    job = _job(monkeypatch, lambda _tools, run: run.each([("a", lambda: None), ("b", lambda: None)]))
    assert dies_at(point, lambda: _run(job))
    assert _asked() is None
    let_leases_end()
    assert _asked() == "2 of 2 done"
    assert (_row().state, _row().attempts) == ("done", 2)


def test_a_worker_that_is_stopped_uses_up_no_try(both: db.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_tools: worker.Tools, _run: actions.Run) -> Said:
        raise actions.Stopping

    _run(_job(monkeypatch, stopped))
    for _ in range(2 * MOST_RUN_TRIES):
        assert _asked() == "given back: this worker stops"
    assert (_row().state, _row().attempts) == ("running", 0)


def test_what_another_worker_holds_is_not_counted_as_done(both: db.Database) -> None:
    with db.writing():
        run = actions.claim("mail", "now:1", due_at=clock.now())
    assert run is not None
    outcome = run.each([("a", lambda: actions.HELD), ("b", lambda: None)])
    assert outcome == said("items", done=1, total=2, held=1)
    assert (_row().done, _row().total) == (1, 2)


def test_an_item_rests_after_its_last_try_until_somebody_decides(both: db.Database, cast: Cast) -> None:
    for tries in range(1, MOST_ITEM_TRIES + 1):
        actions.note_failure("receipts", "PR-1", "no font")
        assert (_item().standing, _item().attempts) == (
            "waits" if tries < MOST_ITEM_TRIES else "rests",
            tries,
        )
    let_leases_end()
    with db.reading() as session:
        assert len(session.scalars(queries.put_off("receipts", clock.real())).all()) == 1
    with db.writing():
        actions.try_again(_item().id, by=cast.giulia)
    assert (_item().standing, _item().attempts, _row().state) == ("waits", 0, "asked")
    with db.reading() as session:
        assert session.scalars(queries.put_off("receipts", clock.real())).all() == []
        act = session.scalars(select(Act).where(Act.verb == "job:item_again")).one()
    assert (act.subject, act.facts, act.actor) == ("job:receipts", {"item": "PR-1"}, cast.giulia.pseudonym)


def test_an_item_that_is_left_is_not_tried_and_says_why(both: db.Database, cast: Cast) -> None:
    actions.note_failure("receipts", "PR-1", "no font")
    with db.writing():
        actions.leave(_item().id, " the case was withdrawn ", by=cast.giulia)
    let_leases_end()
    with db.writing():
        run = actions.claim("receipts", "now:1", due_at=clock.now())
    assert run is not None
    assert run.each([("PR-1", lambda: pytest.fail("tried"))]) == said("items", done=0, total=0)
    assert (_item().standing, _item().left_why) == ("left", "the case was withdrawn")
    with pytest.raises(WrongState), db.writing():
        actions.leave(_item().id, "again", by=cast.giulia)
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == "job:item_left")).one()
    assert act.facts == {"item": "PR-1"}


@pytest.mark.parametrize("why", ["", "  \n", "x" * 501])
def test_nothing_is_left_without_a_reason_of_a_few_words(database: db.Database, cast: Cast, why: str) -> None:
    actions.note_failure("receipts", "PR-1", "no font")
    with pytest.raises(Invalid), db.writing():
        actions.leave(_item().id, why, by=cast.giulia)
    assert _item().standing == "waits"


@pytest.mark.parametrize("name", ["eve", "aldo", "nuria"])
def test_others_decide_nothing(database: db.Database, cast: Cast, name: str) -> None:
    actions.note_failure("receipts", "PR-1", "no font")
    by = getattr(cast, name)
    with db.writing():
        actions.ask_now("mail", by=cast.giulia)
    for act in (
        lambda: actions.try_again(_item().id, by=by),
        lambda: actions.try_all_again("receipts", by=by),
        lambda: actions.leave(_item().id, "no", by=by),
        lambda: _cancel(by),
    ):
        with pytest.raises(NotAllowed), db.writing():
            act()
    assert (_item().standing, _row().state) == ("waits", "asked")


def test_a_run_that_has_not_begun_is_cancelled_at_once(both: db.Database, cast: Cast) -> None:
    with db.writing():
        actions.ask_now("mail", by=cast.giulia)
    _cancel(cast.giulia)
    assert _row().state == "cancelled"
    assert _asked() is None
    with pytest.raises(WrongState):
        _cancel(cast.giulia)
    with db.reading() as session:
        act = session.scalars(select(Act).where(Act.verb == "job:cancelled")).one()
    assert (act.subject, act.facts) == ("job:mail", {"run": _row().id})


def test_a_run_at_work_ends_after_the_item_in_hand(
    both: db.Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    giulia, done = cast.giulia, []

    def step(name: str) -> Callable[[], None]:
        def work() -> None:
            if name == "b":
                _cancel(giulia)
            done.append(name)

        return work

    job = _job(monkeypatch, lambda _tools, run: run.each([(name, step(name)) for name in "abcd"]))
    assert _run(job) == "cancelled"
    assert done == ["a", "b"]
    row = _row()
    assert (row.state, row.outcome) == ("cancelled", {"code": "cancelled", "done": 2, "total": 4})
    let_leases_end()
    assert (_asked(), _run(job)) == (None, None)


def test_a_cancelled_run_whose_worker_died_is_not_taken_over(both: db.Database, cast: Cast) -> None:
    with db.writing():
        actions.claim("mail", "now:1", due_at=clock.now())
    _cancel(cast.giulia)
    with pytest.raises(WrongState):
        _cancel(cast.giulia)
    let_leases_end()
    assert _asked() is None
    assert _row().state == "cancelled"


def test_a_run_that_is_over_cannot_be_cancelled(database: db.Database, cast: Cast) -> None:
    with db.writing():
        run = actions.claim("mail", "now:1", due_at=clock.now())
        assert run is not None
        actions.finish(run, NOTHING)
    with pytest.raises(WrongState):
        _cancel(cast.giulia)
    with db.writing() as session:
        session.execute(update(JobRun).values(state="failed"))
    with pytest.raises(WrongState):
        _cancel(cast.giulia)
