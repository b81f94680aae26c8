"""A job is due when the city's calendar says so, once, also on the days on which the clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock, db, worker
from portal.operations.words import TITLES
from portal.schedule.actions import Run
from portal.schedule.models import JobRun

NIGHTLY = worker.Job("nightly", lambda _tools, _run: "", cron="30 2 * * *")
MORNING = worker.Job("morning", lambda _tools, _run: "", cron="30 7 * * *")
OFTEN = worker.Job("often", lambda _tools, _run: "")


@pytest.fixture(autouse=True)
def rome() -> None:
    clock.set_zone("Europe/Rome")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("job", "now", "slot", "period"),
    [
        (MORNING, "2026-11-23T06:30:00Z", "2026-11-23T06:30:00Z", "2026-11-23T07:30"),
        (MORNING, "2026-11-23T06:29:59Z", "2026-11-22T06:30:00Z", "2026-11-22T07:30"),
        (MORNING, "2026-07-01T05:30:00Z", "2026-07-01T05:30:00Z", "2026-07-01T07:30"),
        # The day on which summer time ends has two half past two; both are the same period.
        (NIGHTLY, "2026-10-25T00:45:00Z", "2026-10-25T00:30:00Z", "2026-10-25T02:30"),
        (NIGHTLY, "2026-10-25T01:45:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30"),
        (NIGHTLY, "2026-10-26T01:45:00Z", "2026-10-26T01:30:00Z", "2026-10-26T02:30"),
        (NIGHTLY, "2026-11-05T12:00:00Z", "2026-11-05T01:30:00Z", "2026-11-05T02:30"),
        (MORNING, "2026-10-25T06:30:00Z", "2026-10-25T06:30:00Z", "2026-10-25T07:30"),
        # The day on which it begins has none: an hour later is as good.
        (NIGHTLY, "2026-03-29T12:00:00Z", "2026-03-29T01:30:00Z", "2026-03-29T03:30"),
        (NIGHTLY, "2026-03-30T12:00:00Z", "2026-03-30T00:30:00Z", "2026-03-30T02:30"),
        (MORNING, "2026-03-29T05:30:00Z", "2026-03-29T05:30:00Z", "2026-03-29T07:30"),
        (OFTEN, "2026-11-23T06:30:04Z", "2026-11-23T06:30:00Z", "2026-11-23T06:30:00Z"),
    ],
)
def test_the_newest_slot_and_its_period(job: worker.Job, now: str, slot: str, period: str) -> None:
    assert job.slot(at(now)) == at(slot)
    assert job.period(job.slot(at(now))) == period


@pytest.mark.parametrize(
    ("job", "now", "following"),
    [
        (MORNING, "2026-11-23T06:30:00Z", "2026-11-24T06:30:00Z"),
        (MORNING, "2026-10-24T05:30:00Z", "2026-10-25T06:30:00Z"),
        (NIGHTLY, "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"),
        (OFTEN, "2026-11-23T06:30:04Z", "2026-11-23T06:30:05Z"),
    ],
)
def test_the_next_time(job: worker.Job, now: str, following: str) -> None:
    assert job.next_at(at(now)) == at(following)


@pytest.mark.parametrize("first", ["2026-03-25", "2026-10-21"])
def test_a_week_with_a_change_of_clocks_has_seven_nights(first: str) -> None:
    start = at(f"{first}T12:00:00Z")
    periods = {NIGHTLY.period(NIGHTLY.slot(start + timedelta(minutes=15 * n))) for n in range(7 * 96)}
    assert len({period[:10] for period in periods}) == len(periods) == 8


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the job named "nightly" did, with the clock set by `at`."""
    done: list[str] = []

    def work(_tools: worker.Tools, run: Run) -> str:
        done.append(run.period)
        run.progress(1, 1)
        return "1 of 1 done"

    monkeypatch.setitem(worker.BY_NAME, "nightly", worker.Job("nightly", work, cron="30 2 * * *"))
    yield done
    clock.set_offset(timedelta(0))


def _set_clock(text: str) -> None:
    clock.set_offset(at(text) - clock.real())


def _tick() -> str | None:
    return worker.run_slot(worker.BY_NAME["nightly"], None)


def test_half_past_two_is_run_once_on_the_night_with_two_of_them(both: db.Database, noted: list[str]) -> None:
    for now in (
        "2026-10-25T00:30:10Z",
        "2026-10-25T00:59:00Z",
        "2026-10-25T01:30:10Z",
        "2026-10-25T09:00:00Z",
    ):
        _set_clock(now)
        _tick()
    assert noted == ["2026-10-25T02:30"]


def test_what_was_due_while_nothing_ran_is_run_and_marked_late(both: db.Database, noted: list[str]) -> None:
    _set_clock("2026-11-23T09:00:00Z")
    assert _tick() == "1 of 1 done"
    assert _tick() is None
    with db.reading() as session:
        run = session.scalars(select(JobRun)).one()
    assert (run.period, run.is_late, run.state) == ("2026-11-23T02:30", True, "done")
    assert run.due_at == at("2026-11-23T01:30:00Z")


def test_a_job_that_breaks_says_so_and_is_over(both: db.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(_tools: worker.Tools, _run: Run) -> str:
        raise OSError("no font")

    monkeypatch.setitem(worker.BY_NAME, "nightly", worker.Job("nightly", work, cron="30 2 * * *"))
    assert _tick() == "failed: no font"
    with db.reading() as session:
        run = session.scalars(select(JobRun)).one()
    assert (run.state, run.result) == ("failed", "OSError: no font")


def test_a_short_beat_that_finds_nothing_leaves_no_row(
    both: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = worker.Job("often", lambda _tools, _run: "")
    monkeypatch.setitem(worker.BY_NAME, "often", quiet)
    assert worker.run_slot(quiet, None) == ""
    with db.reading() as session:
        assert session.scalars(select(JobRun)).all() == []


def test_a_run_asked_for_by_hand_is_kept_even_if_nothing_was_due(
    both: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(worker.BY_NAME, "often", OFTEN)
    assert worker.run_now("often", None) == ""
    with db.reading() as session:
        assert session.scalars(select(JobRun)).one().period.startswith("now:")


def test_every_job_has_a_name_and_a_calendar_people_can_read() -> None:
    assert len(worker.BY_NAME) == len(worker.JOBS)
    calendars = {job.name: job.calendar for job in worker.JOBS}
    assert calendars["mail"] == "every 5 s"
    assert calendars["reminders"] == "30 7 * * *"
    assert set(calendars) == set(TITLES)
