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

from portal import city, clock, db, faults, subscriptions
from portal.counter import jobs as counter
from portal.errors import Refused
from portal.notices import jobs as notices
from portal.observations import jobs as observations
from portal.operations import jobs as operations
from portal.operations.tools import Tools
from portal.operations.words import in_english
from portal.pacts import jobs as pacts
from portal.pacts.legal_room import jobs as legal_hours
from portal.people import jobs as people
from portal.privacy import jobs as privacy
from portal.proposals import jobs as proposals
from portal.record import actions as record
from portal.record import checkpoints
from portal.record.keys import signer_for
from portal.schedule import actions as schedule
from portal.schedule import queries as runs
from portal.schedule.said import NOTHING, Said, in_machine_words, refused, said
from portal.schedule.timetable import CatchUp, Timetable
from portal.support.servers import jobs as servers

if TYPE_CHECKING:
    from portal.documents.issue import Due
    from portal.schedule.actions import Run

__all__ = ["JOBS", "Job", "Tools", "Worker", "run_due", "run_now"]
log = logging.getLogger("portal.worker")
OFTEN = timedelta(seconds=5)
ASKED_EVERY_SECONDS = 2


@dataclass(frozen=True)
class Job(Timetable):
    """A scheduled job: every few seconds, or by the city's calendar in cron words."""

    name: str
    work: Callable[[Tools, Run], Said | str]
    cron: str = ""
    catch_up: CatchUp = CatchUp.NEWEST

    @property
    def every(self) -> timedelta:  # type: ignore[override]
        """Return the beat of jobs without a calendar."""
        return OFTEN


def _record(_tools: Tools, run: Run) -> Said:
    total = 0
    while True:
        with db.writing():
            count = record.sequence()
            faults.reach("ordered")
        if not count:
            return said("ordered", count=total) if total else NOTHING
        total += count
        run.progress(total, total)


def _checkpoints(tools: Tools, run: Run) -> Said:
    signed = checkpoints.sign(signer_for(tools.config), progress=run.progress)
    return said("signed", size=signed.size) if signed is not None else NOTHING


def _papers(find: Callable[[str], list[Due]]) -> Callable[[Tools, Run], Said]:
    def work(tools: Tools, run: Run) -> Said:
        with db.reading():
            due = find(tools.base_url)
        return run.each([(item.key.code, partial(tools.issue, item)) for item in due])

    return work


def _mail(tools: Tools, run: Run) -> Said:
    head = {name: getattr(tools, name) for name in ("sender", "city", "reply_to", "base_url", "reply_domain")}

    def one(message_id: int) -> Callable[[], object]:
        return lambda: notices.send(message_id, tools.office, people.address_of, **head)

    return run.each([(str(message_id), one(message_id)) for message_id in notices.waiting()])


def _reminders(tools: Tools, run: Run) -> Said:
    rules = city.profile(tools.config.city).pools
    return subscriptions.remind(run, base_url=tools.base_url, rules=rules)


def _housekeeping(_tools: Tools, run: Run) -> Said:
    with db.writing():
        drafts, old, sessions = proposals.lapse_old_drafts(), schedule.prune(), people.forget_old_sessions()
    done = drafts + old + sessions + (cases := pacts.heal_desk())
    run.progress(done, done)
    return said("tidied", drafts=drafts, runs=old, sessions=sessions, cases=cases)


def _backups(tools: Tools, run: Run) -> Said:
    return operations.back_up(tools.config, run)


