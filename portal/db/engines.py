"""Engines for SQLite and PostgreSQL: how they open, how long they wait, and what a reader may not do."""

from __future__ import annotations

import json
import os
import select
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import QueuePool, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from portal.db.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL, Connection, Engine

# SQLite's own waiting is unfair beyond a few writers; the lock in front of it keeps the queue in order.
BUSY_SECONDS = 15.0
# PostgreSQL: a line that was used this lately is not tried before it is used again.
IDLE_SECONDS = 30.0
_one_writer = Turns()
# JSON is kept without blanks, as in the record's bytes: so the two can be compared without reading them.
compact = partial(json.dumps, separators=(",", ":"))


@dataclass(frozen=True)
class Patience:
    """How long a process waits for the database before it says so, in seconds; how many lines it keeps."""

    busy_seconds: float = BUSY_SECONDS  # SQLite: for the one writer
    connect_seconds: int = 10
    pool_seconds: float = 30.0  # for a line that another thread has
    statement_seconds: int = 600
    lock_seconds: int = 60
    idle_seconds: int = 600  # inside a transaction
    connections: int = 5


# A person waits before a page; a job may take its time.
PAGES = Patience(connect_seconds=5, pool_seconds=5.0, statement_seconds=10, lock_seconds=5, idle_seconds=30)
JOBS = Patience()

waits: list[Callable[[str, float], None]] = []


def _waited(what: str, since: float) -> None:
    for told in waits:
        told(what, perf_counter() - since)


class WatchedPool(QueuePool):
    """A pool that tells how long a line to the database was waited for."""

    def connect(self) -> Any:
        """Return a line, having told how long that took."""
        since = perf_counter()
        found = super().connect()
        _waited("connection", since)
        return found


def sqlite_engine(url: str, patience: Patience) -> Engine:
    """Return the engine of a SQLite file: WAL, foreign keys; writers begin at once, readers cannot write."""
    arguments = {"timeout": patience.busy_seconds, "check_same_thread": False}
    if make_url(url).database in {None, "", ":memory:"}:
        engine = create_engine(url, connect_args=arguments, json_serializer=compact)
    else:
        engine = create_engine(
            url,
            connect_args=arguments,
            json_serializer=compact,
            poolclass=WatchedPool,
            pool_timeout=patience.pool_seconds,
            max_overflow=10,
            pool_size=patience.connections,
        )

    def opened(connection: Any, entry: Any) -> None:
        _open_sqlite(connection, entry, patience)

    def begun(connection: Connection) -> None:
        _begin_sqlite(connection, patience)

    event.listen(engine, "do_connect", _connect_sqlite)
    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", _leave_frozen_file)
    event.listen(engine, "begin", begun)
    event.listen(engine, "commit", _let_next_write)
    event.listen(engine, "rollback", _let_next_write)
    return engine


