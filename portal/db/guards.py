"""Tables whose rows the database itself never lets anybody change or take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from portal.db.tables import Base

if TYPE_CHECKING:
    from collections.abc import Sequence

# One function of PostgreSQL says no for all of them.
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$"
)
_kept: list[tuple[tuple[str, ...], str]] = []


def keep_append_only(*tables: str, because: str) -> None:
    """Let these tables be append-only wherever they are made; SQLite refuses with `because`."""
    _kept.append((tables, because))


def guard_ddl(dialect: str) -> list[str]:
    """Return the statements that guard all tables which are kept so, for either database."""
    found = [line for tables, because in _kept for line in triggers_ddl(dialect, tables, because)]
    return found if dialect == "sqlite" else [_FUNCTION, *found]


def triggers_ddl(dialect: str, tables: Sequence[str], because: str) -> list[str]:
    """Return the statements that make the triggers of these tables."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{because}'); END"
            for table in tables
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"FOR EACH {'STATEMENT' if verb == 'truncate' else 'ROW'} EXECUTE FUNCTION refuse_change()"
        for table in tables
        for verb in ("update", "delete", "truncate")
    ]


def _guard(_target: object, connection: Any, **_options: object) -> None:
    for statement in guard_ddl(connection.dialect.name):
        connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _guard)
