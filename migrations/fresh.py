"""Write the newest migration from the models: `python -m migrations.fresh`.

It holds the difference between the migrations that cities run already and the models. Once a migration has
been released it stays as it is, and UNRELEASED names the next one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import ops
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from migrations import differences
from portal import db, models
from portal.cli import migrating
from portal.db import BigNumber, UtcDateTime
from portal.record.models import APPEND_ONLY
from portal.search.models import index_ddl

FOLDER = Path(__file__).parent
RELEASED, UNRELEASED, NAME = "0006", "0007", "support_to_its_end"
ABOUT = "Hours of rooms that are closed, mentoring that is drawn, and what else support keeps to its end."
DIALECTS = ("sqlite", "postgresql")
HEAD = f'''"""{ABOUT}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{UNRELEASED}"
down_revision = "{RELEASED}"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
'''
UPGRADE = """

def upgrade() -> None:
    for change in CHANGES:
        change()
    name = op.get_bind().dialect.name
    for statement in (*GUARDS[name], *FILLS):
        op.execute(statement if isinstance(statement, str) else statement[name])
"""
# Hours of a track that one group alone can still have stand on its side: see proposals/incubation/interests.py.
_CAN_HAVE = """FROM venture JOIN "call" ON "call".id = venture.call_id
 WHERE allocation.subject = 'call:' || "call".ref AND venture.state IN ('applied', 'on_track')
 AND venture.stage <= CAST(substr(allocation.row_key, 2, 1) AS INTEGER)"""
_ONE_ALONE = f"""subject LIKE 'call:%' AND state <> 'released' AND (SELECT count(*) {_CAN_HAVE}) = 1"""
_WHOSE = f"""(SELECT '[' || venture.person_id || ']' {_CAN_HAVE})"""
# A new table holds from the start what the rows of an older one say for it. Where the databases say a thing
# in different words, each has its own.
FILLS: tuple[str | dict[str, str], ...] = (
    """UPDATE allocation SET language = coalesce(
    (SELECT pact.language FROM pact WHERE 'pact:' || pact.code = allocation.subject), '')""",
    # Decisions are found by their language: what can be found is entered anew as the portal starts.
    "DELETE FROM search_entry",
    {
        "sqlite": f"UPDATE allocation SET conflicted_ids = {_WHOSE} WHERE {_ONE_ALONE}",
        "postgresql": f"UPDATE allocation SET conflicted_ids = CAST({_WHOSE} AS JSON) WHERE {_ONE_ALONE}",
    },
)


def main() -> None:
    """Write the newest migration and its name."""
    path().write_text(source(), encoding="utf-8")
    (FOLDER / "head").write_text(f"{UNRELEASED}\n", encoding="utf-8")


def path() -> Path:
    """Return the file of the newest migration."""
    return FOLDER / "versions" / f"{UNRELEASED}_{NAME}.py"


def source() -> str:
    """Return the migration as Python; `ruff format` gives it its shape."""
    released = db.Database("sqlite://")
    migrating.upgrade(released, RELEASED)
    with released.engine.connect() as connection:
        options = {"compare_type": True, "include_name": models.is_described}
        context = MigrationContext.configure(connection, opts=options)
        directives = produce_migrations(context, models.metadata).upgrade_ops
        assert directives is not None  # noqa: S101 - produced without --sql there always are some
        there = set(inspect(connection).get_table_names()) & set(models.metadata.tables)
        # New tables come first, as Alembic has them: a changed one may refer to them.
        tables = _by_table(directives.ops)
        tables |= {name: [] for one in _changed(connection, there) if (name := f"change_{one}") not in tables}
        bodies = {name: _body(connection, there, name, found) for name, found in tables.items()}
    released.close()
    functions = "".join(f"\n\ndef {name}() -> None:\n{body}\n" for name, body in bodies.items())
    return f"{HEAD}\n{_triggers(functions)}FILLS = {FILLS!r}\n{functions}\n\nCHANGES = ({''.join(f'{name}, ' for name in tables)})\n{UPGRADE}"


def _changed(connection: Connection, there: set[str]) -> list[str]:
    """Return the tables whose rules changed, of which Alembic itself says nothing."""
    found = {name: differences.ddl_of(connection, name) for name in sorted(there)}
    return [name for name, old in found.items() if differences.checks(old) != _checks_now(name)]


def _checks_now(name: str) -> dict[str, str]:
    table = models.metadata.tables[name]
    return differences.checks(str(CreateTable(table).compile(dialect=sqlite.dialect())))


def _body(connection: Connection, there: set[str], name: str, found: list[Any]) -> str:
    table_name = name.removeprefix("change_")
    if table_name not in there:
        return _code(found)
    table, old = models.metadata.tables[table_name], differences.ddl_of(connection, table_name)
    if not differences.needs_rebuilding(old, table):
        return _code(found)
    assert table_name not in APPEND_ONLY, f"{table_name} is append-only: it is never made anew"  # noqa: S101
    elsewhere = _code(list(differences.on_postgresql(found, old, table)))
    return (
        '    if op.get_bind().dialect.name == "sqlite":\n'
        f"        for statement in {tuple(differences.rebuilding(old, table))!r}:\n"
        f"            op.execute(statement)\n        return\n{elsewhere}"
    )


def _by_table(found: list[Any]) -> dict[str, list[Any]]:
    # A table comes together with its indexes, which Alembic gathers in a group of their own.
    tables: dict[str, list[Any]] = {}
    for directive in found:
        parts = directive.ops if isinstance(directive, ops.ModifyTableOps) else [directive]
        tables.setdefault(f"change_{directive.table_name}", []).extend(parts)
    # Alembic finds new foreign keys in any order; here they have one.
    return {name: sorted(found, key=_foreign_key_name) for name, found in tables.items()}


def _foreign_key_name(change: Any) -> str:
    return str(change.constraint_name) if isinstance(change, ops.CreateForeignKeyOp) else ""


def _code(found: list[Any]) -> str:
    code = render_python_code(ops.UpgradeOps(found), render_as_batch=False, render_item=_render)
    lines = code.splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.strip().startswith("#"))


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    if kind == "type" and isinstance(item, UtcDateTime):
        return "INSTANT"
    return "WHOLE" if kind == "type" and item is BigNumber else False


def _triggers(functions: str) -> str:
    guards = {
        name: tuple(
            line
            for line in (*db.guard_ddl(name), *index_ddl(name))
            if line not in _released(name) or (name == "sqlite" and _is_made_anew(line, functions))
        )
        for name in DIALECTS
    }
    return f"GUARDS = {guards!r}\n"


def _is_made_anew(trigger: str, functions: str) -> bool:
    """Say whether the trigger stood on a table that SQLite makes anew, and went with the old one."""
    table = re.search(r" ON (\w+) ", trigger)
    return table is not None and f"CREATE TABLE {differences.NEW}{table[1]} " in functions


def _released(dialect: str) -> set[str]:
    """Return the statements beside tables that the released migrations have brought already."""
    earlier = ScriptDirectory(str(FOLDER)).iterate_revisions(RELEASED, "base")
    modules = [one.module for one in earlier]
    found = [getattr(module, "GUARDS", None) or module.APPEND_ONLY for module in modules]
    return {line for guards in found for line in guards[dialect]}


if __name__ == "__main__":
    main()
