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


def change_act() -> None:
    op.create_index(
        "ix_act_shown",
        "act",
        ["id", "at"],
        unique=False,
        sqlite_where=sa.text(
            "verb NOT IN ('person:joined', 'person:signed_in', 'role:granted', 'denied', 'job:asked', 'proposal:started')"
        ),
        postgresql_where=sa.text(
            "verb NOT IN ('person:joined', 'person:signed_in', 'role:granted', 'denied', 'job:asked', 'proposal:started')"
        ),
    )


def change_pact() -> None:
    op.create_index("ix_pact_list_district", "pact", ["district", "id"], unique=False)
    op.create_index("ix_pact_list_district_state", "pact", ["district", "state", "id"], unique=False)
    op.create_index("ix_pact_list_kind", "pact", ["kind", "id"], unique=False)
    op.create_index("ix_pact_list_kind_district", "pact", ["kind", "district", "id"], unique=False)
    op.create_index(
        "ix_pact_list_kind_district_state", "pact", ["kind", "district", "state", "id"], unique=False
    )
    op.create_index("ix_pact_list_kind_state", "pact", ["kind", "state", "id"], unique=False)
    op.create_index("ix_pact_list_state", "pact", ["state", "id"], unique=False)
    op.create_index(
        "ix_pact_open",
        "pact",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('concluded', 'terminated')"),
        postgresql_where=sa.text("state NOT IN ('concluded', 'terminated')"),
    )


def change_proposal() -> None:
    op.create_index("ix_proposal_list", "proposal", ["submitted_at", "id"], unique=False)
    op.create_index("ix_proposal_list_district", "proposal", ["district", "submitted_at", "id"], unique=False)
    op.create_index("ix_proposal_list_kind", "proposal", ["kind", "submitted_at", "id"], unique=False)
    op.create_index(
        "ix_proposal_list_kind_district", "proposal", ["kind", "district", "submitted_at", "id"], unique=False
    )
    op.create_index(
        "ix_proposal_open",
        "proposal",
        ["answer_due_on", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('submitted', 'supplement_asked', 'refusal_noticed')"),
        postgresql_where=sa.text("state IN ('submitted', 'supplement_asked', 'refusal_noticed')"),
    )


CHANGES = (
    change_photo,
    change_act,
    change_pact,
    change_proposal,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
