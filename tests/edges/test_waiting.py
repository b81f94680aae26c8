"""No page waits for ever: every wait for the database ends, in a page that says when to try again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal import clock, crypto, db
from portal.people.models import Tally
from tests.browser import Browser

HURRIED = db.Patience(
    busy_seconds=0.05, pool_seconds=0.05, statement_seconds=1, lock_seconds=1, idle_seconds=30, connections=1
)


@pytest.fixture
def hurried(postgres: db.Database) -> Iterator[db.Database]:
    """The PostgreSQL database, by a process that waits for nothing."""
    found = db.Database(postgres.engine.url.render_as_string(hide_password=False), HURRIED)
    db.use(found)
    yield found
    found.close()


def setting(session: Any, name: str) -> str:
    return str(session.scalar(text(f"SHOW {name}")))


def test_every_wait_has_an_end_and_pages_wait_less_than_jobs(hurried: db.Database) -> None:
    with db.reading() as reader, db.writing() as writer:
        for session in (reader, writer):
            assert setting(session, "statement_timeout") == "1s"
            assert setting(session, "lock_timeout") == "1s"
            assert setting(session, "idle_in_transaction_session_timeout") == "30s"
        assert (setting(reader, "transaction_read_only"), setting(writer, "transaction_read_only")) == (
            "on",
            "off",
        )
        assert setting(reader, "plan_cache_mode") == "force_generic_plan"
        assert (setting(reader, "max_parallel_workers_per_gather"), setting(reader, "jit")) == ("0", "off")
    for name in ("connect_seconds", "pool_seconds", "statement_seconds", "lock_seconds", "idle_seconds"):
        assert getattr(db.PAGES, name) < getattr(db.JOBS, name), name


def test_a_statement_that_takes_too_long_is_stopped(hurried: db.Database) -> None:
    for unit in (db.reading, db.writing):
        with pytest.raises(DBAPIError) as stopped, unit() as session:
            session.execute(text("SELECT pg_sleep(20)"))
        assert db.trouble_of(stopped.value) is db.Trouble.SLOW


def test_a_row_that_somebody_holds_is_not_waited_for(postgres: db.Database, hurried: db.Database) -> None:
    with postgres.writer.begin() as holder:
        holder.execute(text("LOCK TABLE tally"))
        with pytest.raises(DBAPIError) as stopped, db.writing() as session:
            session.execute(text("SELECT count(*) FROM tally"))
        assert db.trouble_of(stopped.value) in {db.Trouble.BUSY, db.Trouble.SLOW}


def test_a_pool_without_a_free_line_is_a_page_that_says_when_to_come_back(
    app: Any, hurried: db.Database
) -> None:
    browser = Browser(app)
    held = [hurried.reader.connect() for _ in range(2)]
    try:
        since = time.monotonic()
        answer = browser.get("/en/")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
        assert "busy just now" in browser.page
        assert time.monotonic() - since < 5
        with pytest.raises(PoolTimeout), db.reading() as session:
            session.scalar(select(Tally.count))
    finally:
        for line in held:
            line.close()
    assert browser.get("/en/").status_code == 200


def test_readers_keep_their_prepared_statements_and_open_no_transaction(hurried: db.Database) -> None:
    said: list[str] = []
    event.listen(hurried.reader, "rollback", lambda _connection: said.append("rollback"))
    for _ in range(12):
        with db.reading() as session:
            session.scalar(select(Tally.count).where(Tally.key == "x"))
    with db.reading() as session:
        kept = session.scalar(
            text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%tally%'")
        )
        state = session.scalar(text("SELECT pg_current_xact_id_if_assigned() IS NULL"))
    assert (kept, state) == (1, True)


def test_a_snapshot_shows_one_state_and_leaves_nothing_behind(both: db.Database) -> None:
    with db.writing() as session:
        session.add(Tally(key="one", window=0, count=1))
    with db.snapshot() as session:
        seen = [session.scalar(select(Tally.count))]
        with db.writing() as other:
            other.execute(text("UPDATE tally SET count = 2"))
        seen.append(session.scalar(select(Tally.count)))
        assert seen == [1, 1]
        with pytest.raises(DBAPIError):
            session.execute(text("DELETE FROM tally"))
    with db.reading() as session:
        assert session.scalar(select(Tally.count)) == 2
        if not both.is_sqlite:
            assert session.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_a_writing_unit_opens_nothing_before_its_first_statement(both: db.Database) -> None:
    pool: Any = both.engine.pool
    with db.unit(writes=True) as session:
        crypto.hash_password("lamp tide oven moss")
        assert pool.checkedout() == 0
        first = clock.now()
        session.execute(text("SELECT 1"))
        assert pool.checkedout() == 1
        with db.reading():
            assert clock.now() >= first
        assert clock.now() == first  # one instant for the whole unit
    with db.unit(writes=True) as session:
        session.execute(text("SELECT 1"))
        first = clock.now()
        assert abs((clock.real() - first).total_seconds()) < 5
        assert clock.now() == first


def test_a_unit_keeps_its_instant_after_a_statement_that_failed(both: db.Database) -> None:
    with db.unit(writes=True) as session:
        with pytest.raises(DBAPIError):
            session.execute(text("SELECT nonsense"))
        first = clock.now()
        session.rollback()
        session.execute(text("SELECT 1"))
        assert clock.now() == first


def test_how_long_the_database_let_wait_is_told(both: db.Database) -> None:
    told: list[tuple[str, float]] = []

    def note(what: str, seconds: float) -> None:
        told.append((what, seconds))

    db.waits.append(note)
    try:
        with db.writing() as session:
            session.execute(text("SELECT 1"))
    finally:
        db.waits.remove(note)
    assert {what for what, _ in told} == ({"connection", "writer"} if both.is_sqlite else {"connection"})
    assert all(0 <= seconds < 5 for _, seconds in told)


@pytest.mark.parametrize(
    ("statement", "trouble"),
    [
        ("SELECT 1 / 0", None),
        ("SELECT 'x'::integer", None),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$", db.Trouble.FULL),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53300'; END $$", db.Trouble.BUSY),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$", db.Trouble.BUSY),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '57P03'; END $$", db.Trouble.AWAY),
        ("SELECT pg_terminate_backend(pg_backend_pid())", db.Trouble.AWAY),
    ],
)
def test_a_trouble_is_told_from_a_mistake_by_its_code(
    hurried: db.Database, statement: str, trouble: db.Trouble | None
) -> None:
    with pytest.raises(DBAPIError) as failed, db.writing() as session:
        session.execute(text(statement))
    assert db.trouble_of(failed.value) is trouble
