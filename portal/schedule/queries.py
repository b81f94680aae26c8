"""Questions about scheduled work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, func, or_, select

from portal.schedule.models import FailedItem, Job, JobRun, RunState

if TYPE_CHECKING:
    from datetime import datetime


def jobs_with_last_run() -> Select[Job, JobRun | None]:
    """Select every job together with its newest run."""
    newest = select(func.max(JobRun.id)).where(JobRun.job == Job.name).correlate(Job).scalar_subquery()
    return select(Job, JobRun).outerjoin(JobRun, JobRun.id == newest).order_by(Job.name)


def runs_of(job: str, limit: int = 20) -> Select[JobRun]:
    """Select the newest runs of a job."""
    return select(JobRun).where(JobRun.job == job).order_by(JobRun.id.desc()).limit(limit)


def claimable(at: datetime) -> Select[JobRun]:
    """Select runs that somebody asked for, and runs whose worker died: their lease is over."""
    abandoned = and_(JobRun.state == RunState.RUNNING.value, JobRun.lease_until < at)
    return (
        select(JobRun)
        .where(or_(JobRun.state == RunState.ASKED.value, abandoned))
        .order_by(JobRun.id)
        .limit(20)
    )


def failed_items() -> Select[FailedItem]:
    """Select what could not be done, newest first."""
    return select(FailedItem).order_by(FailedItem.failed_at.desc()).limit(200)
