"""Browsers before databases that are read-only, full, slow or away."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from portal import db
from portal.people.models import Tally

NOBODY = 65534
READ_ONLY = "ALTER DATABASE {name} SET default_transaction_read_only = on"
WRITABLE = "ALTER DATABASE {name} RESET default_transaction_read_only"
OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Let this process have no more rights than a guest: an administrator may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def read_only_folder(database: db.Database) -> Iterator[None]:
    """Let neither the file nor its folder be written."""
    path = Path(str(database.engine.url.database))
    database.close()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with as_nobody():
            yield
    finally:
        path.parent.chmod(0o777)
        path.chmod(0o666)


@contextmanager
def read_only_server(database: db.Database) -> Iterator[None]:
    """Let the server refuse every write, as a replica does; lines that were open break."""
    name = database.engine.url.database
    _administer(database, READ_ONLY.format(name=name))
    try:
        yield
    finally:
        _administer(database, WRITABLE.format(name=name))


def _administer(database: db.Database, statement: str) -> None:
    own = db.Database(database.engine.url.render_as_string(hide_password=False))
    with own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(text(statement))
        connection.execute(text(OTHERS))
    own.close()


@contextmanager
def full_file(database: db.Database) -> Iterator[None]:
    """Let the file not grow by a page, and fill the page that counts tries."""

    def limit(connection: Any, _entry: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    database.engine.dispose()
    event.listen(database.engine, "connect", limit)
    try:
        _fill()
        yield
    finally:
        event.remove(database.engine, "connect", limit)
        database.engine.dispose()


def _fill() -> None:
    for size in (50, 1):
        for start in range(0, 100_000, size):
            rows = [Tally(key=f"fill-{start + n}-{size}".ljust(80, "x"), window=0) for n in range(size)]
            try:
                with db.writing() as session:
                    session.add_all(rows)
            except OperationalError:
                break


@contextmanager
def full_server(database: db.Database) -> Iterator[None]:
    """Let the server say that there is no room, in its own words, wherever tries are counted."""
    with database.writer.begin() as connection:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER no_room BEFORE INSERT ON tally FOR EACH ROW EXECUTE FUNCTION no_room()"
        )
    try:
        yield
    finally:
        with database.writer.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION no_room CASCADE")


FAILURES: dict[str, dict[str, Callable[[db.Database], Any]]] = {
    "read_only": {"sqlite": read_only_folder, "postgres": read_only_server},
    "full": {"sqlite": full_file, "postgres": full_server},
}


@pytest.fixture
def open_folder(sqlite: db.Database) -> Iterator[db.Database]:
    """The SQLite database in a folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="portal-edges-"))
    folder.chmod(0o777)
    path = folder / "portal.db"
    shutil.copy(str(sqlite.engine.url.database), path)
    path.chmod(0o666)
    found = db.Database(f"sqlite:///{path}")
    yield found
    found.close()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgres"])
def failing(request: pytest.FixtureRequest) -> Iterator[tuple[db.Database, str]]:
    """A database that can be made to fail, and its kind."""
    from tests.conftest import _empty

    found = request.getfixturevalue("open_folder" if request.param == "sqlite" else "postgres")
    if request.param == "postgres":
        _empty(found)
    db.use(found)
    yield found, request.param
    found.condition._trouble, found.condition._ask_at = None, 0.0
