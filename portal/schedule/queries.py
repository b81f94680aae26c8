"""Questions about scheduled work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, func, or_, select

from portal.schedule.models import FailedItem, Job, JobRun, RunState

if TYPE_CHECKING:
    from datetime import datetime

RUNNING, FAILED = RunState.RUNNING.value, RunState.FAILED.value


def jobs_with_last_run() -> Select[Job, JobRun | None]:
    """Select every job together with its newest run."""
    newest = select(func.max(JobRun.id)).where(JobRun.job == Job.name).correlate(Job).scalar_subquery()
    return select(Job, JobRun).outerjoin(JobRun, JobRun.id == newest).order_by(Job.name)


def runs_of(job: str, limit: int = 20) -> Select[JobRun]:
    """Select the newest runs of a job."""
    return select(JobRun).where(JobRun.job == job).order_by(JobRun.id.desc()).limit(limit)


def claimable(at: datetime) -> Select[JobRun]:
    """Select the first run that somebody asked for, or that nobody holds any more.

    Its worker died, or it failed and the wait before the next try is over. One, because whoever locks more
    lets another worker believe that there is nothing to do.
    """
    left = and_(JobRun.state.in_((RUNNING, FAILED)), JobRun.lease_until < at)
    return select(JobRun).where(or_(JobRun.state == RunState.ASKED.value, left)).order_by(JobRun.id).limit(1)


def waiting_run_of(job: str) -> Select[int]:
    """Select a failed run of the job that waits for its next try."""
    return (
        select(JobRun.id)
        .where(JobRun.job == job, JobRun.state == FAILED, JobRun.lease_until.is_not(None))
        .limit(1)
    )


def newest_run_of(job: str) -> Select[JobRun]:
    """Select the newest run of the job."""
    return runs_of(job, 1)


def last_slot_of(job: str) -> Select[datetime | None]:
    """Select the newest instant of the calendar at which a run of the job was due."""
    return select(func.max(JobRun.due_at)).where(JobRun.job == job, JobRun.period.not_like("now:%"))


def put_off(job: str, at: datetime) -> Select[FailedItem]:
    """Select the items of a job that are not tried now: they wait, rest, or were left."""
    not_now = or_(
        FailedItem.next_try_at > at, FailedItem.rests_since.is_not(None), FailedItem.left_at.is_not(None)
    )
    return select(FailedItem).where(FailedItem.job == job, not_now)


def undecided(job: str, limit: int = 200) -> Select[FailedItem]:
    """Select the failed items of a job that are tried by themselves, the next one first."""
    tried = (FailedItem.job == job, FailedItem.rests_since.is_(None), FailedItem.left_at.is_(None))
    soonest = (FailedItem.next_try_at.is_not(None), FailedItem.next_try_at, FailedItem.id)
    return select(FailedItem).where(*tried).order_by(*soonest).limit(limit)


def failed_items(job: str = "", limit: int = 200) -> Select[FailedItem]:
    """Select what could not be done, of one job or of all: undecided first, then the newest."""
    found = select(FailedItem).order_by(
        FailedItem.left_at.is_not(None), FailedItem.rests_since.is_(None), FailedItem.failed_at.desc()
    )
    return (found.where(FailedItem.job == job) if job else found).limit(limit)


def undone_counts() -> Select[str, int, int]:
    """Select for each job how many items it could not do and how many of them rest, without those left."""
    return (
        select(FailedItem.job, func.count(), func.count(FailedItem.rests_since))
        .where(FailedItem.left_at.is_(None))
        .group_by(FailedItem.job)
        .order_by(FailedItem.job)
    )
