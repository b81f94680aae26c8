"""Claim a period of a job, keep its lease, say how far it is, and end it; the fence number guards the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from portal import clock, db, policy
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.schedule import queries
from portal.schedule.models import FailedItem, Job, JobRun, RunState

if TYPE_CHECKING:
    from datetime import datetime

LEASE = timedelta(minutes=5)
# A run that starts this long after it was due says so.
LATE_AFTER = timedelta(minutes=10)
KEPT = timedelta(days=90)
LONGEST_ITEM = 160


# Set when this worker is told to stop: the item in hand ends, the others are left for another worker.
stopping = threading.Event()


class Stopping(Exception):
    """This worker ends; what is left of the run is another's."""


class LeaseLost(Exception):
    """The lease ended and another worker has the run now; this one must stop."""


@dataclass
class Run:
    """A claimed run, handed to the job: it reports progress and failed items through this."""

    id: int
    job: str
    period: str
    due_at: datetime
    fence: int
    done: int = 0
    total: int = 0
    failures: list[str] = field(default_factory=list)

    def progress(self, done: int, total: int) -> None:
        """Say how far the run is and lengthen the lease; raises LeaseLost where another worker took over."""
        self.done, self.total = done, total
        with db.aside() as session:
            changed = session.execute(
                update(JobRun)
                .where(
                    JobRun.id == self.id, JobRun.fence == self.fence, JobRun.state == RunState.RUNNING.value
                )
                .values(done=done, total=total, lease_until=clock.real() + LEASE)
            )
            if changed.rowcount != 1:  # type: ignore[attr-defined]
                raise LeaseLost

    def each(self, items: list[tuple[str, Callable[[], object]]]) -> str:
        """Do every item; one that fails is noted with its reason and never stops the rest.

        Returns one sentence about the run.
        """
        for count, (name, step) in enumerate(items):
            if stopping.is_set():
                raise Stopping
            self.progress(count, len(items))
            self._one(name, step)
        if items:
            self.progress(len(items) - len(self.failures), len(items))
        return f"{len(items) - len(self.failures)} of {len(items)} done"

    def _one(self, name: str, step: Callable[[], object]) -> None:
        try:
            step()
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the reason is kept; the other items must still be done
            self.failures.append(name)
            note_failure(self.job, name, f"{type(error).__name__}: {error}")
        else:
            forget_failure(self.job, name)


def announce(name: str, calendar: str, next_at: datetime | None) -> None:
    """Tell the jobs page that this job exists and when it is due next."""
    said = {"calendar": calendar, "next_at": next_at, "announced_at": clock.real()}
    insert = db.insert(Job).values(name=name, **said)
    db.session().execute(insert.on_conflict_do_update(index_elements=[Job.name], set_=said))


def ask_now(job: str, *, by: Actor) -> None:
    """Ask for a run at once; the next worker that looks takes it."""
    policy.check(by, Can.JOBS_RUN)
    period = f"now:{clock.real():%Y-%m-%dT%H:%M:%S.%f}"
    db.session().add(JobRun(job=job, period=period, state=RunState.ASKED.value, due_at=clock.now()))
    record(Did.JOB_ASKED, f"job:{job}", by=by)


def claim(job: str, period: str, *, due_at: datetime) -> Run | None:
    """Claim the run of a job for a period, or return None where somebody has it or had it.

    The insert decides: (job, period) is unique, on every database and with any number of workers.
    """
    now = clock.real()
    row = {
        "job": job,
        "period": period,
        "state": RunState.RUNNING.value,
        "fence": 1,
        "attempts": 1,
        "lease_until": now + LEASE,
        "due_at": due_at,
        "started_at": now,
        "is_late": clock.real() + clock.offset() > due_at + LATE_AFTER,
        "done": 0,
        "total": 0,
        "failures": 0,
        "result": "",
    }
    insert = db.insert(JobRun).values(row).on_conflict_do_nothing().returning(JobRun.id)
    run_id = db.session().execute(insert).scalar_one_or_none()
    return None if run_id is None else Run(run_id, job, period, due_at, fence=1)


def take_over() -> Run | None:
    """Claim a run that was asked for, or whose worker died; the fence number shuts the dead one out."""
    session = db.session()
    now = clock.real()
    for row in session.scalars(queries.claimable(now).with_for_update(skip_locked=True)):
        fence = row.fence + 1  # read before the UPDATE, which changes the row in hand too
        changed = session.execute(
            update(JobRun)
            .where(JobRun.id == row.id, JobRun.fence == fence - 1)
            .values(
                state=RunState.RUNNING.value,
                fence=fence,
                attempts=row.attempts + 1,
                lease_until=now + LEASE,
                started_at=now,
            )
        )
        if changed.rowcount == 1:  # type: ignore[attr-defined]
            return Run(row.id, row.job, row.period, row.due_at, fence=fence)
    return None


def give_back(run: Run) -> bool:
    """End the lease, so that another worker takes the run over at once; False where one has it already.

    The fence moves on: whatever this worker still does with the run changes nothing any more.
    """
    mine = (JobRun.id == run.id, JobRun.fence == run.fence, JobRun.state == RunState.RUNNING.value)
    over = {"lease_until": clock.real() - timedelta(seconds=1), "fence": run.fence + 1}
    changed = db.session().execute(update(JobRun).where(*mine).values(over))
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def finish(run: Run, result: str, *, failed: bool = False) -> bool:
    """End the run with one sentence; False where another worker has it by now."""
    state = RunState.FAILED if failed or run.failures else RunState.DONE
    changed = db.session().execute(
        update(JobRun)
        .where(JobRun.id == run.id, JobRun.fence == run.fence, JobRun.state == RunState.RUNNING.value)
        .values(
            state=state.value,
            ended_at=clock.real(),
            result=result[:2000],
            failures=len(run.failures),
            lease_until=None,
        )
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def finish_quietly(run: Run) -> None:
    """End a run that found nothing to do: its row goes, and the job says when it last looked."""
    session = db.session()
    session.execute(delete(JobRun).where(JobRun.id == run.id, JobRun.fence == run.fence))
    session.execute(update(Job).where(Job.name == run.job).values(looked_at=clock.real()))


def note_failure(job: str, item: str, reason: str) -> None:
    """Keep why an item of a job failed."""
    said = {"reason": reason[:2000], "failed_at": clock.real()}
    insert = db.insert(FailedItem).values(job=job, item=item[:LONGEST_ITEM], attempts=1, **said)
    again = insert.on_conflict_do_update(
        index_elements=[FailedItem.job, FailedItem.item], set_={"attempts": FailedItem.attempts + 1, **said}
    )
    with db.aside() as session:
        session.execute(again)


def forget_failure(job: str, item: str) -> None:
    """Drop the failure of an item that succeeded."""
    with db.aside() as session:
        session.execute(
            delete(FailedItem).where(FailedItem.job == job, FailedItem.item == item[:LONGEST_ITEM])
        )


def prune() -> int:
    """Drop old runs that ended well; failures stay."""
    gone = db.session().execute(
        delete(JobRun).where(JobRun.state == RunState.DONE.value, JobRun.ended_at < clock.real() - KEPT)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
