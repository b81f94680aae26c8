"""A database that can only be read: pages answer, nothing is sent, nothing is lost, and it comes back by itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from portal import db
from portal.db import condition
from tests.browser import Browser
from tests.conftest import CAST, Cast
from tests.edges.conftest import FAILURES, as_nobody, read_only_folder

BANNER = "nothing can be sent: no form, no signature"
TYPED = {"name": "Nina <b>Costa</b>", "email": "nina@example.org", "password": "lamp tide oven moss"}


def contents(database: db.Database) -> dict[str, Any]:
    """Return everything that stands in the database, but when sessions were last seen and tries counted."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in db.Base.metadata.sorted_tables
            if table.name not in {"open_session", "tally"}
        }


def later(database: db.Database) -> None:
    """Let the time pass after which the database is asked again."""
    database.condition._ask_at = 0.0


@pytest.mark.parametrize("failure", ["read_only", "full"])
def test_reading_goes_on_and_writing_comes_back_by_itself(
    app: Any, failing: tuple[db.Database, str], cast: Cast, failure: str
) -> None:
    database, kind = failing
    cast.person("rosa")
    rosa, visitor = Browser(app), Browser(app)
    rosa.sign_in(CAST["rosa"][1])
    visitor.get("/en/join")
    assert BANNER not in visitor.page
    before = contents(database)
    with FAILURES[failure][kind](database):
        answer = visitor.post("/en/join", TYPED)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "600"
        assert "Try again in ten minutes" in visitor.page
        assert "Nina &lt;b&gt;Costa&lt;/b&gt;" in visitor.page
        assert "lamp tide" not in visitor.page
        for browser, path in ((visitor, "/en/"), (rosa, "/en/account"), (Browser(app), "/en/sign-in")):
            assert browser.get(path).status_code == 200, path
            assert BANNER in browser.page, path
        assert "Rosa Neri" in rosa.page
    assert contents(database) == before
    later(database)
    assert rosa.get("/en/account").status_code == 200
    assert BANNER not in rosa.page
    assert visitor.get("/en/join").status_code == 200
    assert visitor.post("/en/join", TYPED).status_code == 200
    assert rosa.post("/en/sign-out", at="/en/account").status_code == 200


def test_nobody_need_try_first_to_learn_that_nothing_can_be_sent(
    app: Any, failing: tuple[db.Database, str]
) -> None:
    database, kind = failing
    with FAILURES["read_only"][kind](database):
        later(database)
        browser = Browser(app)
        assert browser.get("/en/").status_code == 200
        assert BANNER in browser.page


def test_a_first_form_is_told_the_reason_not_that_its_page_was_old(
    app: Any, open_folder: db.Database
) -> None:
    db.use(open_folder)
    with read_only_folder(open_folder):
        browser = Browser(app)
        browser.get("/en/join")
        assert browser.post("/en/join", TYPED).status_code == 503
        assert "open too long" not in browser.page


def test_a_denied_attempt_stays_denied_where_it_cannot_be_remembered(
    app: Any, open_folder: db.Database, cast: Cast
) -> None:
    db.use(open_folder)
    cast.person("eve")
    eve = Browser(app)
    eve.sign_in(CAST["eve"][1])
    with read_only_folder(open_folder):
        assert eve.get("/en/desk/jobs").status_code == 403


def test_a_successful_write_ends_the_banner_at_once(database: db.Database) -> None:
    database.condition.note(db.Trouble.FULL)
    assert database.condition.trouble() is db.Trouble.FULL
    with db.reading() as session:
        session.execute(text("SELECT 1"))
    assert database.condition.trouble() is db.Trouble.FULL
    with db.writing() as session:
        session.execute(text("UPDATE tally SET count = 0"))
    assert database.condition.trouble() is None


def test_what_a_failed_write_taught_is_asked_again(
    database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.condition.note(db.Trouble.BUSY)
    assert database.condition.trouble() is None
    database.condition.note(db.Trouble.READ_ONLY)
    assert database.condition.trouble() is db.Trouble.READ_ONLY
    later(database)
    assert database.condition.trouble() is None


def test_a_nearly_full_disk_is_known_before_a_write_fails(
    database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "LEAST_FREE_BYTES", 1 << 60)
    assert database.condition.trouble() is db.Trouble.FULL


def test_a_frozen_file_is_read_and_left_as_soon_as_its_folder_can_be_written(
    open_folder: db.Database,
) -> None:
    db.use(open_folder)
    with read_only_folder(open_folder):
        with db.reading() as session:
            assert session.scalar(text("SELECT count(*) FROM tally")) == 0
        assert not Path(f"{open_folder.engine.url.database}-wal").exists()
    with as_nobody():
        other = sqlite3.connect(str(open_folder.engine.url.database))
        other.execute("INSERT INTO tally (key, \"window\", count) VALUES ('other', 0, 7)")
        other.commit()
        other.close()
        with db.reading() as session:
            assert session.scalar(text("SELECT sum(count) FROM tally")) == 7
        with db.writing() as session:
            session.execute(text("UPDATE tally SET count = 8"))
