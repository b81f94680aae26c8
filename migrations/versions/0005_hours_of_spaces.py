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
FILLS = (
    "UPDATE holding SET recovered = CASE WHEN delivered < (SELECT COALESCE(SUM(e.amount), 0) FROM pool_entry e JOIN pool into_ ON into_.id = e.pool_id\n    WHERE e.allocation_id = holding.allocation_id AND e.movement = 'recovered'\n    AND into_.unit = (SELECT unit FROM pool WHERE pool.id = holding.pool_id)) THEN delivered ELSE (SELECT COALESCE(SUM(e.amount), 0) FROM pool_entry e JOIN pool into_ ON into_.id = e.pool_id\n    WHERE e.allocation_id = holding.allocation_id AND e.movement = 'recovered'\n    AND into_.unit = (SELECT unit FROM pool WHERE pool.id = holding.pool_id)) END\n    WHERE EXISTS (SELECT 1 FROM pool WHERE pool.id = holding.pool_id AND pool.closed_at IS NOT NULL)",
)


def change_prescription_answer() -> None:
    op.create_table(
        "prescription_answer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("opinion_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("version", WHOLE, nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.Column("answered_by_id", WHOLE, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answer = 'met') = (version IS NOT NULL)", name=op.f("ck_prescription_answer_met_by_a_version")
        ),
        sa.CheckConstraint(
            "(answer = 'not_followed') = (because <> '')",
            name=op.f("ck_prescription_answer_not_followed_says_why"),
        ),
        sa.CheckConstraint(
            "answer IN ('met', 'not_followed')", name=op.f("ck_prescription_answer_known_answer")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_prescription_answer_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_prescription_answer_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["opinion_id"], ["opinion.id"], name=op.f("fk_prescription_answer_opinion_id_opinion")
        ),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_prescription_answer_pact_id_pact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription_answer")),
        sa.UniqueConstraint("opinion_id", "number", name=op.f("uq_prescription_answer_opinion_id_number")),
    )
    op.create_index("ix_prescription_answer_by", "prescription_answer", ["answered_by_id"], unique=False)
    op.create_index("ix_prescription_answer_pact", "prescription_answer", ["pact_id"], unique=False)


def change_holding() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_holding ( id INTEGER NOT NULL, allocation_id INTEGER NOT NULL, pool_id INTEGER NOT NULL, reserved INTEGER NOT NULL, committed INTEGER NOT NULL, delivered INTEGER NOT NULL, recovered INTEGER DEFAULT '0' NOT NULL, CONSTRAINT pk_holding PRIMARY KEY (id), CONSTRAINT uq_holding_allocation_id_pool_id UNIQUE (allocation_id, pool_id), CONSTRAINT ck_holding_not_negative CHECK (reserved >= 0 AND committed >= 0), CONSTRAINT ck_holding_delivered_within_committed CHECK (delivered >= 0 AND delivered <= committed), CONSTRAINT ck_holding_recovered_within_delivered CHECK (recovered >= 0 AND recovered <= delivered), CONSTRAINT fk_holding_allocation_id_allocation FOREIGN KEY(allocation_id) REFERENCES allocation (id), CONSTRAINT fk_holding_pool_id_pool FOREIGN KEY(pool_id) REFERENCES pool (id) )",
            "INSERT INTO made_anew_holding (id, allocation_id, pool_id, reserved, committed, delivered, recovered) SELECT id, allocation_id, pool_id, reserved, committed, delivered, '0' FROM \"holding\"",
            'DROP TABLE "holding"',
            "ALTER TABLE made_anew_holding RENAME TO holding",
            "CREATE INDEX ix_holding_pool ON holding (pool_id)",
        ):
            op.execute(statement)
        return
    op.add_column("holding", sa.Column("recovered", WHOLE, server_default="0", nullable=False))
    op.create_check_constraint(
        op.f("ck_holding_recovered_within_delivered"), "holding", "recovered >= 0 AND recovered <= delivered"
    )


CHANGES = (
    change_prescription_answer,
    change_holding,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in (*GUARDS[op.get_bind().dialect.name], *FILLS):
        op.execute(statement)
