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
    "UPDATE holding SET\n    district = (SELECT allocation.district FROM allocation WHERE allocation.id = holding.allocation_id),\n    begun_at = coalesce((SELECT min(pool_entry.at) FROM pool_entry WHERE pool_entry.allocation_id\n    = holding.allocation_id AND pool_entry.pool_id = holding.pool_id), begun_at)",
)


def change_space() -> None:
    op.create_table(
        "space",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("capacity", WHOLE, nullable=False),
        sa.Column("is_step_free", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_space_holds_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space")),
        sa.UniqueConstraint("slug", name=op.f("uq_space_slug")),
    )


def change_pool_share() -> None:
    op.create_table(
        "pool_share",
        sa.Column("pool_id", WHOLE, nullable=False),
        sa.Column("case_key", sa.String(length=60), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pool_share_positive")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_share_pool_id_pool")),
        sa.PrimaryKeyConstraint("pool_id", "case_key", name=op.f("pk_pool_share")),
    )
    op.create_index("ix_pool_share_case", "pool_share", ["case_key"], unique=False)


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


def change_space_booking() -> None:
    op.create_table(
        "space_booking",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("space_id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("begins_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("hours", WHOLE, nullable=False),
        sa.Column("people", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("series", WHOLE, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("delivery_id", WHOLE, nullable=True),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("booked_by_id", WHOLE, nullable=True),
        sa.Column("booked_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('booked', 'cancelled', 'late', 'used', 'missed', 'excused')",
            name=op.f("ck_space_booking_known_state"),
        ),
        sa.CheckConstraint(
            "state IN ('booked', 'used') OR reason <> ''", name=op.f("ck_space_booking_not_used_has_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('used', 'missed') OR delivery_id IS NOT NULL",
            name=op.f("ck_space_booking_used_was_given"),
        ),
        sa.CheckConstraint(
            "ends_at > begins_at AND hours > 0", name=op.f("ck_space_booking_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_space_booking_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["person.id"], name=op.f("fk_space_booking_booked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_space_booking_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_space_booking_space_id_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_booking")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_space_booking_delivery_id")),
    )
    op.create_index(
        "ix_space_booking_allocation", "space_booking", ["allocation_id", "begins_at"], unique=False
    )
    op.create_index("ix_space_booking_person", "space_booking", ["booked_by_id"], unique=False)
    op.create_index("ix_space_booking_space", "space_booking", ["space_id", "begins_at"], unique=False)
    op.create_index("ix_space_booking_state", "space_booking", ["state", "ends_at"], unique=False)


def change_space_quarter() -> None:
    op.create_table(
        "space_quarter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("space_id", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("booking_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["space_booking.id"], name=op.f("fk_space_quarter_booking_id_space_booking")
        ),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_space_quarter_space_id_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_quarter")),
        sa.UniqueConstraint("space_id", "at", name=op.f("uq_space_quarter_space_id_at")),
    )
    op.create_index("ix_space_quarter_booking", "space_quarter", ["booking_id"], unique=False)


def change_allocation() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_allocation ( id INTEGER NOT NULL, subject VARCHAR(60) NOT NULL, version INTEGER NOT NULL, row_key VARCHAR(10) NOT NULL, title VARCHAR(150) NOT NULL, district VARCHAR(60) DEFAULT '' NOT NULL, starts_on DATE NOT NULL, kind VARCHAR(20) NOT NULL, what VARCHAR(300) NOT NULL, amount INTEGER NOT NULL, first_amount INTEGER, unit VARCHAR(10) NOT NULL, months INTEGER NOT NULL, \"plan\" VARCHAR(20) NOT NULL, profile_version VARCHAR(60) NOT NULL, pact_class VARCHAR(20) NOT NULL, is_paid_by_plan BOOLEAN NOT NULL, memory_gb INTEGER NOT NULL, storage_gb INTEGER NOT NULL, traffic_gb INTEGER NOT NULL, value_cents INTEGER NOT NULL, costs VARCHAR(200) DEFAULT '' NOT NULL, due_on DATE, ends_on DATE, commons VARCHAR(80) DEFAULT '' NOT NULL, case_key VARCHAR(60) DEFAULT '' NOT NULL, advance_bp INTEGER DEFAULT '0' NOT NULL, valued_by TEXT DEFAULT '' NOT NULL, weighed TEXT DEFAULT '' NOT NULL, delivered INTEGER NOT NULL, returned INTEGER DEFAULT '0' NOT NULL, booked INTEGER DEFAULT '0' NOT NULL, is_stopped BOOLEAN DEFAULT false NOT NULL, state VARCHAR(12) NOT NULL, pool_id INTEGER, reason TEXT NOT NULL, sent_back_reason TEXT NOT NULL, organisation_id INTEGER, party_person_id INTEGER, proposed_by_id INTEGER, approved_by_id INTEGER, ended_reason TEXT DEFAULT '' NOT NULL, ended_by_id INTEGER, ended_at DATETIME, asked_at DATETIME NOT NULL, proposed_at DATETIME, approved_at DATETIME, committed_at DATETIME, version_id INTEGER NOT NULL, CONSTRAINT pk_allocation PRIMARY KEY (id), CONSTRAINT uq_allocation_subject_version_row_key UNIQUE (subject, version, row_key), CONSTRAINT ck_allocation_positive CHECK (amount > 0), CONSTRAINT ck_allocation_delivered_within_amount CHECK (delivered >= 0 AND delivered <= amount), CONSTRAINT ck_allocation_returned_within_delivered CHECK (returned >= 0 AND returned <= delivered), CONSTRAINT ck_allocation_booked_within_amount CHECK (booked >= 0 AND booked + delivered <= amount), CONSTRAINT ck_allocation_booked_while_promised CHECK (booked = 0 OR state = 'committed'), CONSTRAINT ck_allocation_ended_has_a_reason CHECK (state NOT IN ('refused', 'closed') OR (ended_at IS NOT NULL AND ended_reason <> '')), CONSTRAINT ck_allocation_approved_has_evidence CHECK (state NOT IN ('approved', 'committed', 'delivered', 'closed') OR (approved_at IS NOT NULL AND approved_by_id IS NOT NULL)), CONSTRAINT ck_allocation_two_persons CHECK (approved_by_id IS NULL OR approved_by_id <> proposed_by_id), CONSTRAINT ck_allocation_proposed_has_reason CHECK (state <> 'proposed' OR (pool_id IS NOT NULL AND reason <> '')), CONSTRAINT ck_allocation_committed_has_an_instant CHECK (state <> 'committed' OR committed_at IS NOT NULL), CONSTRAINT fk_allocation_pool_id_pool FOREIGN KEY(pool_id) REFERENCES pool (id), CONSTRAINT fk_allocation_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), CONSTRAINT fk_allocation_party_person_id_person FOREIGN KEY(party_person_id) REFERENCES person (id), CONSTRAINT fk_allocation_proposed_by_id_person FOREIGN KEY(proposed_by_id) REFERENCES person (id), CONSTRAINT fk_allocation_approved_by_id_person FOREIGN KEY(approved_by_id) REFERENCES person (id), CONSTRAINT fk_allocation_ended_by_id_person FOREIGN KEY(ended_by_id) REFERENCES person (id) )",
            'INSERT INTO made_anew_allocation (id, subject, version, row_key, title, district, starts_on, kind, what, amount, first_amount, unit, months, "plan", profile_version, pact_class, is_paid_by_plan, memory_gb, storage_gb, traffic_gb, value_cents, costs, due_on, ends_on, commons, case_key, advance_bp, valued_by, weighed, delivered, returned, booked, is_stopped, state, pool_id, reason, sent_back_reason, organisation_id, party_person_id, proposed_by_id, approved_by_id, ended_reason, ended_by_id, ended_at, asked_at, proposed_at, approved_at, committed_at, version_id) SELECT id, subject, version, row_key, title, district, starts_on, kind, what, amount, first_amount, unit, months, "plan", profile_version, pact_class, is_paid_by_plan, memory_gb, storage_gb, traffic_gb, value_cents, costs, due_on, ends_on, commons, case_key, advance_bp, valued_by, weighed, delivered, returned, \'0\', false, state, pool_id, reason, sent_back_reason, organisation_id, party_person_id, proposed_by_id, approved_by_id, ended_reason, ended_by_id, ended_at, asked_at, proposed_at, approved_at, committed_at, version_id FROM "allocation"',
            'DROP TABLE "allocation"',
            "ALTER TABLE made_anew_allocation RENAME TO allocation",
            "CREATE INDEX ix_allocation_pool ON allocation (pool_id)",
            "CREATE INDEX ix_allocation_state ON allocation (state)",
            "CREATE INDEX ix_allocation_waiting ON allocation (asked_at, id) WHERE allocation.state IN ('asked', 'proposed')",
        ):
            op.execute(statement)
        return
    op.add_column("allocation", sa.Column("booked", WHOLE, server_default="0", nullable=False))
    op.add_column(
        "allocation", sa.Column("is_stopped", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index(
        "ix_allocation_waiting",
        "allocation",
        ["asked_at", "id"],
        unique=False,
        sqlite_where=sa.text("allocation.state IN ('asked', 'proposed')"),
        postgresql_where=sa.text("allocation.state IN ('asked', 'proposed')"),
    )
    op.create_check_constraint(
        op.f("ck_allocation_booked_while_promised"), "allocation", "booked = 0 OR state = 'committed'"
    )
    op.create_check_constraint(
        op.f("ck_allocation_booked_within_amount"),
        "allocation",
        "booked >= 0 AND booked + delivered <= amount",
    )


def change_call() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_call ( id INTEGER NOT NULL, ref VARCHAR(20) NOT NULL, state VARCHAR(10) NOT NULL, track VARCHAR(12) NOT NULL, title JSON NOT NULL, summary JSON NOT NULL, terms JSON NOT NULL, themes JSON NOT NULL, kinds JSON NOT NULL, zones JSON NOT NULL, leads JSON NOT NULL, opens_at DATETIME, closes_at DATETIME, pool_id INTEGER, budget_cents INTEGER NOT NULL, match_ratio_bp INTEGER NOT NULL, match_cap_cents INTEGER NOT NULL, match_threshold_cents INTEGER NOT NULL, match_person_cents INTEGER NOT NULL, match_order VARCHAR(12) NOT NULL, pledge_moves INTEGER NOT NULL, earmarked_cents INTEGER NOT NULL, match_pool_id INTEGER, given_back_cents INTEGER DEFAULT '0' NOT NULL, settled_at DATETIME, settled_by_id INTEGER, source VARCHAR(200) NOT NULL, drafted_by_id INTEGER NOT NULL, published_by_id INTEGER, published_at DATETIME, ended_at DATETIME, reason TEXT NOT NULL, version_id INTEGER NOT NULL, CONSTRAINT pk_call PRIMARY KEY (id), CONSTRAINT ck_call_known_state CHECK (state IN ('draft', 'published', 'decided', 'cancelled')), CONSTRAINT ck_call_known_track CHECK (track IN ('ordinary', 'matchfunding', 'incubation')), CONSTRAINT ck_call_published_is_dated CHECK (state NOT IN ('published', 'decided') OR (opens_at IS NOT NULL AND closes_at IS NOT NULL AND published_at IS NOT NULL)), CONSTRAINT ck_call_closes_after_it_opens CHECK (closes_at > opens_at), CONSTRAINT ck_call_published_by_one CHECK (state NOT IN ('published', 'decided') OR published_by_id IS NOT NULL), CONSTRAINT ck_call_two_persons CHECK (published_by_id <> drafted_by_id), CONSTRAINT ck_call_matchfunding_has_terms CHECK (track <> 'matchfunding' OR (match_ratio_bp > 0 AND match_cap_cents > 0)), CONSTRAINT ck_call_decided_says_why CHECK (state <> 'decided' OR (ended_at IS NOT NULL AND reason <> '')), CONSTRAINT ck_call_cancelled_says_why CHECK (state <> 'cancelled' OR (ended_at IS NOT NULL AND reason <> '')), CONSTRAINT ck_call_not_negative CHECK (budget_cents >= 0 AND match_ratio_bp >= 0 AND match_cap_cents >= 0 AND match_threshold_cents >= 0), CONSTRAINT ck_call_known_order CHECK (match_order IN ('first_come', 'proportional')), CONSTRAINT ck_call_within_the_pot CHECK (earmarked_cents >= 0 AND earmarked_cents <= budget_cents), CONSTRAINT ck_call_no_less_than_nothing_back CHECK (given_back_cents >= 0), CONSTRAINT ck_call_settled_by_one CHECK (settled_at IS NULL OR settled_by_id IS NOT NULL), CONSTRAINT uq_call_ref UNIQUE (ref), CONSTRAINT fk_call_pool_id_pool FOREIGN KEY(pool_id) REFERENCES pool (id), CONSTRAINT fk_call_match_pool_id_pool FOREIGN KEY(match_pool_id) REFERENCES pool (id), CONSTRAINT fk_call_settled_by_id_person FOREIGN KEY(settled_by_id) REFERENCES person (id), CONSTRAINT fk_call_drafted_by_id_person FOREIGN KEY(drafted_by_id) REFERENCES person (id), CONSTRAINT fk_call_published_by_id_person FOREIGN KEY(published_by_id) REFERENCES person (id) )",
            "INSERT INTO made_anew_call (id, ref, state, track, title, summary, terms, themes, kinds, zones, leads, opens_at, closes_at, pool_id, budget_cents, match_ratio_bp, match_cap_cents, match_threshold_cents, match_person_cents, match_order, pledge_moves, earmarked_cents, match_pool_id, given_back_cents, settled_at, settled_by_id, source, drafted_by_id, published_by_id, published_at, ended_at, reason, version_id) SELECT id, ref, state, track, title, summary, terms, themes, kinds, zones, leads, opens_at, closes_at, pool_id, budget_cents, match_ratio_bp, match_cap_cents, match_threshold_cents, match_person_cents, match_order, pledge_moves, earmarked_cents, NULL, '0', settled_at, settled_by_id, source, drafted_by_id, published_by_id, published_at, ended_at, reason, version_id FROM \"call\"",
            'DROP TABLE "call"',
            "ALTER TABLE made_anew_call RENAME TO call",
            "CREATE INDEX ix_call_closes ON call (closes_at, id)",
        ):
            op.execute(statement)
        return
    op.add_column("call", sa.Column("match_pool_id", WHOLE, nullable=True))
    op.add_column("call", sa.Column("given_back_cents", WHOLE, server_default="0", nullable=False))
    op.create_foreign_key(op.f("fk_call_match_pool_id_pool"), "call", "pool", ["match_pool_id"], ["id"])
    op.create_check_constraint(op.f("ck_call_no_less_than_nothing_back"), "call", "given_back_cents >= 0")


def change_holding() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_holding ( id INTEGER NOT NULL, allocation_id INTEGER NOT NULL, pool_id INTEGER NOT NULL, reserved INTEGER NOT NULL, committed INTEGER NOT NULL, delivered INTEGER NOT NULL, district VARCHAR(60) DEFAULT '' NOT NULL, begun_at DATETIME DEFAULT '1970-01-01 00:00:00' NOT NULL, recovered INTEGER DEFAULT '0' NOT NULL, CONSTRAINT pk_holding PRIMARY KEY (id), CONSTRAINT uq_holding_allocation_id_pool_id UNIQUE (allocation_id, pool_id), CONSTRAINT ck_holding_not_negative CHECK (reserved >= 0 AND committed >= 0), CONSTRAINT ck_holding_delivered_within_committed CHECK (delivered >= 0 AND delivered <= committed), CONSTRAINT ck_holding_recovered_within_delivered CHECK (recovered >= 0 AND recovered <= delivered), CONSTRAINT fk_holding_allocation_id_allocation FOREIGN KEY(allocation_id) REFERENCES allocation (id), CONSTRAINT fk_holding_pool_id_pool FOREIGN KEY(pool_id) REFERENCES pool (id) )",
            "INSERT INTO made_anew_holding (id, allocation_id, pool_id, reserved, committed, delivered, district, begun_at, recovered) SELECT id, allocation_id, pool_id, reserved, committed, delivered, '', '1970-01-01 00:00:00', '0' FROM \"holding\"",
            'DROP TABLE "holding"',
            "ALTER TABLE made_anew_holding RENAME TO holding",
            "CREATE INDEX ix_holding_begun ON holding (begun_at, id)",
            "CREATE INDEX ix_holding_pool ON holding (pool_id, district, id)",
        ):
            op.execute(statement)
        return
    op.add_column("holding", sa.Column("district", sa.String(length=60), server_default="", nullable=False))
    op.add_column(
        "holding", sa.Column("begun_at", INSTANT, server_default="1970-01-01 00:00:00", nullable=False)
    )
    op.add_column("holding", sa.Column("recovered", WHOLE, server_default="0", nullable=False))
    op.drop_index(op.f("ix_holding_pool"), table_name="holding")
    op.create_index("ix_holding_pool", "holding", ["pool_id", "district", "id"], unique=False)
    op.create_index("ix_holding_begun", "holding", ["begun_at", "id"], unique=False)
    op.create_check_constraint(
        op.f("ck_holding_recovered_within_delivered"), "holding", "recovered >= 0 AND recovered <= delivered"
    )


def change_pool() -> None:
    op.add_column("pool", sa.Column("kept_for", sa.String(length=60), server_default="", nullable=False))


def change_venture_step() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_venture_step ( id INTEGER NOT NULL, venture_id INTEGER NOT NULL, stage INTEGER NOT NULL, kind VARCHAR(10) NOT NULL, \"on\" DATE NOT NULL, hours INTEGER NOT NULL, evidence VARCHAR(300) NOT NULL, delivery_id INTEGER, entered_at DATETIME NOT NULL, actor VARCHAR(40) NOT NULL, CONSTRAINT pk_venture_step PRIMARY KEY (id), CONSTRAINT ck_venture_step_known_kind CHECK (kind IN ('training', 'legal', 'statute', 'members', 'registered', 'other')), CONSTRAINT ck_venture_step_not_negative CHECK (hours >= 0), CONSTRAINT ck_venture_step_says_what_shows_it CHECK (evidence <> ''), CONSTRAINT fk_venture_step_venture_id_venture FOREIGN KEY(venture_id) REFERENCES venture (id), CONSTRAINT uq_venture_step_delivery_id UNIQUE (delivery_id), CONSTRAINT fk_venture_step_delivery_id_delivery FOREIGN KEY(delivery_id) REFERENCES delivery (id) )",
            'INSERT INTO made_anew_venture_step (id, venture_id, stage, kind, "on", hours, evidence, delivery_id, entered_at, actor) SELECT id, venture_id, stage, kind, "on", hours, evidence, NULL, entered_at, actor FROM "venture_step"',
            'DROP TABLE "venture_step"',
            "ALTER TABLE made_anew_venture_step RENAME TO venture_step",
            "CREATE INDEX ix_venture_step_venture ON venture_step (venture_id, id)",
        ):
            op.execute(statement)
        return
    op.add_column("venture_step", sa.Column("delivery_id", WHOLE, nullable=True))
    op.create_unique_constraint(op.f("uq_venture_step_delivery_id"), "venture_step", ["delivery_id"])
    op.create_foreign_key(
        op.f("fk_venture_step_delivery_id_delivery"), "venture_step", "delivery", ["delivery_id"], ["id"]
    )


CHANGES = (
    change_space,
    change_pool_share,
    change_prescription_answer,
    change_space_booking,
    change_space_quarter,
    change_allocation,
    change_call,
    change_holding,
    change_pool,
    change_venture_step,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in (*GUARDS[op.get_bind().dialect.name], *FILLS):
        op.execute(statement)
