"""Support that adds up: pools, payments, servers, legal help, calls with money."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

GUARDS = {"sqlite": (), "postgresql": ()}


CHANGES = ()


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
