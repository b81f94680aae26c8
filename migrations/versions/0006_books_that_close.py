"""What the books of support keep besides, so that every sum can be followed to its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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
    for statement in (*GUARDS[op.get_bind().dialect.name], *FILLS):
        op.execute(statement)
