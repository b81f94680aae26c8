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
FILLS = (
    "UPDATE allocation SET language = coalesce(\n    (SELECT pact.language FROM pact WHERE 'pact:' || pact.code = allocation.subject), '')",
    "DELETE FROM search_entry",
)


def change_space_closing() -> None:
    op.create_table(
        "space_closing",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("space_id", WHOLE, nullable=False),
        sa.Column("begins_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("series", WHOLE, nullable=True),
        sa.Column("freed_at", INSTANT, nullable=True),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_space_closing_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_space_closing_space_id_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_closing")),
    )
    op.create_index("ix_space_closing_series", "space_closing", ["series"], unique=False)
    op.create_index("ix_space_closing_space", "space_closing", ["space_id", "ends_at"], unique=False)


def change_allocation() -> None:
    op.add_column("allocation", sa.Column("language", sa.String(length=5), server_default="", nullable=False))


def change_space_booking() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_space_booking ( id INTEGER NOT NULL, space_id INTEGER NOT NULL, allocation_id INTEGER NOT NULL, begins_at DATETIME NOT NULL, ends_at DATETIME NOT NULL, hours INTEGER NOT NULL, people INTEGER NOT NULL, state VARCHAR(10) NOT NULL, series INTEGER, reason VARCHAR(300) NOT NULL, closing_id INTEGER, delivery_id INTEGER, sequence INTEGER NOT NULL, booked_by_id INTEGER, booked_at DATETIME NOT NULL, changed_at DATETIME NOT NULL, version_id INTEGER NOT NULL, CONSTRAINT pk_space_booking PRIMARY KEY (id), CONSTRAINT ck_space_booking_ends_after_it_begins CHECK (ends_at > begins_at AND hours > 0), CONSTRAINT ck_space_booking_known_state CHECK (state IN ('booked', 'cancelled', 'late', 'used', 'missed', 'excused')), CONSTRAINT ck_space_booking_not_used_has_a_reason CHECK (state IN ('booked', 'used') OR reason <> ''), CONSTRAINT ck_space_booking_used_was_given CHECK (state NOT IN ('used', 'missed') OR delivery_id IS NOT NULL), CONSTRAINT fk_space_booking_space_id_space FOREIGN KEY(space_id) REFERENCES space (id), CONSTRAINT fk_space_booking_allocation_id_allocation FOREIGN KEY(allocation_id) REFERENCES allocation (id), CONSTRAINT fk_space_booking_closing_id_space_closing FOREIGN KEY(closing_id) REFERENCES space_closing (id), CONSTRAINT uq_space_booking_delivery_id UNIQUE (delivery_id), CONSTRAINT fk_space_booking_delivery_id_delivery FOREIGN KEY(delivery_id) REFERENCES delivery (id), CONSTRAINT fk_space_booking_booked_by_id_person FOREIGN KEY(booked_by_id) REFERENCES person (id) )",
            'INSERT INTO made_anew_space_booking (id, space_id, allocation_id, begins_at, ends_at, hours, people, state, series, reason, closing_id, delivery_id, sequence, booked_by_id, booked_at, changed_at, version_id) SELECT id, space_id, allocation_id, begins_at, ends_at, hours, people, state, series, reason, NULL, delivery_id, sequence, booked_by_id, booked_at, changed_at, version_id FROM "space_booking"',
            'DROP TABLE "space_booking"',
            "ALTER TABLE made_anew_space_booking RENAME TO space_booking",
            "CREATE INDEX ix_space_booking_allocation ON space_booking (allocation_id, begins_at)",
            "CREATE INDEX ix_space_booking_person ON space_booking (booked_by_id)",
            "CREATE INDEX ix_space_booking_space ON space_booking (space_id, begins_at)",
            "CREATE INDEX ix_space_booking_state ON space_booking (state, ends_at)",
        ):
            op.execute(statement)
        return
    op.add_column("space_booking", sa.Column("closing_id", WHOLE, nullable=True))
    op.create_foreign_key(
        op.f("fk_space_booking_closing_id_space_closing"),
        "space_booking",
        "space_closing",
        ["closing_id"],
        ["id"],
    )


