"""Whether anything can be written just now: learnt from failed writes, and asked again every few seconds."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError

from portal.db.engines import WatchedPool
from portal.db.troubles import UNWRITABLE, Trouble, trouble_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, ExceptionContext

ASK_EVERY_SECONDS = 10.0
# What a failed write taught holds this long; a write that succeeds ends it at once.
HOLD_SECONDS = 20.0
# With less room than this the next write-ahead log may not fit.
LEAST_FREE_BYTES = 1024 * 1024
_QUESTION = text("SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean")


class Condition:
    """What is known of one database's readiness to write."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._trouble: Trouble | None = None
        self._ask_at = 0.0
        # On PostgreSQL a line that began read-only stays so: older ones are left for new ones.
        self._lines_from = 0.0
        event.listen(engine, "connect", self._opened)
        event.listen(engine, "checkout", self._leave_old_line)
        event.listen(engine, "handle_error", self._failed)
        event.listen(engine, "commit", self._wrote)

    def trouble(self) -> Trouble | None:
        """Return READ_ONLY or FULL where nothing can be written just now, else None; cheap for every page."""
        if monotonic() >= self._ask_at:
            self._ask_at = monotonic() + ASK_EVERY_SECONDS
            self._trouble = self._ask()
        return self._trouble

    def note(self, trouble: Trouble | None) -> None:
        """Learn from a write that failed."""
        if trouble in UNWRITABLE:
            self._trouble = trouble
            self._ask_at = monotonic() + HOLD_SECONDS
            if trouble is Trouble.READ_ONLY:
                self._lines_from = monotonic()

    def _opened(self, _connection: Any, entry: Any) -> None:
        entry.info["opened_at"] = monotonic()

    def _leave_old_line(self, _connection: Any, entry: Any, _line: Any) -> None:
        if entry.info.get("opened_at", 0.0) < self._lines_from:
            raise DisconnectionError

    def _failed(self, context: ExceptionContext) -> None:
        reads = context.connection is not None and context.connection.get_execution_options().get("reads")
        error: BaseException | None = context.sqlalchemy_exception
        if error is not None and not reads:
            self.note(trouble_of(error))

    def _wrote(self, connection: Connection) -> None:
        if self._trouble is not None and connection.get_execution_options().get("writes"):
            self._trouble, self._ask_at = None, 0.0

    def _ask(self) -> Trouble | None:
        if self.engine.dialect.name == "sqlite":
            return _of_file(self.engine.url.database or "", is_uri="uri" in self.engine.url.query)
        pool: Any = self.engine.pool
        if isinstance(pool, WatchedPool) and pool.checkedout() >= pool.size():
            return self._trouble  # a page must not wait in the queue only to ask this
        try:
            with self.engine.connect() as connection:
                is_read_only = connection.execute(_QUESTION).scalar_one()
        except SQLAlchemyError:
            return self._trouble  # the page itself will meet the same and say so
        if is_read_only:
            self._lines_from = monotonic()
        return Trouble.READ_ONLY if is_read_only else None


def _of_file(name: str, *, is_uri: bool) -> Trouble | None:
    if not name or name == ":memory:" or is_uri:
        return None
    path = Path(name)
    try:
        room = os.statvfs(path)
    except OSError:
        return None
    by_effective = os.access in os.supports_effective_ids
    if not all(os.access(one, os.W_OK, effective_ids=by_effective) for one in (path, path.parent)):
        return Trouble.READ_ONLY
    is_full = room.f_bfree * room.f_frsize < LEAST_FREE_BYTES
    return Trouble.FULL if is_full else None
