"""The life of a run: claimed once, taken over when its worker dies, tried again when it fails, and over."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from portal import clock, db
from portal.schedule import queries
from portal.schedule.actions.runs import LEASE, Run
from portal.schedule.models import Job, JobRun, RunState
from portal.schedule.said import Said, said
from portal.schedule.waits import MOST_RUN_TRIES, wait_after

if TYPE_CHECKING:
    from datetime import datetime

log = logging.getLogger("portal.schedule")
# A run that starts this long after it was due says so.
LATE_AFTER = timedelta(minutes=10)
KEPT = timedelta(days=90)


def claim(job: str, period: str, *, due_at: datetime, is_beat: bool = False) -> Run | None:
    """Claim the run of a job for a period, or return None where somebody has it or had it.

    The insert decides: (job, period) is unique, on every database and with any number of workers. A beat is
    not claimed while a failed run of its job waits for its next try, or rests after somebody cancelled it.
    """
    if is_beat and _rests(job):
        return None
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
        "is_late": now + clock.offset() > due_at + LATE_AFTER,
        "done": 0,
        "total": 0,
        "failures": 0,
        "result": "",
    }
    insert = db.insert(JobRun).values(row).on_conflict_do_nothing().returning(JobRun.id)
    run_id = db.session().execute(insert).scalar_one_or_none()
    return None if run_id is None else Run(run_id, job, period, due_at, fence=1)


def _rests(job: str) -> bool:
    session = db.session()
    if session.scalar(queries.waiting_run_of(job)) is not None:
        return True
    newest = session.scalars(queries.newest_run_of(job)).one_or_none()
    return newest is not None and newest.rests_until is not None and newest.rests_until > clock.real()


def take_over() -> Run | None:
    """Claim a run that was asked for, that waits for its next try, or whose worker died.

    The fence number shuts the dead one out. What was cancelled, or has had its tries, ends here instead.
    """
    now = clock.real()
    first = queries.claimable(now).with_for_update(skip_locked=True)
    while (row := db.session().scalars(first).one_or_none()) is not None:
        if row.cancel_asked_at is not None:
            _end(row, RunState.CANCELLED, said("cancelled", done=row.done, total=row.total))
        elif row.attempts >= MOST_RUN_TRIES:
            _end(row, RunState.FAILED, said("gave_up", tries=row.attempts))
            log.error("job %s: run %s failed: its worker died %s times", row.job, row.period, row.attempts)
        else:
            return _taken(row, now)
    return None


def _taken(row: JobRun, now: datetime) -> Run | None:
    fence, tries = (
        row.fence + 1,
        row.attempts + 1,
    )  # read before the UPDATE, which changes the row in hand too
    values = {"state": RunState.RUNNING.value, "attempts": tries, "lease_until": now + LEASE}
    if not _change(row.id, row.fence, row.state, fence=fence, started_at=now, ended_at=None, **values):
        return None
    return Run(row.id, row.job, row.period, row.due_at, fence=fence, tries=tries)


def _end(row: JobRun, state: RunState, outcome: Said) -> None:
    over = {"state": state.value, "outcome": outcome.row, "ended_at": clock.real(), "lease_until": None}
    _change(row.id, row.fence, row.state, fence=row.fence + 1, **over)


def give_back(run: Run) -> bool:
    """End the lease, so that another worker takes the run over at once; False where one has it already.

    The fence moves on: whatever this worker still does with the run changes nothing any more. A worker that
    is told to stop is no failure: the try is not counted.
    """
    over = {"lease_until": clock.real() - timedelta(seconds=1), "attempts": run.tries - 1}
    return _change(run.id, run.fence, RunState.RUNNING.value, fence=run.fence + 1, **over)


def finish(run: Run, outcome: Said | str, *, failed: bool = False, again: bool = False) -> bool:
    """End the run and say what it did; False where another worker has it by now.

    A string is what the machine said. `again`: a run that failed, or left items, is tried once more after a
    wait, until its tries are used up.
    """
    is_failed = failed or bool(run.failures) or (again and run.waiting > 0)
    until = (
        clock.real() + wait_after(run.tries) if is_failed and again and run.tries < MOST_RUN_TRIES else None
    )
    values: dict[str, Any] = {"result": outcome[:2000], "outcome": None}
    if isinstance(outcome, Said):
        values = {"result": "", "outcome": outcome.row}
    if is_failed and (failed or again) and until is None:
        log.error("job %s: run %s failed after %s tries", run.job, run.period, run.tries)
    state = RunState.FAILED if is_failed else RunState.DONE
    return _over(run, state, failures=len(run.failures), lease_until=until, **values)


def stop_for_good(run: Run) -> bool:
    """End a run that somebody cancelled; what it has done stays done."""
    outcome = said("cancelled", done=run.done, total=run.total)
    return _over(run, RunState.CANCELLED, outcome=outcome.row, lease_until=None, failures=len(run.failures))


def _over(run: Run, state: RunState, **values: Any) -> bool:
    ended = {"state": state.value, "ended_at": clock.real()}
    return _change(run.id, run.fence, RunState.RUNNING.value, **ended, **values)


def _change(run_id: int, fence: int, state: str, /, **values: Any) -> bool:
    mine = (JobRun.id == run_id, JobRun.fence == fence, JobRun.state == state)
    changed = db.session().execute(update(JobRun).where(*mine).values(values))
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def finish_quietly(run: Run) -> None:
    """End a run that found nothing to do: its row goes, and the job says when it last looked."""
    session = db.session()
    session.execute(delete(JobRun).where(JobRun.id == run.id, JobRun.fence == run.fence))
    session.execute(update(Job).where(Job.name == run.job).values(looked_at=clock.real()))


def prune() -> int:
    """Drop old runs that ended well; failures stay, and each job's newest run: catching up begins there."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job, JobRun.period.startswith("now:"))
    ended_well = JobRun.state.in_((RunState.DONE.value, RunState.CANCELLED.value))
    old = JobRun.ended_at < clock.real() - KEPT
    gone = db.session().execute(delete(JobRun).where(ended_well, old, JobRun.id.not_in(newest)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
