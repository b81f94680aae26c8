"""What people do with the jobs: ask for a run at once, and cancel one; and what the worker announces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, update

from portal import clock, db, policy
from portal.errors import WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.schedule.models import FailedItem, Job, JobRun, RunState
from portal.words import W

if TYPE_CHECKING:
    from datetime import datetime


def announce(name: str, calendar: str, next_at: datetime | None, catch_up: str | None = None) -> None:
    """Tell the jobs page that this job exists, when it is due next, and what becomes of missed runs."""
    said = {"calendar": calendar, "next_at": next_at, "announced_at": clock.real(), "catch_up": catch_up}
    insert = db.insert(Job).values(name=name, **said)
    db.session().execute(insert.on_conflict_do_update(index_elements=[Job.name], set_=said))


def ask_now(job: str, *, by: Actor) -> None:
    """Ask for a run at once; the next worker takes it, and waits for nothing that failed before."""
    policy.check(by, Can.JOBS_RUN)
    ask_quietly(job)
    waits = (FailedItem.job == job, FailedItem.rests_since.is_(None), FailedItem.left_at.is_(None))
    db.session().execute(update(FailedItem).where(*waits).values(next_try_at=None))
    record(Did.JOB_ASKED, f"job:{job}", by=by)


def ask_quietly(job: str) -> None:
    """Ask for a run, unless one is asked for already; whoever calls this has remembered why."""
    asked = select(JobRun.id).where(JobRun.job == job, JobRun.state == RunState.ASKED.value)
    if db.session().scalar(asked.limit(1)) is None:
        period = f"now:{clock.real():%Y-%m-%dT%H:%M:%S.%f}"
        db.session().add(JobRun(job=job, period=period, state=RunState.ASKED.value, due_at=clock.now()))


def cancel(run: JobRun, *, by: Actor) -> None:
    """Cancel a run: at once where it has not begun or waits for its next try, else between two items.

    Refuses with WrongState where it is over, or somebody has cancelled it already.
    """
    policy.check(by, Can.JOBS_RUN)
    now = clock.real()
    unbegun = or_(
        JobRun.state == RunState.ASKED.value,
        and_(JobRun.state == RunState.FAILED.value, JobRun.lease_until.is_not(None)),
    )
    over = {"state": RunState.CANCELLED.value, "ended_at": now, "lease_until": None}
    over |= {"cancel_asked_at": now, "outcome": {"code": "cancelled", "done": run.done, "total": run.total}}
    running = and_(JobRun.state == RunState.RUNNING.value, JobRun.cancel_asked_at.is_(None))
    if not (_change(run, unbegun, over) or _change(run, running, {"cancel_asked_at": now})):
        raise WrongState(W("This run is over, or somebody has cancelled it already."))
    record(Did.JOB_CANCELLED, f"job:{run.job}", by=by, run=run.id)


def _change(run: JobRun, which: object, values: dict[str, object]) -> bool:
    change = update(JobRun).where(JobRun.id == run.id, which).values(values)  # type: ignore[arg-type]
    return bool(db.session().execute(change).rowcount == 1)  # type: ignore[attr-defined]
