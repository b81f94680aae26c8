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
    {
        "sqlite": "UPDATE allocation SET conflicted_ids = (SELECT '[' || venture.person_id || ']' FROM venture JOIN \"call\" ON \"call\".id = venture.call_id\n WHERE allocation.subject = 'call:' || \"call\".ref AND venture.state IN ('applied', 'on_track')\n AND venture.stage <= CAST(substr(allocation.row_key, 2, 1) AS INTEGER)) WHERE subject LIKE 'call:%' AND state <> 'released' AND (SELECT count(*) FROM venture JOIN \"call\" ON \"call\".id = venture.call_id\n WHERE allocation.subject = 'call:' || \"call\".ref AND venture.state IN ('applied', 'on_track')\n AND venture.stage <= CAST(substr(allocation.row_key, 2, 1) AS INTEGER)) = 1",
        "postgresql": "UPDATE allocation SET conflicted_ids = CAST((SELECT '[' || venture.person_id || ']' FROM venture JOIN \"call\" ON \"call\".id = venture.call_id\n WHERE allocation.subject = 'call:' || \"call\".ref AND venture.state IN ('applied', 'on_track')\n AND venture.stage <= CAST(substr(allocation.row_key, 2, 1) AS INTEGER)) AS JSON) WHERE subject LIKE 'call:%' AND state <> 'released' AND (SELECT count(*) FROM venture JOIN \"call\" ON \"call\".id = venture.call_id\n WHERE allocation.subject = 'call:' || \"call\".ref AND venture.state IN ('applied', 'on_track')\n AND venture.stage <= CAST(substr(allocation.row_key, 2, 1) AS INTEGER)) = 1",
    },
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


