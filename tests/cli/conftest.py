"""A small city in a folder of its own, built once for SQLite and once for PostgreSQL, and the command over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from portal import clock, db, models, words
from portal.cli import main
from tests.cli import keeping
from tests.conftest import Cast


@pytest.fixture(scope="session")
def built_city(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, demo_seal: Path, _cheap_hashes: None
) -> Path:
    """The data folder of the city on SQLite."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copy(sqlite_template, folder / "portal.db")
    shutil.copy(demo_seal, folder / demo_seal.name)
    database = db.Database(f"sqlite:///{folder / 'portal.db'}")
    db.use(database)
    keeping.stamp(database)
    keeping.build(Cast(), keeping.read(keeping.config_in(folder)))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    clock.fix(None)
    words.set_language(words.SOURCE_LANGUAGE)
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> keeping.Command:
    """Run the command in an environment: exit code, what it answered, what it told."""

    def command(environment: dict[str, str], *arguments: Any) -> tuple[int, str, str]:
        with monkeypatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            code = main([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def lived(built_city: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of this test's own copy of the city, on SQLite."""
    shutil.copytree(built_city, tmp_path / "old")
    environment = keeping.config_in(tmp_path / "old")
    database = db.Database(environment["PORTAL_DATABASE_URL"])
    db.use(database)
    keeping.read(environment)
    yield environment
    database.close()
    db.database().close()


@pytest.fixture(params=["sqlite", "postgres"])
def places(
    request: pytest.FixtureRequest, built_city: Path, tmp_path: Path
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The environment of the city, and that of an empty place of the same kind, on both databases."""
    shutil.copytree(built_city, tmp_path / "old")
    with ExitStack() as stack:
        urls = ["", ""]
        if request.param == "postgres":
            request.getfixturevalue("postgres")  # skips where there is none
            urls = [stack.enter_context(keeping.postgres_database()) for _ in urls]
        old, new = (
            keeping.config_in(tmp_path / name, url) for name, url in zip(("old", "new"), urls, strict=True)
        )
        database = db.Database(old["PORTAL_DATABASE_URL"])
        db.use(database)
        config = keeping.read(old)
        if urls[0]:
            models.metadata.create_all(database.engine)
            keeping.stamp(database)
            shutil.rmtree(tmp_path / "old" / "store")
            (tmp_path / "old" / "portal.db").unlink()
            keeping.build(Cast(), config)
        yield old, new
        database.close()
        db.database().close()
        clock.fix(None)
        words.set_language(words.SOURCE_LANGUAGE)
