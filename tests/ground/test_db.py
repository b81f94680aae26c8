"""Units of work commit whole or not at all, and writers queue instead of failing, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from portal import clock, db
from portal.organisations.models import Organisation
from portal.people.models import Tally
from tests.conftest import Cast


def _tally(key: str) -> int | None:
    with db.reading() as session:
        return session.scalar(select(Tally.count).where(Tally.key == key))


def _start(key: str) -> None:
    with db.writing() as session:
        session.add(Tally(key=key, window=0, count=0))


def test_writing_commits_at_its_end(both: db.Database) -> None:
    _start("kept")
    assert _tally("kept") == 0


def test_writing_rolls_back_what_was_raised_through(both: db.Database) -> None:
    with pytest.raises(KeyError), db.writing() as session:
        session.add(Tally(key="lost", window=0, count=0))
        session.flush()
        raise KeyError
    assert _tally("lost") is None


def test_the_database_itself_refuses_a_write_by_a_reader(both: db.Database) -> None:
    for _ in range(2):
        with pytest.raises(DBAPIError, match=r"read.?only"), db.reading() as session:
            session.add(Tally(key="lost", window=0, count=0))
            session.flush()
        assert _tally("lost") is None
        _start(f"kept{_}")  # the same line writes again when it is a writer's
    assert db.database().condition.trouble() is None


def test_what_is_written_aside_survives_the_refusal(database: db.Database) -> None:
    with pytest.raises(KeyError), db.reading():
        with db.aside() as session:
            session.add(Tally(key="kept", window=0, count=0))
        raise KeyError
    assert _tally("kept") == 0


def test_outside_a_unit_there_is_no_session(database: db.Database) -> None:
    with pytest.raises(RuntimeError, match="no unit of work"):
        db.session()
    with db.writing() as session:
        assert db.session() is session
        with db.reading() as inner:
            assert db.session() is inner
        assert db.session() is session


def test_a_database_out_of_reach_leaves_no_unit_behind(tmp_path: object) -> None:
    db.use(db.Database("postgresql+psycopg://nobody@127.0.0.1:9/none"))
    before = clock.real()
    with pytest.raises(OperationalError), db.writing() as session:
        session.execute(text("SELECT 1"))
    with pytest.raises(OperationalError), db.writing():
        clock.now()
    with pytest.raises(RuntimeError, match="no unit of work"):
        db.session()
    assert clock.now() >= before


def _together(count: int, work: Callable[[], None]) -> list[BaseException]:
    failures: list[BaseException] = []
    barrier = threading.Barrier(count)

    def run() -> None:
        barrier.wait()
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_read_then_write_from_eight_threads_loses_nothing(sqlite: db.Database) -> None:
    db.use(sqlite)
    _start("counter")

    def count_up() -> None:
        for _ in range(20):
            with db.writing() as session:
                row = session.get_one(Tally, ("counter", 0))
                row.count += 1

    assert _together(8, count_up) == []
    assert _tally("counter") == 160


def test_read_then_write_on_postgresql_locks_the_row(postgres: db.Database) -> None:
    db.use(postgres)
    with db.writing() as session:
        session.execute(text("DELETE FROM tally"))
    _start("counter")

    def count_up() -> None:
        for _ in range(20):
            with db.writing() as session:
                row = session.get_one(Tally, ("counter", 0), with_for_update=True)
                row.count += 1

    assert _together(8, count_up) == []
    assert _tally("counter") == 160


def test_readers_are_not_held_up_by_a_writer(both: db.Database) -> None:
    _start("counter")
    with db.writing() as session:
        session.get_one(Tally, ("counter", 0)).count = 5
        session.flush()
        assert _tally("counter") == 0
    assert _tally("counter") == 5


def test_a_writer_that_waits_too_long_is_told_so(sqlite: db.Database) -> None:
    impatient = db.Database(str(sqlite.engine.url), db.Patience(busy_seconds=0.01))
    db.use(impatient)
    with sqlite.writer.connect() as holder:
        holder.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="locked"), db.writing() as session:
            session.execute(text("SELECT 1"))
    with db.writing() as session:
        session.execute(text("SELECT 1"))
    impatient.close()


def test_the_queue_goes_on_after_a_failed_writer(database: db.Database) -> None:
    for _ in range(3):
        with pytest.raises(IntegrityError), db.writing() as session:
            session.add_all([Tally(key="twice", window=0), Tally(key="twice", window=0)])
            session.flush()
    _start("after")
    assert _tally("after") == 0
    assert not db._one_writer.locked()


def test_an_instant_comes_back_as_it_was_in_utc(both: db.Database) -> None:
    rome = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with db.writing() as session:
        session.add(Organisation(slug="a", name="A", kind="association", founded_at=rome))
    with db.reading() as session:
        found = session.scalars(select(Organisation.founded_at)).one()
        earlier = session.scalars(select(Organisation.slug).where(Organisation.founded_at < rome)).all()
        same = session.scalars(select(Organisation.slug).where(Organisation.founded_at == rome)).all()
    assert found == rome
    assert found.tzinfo is UTC
    assert (earlier, same) == ([], ["a"])


def test_an_instant_without_its_zone_is_refused(both: db.Database) -> None:
    with pytest.raises(StatementError, match="time zone"), db.writing() as session:
        session.add(Organisation(slug="a", name="A", kind="association", founded_at=datetime(2026, 1, 1)))
        session.flush()


def test_a_lost_race_is_noticed(both: db.Database) -> None:
    with db.writing() as session:
        session.add(Organisation(slug="a", name="A", kind="association", founded_at=clock.now()))
    with db.reading() as session:
        mine = session.scalars(select(Organisation)).one()
    with db.writing() as session:
        session.scalars(select(Organisation)).one().name = "Theirs"
    with pytest.raises(StaleDataError), db.writing() as session:
        session.add(mine)
        mine.name = "Mine"
        session.flush()


def test_amounts_of_a_large_city_fit(both: db.Database) -> None:
    with db.writing() as session:
        session.add(Tally(key="large", window=0, count=10**14))
    assert _tally("large") == 10**14


def test_foreign_keys_are_watched(both: db.Database, cast: Cast) -> None:
    with pytest.raises(IntegrityError), db.writing() as session:
        session.execute(text("INSERT INTO membership (organisation_id, person_id, speaks_for_it, starts_at) "
                             "VALUES (77, 77, false, '2026-01-01')"))  # fmt: skip


def test_the_databases_clock_is_near(both: db.Database) -> None:
    assert db.database_skew_seconds() < 1
