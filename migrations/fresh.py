"""Write the first migration anew from the models: `python -m migrations.fresh`.

Only as long as no city runs this portal; from then on a change of the models is a migration of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy import create_engine

from portal import models
from portal.db import BigNumber, UtcDateTime
from portal.record.models import append_only_ddl
from portal.support.models import ledger_guard_ddl

FOLDER = Path(__file__).parent
FIRST = "0001"
HEAD = f'''"""The first tables: every constraint, every index, and the triggers that keep records append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{FIRST}"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
'''
UPGRADE = """

def upgrade() -> None:
    for create in TABLES:
        create()
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
"""


def main() -> None:
    """Write versions/0001_first_tables.py and the name of the newest migration."""
    (FOLDER / "versions" / f"{FIRST}_first_tables.py").write_text(source(), encoding="utf-8")
    (FOLDER / "head").write_text(f"{FIRST}\n", encoding="utf-8")


def source() -> str:
    """Return the migration as Python; `ruff format` gives it its shape."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection)
        directives = produce_migrations(context, models.metadata).upgrade_ops
    assert directives is not None  # noqa: S101 - produced without --sql there always are some
    tables = _by_table(directives.ops)
    functions = "".join(f"\n\ndef {name}() -> None:\n{_code(found)}\n" for name, found in tables.items())
    return f"{HEAD}\n{_triggers()}{functions}\n\nTABLES = ({', '.join(tables)})\n{UPGRADE}"


def _by_table(found: list[Any]) -> dict[str, list[Any]]:
    # A table comes together with its indexes, which Alembic gathers in a group of their own.
    tables: dict[str, list[Any]] = {}
    for directive in found:
        parts = directive.ops if isinstance(directive, ops.ModifyTableOps) else [directive]
        tables.setdefault(f"create_{directive.table_name}", []).extend(parts)
    return tables


def _code(found: list[Any]) -> str:
    code = render_python_code(ops.UpgradeOps(found), render_as_batch=False, render_item=_render)
    lines = code.splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.strip().startswith("#"))


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    if kind == "type" and isinstance(item, UtcDateTime):
        return "INSTANT"
    return "WHOLE" if kind == "type" and item is BigNumber else False


def _triggers() -> str:
    guards = {name: (*append_only_ddl(name), *ledger_guard_ddl(name)) for name in ("sqlite", "postgresql")}
    return f"APPEND_ONLY = {guards!r}\n"


if __name__ == "__main__":
    main()
