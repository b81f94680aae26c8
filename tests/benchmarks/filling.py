"""Filled databases, kept between runs under build/ (SQLite) and by name (PostgreSQL) as long as they fit."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.schema import CreateIndex, CreateTable

from portal import db, models
from portal.documents.seal import DEMO_PASSPHRASE, Sealer, make_demo_certificate
from portal.operations import indexing
from portal.search.models import index_ddl
from tests.benchmarks import cases, generator
from tests.benchmarks.generator import Size
from tests.conftest import POSTGRES_URL, Cast
from tests.front.conftest import World, _settle_in

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench"
PREFIX = "portal_bench"


def key() -> str:
    """Return a name that changes with the tables and with the generator."""
    found = hashlib.sha256()
    for table in models.metadata.sorted_tables:
        found.update(str(CreateTable(table)).encode())
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            found.update(str(CreateIndex(index)).encode())
    for dialect in ("sqlite", "postgresql"):
        found.update(repr(index_ddl(dialect)).encode())
    for module in (cases, generator):
        found.update(Path(module.__file__).read_bytes())
    return found.hexdigest()[:10]


def folder() -> Path:
    """Return the folder of databases that fit the tables of today; older ones are thrown away."""
    mine = KEPT / key()
    for other in KEPT.glob("*"):
        if other.is_dir() and other != mine:
            shutil.rmtree(other)
    mine.mkdir(parents=True, exist_ok=True)
    return mine


def small_city() -> World:
    """Return the small city whose cases are multiplied, built through the actions."""
    kept, told = folder() / "small.db", folder() / "small.json"
    if not told.exists():
        kept.unlink(missing_ok=True)
        base = folder() / "small"
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir()
        world, database = World(kept), _create(f"sqlite:///{kept}")
        db.use(database)
        _settle_in(world, Cast(), base, Sealer(make_demo_certificate(base), DEMO_PASSPHRASE))
        database.close()
        told.write_text(json.dumps(world.codes))
    return World(kept, json.loads(told.read_text()))


def _create(url: str) -> db.Database:
    database = db.Database(url)
    models.metadata.create_all(database.engine)
    return database


def sqlite(proposals: int) -> str:
    """Return the address of a SQLite database with so many proposals."""
    path = folder() / f"{proposals}.db"
    if not path.exists():
        making = path.with_suffix(".making")
        for suffix in ("", "-wal", "-shm"):
            Path(f"{making}{suffix}").unlink(missing_ok=True)
        _fill(f"sqlite:///{making}", proposals)
        making.rename(path)
    return f"sqlite:///{path}"


def postgresql(proposals: int) -> str:
    """Return the address of a PostgreSQL database with so many proposals."""
    server = POSTGRES_URL.rsplit("/", 1)[0]
    name = f"{PREFIX}_{key()}_{proposals}"
    admin = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    with admin.connect() as connection:
        there = set(connection.scalars(text("SELECT datname FROM pg_database")))
        stale = [one for one in there if one.startswith(f"{PREFIX}_") and key() not in one]
        for one in [*stale, f"{name}_making"]:
            connection.execute(text(f"DROP DATABASE IF EXISTS {one} WITH (FORCE)"))
        if name not in there:
            connection.execute(text(f"CREATE DATABASE {name}_making"))
            _fill(f"{server}/{name}_making", proposals)
            connection.execute(text(f"ALTER DATABASE {name}_making RENAME TO {name}"))
    admin.dispose()
    return f"{server}/{name}"


def _fill(url: str, proposals: int) -> None:
    world = small_city()
    codes = {name: code for name, code in world.codes.items() if name in {*generator.SHARES, "submitted"}}
    source, target = db.Database(f"sqlite:///{world.file}"), _create(url)
    generator.fill(source, target, Size(proposals), codes)
    db.use(target)
    with db.writing():
        indexing.rebuild()
    source.close()
    target.close()
    if target.is_sqlite:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            assert not connection.execute("PRAGMA foreign_key_check").fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def wanted() -> list[int]:
    """Return the sizes to measure at: PORTAL_BENCH_ROWS, numbers of proposals parted by commas."""
    return [int(one) for one in os.environ.get("PORTAL_BENCH_ROWS", "10000,100000").split(",")]
