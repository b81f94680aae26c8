"""The city of the outsiders: built once a run, copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import clock, db, models, words
from portal.documents.opening import store_for
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.outsider import world as worlds
from tests.outsider.world import World


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, _cheap_hashes: None) -> tuple[Path, World]:
    """A folder with the city's database and store, and what is in it."""
    folder = tmp_path_factory.mktemp("outsider")
    empty = db.Database(f"sqlite:///{folder / 'portal.db'}")
    models.metadata.create_all(empty.engine)
    db.use(empty)
    world = worlds.build(Cast(), store_for(f"file://{folder / 'store'}"))
    with empty.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    empty.close()
    clock.fix(None)
    words.set_language(words.SOURCE_LANGUAGE)
    return folder, world


@pytest.fixture(scope="session")
def sqlite_template(built: tuple[Path, World]) -> Path:
    """Every test of this folder begins in the built city instead of an empty one."""
    return built[0] / "portal.db"


@pytest.fixture
def app(app: Any, built: tuple[Path, World], tmp_path: Path) -> Any:
    """The application over the city and its papers."""
    shutil.copytree(built[0] / "store", tmp_path / "store", dirs_exist_ok=True)
    return app


@pytest.fixture
def world(built: tuple[Path, World]) -> World:
    """What is in the city."""
    return built[1]


@pytest.fixture
def cast(database: db.Database, world: World) -> Cast:
    """The cast, whose people stand in the city already."""
    found = Cast()
    found._people = dict(world.people)
    return found


@pytest.fixture
def enter(app: Any, cast: Cast) -> Callable[[str], Browser]:
    """Return the browser of somebody by name: "" is a visitor, everybody else is signed in."""
    del cast

    def open_browser(name: str) -> Browser:
        browser = Browser(app)
        if name:
            assert browser.sign_in(CAST[name][1]).status_code == 200
        return browser

    return open_browser