# A calendar job says what becomes of runs that were missed. Each of these brings everything up to date, so
# the newest is enough: reminders are counted from the day they are sent on, and make up for what was missed.
JOBS = (
    Job("record", _record),
    Job("checkpoints", _checkpoints, cron="*/10 * * * *", catch_up=CatchUp.NEWEST),
    Job("reactions", lambda tools, run: subscriptions.react(run, base_url=tools.base_url)),
    Job("desk", lambda _tools, run: pacts.keep_desk(run)),
    Job("held_decisions", lambda _tools, run: pacts.publish_held(run)),
    Job("receipts", _papers(proposals.receipts_due)),
    Job("decisions", _papers(proposals.decisions_due)),
    Job("agreements", _papers(pacts.agreements_due)),
    Job("progress_reports", _papers(pacts.progress_reports_due)),
    Job("endorsements", lambda _tools, run: observations.count_endorsements(run)),
    Job("letters", lambda tools, run: counter.draw_batches(run, tools.render, tools.config.city)),
    Job("slips", _papers(counter.slips_due)),
    Job("helps", lambda _tools, run: counter.end_overdue(run)),
    Job("servers", lambda tools, run: servers.keep(run, tools.config)),
    Job("mail", _mail),
    Job("digests", lambda _tools, run: notices.digests(run), cron="0 8 * * *", catch_up=CatchUp.NEWEST),
    Job("reminders", _reminders, cron="30 7 * * *", catch_up=CatchUp.NEWEST),
    Job("legal_hours", lambda _tools, run: legal_hours.confirm_silent(run), cron="10 6 * * *"),
    Job("bookings", lambda _tools, run: pacts.cancel_left(run), cron="0 6 * * *"),
    Job("residents", subscriptions.attend_residents, cron="50 7 * * *", catch_up=CatchUp.NEWEST),
    Job("repositories", proposals.look_for_code, cron="20 5 * * *", catch_up=CatchUp.NEWEST),
    Job("housekeeping", _housekeeping, cron="10 4 * * *", catch_up=CatchUp.NEWEST),
    Job("forgetting", privacy.forget, cron="20 4 * * *", catch_up=CatchUp.NEWEST),
    Job("backups", _backups, cron="40 2 * * *", catch_up=CatchUp.NEWEST),
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
            catch_up = job.catch_up if job.cron else None
            schedule.announce(job.name, job.calendar, job.next_at(_domain_now()), catch_up)


def run_slot(job: Job, tools: Tools) -> str | None:
    """Run what is due of a job unless somebody has it or had it, and return the last result.

    What was due while nobody ran is run now and marked late.
    """
    result = None
    for slot in _due(job):
        with db.writing():
            run = schedule.claim(job.name, job.period(slot), due_at=slot, is_beat=not job.cron)
        if run is not None:
            result = perform(run, tools)
        if schedule.stopping.is_set():
            break
    return result


def _due(job: Job) -> list[datetime]:
    if job.catch_up is CatchUp.NEWEST:
        return job.slots(_domain_now(), None)
    with db.reading() as session:
        last = session.scalar(runs.last_slot_of(job.name))
    return job.slots(_domain_now(), last)


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
    faults.reach("run-claimed")
    job = BY_NAME.get(run.job)
    if job is None:
        return _end(run, f"there is no job named {run.job} any more", failed=True)
    try:
        outcome = job.work(tools, run)
    except (schedule.LeaseLost, schedule.Stopping, schedule.Cancelled) as reason:
        return _left(run, reason)
    except Exception as error:
        log.exception("job %s failed", run.job)
        why = refused(error.words) if isinstance(error, Refused) else in_machine_words(error)
        _end(run, why, failed=True, again=True)
        return f"failed: {error}"
    faults.reach("run-done")
    if run.total or run.failures or run.period.startswith("now:") or job.cron:
        # Failed items of the short beat are tried again by the beats that follow.
        return _end(run, outcome, again=bool(job.cron))
    return _quiet(run, outcome)


def _end(run: Run, outcome: Said | str, *, failed: bool = False, again: bool = False) -> str:
    with db.writing():
        schedule.finish(run, outcome, failed=failed, again=again)
    if run.total and not failed:
        log.info("%s of %s done", run.done, run.total)
    return in_english(outcome)


def _quiet(run: Run, outcome: Said | str) -> str:
    with db.writing():
        schedule.finish_quietly(run)
    return in_english(outcome)


def _left(run: Run, reason: Exception) -> str:
    if isinstance(reason, schedule.LeaseLost):
        return "another worker took over"
    with db.writing():
        if isinstance(reason, schedule.Cancelled):
            schedule.stop_for_good(run)
            return "cancelled"
        schedule.give_back(run)
        return "given back: this worker stops"


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
