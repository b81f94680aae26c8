"""Measures that stand in the database: how jobs fare, what waits, who is signed in; numbers, no names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from portal import clock, db
from portal.notices.models import Message
from portal.notices.models.messages import TO_SEND
from portal.people.models import OpenSession
from portal.record.models import Act, Leaf
from portal.schedule.models import FailedItem, Job, JobRun, RunState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from prometheus_client.core import Metric
    from sqlalchemy import Select


class OfDatabase(Collector):
    """What is looked up when somebody asks; nothing of it is kept in a process."""

    def collect(self) -> Iterator[Metric]:
        """Yield every measure; reads only."""
        with db.reading() as session:
            yield from _of_jobs()
            for name, about, question in (
                ("mails_waiting", "Mails that were not sent yet", _MAILS),
                ("mails_failed", "Mails that could not be sent", _FAILED_MAILS),
                ("record_waiting", "Acts that wait for their place in the record", _WAITING_ACTS),
                ("sessions_open", "Sessions of people who are signed in", _sessions()),
            ):
                yield GaugeMetricFamily(f"portal_{name}", about, session.scalar(question) or 0)
        writable = db.database().condition.trouble() is None
        yield GaugeMetricFamily("portal_writable", "1 where something can be written just now", int(writable))


_MAILS = select(func.count()).select_from(Message).where(TO_SEND)
_FAILED_MAILS = select(func.count()).select_from(Message).where(Message.state == "failed")
# Only acts behind the newest place are counted: that reads the end of one index, not the whole record.
_NEWEST = select(Leaf.act_id).order_by(Leaf.position.desc()).limit(1).scalar_subquery()
_WAITING_ACTS = select(func.count()).select_from(Act).where(Act.id > func.coalesce(_NEWEST, 0))
_LAST_SUCCESS = (
    select(JobRun.job, func.max(JobRun.ended_at))
    .where(JobRun.state == RunState.DONE.value)
    .group_by(JobRun.job)
)
_FAILED_ITEMS = (
    select(FailedItem.job, func.count()).where(FailedItem.left_at.is_(None)).group_by(FailedItem.job)
)


def _sessions() -> Select[int]:
    alive = OpenSession.expires_at > clock.real()
    return select(func.count()).select_from(OpenSession).where(OpenSession.person_id.is_not(None), alive)


def _of_jobs() -> Iterator[Metric]:
    session, now = db.session(), clock.real()
    age = GaugeMetricFamily("portal_job_success_age_seconds", "Since the job last ended well", labels=["job"])
    late = GaugeMetricFamily(
        "portal_job_late_seconds", "Since the job should have run and did not", labels=["job"]
    )
    failed = GaugeMetricFamily("portal_job_failed_items", "Things a job could not do", labels=["job"])
    ended: dict[str, datetime] = {name: at for name, at in session.execute(_LAST_SUCCESS) if at}
    undone: dict[str, int] = {name: count for name, count in session.execute(_FAILED_ITEMS)}  # noqa: C416 - rows are no pairs to dict()
    for job in session.scalars(select(Job).order_by(Job.name)):
        last = max(filter(None, (ended.get(job.name), job.looked_at)), default=None)
        if last is not None:
            age.add_metric([job.name], (now - last).total_seconds())
        late.add_metric([job.name], _late_seconds(job, last))
        failed.add_metric([job.name], undone.get(job.name, 0))
    yield from (age, late, failed)


def _late_seconds(job: Job, last: datetime | None) -> float:
    # The calendar lives in the domain's time, runs in the real one.
    due = None if job.next_at is None else job.next_at - clock.offset()
    if due is None or (last is not None and last >= due):
        return 0.0
    return max(0.0, (clock.real() - due).total_seconds())
