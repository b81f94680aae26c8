"""The demonstration, built once for all tests that look at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from portal import db
from portal.documents.store import FolderStore
from seeds.demo import seed
from seeds.demo.cases import STORIES
from seeds.demo.story import Story


@pytest.fixture(scope="session")
def build_demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build the demonstration in a new file and return its path."""

    def build(stories: Sequence[Story] = STORIES) -> Path:
        path = tmp_path_factory.mktemp("demo") / "portal.db"
        shutil.copy(sqlite_template, path)
        database = db.Database(f"sqlite:///{path}")
        db.use(database)
        seed("bologna", store=FolderStore(path.parent / "store"), stories=stories, tell=lambda _line: None)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return path

    return build


@pytest.fixture(scope="session")
def demo_file(build_demo: Callable[..., Path]) -> Path:
    """The demonstration, as it was built."""
    return build_demo()


@pytest.fixture
def sqlite(demo_file: Path, tmp_path: Path) -> Iterator[db.Database]:
    """A copy of the demonstration."""
    path = tmp_path / "portal.db"
    shutil.copy(demo_file, path)
    found = db.Database(f"sqlite:///{path}")
    yield found
    found.close()
