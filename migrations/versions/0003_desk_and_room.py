"""The officer's desk, the co-design room, and support that adds up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

GUARDS = {"sqlite": (), "postgresql": ()}


def change_meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("begins_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("called_by", sa.String(length=10), nullable=False),
        sa.Column("called_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("minuted_by", sa.String(length=10), nullable=False),
        sa.Column("minuted_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("called_by IN ('community', 'city')", name=op.f("ck_meeting_known_side")),
        sa.CheckConstraint(
            "state <> 'cancelled' OR reason <> ''", name=op.f("ck_meeting_cancelled_for_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('minuted', 'confirmed') OR (minutes <> '' AND minuted_by <> '')",
            name=op.f("ck_meeting_minutes_are_written"),
        ),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_meeting_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_meeting_pact_id_pact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("pact_id", "number", name=op.f("uq_meeting_pact_id_number")),
    )


def change_meeting_answer() -> None:
    op.create_table(
        "meeting_answer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("meeting_id", WHOLE, nullable=False),
        sa.Column("who", sa.String(length=20), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("is_coming", sa.Boolean(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_answer_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_meeting_answer_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_answer")),
        sa.UniqueConstraint("meeting_id", "who", name=op.f("uq_meeting_answer_meeting_id_who")),
    )


def change_meeting_clause() -> None:
    op.create_table(
        "meeting_clause",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("meeting_id", WHOLE, nullable=False),
        sa.Column("clause_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_clause_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_clause")),
        sa.UniqueConstraint("meeting_id", "clause_id", name=op.f("uq_meeting_clause_meeting_id_clause_id")),
    )


def change_meeting_presence() -> None:
    op.create_table(
        "meeting_presence",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("meeting_id", WHOLE, nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_presence_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_meeting_presence_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_presence")),
    )
    op.create_index(op.f("ix_meeting_presence_meeting_id"), "meeting_presence", ["meeting_id"], unique=False)


def change_message() -> None:
    op.add_column("message", sa.Column("calendar", sa.Text(), server_default="", nullable=False))


CHANGES = (
    change_meeting,
    change_meeting_answer,
    change_meeting_clause,
    change_meeting_presence,
    change_message,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
