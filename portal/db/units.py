"""Units of work: one session and one instant each; whoever opened a unit commits it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal import clock
from portal.db import questions
from portal.db.condition import Condition
from portal.db.engines import JOBS, Patience, postgresql_engine, postgresql_reader, sqlite_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import CompoundSelect, Connection, Engine, Row, Select

    from portal.db.tables import Base

T = TypeVar("T")
# Where a session keeps the line on which its unit asks for rows.
_LINE = "line"


class Database:
    """The engines of one portal, and its two kinds of unit of work."""

    def __init__(self, url: str, patience: Patience = JOBS) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.engine: Engine = (sqlite_engine if self.is_sqlite else postgresql_engine)(url, patience)
        self.writer = self.engine.execution_options(writes=True)
        read = self.engine if self.is_sqlite else postgresql_reader(url, patience)
        self.reader = read.execution_options(reads=True)
        self.condition = Condition(self.engine)

    def new_session(self, *, writes: bool) -> Session:
        """Return a session; nothing is opened in the database before its first statement."""
        return Session(self.writer if writes else self.reader, expire_on_commit=False)

    def first_row(self, statement: str) -> Any:
        """Return the first row of a constant question, or None; straight from the driver."""
        return self.straight(statement, lambda driver: questions.ask(driver, statement).fetchone())

    def straight(self, statement: str, answered: Callable[[Any], T]) -> T:
        """Return what a driver's line answers to a question, which is named where it fails.

        For what is asked at every view of every page: a transaction around it would cost ten times as much.
        It only reads, so where the server ended its line a moment ago it is asked once more, on another.
        """
        try:
            return self._answer(statement, answered)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._answer(statement, answered)

    def _answer(self, statement: str, answered: Callable[[Any], T]) -> T:
        dialect = self.reader.dialect
        trouble = dialect.loaded_dbapi.Error
        try:
            line = self.reader.raw_connection()
        except trouble as error:  # nobody is there: as bare as the driver says it
            raise DBAPIError.instance(statement, None, error, trouble) from error
        driver: Any = line.driver_connection
        try:
            return answered(driver)
        except trouble as error:
            is_gone = dialect.is_disconnect(error, driver, None)
            line.invalidate()
            raise DBAPIError.instance(
                statement, None, error, trouble, connection_invalidated=is_gone
            ) from error
        finally:
            line.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        self.reader.dispose()


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


def rows(
    statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]],
    parameters: Mapping[str, Any] | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the rows of a select of columns, as lists show them.

    Past the session, which would look for things in each row that it has to remember. Before a unit of work
    opens, one question is asked on a line of its own, which only reads.
    """
    current = _session.get()
    if current is None:
        return _on_own_line(statement, parameters)
    line = current.info.get(_LINE)
    if line is None or line.closed:
        line = current.info[_LINE] = current.connection()
    question = questions.constant(statement, line.dialect)
    if question is None:
        return line.execute(statement, parameters).all()
    trouble = line.dialect.loaded_dbapi.Error
    driver: Any = line.connection.driver_connection
    try:
        return question.rows(driver, parameters or questions.NO_VALUES)
    except trouble as error:
        if line.dialect.is_disconnect(error, driver, None):
            line.invalidate(error)
        raise DBAPIError.instance(question.words, None, error, trouble) from error


def _on_own_line(
    statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]],
    parameters: Mapping[str, Any] | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    reader = database().reader
    question = questions.constant(statement, reader.dialect)
    if question is None:
        with reader.connect() as line:
            return line.execute(statement, parameters).all()
    return database().straight(
        question.words, lambda driver: question.rows(driver, parameters or questions.NO_VALUES)
    )


def only_rows(
    statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]],
    parameters: Mapping[str, Any] | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the rows of the one question of a page that only reads: on a line of its own, without a session.

    What this unit wrote or asked before is not seen in it: two questions of a page see one state by `rows`.
    """
    current = _session.get()
    if current is not None and current.in_transaction():
        return rows(statement, parameters)
    return _on_own_line(statement, parameters)


@contextmanager
def unit(*, writes: bool) -> Iterator[Session]:
    """Open a unit of work without ending it: whoever opened it commits; leaving rolls back what is left.

    One instant holds for the whole unit. Nothing is opened in the database before the first statement.
    """
    current = database().new_session(writes=writes)
    token = _session.set(current)
    before = clock.fix(None)
    try:
        # Whoever writes has the instant at which the transaction begins: on SQLite, where one waits for the
        # other, the later one is later by the clock too. Pages that only read need no such precision.
        clock.fix(_SharedInstant(current) if writes else clock.real() + clock.offset())
        yield current
    finally:
        current.close()
        _session.reset(token)
        clock.fix(before)


class _SharedInstant:
    """The instant at which this unit's transaction began; asked when the first statement comes.

    With several machines only the database's clock is the same for all; one machine has its own. A password
    that is hashed, or a picture drawn anew, before anything is read holds no transaction open.
    """

    def __init__(self, current: Session) -> None:
        self.session = current
        self.value: datetime | None = None
        event.listen(current, "after_begin", self._begun)

    def _begun(self, _session: Session, _transaction: Any, connection: Connection) -> None:
        if self.value is None:
            self.value = _instant_of(connection) + clock.offset()

    def __call__(self) -> datetime:
        """Return the instant; on PostgreSQL the transaction opens for it where nothing did so yet."""
        if self.value is None and database().is_sqlite:
            # Opening would keep everybody else from writing, what this very request writes aside included.
            self.value = clock.real() + clock.offset()
        elif self.value is None:
            self.session.connection()
        assert self.value is not None  # noqa: S101 - opening it has set it
        return self.value


def _instant_of(connection: Connection) -> datetime:
    if connection.dialect.name == "sqlite":
        return clock.real()
    there: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return there.astimezone(UTC)


@contextmanager
def reading() -> Iterator[Session]:
    """Open a unit of work that only reads: the database itself refuses a write in it."""
    with unit(writes=False) as current:
        yield current


@contextmanager
def snapshot() -> Iterator[Session]:
    """Open a reading unit in which all questions see one and the same state; rows may be streamed from it."""
    with unit(writes=False) as current:
        if not database().is_sqlite:
            current.connection(execution_options={"isolation_level": "REPEATABLE READ"})
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
    before = clock.fix(_SharedInstant(current))
    try:
        yield current
        current.commit()
    finally:
        current.close()
        _session.reset(token)
        clock.fix(before)


def database_skew_seconds() -> float:
    """Return how far the database's clock is from this machine's, in seconds."""
    with reading() as current:
        if database().is_sqlite:
            return 0.0
        there: datetime = current.execute(select(func.clock_timestamp())).scalar_one()
        return abs((there - clock.real()).total_seconds())
