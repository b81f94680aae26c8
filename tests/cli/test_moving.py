"""A city moves to the other kind of database and back, row for row, or stays where it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from portal import clock, db, models
from portal.cli import migrating
from portal.people.models import Person
from portal.policy import SYSTEM
from portal.record import Did, record
from portal.record import actions as records
from tests.cli import keeping
from tests.cli.keeping import Command
from tests.worker.dying import dies_at


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty PostgreSQL database with all tables."""
    request.getfixturevalue("postgres")
    with keeping.postgres_database() as url:
        found = db.Database(url)
        models.metadata.create_all(found.engine)
        keeping.stamp(found)
        found.close()
        yield url


def _rows(url: str) -> dict[str, str]:
    """Return a hash of every table's rows, as the portal reads them."""
    database = db.Database(url)
    with database.engine.connect() as connection:
        found = {}
        for table in models.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            found[table.name] = hashlib.sha256("".join(rows).encode()).hexdigest()
    database.close()
    return found


def _count(url: str) -> int:
    database = db.Database(url)
    with database.engine.connect() as connection:
        tables = models.metadata.sorted_tables
        found = sum(connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables)
    database.close()
    return found


def test_a_city_goes_to_postgresql_lives_there_and_comes_back(
    lived: dict[str, str], elsewhere: str, tmp_path: Path, run: Command
) -> None:
    old = lived["PORTAL_DATABASE_URL"]
    before = keeping.state(db.database())
    code, said, _ = run(lived, "db", "move-to", elsewhere)
    assert code == 0
    assert f"{before.size} entries, root {before.root.hex()} at both ends" in said
    assert _rows(elsewhere) == _rows(old)

    db.use(db.Database(elsewhere))
    keeping.read(lived)
    with db.writing() as session:  # automatic numbers go on behind the highest
        record(Did.JOB_ASKED, "job:mail", by=SYSTEM)
        session.add(Person(name="Nuova", email="nuova@example.org", password_hash="x", joined_at=_now()))
        records.sequence()
    db.database().close()

    back = f"sqlite:///{tmp_path / 'back.db'}"
    target = db.Database(back)
    models.metadata.create_all(target.engine)
    keeping.stamp(target)
    target.close()
    assert run({**lived, "PORTAL_DATABASE_URL": elsewhere}, "db", "move-to", back)[0] == 0
    assert _rows(back) == _rows(elsewhere)
    returned = db.Database(back)
    assert keeping.state(returned).size == before.size + 1
    with pytest.raises(Exception, match="append-only"), returned.writer.begin() as connection:
        connection.execute(text("UPDATE act SET verb = 'x'"))
    returned.close()


def _now() -> datetime:

    return clock.real()


def test_a_target_with_rows_is_left_as_it_was(lived: dict[str, str], elsewhere: str, run: Command) -> None:
    target = db.Database(elsewhere)
    with target.engine.begin() as connection:
        connection.execute(text("INSERT INTO tally VALUES ('k', 1, 1)"))
    target.close()
    code, _, told = run(lived, "db", "move-to", elsewhere)
    assert code == 1
    assert "The target is not empty: there are rows in tally" in told
    assert _count(elsewhere) == 1


def test_a_row_that_the_target_refuses_leaves_nothing_there(
    lived: dict[str, str], elsewhere: str, run: Command
) -> None:
    with db.writing() as session:
        session.execute(text("UPDATE message SET title = :long"), {"long": "x" * 500})
    code, _, told = run(lived, "db", "move-to", elsewhere)
    assert code == 1
    assert "A row of message is refused there" in told
    assert _count(elsewhere) == 0


def test_a_record_that_does_not_hold_is_not_moved(
    lived: dict[str, str], elsewhere: str, run: Command
) -> None:
    with db.database().writer.begin() as connection:
        connection.execute(text("DROP TRIGGER leaf_no_update"))
        connection.execute(text("UPDATE leaf SET hash = x'00' WHERE position = 3"))
    code, _, told = run(lived, "db", "move-to", elsewhere)
    assert code == 1
    assert "The record does not hold: entry 3" in told
    assert _count(elsewhere) == 0


def test_a_move_that_dies_leaves_nothing_there(lived: dict[str, str], elsewhere: str, run: Command) -> None:
    assert dies_at("moved", lambda: run(lived, "db", "move-to", elsewhere))
    assert _count(elsewhere) == 0
    assert run(lived, "db", "move-to", elsewhere)[0] == 0


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("mysql://x", "must begin with sqlite: or postgresql:"),
        ("sqlite:////tmp/other.db", "Both are SQLite"),
        ("postgresql://nobody@127.0.0.1:1/x", "The database cannot be used"),
    ],
)
def test_a_target_that_cannot_be_one_is_said_to_be_none(
    target: str, sentence: str, lived: dict[str, str], run: Command
) -> None:
    code, _, told = run(lived, "db", "move-to", target)
    assert code == 1
    assert sentence in told


def test_a_city_whose_own_tables_are_old_is_brought_up_to_date_first(
    tmp_path: Path, elsewhere: str, run: Command
) -> None:
    old = keeping.config_in(tmp_path)
    database = db.Database(f"sqlite:///{tmp_path / 'portal.db'}")
    migrating.upgrade(database, "0001")
    database.close()
    code, _, told = run(
        {**old, "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"}, "db", "move-to", elsewhere
    )
    assert code == 1
    assert "portal db upgrade" in told