def _connect_sqlite(_dialect: Any, _entry: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
    path = Path(str(arguments[0]))
    if options.get("uri") or not _is_frozen(path):
        return None
    # Nobody can write here, and no journal is left to read: without this SQLite could not even be read.
    options = {**options, "uri": True}
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", **options)


def _is_frozen(path: Path) -> bool:
    if not path.is_file() or path.with_name(f"{path.name}-wal").exists():
        return False
    return not _may_write(path.parent)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _open_sqlite(connection: Any, entry: Any, patience: Patience) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    with closing(connection.execute("PRAGMA database_list")) as listed:
        file = listed.fetchone()[2]
    path = Path(file) if file else None
    entry.info["frozen"] = path.parent if path and _is_frozen(path) else None
    # Without recursive triggers INSERT OR REPLACE would delete a row of the record unseen.
    pragmas = (
        "recursive_triggers=ON",
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={int(patience.busy_seconds * 1000)}",
    )
    for pragma in pragmas if path and not _may_write(path) else ("journal_mode=WAL", *pragmas):
        connection.execute(f"PRAGMA {pragma}")


def _leave_frozen_file(_connection: Any, entry: Any, _line: Any) -> None:
    # A file opened as immutable shows no change: as soon as its folder can be written it is opened anew.
    if entry.info.get("frozen") and _may_write(entry.info["frozen"]):
        raise DisconnectionError


def _begin_sqlite(connection: Connection, patience: Patience) -> None:
    # A transaction that reads first and writes later fails at once when somebody wrote in between.
    options = connection.get_execution_options()
    _only_read(connection, only=options.get("reads", False))
    if not options.get("writes", False):
        # It waits for nobody, so it goes straight to the driver: the detour costs half as much as a list.
        driver: Any = connection.connection.dbapi_connection
        driver.execute("BEGIN")
        return
    since = perf_counter()
    connection.info["holds"] = _one_writer.acquire(timeout=patience.busy_seconds)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        _let_next_write(connection)
        raise
    _waited("writer", since)


def _only_read(connection: Connection, *, only: bool) -> None:
    # Said past the engine, and only when it changes: it is no question that a page asks.
    if connection.info.get("only_reads", False) != only:
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA query_only={'ON' if only else 'OFF'}")
        connection.info["only_reads"] = only


def _let_next_write(connection: Connection) -> None:
    if connection.info.pop("holds", False):
        _one_writer.release()


def postgresql_engine(url: str, patience: Patience) -> Engine:
    """Return the engine of writing units: transactions, with an end to every wait."""
    address = make_url(url)
    settings = _settings(patience)
    engine = create_engine(
        address,
        json_serializer=compact,
        connect_args=_arguments(address, patience, settings),
        **_pool(patience),
    )
    return _leaving_broken_lines(engine)


def postgresql_reader(url: str, patience: Patience) -> Engine:
    """Return the engine of reading units: no transaction around them, and the server refuses every write.

    A ROLLBACK would make the driver forget its prepared statements, and every list would be planned again.
    A general plan takes a page of a list for a tenth of all rows. It would call helpers for it, each of whom
    reads ahead of what is wanted (forty times the pages at a million rows), and make machine code of it.
    """
    address = make_url(url)
    settings = {
        **_settings(patience),
        "default_transaction_read_only": "on",
        "plan_cache_mode": "force_generic_plan",
        "max_parallel_workers_per_gather": "0",
        "jit": "off",
    }
    engine = create_engine(
        address,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_reset_on_return=None,
        connect_args=_arguments(address, patience, settings),
        **_pool(patience),
    )
    return _leaving_broken_lines(engine)


def _leaving_broken_lines(engine: Engine) -> Engine:
    """Let no line be used that the server has ended, without asking the server each time.

    Half of what a list asks of it would be that question. Whoever ends a line says so, and then there is
    something to read; only a line that lay idle may have broken in silence, and is tried.
    """

    def look(line: Any, entry: Any, _proxy: Any) -> None:
        seen_at, entry.info["seen_at"] = entry.info.get("seen_at", 0.0), monotonic()
        if monotonic() - seen_at < IDLE_SECONDS and not line.closed and not _has_word(line):
            return
        try:
            engine.dialect.do_ping(line)
        except engine.dialect.loaded_dbapi.Error:
            raise DisconnectionError from None

    event.listen(engine, "checkout", look)
    return engine


def _has_word(line: Any) -> bool:
    waiting = select.poll()
    waiting.register(line.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _settings(patience: Patience) -> dict[str, str]:
    return {
        "statement_timeout": f"{patience.statement_seconds}s",
        "lock_timeout": f"{patience.lock_seconds}s",
        "idle_in_transaction_session_timeout": f"{patience.idle_seconds}s",
    }


def _arguments(address: URL, patience: Patience, settings: dict[str, str]) -> dict[str, Any]:
    named = address.query.get("options", "")
    options = [named] if isinstance(named, str) and named else []
    options += [f"-c {name}={value}" for name, value in settings.items()]
    return {
        "connect_timeout": patience.connect_seconds,
        # A line whose other end vanished is noticed, instead of hanging until the system gives up.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "options": " ".join(options),
    }


def _pool(patience: Patience) -> dict[str, Any]:
    return {
        "poolclass": WatchedPool,
        "pool_size": patience.connections,
        "max_overflow": patience.connections,
        "pool_timeout": patience.pool_seconds,
    }
