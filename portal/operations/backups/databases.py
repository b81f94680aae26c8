"""Takes a database as it stood at one instant while the portal goes on, and says what is in it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, func, inspect, make_url, select, text

from portal import db
from portal.canonical import leaf_hash
from portal.commons.models import Photo
from portal.documents.models import Paper
from portal.observations.models import Observation
from portal.operations.backups import postgres
from portal.operations.backups.manifest import BackupFailed
from portal.organisations.models import Mandate
from portal.proposals.models import Opinion, ProposalPhoto
from portal.record import Act, Leaf, merkle
from portal.search.models import is_index
from portal.support.legal.models import LegalFile
from portal.support.models.handing import Particulars
from portal.support.payments.models import CostLine

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

    from portal.operations.backups.bytes import Tell

# Pages of 4 KiB: between two steps writers of the same process get their turn.
STEP_PAGES = 500
NO_HURRY = db.Patience(statement_seconds=0, idle_seconds=0)
# Every column that names a file of the store which a person may still ask for.
STORED: tuple[InstrumentedAttribute[str], ...] = (
    Paper.file_hash,
    Photo.file_hash,
    Photo.small_hash,
    Observation.photo_hash,
    Observation.photo_small_hash,
    ProposalPhoto.file_hash,
    ProposalPhoto.small_hash,
    Mandate.file_hash,
    Opinion.file_hash,
    CostLine.file_hash,
    LegalFile.file_hash,
    Particulars.file_hash,
)
VERSIONS = "alembic_version"


@dataclass(frozen=True)
class State:
    """What a database holds: rows per table, the record's size, root and newest signed note, files."""

    migration: str
    tables: dict[str, int]
    size: int
    root: bytes
    note: str
    named: frozenset[str]


@dataclass(frozen=True)
class Taken:
    """A database that was put into a file."""

    kind: str
    server: str
    file: Path
    state: State


def take(url: str, folder: Path, tell: Tell) -> Taken:
    """Put the database into a file of the folder, as it stands at one instant; BackupFailed says why not."""
    return (_take_sqlite if url.startswith("sqlite") else _take_postgresql)(url, folder, tell)


def size_of(url: str) -> int:
    """Return how many bytes the database has on the disk; a dump is smaller."""
    if url.startswith("sqlite"):
        path = sqlite_path(url)
        # The journal may hold pages that stand in no other file yet.
        both = (path, path.with_name(f"{path.name}-wal"))
        return sum(one.stat().st_size for one in both if one.exists())
    database = db.Database(url)
    try:
        with database.engine.connect() as connection:
            return int(
                connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one()
            )
    finally:
        database.close()


def sqlite_path(url: str) -> Path:
    """Return the file of a SQLite address."""
    return Path(make_url(url).database or "")


def _take_sqlite(url: str, folder: Path, tell: Tell) -> Taken:
    source, target = sqlite_path(url), folder / "database.sqlite3"
    if not source.is_file():
        raise BackupFailed(f"There is no database at {source}: nothing to back up.")
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        _copy_online(source, target, tell)
    except sqlite3.Error as error:
        raise BackupFailed(f"The database cannot be copied: {error}.") from error
    engine = create_engine(f"sqlite:///{target}")
    try:
        with engine.connect() as connection:
            return Taken("sqlite", sqlite3.sqlite_version, target, state_of(connection))
    finally:
        engine.dispose()


def _copy_online(source: Path, target: Path, tell: Tell) -> None:
    def progress(_status: int, left: int, total: int) -> None:
        tell(f"database: {total - left} of {total} pages", every=total - left)

    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(target)) as write,
    ):
        # A copy in steps begins anew whenever somebody else writes in between, and may never end. With an
        # open reading transaction every step sees the same state, and the journal lets the writers go on.
        read.isolation_level = None
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master").fetchone()
        read.backup(write, pages=STEP_PAGES, progress=progress)
        read.execute("ROLLBACK")
        write.execute("PRAGMA journal_mode=DELETE")  # one file, no journal beside it
        found = write.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        raise BackupFailed(f"The database is damaged: {found}. Restore the last good backup.")
    _force(target)


def _force(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _take_postgresql(url: str, folder: Path, tell: Tell) -> Taken:
    target = folder / "database.pgdump"
    database = db.Database(url, NO_HURRY)
    try:
        with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            server = str(connection.execute(text("SHOW server_version")).scalar_one()).partition(" ")[0]
            dump = postgres.program("pg_dump", server)
            # Counts and dump see the very same rows, whatever is written meanwhile.
            snapshot = str(connection.execute(select(func.pg_export_snapshot())).scalar_one())
            tell("database: pg_dump")
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            postgres.run([dump, "--format=custom", f"--snapshot={snapshot}", f"--file={target}"], url, tell)
            _force(target)
            return Taken("postgresql", server, target, state_of(connection))
    finally:
        database.close()


def state_of(connection: Connection) -> State:
    """Say what the database holds, as this connection sees it."""
    found = inspect(connection)
    names = sorted(found.get_table_names())
    tables = {
        name: int(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one())  # noqa: S608 - its own names
        for name in names
        # The search's own index is made anew from its rows, differently on each database.
        if name != VERSIONS and not is_index(name)
    }
    size, root, note = _record(connection, tables)
    named = frozenset(
        value
        for column in STORED
        if column.class_.__tablename__ in tables
        for value in connection.execute(select(column).where(column != "")).scalars()
    )
    return State(_migration(connection, names), tables, size, root, note, named)


def _migration(connection: Connection, names: list[str]) -> str:
    if VERSIONS not in names:
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar() or "")  # noqa: S608 - a constant


def _record(connection: Connection, tables: dict[str, int]) -> tuple[int, bytes, str]:
    """Return size, root and newest signed note of the record; BackupFailed where these contradict."""
    # As text: an older database has no such table, and its backup must be readable all the same.
    newest = "SELECT size, root, note FROM checkpoint ORDER BY size DESC LIMIT 1"
    signed = connection.execute(text(newest)).first() if "checkpoint" in tables else None
    tree, at_signing = merkle.Frontier(), merkle.EMPTY
    for leaf in _leaves(connection) if Leaf.__tablename__ in tables else ():
        tree.add(leaf)
        if signed is not None and tree.size == signed.size:
            at_signing = tree.root()
    if signed is not None and (tree.size < signed.size or at_signing != bytes(signed.root)):
        raise BackupFailed(
            f"The record does not hold: it is not the one that was signed at {signed.size} entries."
        )
    return tree.size, tree.root(), str(signed.note) if signed is not None else ""


def _leaves(connection: Connection) -> Iterable[bytes]:
    """Yield the record's leaves in order; BackupFailed where one has no place or does not fit its act."""
    leaves = (
        select(Leaf.position, Leaf.hash, Act.canonical)
        .join(Act, Act.id == Leaf.act_id)
        .order_by(Leaf.position)
    )
    rows = connection.execute(leaves, execution_options={"yield_per": 1000})
    for place, (position, kept, content) in enumerate(rows):
        if position != place or kept != leaf_hash(content):
            raise BackupFailed(f"The record does not hold: entry {place} is missing or has been changed.")
        yield kept
