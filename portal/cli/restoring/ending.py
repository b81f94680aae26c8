"""What must not come back to life with a backup: sessions, half-open links, running leases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, update

from portal import clock, db
from portal.documents.models import Paper
from portal.notices.models import Message
from portal.people.models import MailedLink, OpenSession, Purpose
from portal.policy import SYSTEM
from portal.record import Did, record
from portal.schedule.models import JobRun, RunState

if TYPE_CHECKING:
    from portal.operations.backups import Backup


class Ended(NamedTuple):
    """How many of each were ended."""

    sessions: int
    links: int
    leases: int


def end_what_was_open() -> Ended:
    """End sessions, links and leases that stood open in the backup.

    A session that somebody ended after the backup, and a link that was used after it, would open again; the
    link that undoes a change of address stays, because it gives an account back. Leases belong to workers
    that are gone: what they were at is taken up at once.
    """
    now = clock.real()
    with db.writing() as session:
        sessions = _count(session.execute(delete(OpenSession)))
        half_open = (MailedLink.used_at.is_(None), MailedLink.purpose != Purpose.UNDO.value)
        links = _count(session.execute(update(MailedLink).where(*half_open).values(used_at=now)))
        running = JobRun.state == RunState.RUNNING.value
        runs = session.execute(update(JobRun).where(running).values(lease_until=now))
        papers = session.execute(
            update(Paper).where(Paper.leased_until.is_not(None)).values(leased_until=now)
        )
        mails = session.execute(
            update(Message)
            .where(Message.state == "waiting", Message.lease_until > now)
            .values(lease_until=now)
        )
    return Ended(sessions, links, _count(runs) + _count(papers) + _count(mails))


def _count(result: Any) -> int:
    return int(result.rowcount)


def remember(backup: Backup, size: int, *, seen: int) -> None:
    """Write the restore into the record: how many acts came back, and how many a witness had seen."""
    with db.writing():
        record(Did.RECORD_RESTORED, "record", by=SYSTEM, backup=backup.name, size=size, seen=seen)
