"""Migrations build exactly what the models say, on both databases, whole or not at all."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from migrations import fresh
from portal import db, models
from portal.cli import migrating

APPEND_ONLY = ("act", "leaf", "pool_entry")
POSTGRES_QUESTIONS = (
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
       FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'",
)


def _parts(sql: str) -> Any:
    """Return a CREATE statement with its parts sorted, because their order means nothing."""
    flat = re.sub(r"\s+", " ", sql).replace('"', "").strip()
    if not flat.startswith("CREATE TABLE"):
        return flat
    head, _, body = flat.partition("(")
    parts, depth, part = [], 0, ""
    for sign in body.rpartition(")")[0]:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += sign
    return head.strip(), sorted([*parts, part.strip()])


def _sqlite_ddl(database: db.Database) -> dict[str, Any]:
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {f"{kind} {name}": _parts(sql) for kind, name, sql in rows if name != "alembic_version"}


def _postgres_ddl(database: db.Database) -> list[str]:
    with database.engine.connect() as connection:
        found = [
            str(tuple(row)) for question in POSTGRES_QUESTIONS for row in connection.execute(text(question))
        ]
    return sorted(line for line in found if "alembic_version" not in line)


def test_on_sqlite_migrations_build_what_the_models_say(
    empty_sqlite: db.Database, sqlite: db.Database
) -> None:
    migrating.upgrade(empty_sqlite)
    assert _sqlite_ddl(empty_sqlite) == _sqlite_ddl(sqlite)


def test_on_postgresql_migrations_build_what_the_models_say(
    empty_postgres: db.Database, postgres: db.Database
) -> None:
    migrating.upgrade(empty_postgres)
    assert _postgres_ddl(empty_postgres) == _postgres_ddl(postgres)


def test_alembic_finds_no_difference_either(empty: db.Database) -> None:
    migrating.upgrade(empty)
    with empty.engine.connect() as connection:
        options = {"compare_type": True, "include_name": models.is_described}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, models.metadata) == []


def test_upgrading_says_what_is_missing_and_twice_is_once(empty: db.Database) -> None:
    assert migrating.missing(empty)
    assert migrating.is_empty(empty)
    migrating.upgrade(empty)
    migrating.upgrade(empty)
    assert not migrating.missing(empty)
    assert migrating.is_empty(empty)


def test_two_nodes_that_upgrade_at_once_wait_for_each_other(empty: db.Database) -> None:
    url = empty.engine.url.render_as_string(hide_password=False)
    code = f"from portal import db; from portal.cli import migrating; migrating.upgrade(db.Database({url!r}))"
    nodes = [
        subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [node.communicate()[1] for node in nodes]
    assert [node.returncode for node in nodes] == [0, 0], said
    assert not migrating.missing(empty)


def test_an_upgrade_that_breaks_leaves_nothing_behind(empty: db.Database) -> None:
    with empty.writer.begin() as connection:
        connection.execute(text("CREATE TABLE signature (id INTEGER)"))
    with pytest.raises(DBAPIError, match="signature"):
        migrating.upgrade(empty)
    with empty.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"signature", "alembic_version"}
    with empty.writer.begin() as connection:
        connection.execute(text("DROP TABLE signature"))
    migrating.upgrade(empty)
    assert not migrating.missing(empty)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_after_an_upgrade_the_triggers_stand(empty_sqlite: db.Database, table: str, change: str) -> None:
    migrating.upgrade(empty_sqlite)
    with empty_sqlite.writer.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        columns = [column["name"] for column in inspect(connection).get_columns(table)]
        filled = ", ".join(
            "'1'" if table != "pool_entry" or name != "movement" else "'opened'" for name in columns
        )
        connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({filled})")
        with pytest.raises(DBAPIError, match="append-only"):
            connection.exec_driver_sql(change.format(table, columns[0]))
        connection.rollback()


def test_append_only_tables_are_never_batch_altered() -> None:
    # Batch mode copies a table on SQLite and loses its triggers.
    altered = [
        file.name
        for file in (migrating.MIGRATIONS / "versions").glob("*.py")
        for table in APPEND_ONLY
        if re.search(rf"batch_alter_table\(\s*[\"']{table}[\"']", file.read_text(encoding="utf-8"))
    ]
    assert altered == []


def test_migrations_do_not_import_the_models() -> None:
    importing = [
        file.name
        for file in (migrating.MIGRATIONS / "versions").glob("*.py")
        if re.search(r"^\s*(?:from|import) portal", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert importing == []


def test_there_is_one_newest_migration_and_two_branches_conflict_in_its_file(sqlite: db.Database) -> None:
    heads = ScriptDirectory.from_config(migrating.alembic_config(sqlite)).get_heads()
    assert [(migrating.MIGRATIONS / "head").read_text(encoding="utf-8").strip()] == heads


def test_the_newest_migration_holds_the_whole_difference_to_the_models() -> None:
    kept = fresh.path().read_text(encoding="utf-8")

    def bare(text: str) -> str:
        # Two ways of writing a string may differ in its quotation marks and what escapes them.
        return re.sub(r"[\s,()\"'\\]", "", text)

    assert bare(fresh.source()) == bare(kept)
