"""Five years of ticks, workers down at random: every slot once, none lost, none doubled, lateness marked.

The suite lets one seed run; `make soak` lets many, on both databases.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from portal import clock, db, worker
from portal.pacts import calendar
from portal.schedule import actions as schedule
from portal.schedule.actions.lives import LATE_AFTER
from portal.schedule.models import JobRun
from portal.schedule.said import NOTHING, Said
from portal.schedule.timetable import CatchUp

SUNDAY = 6
ROME = ZoneInfo("Europe/Rome")
BEGIN, END = datetime(2026, 1, 1, tzinfo=ROME), datetime(2031, 1, 1, tzinfo=ROME)
PERIODS = calendar.periods(
    date(2025, 11, 30), date(2030, 11, 29), every_months=1, first_due_on=date(2026, 1, 14)
)


def _nothing(_tools: worker.Tools, _run: schedule.Run) -> Said:
    return NOTHING


class City:
    """A city whose clock is moved; its jobs note what they did, and their workers are down at random."""

    def __init__(self, seed: int, monkeypatch: pytest.MonkeyPatch, nights: str = "sun") -> None:
        self.nights = nights
        self.chance = random.Random(seed)
        self.reported: list[tuple[int, date]] = []
        # Clocks change on Sundays: the suite lives through these only, the soak through every night.
        self.nightly = worker.Job("nightly", _nothing, f"30 2 * * {nights}", CatchUp.EACH)
        self.month_end = worker.Job("month_end", _nothing, "15 23 last * *", CatchUp.EACH)
        self.leap_day = worker.Job("leap_day", _nothing, "0 12 29 2 *", CatchUp.EACH)
        self.reports = worker.Job("reports", self._report, "30 7 1,15 * *", CatchUp.NEWEST)
        self.jobs = (self.nightly, self.month_end, self.leap_day, self.reports)
        monkeypatch.setattr(worker, "BY_NAME", {job.name: job for job in self.jobs})
        self.ticks: dict[str, list[datetime]] = {}

    def _report(self, _tools: worker.Tools, _run: schedule.Run) -> Said:
        today = clock.local(clock.real() + clock.offset()).date()
        known = {number for number, _ in self.reported}
        for period in calendar.due(PERIODS, known, today):
            self.reported.append((period.number, today))
        return NOTHING

    def live(self) -> list[datetime]:
        """Let the years pass; return the instants at which a worker was up and ticked."""
        at, ticks = BEGIN.astimezone(UTC), []
        while at < END:
            ticks.append(at)
            self._tick(at)
            at = self._next(at)
        self._tick(END.astimezone(UTC))
        return [*ticks, END.astimezone(UTC)]

    def _tick(self, at: datetime) -> None:
        self._set_clock(at)
        for job in self.jobs * (2 if self.chance.random() < 0.05 else 1):
            worker.run_slot(job, None)  # type: ignore[arg-type]

    def _next(self, at: datetime) -> datetime:
        # Mostly a worker ticks soon after something is due; now and then there is none for days or months.
        if self.chance.random() < 0.02:
            return at + timedelta(hours=self.chance.uniform(24, 2400))
        return min(job.next_at(at) for job in self.jobs) + timedelta(minutes=self.chance.uniform(0, 20))

    def _set_clock(self, at: datetime) -> None:
        clock.set_offset(at - clock.real())


@pytest.fixture(autouse=True)
def rome() -> Iterator[None]:
    clock.set_zone("Europe/Rome")
    yield
    clock.set_offset(timedelta(0))


def _runs(job: worker.Job) -> list[JobRun]:
    with db.reading() as session:
        return list(session.scalars(select(JobRun).where(JobRun.job == job.name).order_by(JobRun.id)))


def _days(first: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((END.date() - first).days)]


def _hour(day: date) -> str:
    # On the Sunday on which summer time begins, half past two does not exist: an hour later is as good.
    wall = datetime(day.year, day.month, day.day, 2, 30, tzinfo=ROME)
    return wall.astimezone(UTC).astimezone(ROME).strftime("%Y-%m-%dT%H:%M")


def _assert_once(city: City, ticks: list[datetime]) -> None:
    nightly = [run.period for run in _runs(city.nightly)]
    first = date.fromisoformat(nightly[0][:10])
    days = [day for day in _days(first) if city.nights == "*" or day.weekday() == SUNDAY]
    assert first == (date(2025, 12, 31) if city.nights == "*" else date(2025, 12, 28))
    assert nightly == [_hour(day) for day in days]
    ends = [day for day in _days(date(2025, 12, 31)) if (day + timedelta(days=1)).day == 1]
    assert [run.period for run in _runs(city.month_end)] == [f"{day}T23:15" for day in ends]
    assert len(ends) == 61
    assert [run.period for run in _runs(city.leap_day)] == ["2024-02-29T12:00", "2028-02-29T12:00"]
    for run in (run for job in city.jobs for run in _runs(job)):
        began = next(tick for tick in ticks if tick >= run.due_at)
        lateness = began - run.due_at
        if abs(lateness - LATE_AFTER) > timedelta(seconds=30):
            assert run.is_late == (lateness > LATE_AFTER), (run.job, run.period, lateness)
        assert (run.state, run.attempts) == ("done", 1)


def _assert_reported(city: City) -> None:
    assert [number for number, _ in city.reported] == [period.number for period in PERIODS]
    assert len(PERIODS) == 60
    assert all(PERIODS[number - 1].is_over(day) for number, day in city.reported)


def _live(city: City) -> None:
    ticks = city.live()
    _assert_once(city, ticks)
    _assert_reported(city)
    late = [run.is_late for run in _runs(city.nightly)]
    assert 10 < sum(late) < len(late) - 10


def test_five_years_of_a_city_whose_worker_is_down_at_random(
    database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A thousand commits: what they say is tried here, not how hard they are written to the disk.
    database.close()
    event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    _live(City(29, monkeypatch))


def test_every_night_of_five_years_is_due_once_however_the_worker_sleeps() -> None:
    """The timetable alone, without a database: 1,826 nights, ten of them with a change of clocks."""
    chance, job = random.Random(30), worker.Job("nightly", _nothing, "30 2 * * *", CatchUp.EACH)
    at = BEGIN.astimezone(UTC)
    due = {job.period(job.slot(at)): job.slot(at)}
    while at < END:
        at = min(END.astimezone(UTC), at + timedelta(hours=chance.choice((0.1, 5, 24, 400, 3000))))
        slots = job.slots(at, max(due.values()))
        assert len({job.period(slot) for slot in slots}) == len(slots)
        due |= {job.period(slot): slot for slot in slots}
    assert list(due) == [_hour(day) for day in _days(date(2025, 12, 31))]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(int(os.environ.get("PORTAL_SOAK_CITIES", "5"))))
def test_many_cities_tick_through_every_night(
    both: db.Database, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    _live(City(seed, monkeypatch, "*"))


def test_what_was_missed_longer_than_runs_are_kept_is_still_made_up(
    both: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = City(1, monkeypatch)
    city._set_clock(datetime(2026, 11, 23, 9, tzinfo=ROME))
    worker.run_slot(city.month_end, None)  # type: ignore[arg-type]
    with db.writing() as session:
        for run in session.scalars(select(JobRun)):
            run.ended_at = clock.real() - timedelta(days=400)
    with db.writing():
        assert schedule.prune() == 0
    city._set_clock(datetime(2027, 12, 23, 9, tzinfo=ROME))
    worker.run_slot(city.month_end, None)  # type: ignore[arg-type]
    assert len(_runs(city.month_end)) == 14
