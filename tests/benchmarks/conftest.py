"""A large city opened by the application, and the place where figures are gathered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from portal import clock, db
from portal.web import kept, parts
from tests.benchmarks import filling
from tests.benchmarks.figures import Figures
from tests.browser import Browser
from tests.conftest import REQUIRED

_figures = Figures()


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Gather the figures of this run."""
    yield _figures
    _figures.write()


class City:
    """A large city behind the application."""

    def __init__(self, app: Any, database: db.Database, rows: int) -> None:
        self.app, self.database, self.rows = app, database, rows
        self.name = "SQLite" if database.is_sqlite else "PostgreSQL"

    def one(self, statement: str) -> Any:
        """Return one value."""
        with self.database.engine.connect() as line:
            return line.exec_driver_sql(statement).scalar()

    def cookie(self, email: str) -> str:
        """Return the cookie of somebody who signed in."""
        browser = Browser(self.app)
        browser.sign_in(email)
        kept_cookie = browser.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert kept_cookie is not None
        return f"{kept_cookie.key}={kept_cookie.value}"


@pytest.fixture(scope="session")
def _apps(tmp_path_factory: pytest.TempPathFactory, demo_seal: Path) -> Callable[[str], Any]:
    from portal.app import create_app

    def make(url: str) -> Any:
        folder = tmp_path_factory.mktemp("bench")
        return create_app(Config.from_env({"PORTAL_DATA_DIR": str(folder), "PORTAL_DATABASE_URL": url}))

    return make


@pytest.fixture
def open_city(_apps: Callable[[str], Any]) -> Iterator[Callable[[str, int], City]]:
    """Open a city of a kind ("sqlite" or "postgresql") and size; skip where there is no PostgreSQL."""
    opened: list[db.Database] = []

    def open_one(kind: str, rows: int) -> City:
        url = _address(kind, rows)
        database = db.Database(url)
        opened.append(database)
        db.use(database)
        # Nothing happened lately: pages stand.
        app = _apps(url)
        clock.set_offset(timedelta(days=60))
        return City(app, database, rows)

    yield open_one
    for database in opened:
        database.close()
    clock.set_offset(timedelta(0))


def _address(kind: str, rows: int) -> str:
    if kind == "sqlite":
        return filling.sqlite(rows)
    try:
        return filling.postgresql(rows)
    except SQLAlchemyError as error:
        if "postgres" in REQUIRED:
            raise
        pytest.skip(f"PostgreSQL is not reachable: {error}")


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every page be made anew."""
    monkeypatch.setattr(kept, "MOST_PAGES", 0)
    monkeypatch.setattr(parts, "MOST_STANDING", 0)
    kept.forget()
