"""A city as an earlier release knew it, brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import MetaData, func, select

from portal import db, models
from portal.cli import migrating

# What can be found is written anew by itself.
WRITTEN_ANEW = {"search_entry"}


@contextmanager
def brought_up_to_date(
    empty: db.Database,
    release: str,
    tables: Collection[str] | None = None,
    as_it_was: Callable[[str, dict[str, Any]], None] = lambda _table, _row: None,
) -> Iterator[None]:
    """Write this city into an empty database of an earlier release, upgrade that, and open it meanwhile.

    Columns and tables that are new since are left out; `as_it_was` puts a row back to what it said then.
    """
    migrating.upgrade(empty, release)
    _copied(empty, tables, as_it_was)
    migrating.upgrade(empty)
    here = db.database()
    db.use(empty)
    try:
        yield
    finally:
        db.use(here)


def _copied(
    into: db.Database, tables: Collection[str] | None, as_it_was: Callable[[str, dict[str, Any]], None]
) -> None:
    with into.writer.begin() as line:
        if into.is_sqlite:
            line.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            line.exec_driver_sql("SET LOCAL session_replication_role = replica")
        old = MetaData()
        old.reflect(line, only=tables)
        for name in (old.tables.keys() & models.metadata.tables.keys()) - WRITTEN_ANEW:
            with db.reading() as session:
                rows = [dict(one) for one in session.execute(select(models.metadata.tables[name])).mappings()]
            for row in rows:
                as_it_was(name, row)
                there = {one.name: row[one.name] for one in old.tables[name].c if one.name in row}
                line.execute(old.tables[name].insert(), there)
            if rows and "id" in rows[0] and not into.is_sqlite:
                _count_on(line, old.tables[name])


def _count_on(line: Any, table: Any) -> None:
    """Let PostgreSQL number what is written next after what was copied, as a city's own database would."""
    sequence = line.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
    if sequence is not None:
        line.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))
