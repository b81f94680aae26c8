"""Whether this process can answer: database, tables, papers; and whether a worker was seen lately."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, db
from portal.documents.store import FolderStore
from portal.schedule.models import Job

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from portal.documents.store import Store

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
ANSWER_SECONDS = 2.0
# Workers announce themselves every five minutes.
SEEN_LATELY = timedelta(minutes=11)
# One at a time: a database that hangs takes one thread of a process, not one for every question.
_asking = ThreadPoolExecutor(1, thread_name_prefix="readiness")


@dataclass
class Readiness:
    """What was found; `reasons` names in single words why no page can be answered."""

    reasons: list[str] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)


def look(store: Store) -> Readiness:
    """Look at everything once; answers within seconds, whatever the database does."""
    found = Readiness()
    found.about["store"] = _of_store(store)
    if found.about["store"] == "missing":
        found.reasons.append("store")
    try:
        _asking.submit(_ask_database, found).result(ANSWER_SECONDS)
    except TookTooLong:
        found.reasons.append("database_slow")
    except SQLAlchemyError:
        found.reasons.append("database")
    return found


def _ask_database(found: Readiness) -> None:
    with db.reading() as session:
        if _revision(session.connection()) != newest_revision():
            found.reasons.append("migrations")
            return
        seen: datetime | None = session.scalar(select(func.max(Job.announced_at)))
    lately = seen is not None and clock.real() - seen < SEEN_LATELY
    found.about["worker"] = "seen" if lately else "not_seen"
    found.about["writing"] = "no" if db.database().condition.trouble() else "yes"


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


@cache
def newest_revision() -> str:
    """Return the name of the newest migration of this programme."""
    # The head file says it; Alembic itself is for who brings a database up to date.
    return (MIGRATIONS / "head").read_text(encoding="utf-8").strip()


def _of_store(store: Store) -> str:
    if not isinstance(store, FolderStore):
        return "elsewhere"
    there = next((one for one in (store.folder, *store.folder.parents) if one.exists()), store.folder)
    by_effective = os.access in os.supports_effective_ids
    if os.access(there, os.W_OK, effective_ids=by_effective):
        return "writable"
    return "read_only" if there == store.folder else "missing"
