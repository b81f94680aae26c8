"""The database: engines for SQLite and PostgreSQL, units of work, and the types every table shares."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from portal import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Dialect, Engine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# SQLite's own waiting is unfair beyond a few writers; the lock in front of it keeps the queue in order.
BUSY_SECONDS = 15
_one_writer = threading.Lock()


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, always aware when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody knows which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant needs its time zone"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(  # the dialect is SQLAlchemy's to pass
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Cents of a large city pass 32 bits; SQLite gives automatic numbers to INTEGER keys only.
BigNumber = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """The mother of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime, int: BigNumber}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Versioned:
    """A root whose lost race is a 409, not a lost write: every UPDATE checks the version it read."""

    version_id: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 - SQLAlchemy reads it from the class


def engine_for(url: str) -> Engine:
    """Return an engine: SQLite in WAL with foreign keys, or PostgreSQL through psycopg 3."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "commit", _let_next_write)
    event.listen(engine, "rollback", _let_next_write)
    return engine


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    # Without recursive triggers INSERT OR REPLACE would delete a row of the record unseen.
    for pragma in (
        "journal_mode=WAL",
        "recursive_triggers=ON",
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when somebody wrote in between.
    writes = connection.get_execution_options().get("writes", False)
    if writes:
        connection.info["holds"] = _one_writer.acquire(timeout=BUSY_SECONDS)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    except BaseException:
        _let_next_write(connection)
        raise


def _let_next_write(connection: Connection) -> None:
    if connection.info.pop("holds", False):
        _one_writer.release()


class Database:
    """The engine of one portal, and its two kinds of unit of work."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)
        self.writer = self.engine.execution_options(writes=True)
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    def new_session(self, *, writes: bool) -> Session:
        """Return a session; nothing is opened in the database before its first statement."""
        return Session(self.writer if writes else self.engine, expire_on_commit=False)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


_database: ContextVar[Database | None] = ContextVar("database", default=None)
_default: list[Database] = []
_session: ContextVar[Session | None] = ContextVar("session", default=None)


def use(database: Database) -> None:
    """Make this the process's database."""
    _default[:] = [database]


def database() -> Database:
    """Return the process's database."""
    if not _default:
        msg = "no database is open: call db.use() first"
        raise RuntimeError(msg)
    return _default[0]


def insert(table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that can say what to do where the row exists; both databases share its words."""
    return sqlite.insert(table) if database().is_sqlite else postgresql.insert(table)


def session() -> Session:
    """Return the session of this unit of work."""
    current = _session.get()
    if current is None:
        msg = "no unit of work is open: use db.reading() or db.writing()"
        raise RuntimeError(msg)
    return current


@contextmanager
def unit(*, writes: bool) -> Iterator[Session]:
    """Open a unit of work without ending it: whoever opened it commits; leaving rolls back what is left.

    One instant holds for the whole unit.
    """
    current = database().new_session(writes=writes)
    token = _session.set(current)
    before = clock.fix(None)
    try:
        clock.fix(_instant(current, writes=writes))
        yield current
    finally:
        current.close()
        _session.reset(token)
        clock.fix(before)


def _instant(current: Session, *, writes: bool) -> datetime:
    # With several machines only the database's clock is the same for all; one machine has its own. Pages
    # that only read need no such precision, and no question more.
    if writes and not database().is_sqlite:
        there: datetime = current.execute(select(func.clock_timestamp())).scalar_one()
        return there.astimezone(UTC) + clock.offset()
    return clock.real() + clock.offset()


@contextmanager
def reading() -> Iterator[Session]:
    """Open a unit of work that only reads."""
    with unit(writes=False) as current:
        yield current


@contextmanager
def writing() -> Iterator[Session]:
    """Open a unit of work that writes: commits at the end, rolls back when anything is raised."""
    with unit(writes=True) as current:
        yield current
        current.commit()


@contextmanager
def aside() -> Iterator[Session]:
    """Open a second, short unit for what must survive a refusal (sessions, limits, denied attempts).

    Never inside an open writing unit on SQLite: there the one writer would wait for itself.
    """
    current = database().new_session(writes=True)
    token = _session.set(current)
    try:
        yield current
        current.commit()
    finally:
        current.close()
        _session.reset(token)


def database_skew_seconds() -> float:
    """Return how far the database's clock is from this machine's, in seconds."""
    with reading() as current:
        if database().is_sqlite:
            return 0.0
        there: datetime = current.execute(select(func.clock_timestamp())).scalar_one()
        return abs((there - clock.real()).total_seconds())
