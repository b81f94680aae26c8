"""What Alembic does not compare of a table that is there already: its rules, and what fills a new column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import CheckConstraint, Column, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, conv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

NEW = "made_anew_"


def parts(ddl: str) -> list[str]:
    """Return the columns and rules of a CREATE TABLE, sorted, because their order means nothing."""
    flat = re.sub(r"\s+", " ", ddl).replace('"', "")
    found, depth, part = [], 0, ""
    for sign in flat.partition("(")[2].rpartition(")")[0]:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            found.append(part.strip())
            part = ""
        else:
            part += sign
    return sorted([*found, part.strip()])


def checks(ddl: str) -> dict[str, str]:
    """Return the named CHECKs of a CREATE TABLE: name and condition."""
    found = (re.fullmatch(r"CONSTRAINT (\w+) CHECK (\(.*\))", part) for part in parts(ddl))
    return {one[1]: one[2] for one in found if one}


def ddl_of(connection: Connection, table: str) -> str:
    """Return the CREATE TABLE with which an SQLite database keeps the table."""
    question = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
    return str(connection.exec_driver_sql(question, (table,)).scalar_one())


def needs_rebuilding(old: str, table: Table) -> bool:
    """Say whether SQLite must make the table anew: anything but new columns that may be empty."""
    before, after = parts(old), parts(str(CreateTable(table).compile(dialect=sqlite.dialect())))
    plain = {c.name for c in table.columns if _fills_itself(c) and not c.foreign_keys and not c.unique}
    came = [part for part in after if part not in before]
    gone = [part for part in before if part not in after]
    return bool(gone) or any(part.partition(" ")[0] not in plain for part in came)


def _fills_itself(column: Column[Any]) -> bool:
    return bool(column.nullable) or column.server_default is not None


def rebuilding(old: str, table: Table) -> list[str]:
    """Return the statements that make the table anew on SQLite, which can change it in no other way.

    Foreign keys are off meanwhile, see env.py; what they refer to is checked before the migration is over.
    """
    dialect = sqlite.dialect()
    ddl = str(CreateTable(table).compile(dialect=dialect)).strip()
    there = {part.partition(" ")[0] for part in parts(old)}
    quoted = dialect.identifier_preparer.quote
    filled = {quoted(c.name): quoted(c.name) if _is_in(c, there) else _filled(c) for c in table.columns}
    indexes = [str(CreateIndex(one).compile(dialect=dialect)) for one in sorted(table.indexes, key=_name)]
    anew, name = f"{NEW}{table.name}", table.name
    return [
        _flat(re.sub(rf'^CREATE TABLE "?{name}"?', f"CREATE TABLE {anew}", ddl)),
        f'INSERT INTO {anew} ({", ".join(filled)}) SELECT {", ".join(filled.values())} FROM "{name}"',
        f'DROP TABLE "{name}"',
        f"ALTER TABLE {anew} RENAME TO {name}",
        *map(_flat, indexes),
    ]


def _is_in(column: Column[Any], there: set[str]) -> bool:
    return bool({column.name, f'"{column.name}"'} & there)


def _name(index: Any) -> str:
    return str(index.name)


def _flat(sql: str) -> str:
    return re.sub(r"\s+", " ", sql)


def _filled(column: Column[Any]) -> str:
    """Return the SQL expression with which rows that are there already fill a new column."""
    if column.nullable:
        return "NULL"
    if column.server_default is not None:
        given = column.server_default.arg  # type: ignore[attr-defined]
        return f"'{given}'" if isinstance(given, str) else str(given)
    default = column.default
    assert default is not None, f"{column}: say with what the rows that are there fill it"  # noqa: S101
    value = default.arg({}) if default.is_callable else default.arg  # type: ignore[attr-defined]
    return (
        str(column.type.literal_processor(sqlite.dialect())(value))
        if isinstance(value, str)
        else _other(value)
    )


def _other(value: object) -> str:
    known = {"[]": "'[]'", "{}": "'{}'", "True": "true", "False": "false"}
    return known.get(repr(value), repr(value))


def on_postgresql(found: list[Any], old: str, table: Table) -> Iterator[Any]:
    """Yield the changes with every CHECK that came, went or changed, and with filled columns."""
    before = checks(old)
    after = {str(one.name): one for one in table.constraints if isinstance(one, CheckConstraint)}
    now = checks(str(CreateTable(table).compile(dialect=sqlite.dialect())))
    changed = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    for name in sorted(changed & before.keys()):
        # The name is whole already: no convention puts anything before it.
        yield ops.DropConstraintOp(conv(name), table.name, type_="check")
    for one in found:
        yield from _filling(one, table) if isinstance(one, ops.AddColumnOp) else [one]
    for name in sorted(changed & now.keys()):
        yield ops.CreateCheckConstraintOp.from_constraint(after[name])


def _filling(change: ops.AddColumnOp, table: Table) -> Iterator[Any]:
    model = table.columns[change.column.name]
    if _fills_itself(model):
        yield change
        return
    yield ops.AddColumnOp(table.name, Column(model.name, model.type, nullable=True))
    value = _filled(model)
    cast = "::json" if "JSON" in str(model.type.compile(dialect=postgresql.dialect())) else ""
    yield ops.ExecuteSQLOp(f'UPDATE "{table.name}" SET {model.name} = {value}{cast}')
    yield ops.AlterColumnOp(table.name, model.name, modify_nullable=False, existing_type=model.type)
