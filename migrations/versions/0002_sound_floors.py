"""Checkpoints and tree of the record, second factors, links by mail, photographs, retries of jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

GUARDS = {"sqlite": (), "postgresql": ()}


def change_photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("commons_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("small_hash", sa.String(length=64), nullable=False),
        sa.Column("width", WHOLE, nullable=False),
        sa.Column("height", WHOLE, nullable=False),
        sa.Column("alternative", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("credit", sa.String(length=120), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.CheckConstraint("alternative <> ''", name=op.f("ck_photo_described")),
        sa.CheckConstraint("position > 0", name=op.f("ck_photo_counted_from_one")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_photo_has_a_size")),
        sa.ForeignKeyConstraint(["commons_id"], ["commons.id"], name=op.f("fk_photo_commons_id_commons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("commons_id", "position", name=op.f("uq_photo_commons_id_position")),
    )


CHANGES = (change_photo,)


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
