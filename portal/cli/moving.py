"""`portal db move-to URL`: a city from SQLite to PostgreSQL or back, row for row, or not at all."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    JSON,
    Connection,
    Text,
    bindparam,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError

from portal import db, faults, models
from portal.cli import migrating
from portal.cli.opening import open_portal
from portal.cli.telling import Telling
from portal.errors import Refused
from portal.operations.backups.databases import NO_HURRY, State, state_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Select, Table

    from portal.operations.backups.bytes import Tell

BATCH_ROWS = 1000
# A parameter may not be called like its column.
GIVEN = "given_"
SCHEMES = ("sqlite:", "postgresql:", "postgresql+psycopg:")


class MoveFailed(Refused):
    """The city stays where it is; nothing was committed at the target."""


class Moved(NamedTuple):
    """How many rows went, in how many tables, and the record's root at both ends."""

    rows: int
    tables: int
    state: State


def add(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the words `db move-to`."""
    move = words.add_parser("move-to", help="move the city to another database, row for row")
    move.add_argument("url", metavar="URL", help="an empty database; a password comes from PGPASSWORD")
    move.set_defaults(act=_move_to)


def _move_to(chosen: argparse.Namespace) -> int:
    config = open_portal().config
    tell = Telling()
    try:
        moved = move(config.database_url, _address(chosen.url), tell)
    finally:
        tell.end()
    print(f"{moved.rows} rows in {moved.tables} tables moved, each read back and compared.")
    print(f"The record: {moved.state.size} entries, root {moved.state.root.hex()} at both ends.")
    print("Now set PORTAL_DATABASE_URL to the new address, start web and worker, and put the old one away.")
    return 0


def _address(url: str) -> str:
    if not url.startswith(SCHEMES):
        raise MoveFailed("The target must begin with sqlite: or postgresql:.")
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def move(source_url: str, target_url: str, tell: Tell) -> Moved:
    """Move every row in one transaction at the target; MoveFailed, and nothing there, unless all is equal.

    Nobody writes into the source meanwhile: SQLite's one writer and PostgreSQL's table locks are held.
    """
    try:
        source, target = db.Database(source_url, NO_HURRY), db.Database(target_url, NO_HURRY)
    except ArgumentError as error:
        raise MoveFailed("The target is no address of a database.") from error
    try:
        _prepare(source, target)
        with source.engine.connect() as read, target.engine.connect() as write:
            # Whichever of the two is SQLite has one writer: here that is this command.
            read.execution_options(writes=source.is_sqlite)
            write.execution_options(writes=target.is_sqlite)
            _hold(read)
            moved = _all(read, write, tell)
            faults.reach("moved")
            write.commit()
        return moved
    finally:
        source.close()
        target.close()


def _prepare(source: db.Database, target: db.Database) -> None:
    if source.is_sqlite and target.is_sqlite:
        raise MoveFailed("Both are SQLite: use portal backup and portal restore.")
    if source.engine.url == target.engine.url:
        raise MoveFailed("Source and target are the same database.")
    if migrating.missing(source):
        raise MoveFailed("A migration is missing here: portal db upgrade")
    if not inspect(target.engine).get_table_names():
        migrating.upgrade(target)
    if migrating.missing(target):
        raise MoveFailed("The target's tables are not those of this version: use an empty database.")


def _hold(reading: Connection) -> None:
    """Open the reading transaction so that nobody else writes until it ends."""
    if reading.dialect.name == "sqlite":
        reading.execute(text("SELECT 1"))
        return
    names = ", ".join(f'"{table.name}"' for table in models.metadata.sorted_tables)
    reading.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))


def _all(reading: Connection, writing: Connection, tell: Tell) -> Moved:
    tables = models.metadata.sorted_tables
    taken = [one.name for one in tables if writing.execute(select(1).select_from(one).limit(1)).first()]
    if taken:
        raise MoveFailed(f"The target is not empty: there are rows in {', '.join(taken[:5])}.")
    rows = 0
    for table in tables:
        count, digest = _moved_whole(table, reading, writing, tell)
        if _digest_of(table, writing) != digest:
            raise MoveFailed(f"The rows of {table.name} read back differently: nothing was moved.")
        _set_sequence(table, writing)
        rows += count
    before, after = state_of(reading), state_of(writing)
    if before != after:
        raise MoveFailed("Counts or the record's root differ at the target: nothing was moved.")
    return Moved(rows, len(tables), after)


def _moved_whole(table: Table, reading: Connection, writing: Connection, tell: Tell) -> tuple[int, str]:
    try:
        return _move_table(table, reading, writing, tell)
    except (DataError, IntegrityError) as error:
        reason = str(error.orig).partition("\n")[0]
        raise MoveFailed(f"A row of {table.name} is refused there: {reason}. Nothing was moved.") from error


def _move_table(table: Table, reading: Connection, writing: Connection, tell: Tell) -> tuple[int, str]:
    statement = insert(table).values({column.name: _given(column, writing) for column in table.columns})
    digest, count = hashlib.sha256(), 0
    for batch in _batches(table, reading):
        digest.update(_bytes(batch))
        names = [f"{GIVEN}{column.name}" for column in table.columns]
        writing.execute(statement, [dict(zip(names, row, strict=True)) for row in batch])
        count += len(batch)
        tell(f"{table.name}: {count} rows", every=count)
    return count, digest.hexdigest()


def _digest_of(table: Table, connection: Connection) -> str:
    digest = hashlib.sha256()
    for batch in _batches(table, connection):
        digest.update(_bytes(batch))
    return digest.hexdigest()


def _batches(table: Table, connection: Connection) -> Iterator[list[tuple[Any, ...]]]:
    found = connection.execute(_rows(table, connection), execution_options={"yield_per": BATCH_ROWS})
    for batch in found.partitions():
        yield [tuple(row) for row in batch]


def _rows(table: Table, connection: Connection) -> Select[Any]:
    columns = [_asked(column, connection) for column in table.columns]
    return select(*columns).order_by(*(_in_order(column, connection) for column in table.primary_key))


def _asked(column: ColumnElement[Any], connection: Connection) -> ColumnElement[Any]:
    # JSON goes over as the text it is stored as: read and written again, its bytes would be others.
    if not isinstance(column.type, JSON):
        return column
    return type_coerce(column, Text) if connection.dialect.name == "sqlite" else cast(column, Text)


def _in_order(column: ColumnElement[Any], connection: Connection) -> ColumnElement[Any]:
    # Both databases must give the rows in one order, whatever language the other one sorts in.
    if connection.dialect.name == "sqlite" or column.type.python_type is not str:
        return column
    return column.collate("C")


def _given(column: ColumnElement[Any], connection: Connection) -> ColumnElement[Any]:
    name = f"{GIVEN}{column.key}"
    if not isinstance(column.type, JSON):
        return bindparam(name, type_=column.type)
    as_text = bindparam(name, type_=Text())
    return as_text if connection.dialect.name == "sqlite" else cast(as_text, column.type)


def _bytes(batch: list[tuple[Any, ...]]) -> bytes:
    return json.dumps(batch, default=_plain, ensure_ascii=False).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def _set_sequence(table: Table, writing: Connection) -> None:
    """Let the next automatic number follow the highest one; SQLite counts on by itself."""
    key = table.autoincrement_column
    if writing.dialect.name == "sqlite" or key is None:
        return
    sequence = writing.execute(select(func.pg_get_serial_sequence(f'"{table.name}"', key.name))).scalar()
    last = writing.execute(select(func.max(key))).scalar()
    if sequence is not None and last is not None:
        writing.execute(select(func.setval(sequence, last)))
