"""Hours of rooms that are closed, mentoring that is drawn, and what else support keeps to its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

GUARDS = {"sqlite": (), "postgresql": ()}
FILLS = ()


CHANGES = ()


def upgrade() -> None:
    for change in CHANGES:
        change()
    name = op.get_bind().dialect.name
    for statement in (*GUARDS[name], *FILLS):
        op.execute(statement if isinstance(statement, str) else statement[name])
