"""Databases without a table, for the migrations to fill."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from portal import db
from tests.conftest import POSTGRES_URL


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> Iterator[db.Database]:
    found = db.Database(f"sqlite:///{tmp_path / 'empty.db'}")
    yield found
    found.close()


@pytest.fixture
def empty_postgres(postgres: db.Database, worker_id: str) -> Iterator[db.Database]:
    """A second PostgreSQL database, without tables, beside the one of the models."""
    name = f"portal_test_{worker_id}_{os.getpid()}_empty"
    admin = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    found = db.Database(f"{POSTGRES_URL.rsplit('/', 1)[0]}/{name}")
    yield found
    found.close()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["empty_sqlite", "empty_postgres"])
def empty(request: pytest.FixtureRequest) -> db.Database:
    """An empty database, on SQLite and on PostgreSQL."""
    return request.getfixturevalue(request.param)
