"""What should have happened of its own: a worker seen, jobs done, backups made."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal import clock, db
from portal.cli.doctor.findings import Finding, fault, good, warning
from portal.operations.backups import manifest, whole_in
from portal.schedule.models import FailedItem, Job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Config

# A worker announces its jobs every five minutes.
SEEN_LATELY = timedelta(minutes=15)
FRESH, STALE = timedelta(hours=26), timedelta(days=3)


def worker() -> Iterator[Finding]:
    """Say when a worker last showed itself."""
    with db.reading() as session:
        seen = session.scalar(select(func.max(Job.announced_at)))
    if seen is None:
        yield warning("worker", "none was ever seen: start `portal worker`, or nothing is sent and issued.")
    elif clock.real() - seen > SEEN_LATELY:
        yield warning("worker", f"none seen since {seen:%Y-%m-%d %H:%M} UTC: start `portal worker`.")
    else:
        yield good("worker", f"seen at {seen:%H:%M} UTC")


def jobs() -> Iterator[Finding]:
    """Say how many things the jobs could not do."""
    with db.reading() as session:
        count = (
            session.scalar(select(func.count()).select_from(FailedItem).where(FailedItem.left_at.is_(None)))
            or 0
        )
    if count:
        yield warning("jobs", f"{count} things could not be done yet: the reasons are on /desk/jobs/failed.")
    else:
        yield good("jobs", "nothing is left undone")


def backups(config: Config) -> Iterator[Finding]:
    """Say how old the newest whole backup is, and whether PostgreSQL's programs for it are there."""
    if not config.database_url.startswith("sqlite") and not all(map(shutil.which, ("pg_dump", "pg_restore"))):
        yield warning("pg_dump", "not installed: no backup can be made here (apt install postgresql-client).")
    if config.backup_dir is None:
        if not config.is_demo:
            yield warning("backups", "PORTAL_BACKUP_DIR is not set: nothing is backed up of its own.")
        return
    whole = whole_in(config.backup_dir)
    if not whole:
        yield warning("backups", f"none in {config.backup_dir} yet: portal backup {config.backup_dir}")
        return
    yield _aged(manifest.read(whole[-1]), config)


def _aged(newest: manifest.Backup, config: Config) -> Finding:
    made = datetime.fromisoformat(newest.says["made_at"]).astimezone(UTC)
    age, said = clock.real() - made, f"the newest is of {made:%Y-%m-%d %H:%M} UTC"
    if age > STALE:
        return fault(
            "backups", f"{said}: see the job on /desk/jobs, or run portal backup {config.backup_dir}"
        )
    if age > FRESH:
        return warning("backups", f"{said}: the job of last night is missing, see /desk/jobs.")
    if newest.says["keys"]["policy"] == "exclude":
        return good("backups", f"{said}; without keys: keep those elsewhere")
    return good("backups", said)