def change_venture_interest() -> None:
    op.create_table(
        "venture_interest",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("venture_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("which", sa.Text(), nullable=False),
        sa.Column("stated_at", INSTANT, nullable=False),
        sa.CheckConstraint("which <> ''", name=op.f("ck_venture_interest_an_interest_is_named")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_venture_interest_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["venture.id"], name=op.f("fk_venture_interest_venture_id_venture")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_interest")),
        sa.UniqueConstraint("venture_id", "person_id", name=op.f("uq_venture_interest_venture_id_person_id")),
    )
    op.create_index("ix_venture_interest_person", "venture_interest", ["person_id"], unique=False)


def change_allocation() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_allocation ( id INTEGER NOT NULL, subject VARCHAR(60) NOT NULL, version INTEGER NOT NULL, row_key VARCHAR(10) NOT NULL, title VARCHAR(150) NOT NULL, language VARCHAR(5) DEFAULT '' NOT NULL, district VARCHAR(60) DEFAULT '' NOT NULL, starts_on DATE NOT NULL, kind VARCHAR(20) NOT NULL, what VARCHAR(300) NOT NULL, amount INTEGER NOT NULL, first_amount INTEGER, unit VARCHAR(10) NOT NULL, months INTEGER NOT NULL, \"plan\" VARCHAR(20) NOT NULL, profile_version VARCHAR(60) NOT NULL, pact_class VARCHAR(20) NOT NULL, is_paid_by_plan BOOLEAN NOT NULL, memory_gb INTEGER NOT NULL, storage_gb INTEGER NOT NULL, traffic_gb INTEGER NOT NULL, value_cents INTEGER NOT NULL, costs VARCHAR(200) DEFAULT '' NOT NULL, due_on DATE, ends_on DATE, commons VARCHAR(80) DEFAULT '' NOT NULL, case_key VARCHAR(60) DEFAULT '' NOT NULL, advance_bp INTEGER DEFAULT '0' NOT NULL, valued_by TEXT DEFAULT '' NOT NULL, weighed TEXT DEFAULT '' NOT NULL, delivered INTEGER NOT NULL, returned INTEGER DEFAULT '0' NOT NULL, booked INTEGER DEFAULT '0' NOT NULL, suspended_on DATE, is_stopped BOOLEAN DEFAULT false NOT NULL, state VARCHAR(12) NOT NULL, pool_id INTEGER, reason TEXT NOT NULL, sent_back_reason TEXT NOT NULL, organisation_id INTEGER, party_person_id INTEGER, conflicted_ids JSON DEFAULT '[]' NOT NULL, conflicted_group_id INTEGER, proposed_by_id INTEGER, approved_by_id INTEGER, ended_reason TEXT DEFAULT '' NOT NULL, ended_by_id INTEGER, ended_at DATETIME, asked_at DATETIME NOT NULL, proposed_at DATETIME, approved_at DATETIME, committed_at DATETIME, version_id INTEGER NOT NULL, CONSTRAINT pk_allocation PRIMARY KEY (id), CONSTRAINT uq_allocation_subject_version_row_key UNIQUE (subject, version, row_key), CONSTRAINT ck_allocation_positive CHECK (amount > 0), CONSTRAINT ck_allocation_delivered_within_amount CHECK (delivered >= 0 AND delivered <= amount), CONSTRAINT ck_allocation_returned_within_delivered CHECK (returned >= 0 AND returned <= delivered), CONSTRAINT ck_allocation_booked_within_amount CHECK (booked >= 0 AND booked + delivered <= amount), CONSTRAINT ck_allocation_booked_while_promised CHECK (booked = 0 OR state = 'committed'), CONSTRAINT ck_allocation_ended_has_a_reason CHECK (state NOT IN ('refused', 'closed') OR (ended_at IS NOT NULL AND ended_reason <> '')), CONSTRAINT ck_allocation_approved_has_evidence CHECK (state NOT IN ('approved', 'committed', 'delivered', 'closed') OR (approved_at IS NOT NULL AND approved_by_id IS NOT NULL)), CONSTRAINT ck_allocation_two_persons CHECK (approved_by_id IS NULL OR approved_by_id <> proposed_by_id), CONSTRAINT ck_allocation_proposed_has_reason CHECK (state <> 'proposed' OR (pool_id IS NOT NULL AND reason <> '')), CONSTRAINT ck_allocation_committed_has_an_instant CHECK (state <> 'committed' OR committed_at IS NOT NULL), CONSTRAINT fk_allocation_pool_id_pool FOREIGN KEY(pool_id) REFERENCES pool (id), CONSTRAINT fk_allocation_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), CONSTRAINT fk_allocation_party_person_id_person FOREIGN KEY(party_person_id) REFERENCES person (id), CONSTRAINT fk_allocation_conflicted_group_id_organisation FOREIGN KEY(conflicted_group_id) REFERENCES organisation (id), CONSTRAINT fk_allocation_proposed_by_id_person FOREIGN KEY(proposed_by_id) REFERENCES person (id), CONSTRAINT fk_allocation_approved_by_id_person FOREIGN KEY(approved_by_id) REFERENCES person (id), CONSTRAINT fk_allocation_ended_by_id_person FOREIGN KEY(ended_by_id) REFERENCES person (id) )",
            'INSERT INTO made_anew_allocation (id, subject, version, row_key, title, language, district, starts_on, kind, what, amount, first_amount, unit, months, "plan", profile_version, pact_class, is_paid_by_plan, memory_gb, storage_gb, traffic_gb, value_cents, costs, due_on, ends_on, commons, case_key, advance_bp, valued_by, weighed, delivered, returned, booked, suspended_on, is_stopped, state, pool_id, reason, sent_back_reason, organisation_id, party_person_id, conflicted_ids, conflicted_group_id, proposed_by_id, approved_by_id, ended_reason, ended_by_id, ended_at, asked_at, proposed_at, approved_at, committed_at, version_id) SELECT id, subject, version, row_key, title, \'\', district, starts_on, kind, what, amount, first_amount, unit, months, "plan", profile_version, pact_class, is_paid_by_plan, memory_gb, storage_gb, traffic_gb, value_cents, costs, due_on, ends_on, commons, case_key, advance_bp, valued_by, weighed, delivered, returned, booked, suspended_on, is_stopped, state, pool_id, reason, sent_back_reason, organisation_id, party_person_id, \'[]\', NULL, proposed_by_id, approved_by_id, ended_reason, ended_by_id, ended_at, asked_at, proposed_at, approved_at, committed_at, version_id FROM "allocation"',
            'DROP TABLE "allocation"',
            "ALTER TABLE made_anew_allocation RENAME TO allocation",
            "CREATE INDEX ix_allocation_pool ON allocation (pool_id)",
            "CREATE INDEX ix_allocation_state ON allocation (state)",
            "CREATE INDEX ix_allocation_waiting ON allocation (asked_at, id) WHERE allocation.state IN ('asked', 'proposed')",
        ):
            op.execute(statement)
        return
    op.add_column("allocation", sa.Column("language", sa.String(length=5), server_default="", nullable=False))
    op.add_column("allocation", sa.Column("conflicted_ids", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("allocation", sa.Column("conflicted_group_id", WHOLE, nullable=True))
    op.create_foreign_key(
        op.f("fk_allocation_conflicted_group_id_organisation"),
        "allocation",
        "organisation",
        ["conflicted_group_id"],
        ["id"],
    )


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


def change_venture() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_venture ( id INTEGER NOT NULL, call_id INTEGER NOT NULL, number INTEGER NOT NULL, name VARCHAR(120) NOT NULL, summary VARCHAR(400) NOT NULL, is_named BOOLEAN NOT NULL, state VARCHAR(10) NOT NULL, stage INTEGER NOT NULL, person_id INTEGER NOT NULL, group_id INTEGER, organisation_id INTEGER, conflicted_ids JSON DEFAULT '[]' NOT NULL, applied_at DATETIME NOT NULL, ended_at DATETIME, reason TEXT NOT NULL, version_id INTEGER NOT NULL, CONSTRAINT pk_venture PRIMARY KEY (id), CONSTRAINT uq_venture_call_id_number UNIQUE (call_id, number), CONSTRAINT ck_venture_known_state CHECK (state IN ('applied', 'on_track', 'not_chosen', 'withdrawn', 'founded')), CONSTRAINT ck_venture_not_chosen_says_why CHECK (state <> 'not_chosen' OR reason <> ''), CONSTRAINT ck_venture_founded_is_somebody CHECK (state <> 'founded' OR organisation_id IS NOT NULL), CONSTRAINT fk_venture_call_id_call FOREIGN KEY(call_id) REFERENCES call (id), CONSTRAINT fk_venture_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), CONSTRAINT fk_venture_group_id_organisation FOREIGN KEY(group_id) REFERENCES organisation (id), CONSTRAINT fk_venture_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id) )",
            "INSERT INTO made_anew_venture (id, call_id, number, name, summary, is_named, state, stage, person_id, group_id, organisation_id, conflicted_ids, applied_at, ended_at, reason, version_id) SELECT id, call_id, number, name, summary, is_named, state, stage, person_id, NULL, organisation_id, '[]', applied_at, ended_at, reason, version_id FROM \"venture\"",
            'DROP TABLE "venture"',
            "ALTER TABLE made_anew_venture RENAME TO venture",
            "CREATE INDEX ix_venture_person ON venture (person_id)",
        ):
            op.execute(statement)
        return
    op.add_column("venture", sa.Column("group_id", WHOLE, nullable=True))
    op.add_column("venture", sa.Column("conflicted_ids", sa.JSON(), server_default="[]", nullable=False))
    op.create_foreign_key(
        op.f("fk_venture_group_id_organisation"), "venture", "organisation", ["group_id"], ["id"]
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
    change_venture_interest,
    change_allocation,
    change_space_booking,
    change_space_quarter,
    change_venture,
    change_venture_step,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    name = op.get_bind().dialect.name
    for statement in (*GUARDS[name], *FILLS):
        op.execute(statement if isinstance(statement, str) else statement[name])
