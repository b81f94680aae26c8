"""The first tables: every constraint, every index, and the triggers that keep records append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER act_no_update BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
        "CREATE TRIGGER act_no_delete BEFORE DELETE ON act BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
        "CREATE TRIGGER leaf_no_update BEFORE UPDATE ON leaf BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
        "CREATE TRIGGER leaf_no_delete BEFORE DELETE ON leaf BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
        "CREATE TRIGGER pool_entry_no_update BEFORE UPDATE ON pool_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER pool_entry_no_delete BEFORE DELETE ON pool_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$",
        "CREATE TRIGGER act_no_update BEFORE UPDATE ON act FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER act_no_delete BEFORE DELETE ON act FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER act_no_truncate BEFORE TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER leaf_no_update BEFORE UPDATE ON leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER leaf_no_delete BEFORE DELETE ON leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER leaf_no_truncate BEFORE TRUNCATE ON leaf FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pool_entry_no_update BEFORE UPDATE ON pool_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pool_entry_no_delete BEFORE DELETE ON pool_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pool_entry_no_truncate BEFORE TRUNCATE ON pool_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ),
}


def create_act() -> None:
    op.create_table(
        "act",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("behalf", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_index("ix_act_subject", "act", ["subject", "id"], unique=False)
    op.create_index("ix_act_verb", "act", ["verb", "id"], unique=False)


def create_commons() -> None:
    op.create_table(
        "commons",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("latitude_e6", WHOLE, nullable=True),
        sa.Column("longitude_e6", WHOLE, nullable=True),
        sa.Column("repository", sa.String(length=300), nullable=False),
        sa.Column("licence", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("listed_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('place', 'software', 'data_set')", name=op.f("ck_commons_known_kind")),
        sa.CheckConstraint(
            "latitude_e6 BETWEEN -90000000 AND 90000000", name=op.f("ck_commons_latitude_on_earth")
        ),
        sa.CheckConstraint(
            "longitude_e6 BETWEEN -180000000 AND 180000000", name=op.f("ck_commons_longitude_on_earth")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commons")),
        sa.UniqueConstraint("slug", name=op.f("uq_commons_slug")),
    )


def create_failed_item() -> None:
    op.create_table(
        "failed_item",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("item", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("failed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_item")),
        sa.UniqueConstraint("job", "item", name=op.f("uq_failed_item_job_item")),
    )


def create_fence() -> None:
    op.create_table(
        "fence",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("row_key", sa.String(length=10), nullable=False),
        sa.Column("catalogue", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("sentence", sa.JSON(), nullable=False),
        sa.Column("comparator", sa.String(length=10), nullable=False),
        sa.Column("threshold", WHOLE, nullable=False),
        sa.Column("close", WHOLE, nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("frequency", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(comparator = 'at_least' AND close >= threshold) OR (comparator = 'at_most' AND close <= threshold)",
            name=op.f("ck_fence_close_on_the_right_side"),
        ),
        sa.CheckConstraint("comparator IN ('at_least', 'at_most')", name=op.f("ck_fence_known_comparator")),
        sa.CheckConstraint(
            "in_force_until IS NULL OR in_force_until > in_force_from", name=op.f("ck_fence_ends_after_start")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fence")),
        sa.UniqueConstraint("subject", "row_key", name=op.f("uq_fence_subject_row_key")),
    )
    op.create_index("ix_fence_catalogue", "fence", ["catalogue"], unique=False)


def create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("next_path", sa.String(length=300), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )


def create_job() -> None:
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("announced_at", INSTANT, nullable=False),
        sa.Column("looked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )


def create_job_run() -> None:
    op.create_table(
        "job_run",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("fence", WHOLE, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("done", WHOLE, nullable=False),
        sa.Column("total", WHOLE, nullable=False),
        sa.Column("failures", WHOLE, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'done' OR ended_at IS NOT NULL", name=op.f("ck_job_run_done_has_an_end")
        ),
        sa.CheckConstraint(
            "state <> 'running' OR lease_until IS NOT NULL", name=op.f("ck_job_run_running_has_a_lease")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "period", name=op.f("uq_job_run_job_period")),
    )
    op.create_index("ix_job_run_job", "job_run", ["job", "id"], unique=False)
    op.create_index("ix_job_run_state", "job_run", ["state", "lease_until"], unique=False)


def create_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("founded_at", INSTANT, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )


def create_paper() -> None:
    op.create_table(
        "paper",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("json_hash", sa.String(length=64), nullable=False),
        sa.Column("unsigned_hash", sa.String(length=64), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("byte_size", WHOLE, nullable=False),
        sa.Column("pages", WHOLE, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("rendered_at", INSTANT, nullable=True),
        sa.Column("sealed_at", INSTANT, nullable=True),
        sa.Column("superseded_at", INSTANT, nullable=True),
        sa.Column("fence", WHOLE, nullable=False),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.CheckConstraint("edition IN ('original', 'public')", name=op.f("ck_paper_edition_is_known")),
        sa.CheckConstraint(
            "state <> 'superseded' OR superseded_at IS NOT NULL", name=op.f("ck_paper_superseded_has_instant")
        ),
        sa.CheckConstraint(
            "state = 'due' OR (unsigned_hash <> '' AND json_hash <> '' AND content_hash <> '' AND pages > 0 AND rendered_at IS NOT NULL)",
            name=op.f("ck_paper_rendered_has_its_bytes"),
        ),
        sa.CheckConstraint(
            "state IN ('due', 'rendered', 'sealed', 'superseded')", name=op.f("ck_paper_state_is_known")
        ),
        sa.CheckConstraint(
            "state NOT IN ('sealed', 'superseded') OR (file_hash <> '' AND byte_size > 0 AND sealed_at IS NOT NULL AND leased_until IS NULL)",
            name=op.f("ck_paper_sealed_has_its_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_code")),
        sa.UniqueConstraint(
            "kind",
            "subject",
            "version",
            "language",
            "edition",
            name=op.f("uq_paper_kind_subject_version_language_edition"),
        ),
    )
    op.create_index("ix_paper_content_hash", "paper", ["content_hash"], unique=False)
    op.create_index("ix_paper_file_hash", "paper", ["file_hash"], unique=False)
    op.create_index("ix_paper_subject", "paper", ["subject", "kind"], unique=False)


def create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("suspended_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_person_pseudonym")),
    )


def create_pool() -> None:
    op.create_table(
        "pool",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("capacity", WHOLE, nullable=False),
        sa.Column("reserved", WHOLE, nullable=False),
        sa.Column("committed", WHOLE, nullable=False),
        sa.Column("delivered", WHOLE, nullable=False),
        sa.CheckConstraint("kind IN ('funding', 'server', 'legal')", name=op.f("ck_pool_known_kind")),
        sa.CheckConstraint(
            "capacity >= 0 AND reserved >= 0 AND committed >= 0", name=op.f("ck_pool_not_negative")
        ),
        sa.CheckConstraint(
            "delivered >= 0 AND delivered <= committed", name=op.f("ck_pool_delivered_within_committed")
        ),
        sa.CheckConstraint("reserved + committed <= capacity", name=op.f("ck_pool_never_beyond_capacity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
        sa.UniqueConstraint("year", "slug", name=op.f("uq_pool_year_slug")),
    )


def create_record_cursor() -> None:
    op.create_table(
        "record_cursor",
        sa.Column("subscriber", sa.String(length=60), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("subscriber", name=op.f("pk_record_cursor")),
    )


def create_tally() -> None:
    op.create_table(
        "tally",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("window", WHOLE, autoincrement=False, nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_tally")),
    )


def create_allocation() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("row_key", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("months", WHOLE, nullable=False),
        sa.Column("plan", sa.String(length=20), nullable=False),
        sa.Column("value_cents", WHOLE, nullable=False),
        sa.Column("delivered", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("pool_id", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sent_back_reason", sa.Text(), nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=True),
        sa.Column("party_person_id", WHOLE, nullable=True),
        sa.Column("proposed_by_id", WHOLE, nullable=True),
        sa.Column("approved_by_id", WHOLE, nullable=True),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("committed_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'committed' OR committed_at IS NOT NULL",
            name=op.f("ck_allocation_committed_has_an_instant"),
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR (pool_id IS NOT NULL AND reason <> '')",
            name=op.f("ck_allocation_proposed_has_reason"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'committed', 'delivered', 'closed') OR (approved_at IS NOT NULL AND approved_by_id IS NOT NULL)",
            name=op.f("ck_allocation_approved_has_evidence"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_positive")),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name=op.f("ck_allocation_two_persons"),
        ),
        sa.CheckConstraint(
            "delivered >= 0 AND delivered <= amount", name=op.f("ck_allocation_delivered_within_amount")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_allocation_approved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_allocation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["party_person_id"], ["person.id"], name=op.f("fk_allocation_party_person_id_person")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_allocation_pool_id_pool")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_allocation_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint(
            "subject", "version", "row_key", name=op.f("uq_allocation_subject_version_row_key")
        ),
    )
    op.create_index("ix_allocation_pool", "allocation", ["pool_id"], unique=False)
    op.create_index("ix_allocation_state", "allocation", ["state"], unique=False)


def create_leaf() -> None:
    op.create_table(
        "leaf",
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("act_id", WHOLE, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_leaf_act_id_act")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_leaf")),
        sa.UniqueConstraint("act_id", name=op.f("uq_leaf_act_id")),
    )


def create_measurement() -> None:
    op.create_table(
        "measurement",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("fence_id", WHOLE, nullable=False),
        sa.Column("value", WHOLE, nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["fence_id"], ["fence.id"], name=op.f("fk_measurement_fence_id_fence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
    )
    op.create_index("ix_measurement_fence", "measurement", ["fence_id", "measured_on"], unique=False)


def create_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("speaks_for_it", sa.Boolean(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.CheckConstraint("until IS NULL OR until > starts_at", name=op.f("ck_membership_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_organisation", "membership", ["organisation_id"], unique=False)
    op.create_index("ix_membership_person", "membership", ["person_id"], unique=False)


def create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("event", sa.String(length=4), nullable=False),
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("fence", WHOLE, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR address <> ''", name=op.f("ck_message_reaches_somebody")
        ),
        sa.CheckConstraint(
            "state <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_message_sent_has_an_instant")
        ),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_message_known_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    op.create_index("ix_message_person", "message", ["person_id", "id"], unique=False)
    op.create_index("ix_message_state", "message", ["state", "lease_until"], unique=False)


def create_open_session() -> None:
    op.create_table(
        "open_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_open_session_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_open_session")),
    )
    op.create_index("ix_open_session_expires", "open_session", ["expires_at"], unique=False)
    op.create_index("ix_open_session_person", "open_session", ["person_id"], unique=False)


def create_proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("word_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("latitude_e6", WHOLE, nullable=True),
        sa.Column("longitude_e6", WHOLE, nullable=True),
        sa.Column("repository", sa.String(length=300), nullable=False),
        sa.Column("licence", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("holds_personal_data", sa.Boolean(), nullable=True),
        sa.Column("group_kind", sa.String(length=30), nullable=False),
        sa.Column("group_name", sa.String(length=160), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("is_adult", sa.Boolean(), nullable=True),
        sa.Column("adult_name", sa.String(length=120), nullable=False),
        sa.Column("touched", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("saved_sections", sa.JSON(), nullable=False),
        sa.Column("owner_id", WHOLE, nullable=True),
        sa.Column("entered_by_id", WHOLE, nullable=True),
        sa.Column("organisation_id", WHOLE, nullable=True),
        sa.Column("assessor_id", WHOLE, nullable=True),
        sa.Column("profile_version", sa.String(length=60), nullable=False),
        sa.Column("completeness", sa.JSON(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("noticed_at", INSTANT, nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_source", sa.String(length=200), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('', 'place', 'software', 'data_set')", name=op.f("ck_proposal_known_kind")
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR (decided_at IS NOT NULL AND reason <> '')",
            name=op.f("ck_proposal_accepted_has_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR (decided_at IS NOT NULL AND reason <> '' AND noticed_at IS NOT NULL)",
            name=op.f("ck_proposal_refused_after_notice"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'supplement_asked', 'refusal_noticed', 'accepted', 'refused') OR submitted_at IS NOT NULL",
            name=op.f("ck_proposal_sent_has_an_instant"),
        ),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_proposal_assessor_id_person")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_proposal_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_proposal_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_proposal_owner_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proposal_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("code", name=op.f("uq_proposal_code")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_proposal_link_hash")),
    )
    op.create_index("ix_proposal_owner", "proposal", ["owner_id", "state"], unique=False)
    op.create_index("ix_proposal_person", "proposal", ["person_id"], unique=False)
    op.create_index("ix_proposal_state", "proposal", ["state", "submitted_at"], unique=False)


def create_role_grant() -> None:
    op.create_table(
        "role_grant",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.CheckConstraint("until IS NULL OR until > starts_at", name=op.f("ck_role_grant_ends_after_start")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index("ix_role_grant_person", "role_grant", ["person_id"], unique=False)


def create_ask() -> None:
    op.create_table(
        "ask",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("months", WHOLE, nullable=False),
        sa.Column("plan", sa.String(length=20), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_ask_not_negative")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_ask_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint("proposal_id", "kind", name=op.f("uq_ask_proposal_id_kind")),
    )


def create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_delivery_positive")),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_delivery_allocation_id_allocation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_allocation", "delivery", ["allocation_id"], unique=False)


def create_offered_commitment() -> None:
    op.create_table(
        "offered_commitment",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("per", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 100000", name=op.f("ck_offered_commitment_sensible_quantity")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_offered_commitment_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_commitment")),
    )
    op.create_index("ix_offered_commitment_proposal", "offered_commitment", ["proposal_id"], unique=False)


def create_offered_fence() -> None:
    op.create_table(
        "offered_fence",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("catalogue", sa.String(length=40), nullable=False),
        sa.Column("threshold", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_offered_fence_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_fence")),
        sa.UniqueConstraint("proposal_id", "catalogue", name=op.f("uq_offered_fence_proposal_id_catalogue")),
    )


def create_pact() -> None:
    op.create_table(
        "pact",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("proposal_code", sa.String(length=12), nullable=False),
        sa.Column("commons_id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=True),
        sa.Column("owner_id", WHOLE, nullable=True),
        sa.Column("assessor_id", WHOLE, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("pact_class", sa.String(length=20), nullable=False),
        sa.Column("profile_version", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("last_version", WHOLE, nullable=False),
        sa.Column("agreed_version", WHOLE, nullable=True),
        sa.Column("agreed_hash", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("agreed_at", INSTANT, nullable=True),
        sa.Column("signing_opened_at", INSTANT, nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'signing' OR signing_opened_at IS NOT NULL", name=op.f("ck_pact_signing_has_an_instant")
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'signing', 'signed', 'suspended', 'concluded', 'terminated') OR (agreed_version IS NOT NULL AND agreed_hash <> '' AND agreed_at IS NOT NULL)",
            name=op.f("ck_pact_agreed_names_its_text"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('signed', 'suspended', 'concluded', 'terminated') OR signed_at IS NOT NULL",
            name=op.f("ck_pact_signed_has_an_instant"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on",
            name=op.f("ck_pact_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_pact_assessor_id_person")),
        sa.ForeignKeyConstraint(["commons_id"], ["commons.id"], name=op.f("fk_pact_commons_id_commons")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pact_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_pact_owner_id_person")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_pact_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pact")),
        sa.UniqueConstraint("code", name=op.f("uq_pact_code")),
        sa.UniqueConstraint("number", name=op.f("uq_pact_number")),
        sa.UniqueConstraint("proposal_code", name=op.f("uq_pact_proposal_code")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_pact_proposal_id")),
    )
    op.create_index("ix_pact_owner", "pact", ["owner_id", "state"], unique=False)
    op.create_index("ix_pact_state", "pact", ["state", "signed_at"], unique=False)


def create_pool_entry() -> None:
    op.create_table(
        "pool_entry",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pool_id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=True),
        sa.Column("movement", sa.String(length=12), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "movement = 'opened' OR allocation_id IS NOT NULL",
            name=op.f("ck_pool_entry_movement_names_its_allocation"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pool_entry_positive")),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_pool_entry_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_entry_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_entry")),
    )
    op.create_index("ix_pool_entry_allocation", "pool_entry", ["allocation_id"], unique=False)
    op.create_index("ix_pool_entry_pool", "pool_entry", ["pool_id", "id"], unique=False)


def create_supplement() -> None:
    op.create_table(
        "supplement",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("supplied_at", INSTANT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "supplied_at IS NULL OR answer <> ''", name=op.f("ck_supplement_supplied_has_answer")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_supplement_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
    )
    op.create_index("ix_supplement_proposal", "supplement", ["proposal_id"], unique=False)


def create_agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("agreed_at", INSTANT, nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_agreement_pact_id_pact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agreement_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("pact_id", "side", "version", name=op.f("uq_agreement_pact_id_side_version")),
    )


def create_pact_version() -> None:
    op.create_table(
        "pact_version",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by_side", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_pact_version_pact_id_pact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pact_version")),
        sa.UniqueConstraint("pact_id", "number", name=op.f("uq_pact_version_pact_id_number")),
    )
    op.create_index("ix_pact_version_hash", "pact_version", ["content_hash"], unique=False)


def create_party() -> None:
    op.create_table(
        "party",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("row_key", sa.String(length=20), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("organisation_id", WHOLE, nullable=True),
        sa.Column("represented_by", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("tax_code", sa.String(length=20), nullable=False),
        sa.CheckConstraint("side IN ('community', 'city')", name=op.f("ck_party_known_side")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_party_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_party_pact_id_pact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("pact_id", "row_key", name=op.f("uq_party_pact_id_row_key")),
    )
    op.create_index("ix_party_person", "party", ["person_id"], unique=False)


def create_promise() -> None:
    op.create_table(
        "promise",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("row_key", sa.String(length=10), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("per", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.CheckConstraint("side IN ('community', 'city')", name=op.f("ck_promise_known_side")),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_promise_pact_id_pact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("pact_id", "row_key", name=op.f("uq_promise_pact_id_row_key")),
    )


def create_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("validated_at", INSTANT, nullable=True),
        sa.Column("validated_by_id", WHOLE, nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'returned' OR return_reason <> ''", name=op.f("ck_report_returned_has_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('validated', 'published') OR validated_at IS NOT NULL",
            name=op.f("ck_report_validated_has_an_instant"),
        ),
        sa.CheckConstraint("period_until > period_from", name=op.f("ck_report_period_ends_after_start")),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_report_pact_id_pact")),
        sa.ForeignKeyConstraint(
            ["validated_by_id"], ["person.id"], name=op.f("fk_report_validated_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("pact_id", "number", name=op.f("uq_report_pact_id_number")),
    )


def create_suggestion() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("clause_id", sa.String(length=40), nullable=False),
        sa.Column("base_version", WHOLE, nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("suggested_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("made_version", WHOLE, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('community', 'city')", name=op.f("ck_suggestion_known_side")),
        sa.CheckConstraint(
            "state = 'open' OR answered_at IS NOT NULL", name=op.f("ck_suggestion_answered_has_an_instant")
        ),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_suggestion_pact_id_pact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suggestion_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_index("ix_suggestion_pact", "suggestion", ["pact_id", "state"], unique=False)


def create_kept_promise() -> None:
    op.create_table(
        "kept_promise",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("report_id", WHOLE, nullable=False),
        sa.Column("promise_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", WHOLE, nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint("state IN ('kept', 'late', 'not_done')", name=op.f("ck_kept_promise_known_state")),
        sa.CheckConstraint("done >= 0", name=op.f("ck_kept_promise_not_negative")),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_kept_promise_promise_id_promise")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_kept_promise_report_id_report"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_promise")),
        sa.UniqueConstraint("report_id", "promise_id", name=op.f("uq_kept_promise_report_id_promise_id")),
    )


def create_signature() -> None:
    op.create_table(
        "signature",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("party_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("signer_name", sa.String(length=120), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("method", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_signature_pact_id_pact")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_signature_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("pact_id", "party_id", name=op.f("uq_signature_pact_id_party_id")),
    )


TABLES = (
    create_act,
    create_commons,
    create_failed_item,
    create_fence,
    create_invitation,
    create_job,
    create_job_run,
    create_organisation,
    create_paper,
    create_person,
    create_pool,
    create_record_cursor,
    create_tally,
    create_allocation,
    create_leaf,
    create_measurement,
    create_membership,
    create_message,
    create_open_session,
    create_proposal,
    create_role_grant,
    create_ask,
    create_delivery,
    create_offered_commitment,
    create_offered_fence,
    create_pact,
    create_pool_entry,
    create_supplement,
    create_agreement,
    create_pact_version,
    create_party,
    create_promise,
    create_report,
    create_suggestion,
    create_kept_promise,
    create_signature,
)


def upgrade() -> None:
    for create in TABLES:
        create()
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
