"""A table that is there already gets its new rules and keeps its rows, on SQLite by being made anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, String, Table, text

from migrations import differences
from portal import db
from portal.cli import migrating

OLD = (
    "CREATE TABLE tree (id INTEGER NOT NULL, name VARCHAR(20) NOT NULL, CONSTRAINT pk_tree PRIMARY KEY (id))"
)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[db.Database]:
    found = db.Database(f"sqlite:///{tmp_path / 'empty.db'}")
    yield found
    found.close()


def _tree(*more: Column[object] | CheckConstraint | Index) -> Table:
    names = {"pk": "pk_%(table_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"}
    metadata = MetaData(naming_convention=names | {"fk": "fk_%(table_name)s_%(column_0_N_name)s"})
    Table("garden", metadata, Column("id", Integer, primary_key=True))
    given = (Column("id", Integer, primary_key=True), Column("name", String(20), nullable=False))
    return Table("tree", metadata, *given, *more)


def test_only_a_column_that_fills_itself_is_added_without_more() -> None:
    assert not differences.needs_rebuilding(OLD, _tree())
    assert not differences.needs_rebuilding(OLD, _tree(Column("note", String(9))))
    assert not differences.needs_rebuilding(
        OLD, _tree(Column("note", String(9), nullable=False, server_default=""))
    )
    assert differences.needs_rebuilding(OLD, _tree(Column("age", Integer, nullable=False, default=1)))
    assert differences.needs_rebuilding(OLD, _tree(Column("garden_id", ForeignKey("garden.id"))))
    assert differences.needs_rebuilding(OLD, _tree(CheckConstraint("name <> ''", name="named")))


def test_a_table_made_anew_keeps_its_rows_and_fills_what_is_new(empty: db.Database) -> None:
    more = (
        Column("age", Integer, nullable=False, default=1),
        Column("kind", String(9), nullable=False, default="oak"),
        CheckConstraint("age > 0", name="grown"),
    )
    with empty.writer.begin() as connection:
        connection.execute(text(OLD))
        connection.execute(text("INSERT INTO tree VALUES (7, 'old')"))
        for statement in differences.rebuilding(OLD, _tree(*more)):
            connection.execute(text(statement))
        assert connection.execute(text("SELECT * FROM tree")).one() == (7, "old", 1, "oak")
        now = differences.ddl_of(connection, "tree")
    assert differences.checks(now) == {"ck_tree_grown": "(age > 0)"}


def test_what_hangs_on_a_table_that_is_made_anew_stays(empty: db.Database) -> None:
    migrating.upgrade(empty, "0001")
    at = "'2026-11-01 10:00:00.000000'"
    given = {"id": "3", "code": "'PR-2222-22'", "state": "'draft'", "link_hash": "'x'", "word_hash": "'y'"}
    with empty.writer.begin() as connection:
        columns = connection.exec_driver_sql("PRAGMA table_info(proposal)").fetchall()
        filled = {
            name: given.get(name, at if "DATE" in kind else "0" if "INT" in kind else "''")
            for _, name, kind, is_needed, *_ in columns
            if is_needed
        }
        names, values = ", ".join(filled), ", ".join(filled.values())
        connection.exec_driver_sql(f"INSERT INTO proposal ({names}) VALUES ({values})")
        connection.exec_driver_sql(
            "INSERT INTO offered_commitment (id, proposal_id, what, quantity, unit, per, evidence)"
            " VALUES (1, 3, 'Water the trees', 1, 'times', 'week', '')"
        )
    migrating.upgrade(empty)
    with empty.engine.connect() as connection:
        hanging = connection.execute(
            text("SELECT code FROM proposal p JOIN offered_commitment o ON p.id = proposal_id")
        )
        assert hanging.scalar_one() == "PR-2222-22"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
