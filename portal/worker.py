"""The one page of scheduled jobs: APScheduler only ticks, the database decides who works."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from portal import clock, db, subscriptions
from portal.documents.issue import issue
from portal.documents.opening import sealer_for, store_for
from portal.documents.renderer import Renderer
from portal.notices import jobs as notices
from portal.notices.post_office import office_for
from portal.pacts import jobs as pacts
from portal.people import jobs as people
from portal.policy import SYSTEM
from portal.proposals import jobs as proposals
from portal.record import actions as record
from portal.schedule import actions as schedule

if TYPE_CHECKING:
    from config import Config
    from portal.documents.issue import Due
    from portal.schedule.actions import Run

log = logging.getLogger("portal.worker")
OFTEN = timedelta(seconds=5)
ASKED_EVERY_SECONDS = 2


@dataclass(frozen=True)
class Job:
    """A scheduled job: every few seconds, or by the city's calendar in cron words."""

    name: str
    work: Callable[[Tools, Run], str]
    cron: str = ""

    @property
    def calendar(self) -> str:
        """Return when it runs, for the jobs page."""
        return self.cron or f"every {OFTEN.seconds} s"

    def slot(self, now: datetime) -> datetime:
        """Return the newest instant at or before `now` at which this job was due."""
        if not self.cron:
            step = OFTEN.seconds
            return datetime.fromtimestamp(int(now.timestamp()) // step * step, UTC)
        found = now - timedelta(days=32)
        while (following := self._after(found)) <= now:
            found = following
        return found

    def next_at(self, now: datetime) -> datetime:
        """Return the next instant at which this job is due."""
        if not self.cron:
            return self.slot(now) + OFTEN
        return self._after(now)

    def period(self, slot: datetime) -> str:
        """Return the period's name; a calendar job's is its local day and hour, so no fold runs it twice."""
        return f"{clock.local(slot):%Y-%m-%dT%H:%M}" if self.cron else f"{slot:%Y-%m-%dT%H:%M:%SZ}"

    def _after(self, instant: datetime) -> datetime:
        # In UTC: a second added to a local time in the repeated hour of October leads back into it, for ever.
        trigger = CronTrigger.from_crontab(self.cron, timezone=clock.zone())
        following: datetime = trigger.get_next_fire_time(
            None, (instant + timedelta(seconds=1)).astimezone(UTC)
        )
        return following.astimezone(UTC)


class Tools:
    """What the jobs work with, made once per worker."""

    def __init__(self, config: Config, *, city: str, sender: str) -> None:
        self.renderer = Renderer()
        self.drawing = threading.Lock()  # one child draws one paper at a time
        self.store = store_for(config.store_url)
        self.sealer = sealer_for(
            config.seal_file,
            config.seal_passphrase,
            tsa_url=config.tsa_url,
            demo_dir=config.data_dir if config.is_demo else None,
        )
        self.office = office_for(config.mail_url)
        self.base_url, self.city, self.sender = config.base_url, city, sender

    def issue(self, due: Due) -> object:
        """Draw, seal and keep one paper."""
        with self.drawing:
            return issue(due, self.renderer, self.sealer, self.store, by=SYSTEM)

    def close(self) -> None:
        """End the drawing child."""
        self.renderer.close()


def _record(_tools: Tools, run: Run) -> str:
    total = 0
    while True:
        with db.writing():
            count = record.sequence()
        if not count:
            return f"{total} acts put in order" if total else ""
        total += count
        run.progress(total, total)


def _reactions(tools: Tools, run: Run) -> str:
    return subscriptions.react(run, base_url=tools.base_url)


def _papers(find: Callable[[str], list[Due]]) -> Callable[[Tools, Run], str]:
    def work(tools: Tools, run: Run) -> str:
        with db.reading():
            due = find(tools.base_url)
        return run.each([(item.key.code, partial(tools.issue, item)) for item in due])

    return work


def _mail(tools: Tools, run: Run) -> str:
    def one(message_id: int) -> Callable[[], object]:
        return lambda: notices.send(
            message_id, tools.office, people.address_of, sender=tools.sender, city=tools.city
        )

    return run.each([(str(message_id), one(message_id)) for message_id in notices.waiting()])


def _reminders(tools: Tools, run: Run) -> str:
    return subscriptions.remind(run, base_url=tools.base_url)


def _housekeeping(_tools: Tools, run: Run) -> str:
    with db.writing():
        drafts, runs, sessions = proposals.lapse_old_drafts(), schedule.prune(), people.forget_old_sessions()
    run.progress(drafts + runs + sessions, drafts + runs + sessions)
    return f"{drafts} drafts lapsed, {runs} old runs and {sessions} ended sessions dropped"


JOBS = (
    Job("record", _record),
    Job("reactions", _reactions),
    Job("receipts", _papers(proposals.receipts_due)),
    Job("agreements", _papers(pacts.agreements_due)),
    Job("progress_reports", _papers(pacts.progress_reports_due)),
    Job("mail", _mail),
    Job("reminders", _reminders, cron="30 7 * * *"),
    Job("housekeeping", _housekeeping, cron="10 4 * * *"),
)
BY_NAME = {job.name: job for job in JOBS}
# The runs this process has in hand, so that it can give them back.
_AT_WORK: dict[int, Run] = {}


def _domain_now() -> datetime:
    return clock.real() + clock.offset()


def announce() -> None:
    """Tell the jobs page what there is and when it is due next."""
    with db.writing():
        for job in JOBS:
            schedule.announce(job.name, job.calendar, job.next_at(_domain_now()))


def run_slot(job: Job, tools: Tools) -> str | None:
    """Run the newest due slot of a job unless somebody has it or had it; late work is done now."""
    slot = job.slot(_domain_now())
    with db.writing():
        run = schedule.claim(job.name, job.period(slot), due_at=slot)
    return None if run is None else perform(run, tools)


def run_now(name: str, tools: Tools) -> str:
    """Run a job once at once, outside its calendar, and return what it did."""
    now = clock.real()
    with db.writing():
        run = schedule.claim(name, f"now:{now:%Y-%m-%dT%H:%M:%S.%f}", due_at=_domain_now())
    return perform(run, tools) if run is not None else ""


def run_asked(tools: Tools) -> str | None:
    """Take one run that somebody asked for, or that a dead worker left behind."""
    with db.writing():
        run = schedule.take_over()
    return None if run is None else perform(run, tools)


def run_due(tools: Tools) -> Iterator[tuple[str, str]]:
    """Run once what is due, and yield each job's name and result.

    Due are the jobs of the short beat, calendar jobs whose newest slot nobody had, and what was asked for.
    """
    for job in JOBS:
        yield job.name, (run_slot(job, tools) if job.cron else run_now(job.name, tools)) or ""
    while (result := run_asked(tools)) is not None:
        yield "asked for", result


def perform(run: Run, tools: Tools) -> str:
    """Do a claimed run and write down how it ended; every line in the log says which run it was."""
    with structlog.contextvars.bound_contextvars(job=run.job, run=run.id):
        _AT_WORK[run.id] = run
        try:
            return _perform(run, tools)
        finally:
            del _AT_WORK[run.id]


def _perform(run: Run, tools: Tools) -> str:
    try:
        result = BY_NAME[run.job].work(tools, run)
    except schedule.LeaseLost:
        return "another worker took over"
    except schedule.Stopping:
        with db.writing():
            schedule.give_back(run)
        return "given back: this worker stops"
    except Exception as error:
        log.exception("job %s failed", run.job)
        with db.writing():
            schedule.finish(run, f"{type(error).__name__}: {error}", failed=True)
        return f"failed: {error}"
    with db.writing():
        if run.total or run.failures or run.period.startswith("now:") or BY_NAME[run.job].cron:
            schedule.finish(run, result)
        else:
            schedule.finish_quietly(run)
    if run.total:
        log.info("%s of %s done", run.done, run.total)
    return result


class Worker:
    """A process that runs the jobs until it is told to stop."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._seen: dict[str, datetime] = {}
        self.scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin to tick."""
        schedule.stopping.clear()
        announce()
        for job in JOBS:
            self.scheduler.add_job(self._tick, "interval", seconds=OFTEN.seconds, args=[job], id=job.name)
        self.scheduler.add_job(self._asked, "interval", seconds=ASKED_EVERY_SECONDS, id="asked")
        self.scheduler.add_job(announce, "interval", minutes=5, id="announce")
        self.scheduler.start()

    def stop(self, seconds: float = 60.0) -> bool:
        """Let the items in flight end and give their runs back; False where one did not end in time.

        Its run is given back all the same: an item is done whole or not at all, and again does no harm.
        """
        schedule.stopping.set()
        ending = threading.Thread(target=self.scheduler.shutdown, daemon=True)
        ending.start()
        ending.join(seconds)
        for run in list(_AT_WORK.values()):
            with db.writing():
                schedule.give_back(run)
        self.tools.close()
        return not ending.is_alive()

    def _tick(self, job: Job) -> None:
        slot = job.slot(_domain_now())
        if self._seen.get(job.name) == slot or schedule.stopping.is_set():
            return  # asked the database about this slot before
        try:
            run_slot(job, self.tools)
        except Exception:
            log.exception("tick of %s", job.name)
        else:
            self._seen[job.name] = slot

    def _asked(self) -> None:
        try:
            while not schedule.stopping.is_set() and run_asked(self.tools) is not None:
                pass
        except Exception:
            log.exception("tick of asked runs")
