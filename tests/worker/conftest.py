"""A signed pact whose papers are due, and the tools of a worker over this test's database and folder."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from config import Config
from portal import db, worker
from portal.documents import fonts
from portal.documents.refusals import FontsMissing, NoCertificate
from portal.documents.renderer import Renderer
from portal.documents.sheet import Sheet
from portal.words import W
from tests.conftest import Cast
from tests.pacts import journey


class Pen:
    """Draws an empty page at once, always the same one for the same sheet."""

    def render(self, sheet: Sheet) -> bytes:
        out = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.docinfo["/Title"] = sheet.title + sheet.html + sheet.language
            pdf.save(out, static_id=True)
        return out.getvalue()

    def close(self) -> None:
        """There is no child to end."""


class Stamp:
    """Seals at once, with the instant of sealing; `missing` says that there is no certificate."""

    missing = False

    def check(self) -> None:
        if self.missing:
            raise NoCertificate(W("the seal certificate file cannot be read."))

    def seal(self, pdf: bytes, at: datetime) -> bytes:
        return pdf + b" sealed " + str(at.timestamp()).encode()


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """The one real renderer that the tests of the worker share."""
    try:
        fonts.check()
    except FontsMissing as error:
        pytest.skip(str(error))
    with Renderer() as found:
        yield found


@pytest.fixture(scope="session")
def signed_file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database with one signed pact, whose agreement is due in three editions."""
    path = tmp_path_factory.mktemp("signed") / "portal.db"
    shutil.copy(sqlite_template, path)
    database = db.Database(f"sqlite:///{path}")
    db.use(database)
    journey.signed(Cast())
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def signed(signed_file: Path, database: db.Database, tmp_path: Path) -> db.Database:
    """This test's own copy of the database with the signed pact."""
    database.close()
    for rest in tmp_path.glob("portal.db*"):
        rest.unlink()
    shutil.copy(signed_file, tmp_path / "portal.db")
    return database


@pytest.fixture
def tools(config: Config) -> Callable[..., worker.Tools]:
    """Make the tools of one more worker; with a real renderer it seals really too, else both take no time."""

    def make(renderer: Renderer | None = None) -> worker.Tools:
        made: Any = worker.Tools(config, city="Comune di Bologna", sender="patti@city.example")
        if renderer is None:
            made.renderer, made.sealer = Pen(), Stamp()
        else:
            made.renderer = renderer
        return made

    return make
