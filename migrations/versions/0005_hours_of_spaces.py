"""Hours of spaces in a calendar, and what a call, a pact and a case hold for their support."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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