def change_space_quarter() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_space_quarter ( id INTEGER NOT NULL, space_id INTEGER NOT NULL, at DATETIME NOT NULL, booking_id INTEGER, closing_id INTEGER, CONSTRAINT pk_space_quarter PRIMARY KEY (id), CONSTRAINT uq_space_quarter_space_id_at UNIQUE (space_id, at), CONSTRAINT ck_space_quarter_booked_or_closed CHECK ((booking_id IS NULL) <> (closing_id IS NULL)), CONSTRAINT fk_space_quarter_space_id_space FOREIGN KEY(space_id) REFERENCES space (id), CONSTRAINT fk_space_quarter_booking_id_space_booking FOREIGN KEY(booking_id) REFERENCES space_booking (id), CONSTRAINT fk_space_quarter_closing_id_space_closing FOREIGN KEY(closing_id) REFERENCES space_closing (id) )",
            'INSERT INTO made_anew_space_quarter (id, space_id, at, booking_id, closing_id) SELECT id, space_id, at, booking_id, NULL FROM "space_quarter"',
            'DROP TABLE "space_quarter"',
            "ALTER TABLE made_anew_space_quarter RENAME TO space_quarter",
            "CREATE INDEX ix_space_quarter_booking ON space_quarter (booking_id)",
            "CREATE INDEX ix_space_quarter_closing ON space_quarter (closing_id)",
        ):
            op.execute(statement)
        return
    op.add_column("space_quarter", sa.Column("closing_id", WHOLE, nullable=True))
    op.alter_column("space_quarter", "booking_id", existing_type=sa.INTEGER(), nullable=True)
    op.create_index("ix_space_quarter_closing", "space_quarter", ["closing_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_space_quarter_closing_id_space_closing"),
        "space_quarter",
        "space_closing",
        ["closing_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_space_quarter_booked_or_closed"),
        "space_quarter",
        "(booking_id IS NULL) <> (closing_id IS NULL)",
    )


def change_venture_step() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_venture_step ( id INTEGER NOT NULL, venture_id INTEGER NOT NULL, stage INTEGER NOT NULL, kind VARCHAR(10) NOT NULL, \"on\" DATE NOT NULL, hours INTEGER NOT NULL, evidence VARCHAR(300) NOT NULL, delivery_id INTEGER, entered_at DATETIME NOT NULL, actor VARCHAR(40) NOT NULL, CONSTRAINT pk_venture_step PRIMARY KEY (id), CONSTRAINT ck_venture_step_known_kind CHECK (kind IN ('training', 'mentoring', 'legal', 'statute', 'members', 'registered', 'other')), CONSTRAINT ck_venture_step_not_negative CHECK (hours >= 0), CONSTRAINT ck_venture_step_says_what_shows_it CHECK (evidence <> ''), CONSTRAINT fk_venture_step_venture_id_venture FOREIGN KEY(venture_id) REFERENCES venture (id), CONSTRAINT uq_venture_step_delivery_id UNIQUE (delivery_id), CONSTRAINT fk_venture_step_delivery_id_delivery FOREIGN KEY(delivery_id) REFERENCES delivery (id) )",
            'INSERT INTO made_anew_venture_step (id, venture_id, stage, kind, "on", hours, evidence, delivery_id, entered_at, actor) SELECT id, venture_id, stage, kind, "on", hours, evidence, delivery_id, entered_at, actor FROM "venture_step"',
            'DROP TABLE "venture_step"',
            "ALTER TABLE made_anew_venture_step RENAME TO venture_step",
            "CREATE INDEX ix_venture_step_venture ON venture_step (venture_id, id)",
        ):
            op.execute(statement)
        return
    op.drop_constraint(op.f("ck_venture_step_known_kind"), "venture_step", type_="check")
    op.create_check_constraint(
        op.f("ck_venture_step_known_kind"),
        "venture_step",
        "kind IN ('training', 'mentoring', 'legal', 'statute', 'members', 'registered', 'other')",
    )


CHANGES = (
    change_space_closing,
    change_allocation,
    change_space_booking,
    change_space_quarter,
    change_venture_step,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    name = op.get_bind().dialect.name
    for statement in (*GUARDS[name], *FILLS):
        op.execute(statement if isinstance(statement, str) else statement[name])
