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

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER pool_entry_no_update BEFORE UPDATE ON pool_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER pool_entry_no_delete BEFORE DELETE ON pool_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER pledge_no_update BEFORE UPDATE ON pledge BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER pledge_no_delete BEFORE DELETE ON pledge BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER pledge_check_no_update BEFORE UPDATE ON pledge_check BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER pledge_check_no_delete BEFORE DELETE ON pledge_check BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER match_award_no_update BEFORE UPDATE ON match_award BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER match_award_no_delete BEFORE DELETE ON match_award BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER surplus_arrival_no_update BEFORE UPDATE ON surplus_arrival BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER surplus_arrival_no_delete BEFORE DELETE ON surplus_arrival BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER server_usage_no_update BEFORE UPDATE ON server_usage BEGIN SELECT RAISE(ABORT, 'what was measured is never changed'); END",
        "CREATE TRIGGER server_usage_no_delete BEFORE DELETE ON server_usage BEGIN SELECT RAISE(ABORT, 'what was measured is never changed'); END",
    ),
    "postgresql": (
        "CREATE TRIGGER pledge_no_update BEFORE UPDATE ON pledge FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pledge_no_delete BEFORE DELETE ON pledge FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pledge_no_truncate BEFORE TRUNCATE ON pledge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pledge_check_no_update BEFORE UPDATE ON pledge_check FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pledge_check_no_delete BEFORE DELETE ON pledge_check FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER pledge_check_no_truncate BEFORE TRUNCATE ON pledge_check FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER match_award_no_update BEFORE UPDATE ON match_award FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER match_award_no_delete BEFORE DELETE ON match_award FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER match_award_no_truncate BEFORE TRUNCATE ON match_award FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER surplus_arrival_no_update BEFORE UPDATE ON surplus_arrival FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER surplus_arrival_no_delete BEFORE DELETE ON surplus_arrival FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER surplus_arrival_no_truncate BEFORE TRUNCATE ON surplus_arrival FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER server_usage_no_update BEFORE UPDATE ON server_usage FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER server_usage_no_delete BEFORE DELETE ON server_usage FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER server_usage_no_truncate BEFORE TRUNCATE ON server_usage FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ),
}
FILLS = (
    "INSERT INTO pool_day (pool_id, day, movement, amount, entries)\n    SELECT pool_id, date(at), movement, sum(amount), count(*) FROM pool_entry\n    GROUP BY pool_id, date(at), movement",
    "INSERT INTO holding (allocation_id, pool_id, reserved, committed, delivered)\n    SELECT allocation_id, pool_id,\n    sum(CASE movement WHEN 'reserved' THEN amount WHEN 'delivered' THEN 0 ELSE -amount END),\n    sum(CASE movement WHEN 'committed' THEN amount ELSE 0 END),\n    sum(CASE movement WHEN 'delivered' THEN amount ELSE 0 END)\n    FROM pool_entry WHERE allocation_id IS NOT NULL GROUP BY allocation_id, pool_id ORDER BY 1, 2",
    "UPDATE allocation SET district = coalesce(\n    (SELECT pact.district FROM pact WHERE 'pact:' || pact.code = allocation.subject), '')",
    "INSERT INTO support_sum (span, since, pool_id, district, movement, amount, value_cents, entries)\n    SELECT 'year', date(substr(CAST(date(at) AS text), 1, 4) || '-01-01'), pool_entry.pool_id,\n    coalesce(allocation.district, ''), movement, sum(pool_entry.amount),\n    sum(CASE pool.unit WHEN 'cent' THEN pool_entry.amount ELSE 0 END), count(*)\n    FROM pool_entry JOIN pool ON pool.id = pool_entry.pool_id\n    LEFT JOIN allocation ON allocation.id = pool_entry.allocation_id\n    GROUP BY 2, 3, 4, 5",
    "INSERT INTO support_sum (span, since, pool_id, district, movement, amount, value_cents, entries)\n    SELECT 'month', date(substr(CAST(date(at) AS text), 1, 7) || '-01'), pool_entry.pool_id,\n    coalesce(allocation.district, ''), movement, sum(pool_entry.amount),\n    sum(CASE pool.unit WHEN 'cent' THEN pool_entry.amount ELSE 0 END), count(*)\n    FROM pool_entry JOIN pool ON pool.id = pool_entry.pool_id\n    LEFT JOIN allocation ON allocation.id = pool_entry.allocation_id\n    GROUP BY 2, 3, 4, 5",
    "INSERT INTO support_sum (span, since, pool_id, district, movement, amount, value_cents, entries)\n    SELECT 'day', date(substr(CAST(date(at) AS text), 1, 10) || ''), pool_entry.pool_id,\n    coalesce(allocation.district, ''), movement, sum(pool_entry.amount),\n    sum(CASE pool.unit WHEN 'cent' THEN pool_entry.amount ELSE 0 END), count(*)\n    FROM pool_entry JOIN pool ON pool.id = pool_entry.pool_id\n    LEFT JOIN allocation ON allocation.id = pool_entry.allocation_id\n    GROUP BY 2, 3, 4, 5",
    "UPDATE pact SET is_sealed = true WHERE EXISTS (SELECT 1 FROM paper WHERE paper.subject = 'pact:' || pact.code\n    AND kind = 'agreement' AND edition = 'original' AND paper.state IN ('sealed', 'superseded'))",
)


def change_server_hook() -> None:
    op.create_table(
        "server_hook",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_hook")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_server_hook_address_hash")),
    )


def change_bank_file() -> None:
    op.create_table(
        "bank_file",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("read_by_id", WHOLE, nullable=False),
        sa.Column("paid", WHOLE, nullable=False),
        sa.Column("rejected", WHOLE, nullable=False),
        sa.Column("unknown", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["read_by_id"], ["person.id"], name=op.f("fk_bank_file_read_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint("file_hash", name=op.f("uq_bank_file_file_hash")),
    )


def change_payment_batch() -> None:
    op.create_table(
        "payment_batch",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("message_id", sa.String(length=35), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("means", sa.String(length=5), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("profile_version", sa.String(length=60), nullable=False),
        sa.Column("execute_on", sa.Date(), nullable=False),
        sa.Column("total", WHOLE, nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("prepared_at", INSTANT, nullable=False),
        sa.Column("prepared_by_id", WHOLE, nullable=False),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("released_by_id", WHOLE, nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_file", sa.LargeBinary(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'released' OR (file_hash <> '' AND sealed_file IS NOT NULL AND released_at IS NOT NULL AND released_by_id IS NOT NULL)",
            name=op.f("ck_payment_batch_released_has_evidence"),
        ),
        sa.CheckConstraint(
            "released_by_id IS NULL OR released_by_id <> prepared_by_id",
            name=op.f("ck_payment_batch_two_persons"),
        ),
        sa.CheckConstraint("total > 0 AND count > 0", name=op.f("ck_payment_batch_not_empty")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["person.id"], name=op.f("fk_payment_batch_prepared_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["person.id"], name=op.f("fk_payment_batch_released_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        sa.UniqueConstraint("message_id", name=op.f("uq_payment_batch_message_id")),
    )
    op.create_index("ix_payment_batch_state", "payment_batch", ["state", "id"], unique=False)


def change_pool_day() -> None:
    op.create_table(
        "pool_day",
        sa.Column("pool_id", WHOLE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("movement", sa.String(length=20), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("entries", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_day_pool_id_pool")),
        sa.PrimaryKeyConstraint("pool_id", "day", "movement", name=op.f("pk_pool_day")),
    )


def change_pool_request() -> None:
    op.create_table(
        "pool_request",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("pool_id", WHOLE, nullable=True),
        sa.Column("other_pool_id", WHOLE, nullable=True),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by_id", WHOLE, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("decided_by_id", WHOLE, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_pool_request_says_why")),
        sa.CheckConstraint(
            "state <> 'refused' OR answer <> ''", name=op.f("ck_pool_request_refused_says_why")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_pool_request_decided_has_evidence"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_pool_request_not_negative")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_pool_request_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_pool_request_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_pool_request_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["other_pool_id"], ["pool.id"], name=op.f("fk_pool_request_other_pool_id_pool")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_request_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_request")),
    )
    op.create_index("ix_pool_request_pool", "pool_request", ["pool_id", "id"], unique=False)
    op.create_index("ix_pool_request_state", "pool_request", ["state", "id"], unique=False)


def change_support_declaration() -> None:
    op.create_table(
        "support_declaration",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("is_undertaking", sa.Boolean(), nullable=False),
        sa.Column("other_aid_cents", WHOLE, nullable=False),
        sa.Column("other_funding", sa.String(length=300), nullable=False),
        sa.Column("made_by_id", WHOLE, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("other_aid_cents >= 0", name=op.f("ck_support_declaration_not_negative")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_support_declaration_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_declaration")),
    )
    op.create_index("ix_support_declaration_subject", "support_declaration", ["subject", "id"], unique=False)


def change_support_sum() -> None:
    op.create_table(
        "support_sum",
        sa.Column("span", sa.String(length=5), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("pool_id", WHOLE, nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("movement", sa.String(length=20), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("value_cents", WHOLE, nullable=False),
        sa.Column("entries", WHOLE, nullable=False),
        sa.CheckConstraint("span IN ('year', 'month', 'day')", name=op.f("ck_support_sum_known_span")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_support_sum_pool_id_pool")),
        sa.PrimaryKeyConstraint(
            "span", "since", "pool_id", "district", "movement", name=op.f("pk_support_sum")
        ),
    )


def change_payee() -> None:
    op.create_table(
        "payee",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=True),
        sa.Column("party_person_id", WHOLE, nullable=True),
        sa.Column("holder", sa.String(length=70), nullable=False),
        sa.Column("sealed_account", sa.Text(), nullable=False),
        sa.Column("ending", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("refused_reason", sa.String(length=300), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by_id", WHOLE, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("confirmed_by_id", WHOLE, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'failed') OR (confirmed_at IS NOT NULL AND confirmed_by_id IS NOT NULL)",
            name=op.f("ck_payee_confirmed_has_evidence"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name=op.f("ck_payee_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_payee_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_payee_entered_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_payee_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["party_person_id"], ["person.id"], name=op.f("fk_payee_party_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee")),
    )
    op.create_index(
        "ix_payee_asked",
        "payee",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        "ix_payee_confirmed",
        "payee",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("state = 'confirmed'"),
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.create_index("ix_payee_subject", "payee", ["subject", "id"], unique=False)


def change_stage() -> None:
    op.create_table(
        "stage",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("call_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("places", WHOLE, nullable=False),
        sa.Column("taken", WHOLE, nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_stage_ends_after_it_starts")),
        sa.CheckConstraint("number > 0 AND places > 0", name=op.f("ck_stage_positive")),
        sa.CheckConstraint("taken >= 0 AND taken <= places", name=op.f("ck_stage_within_the_places")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_stage_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_stage_call_id_number")),
    )


def change_surplus() -> None:
    op.create_table(
        "surplus",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("surplus_cents", WHOLE, nullable=False),
        sa.Column("transferred_cents", WHOLE, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("arrived_cents", WHOLE, nullable=False),
        sa.Column("declared_at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.CheckConstraint("basis <> ''", name=op.f("ck_surplus_says_on_what_basis")),
        sa.CheckConstraint("number = 1 OR why <> ''", name=op.f("ck_surplus_corrected_says_why")),
        sa.CheckConstraint(
            "arrived_cents BETWEEN 0 AND transferred_cents", name=op.f("ck_surplus_never_more_than_promised")
        ),
        sa.CheckConstraint("surplus_cents > 0", name=op.f("ck_surplus_positive")),
        sa.CheckConstraint(
            "transferred_cents BETWEEN 0 AND surplus_cents", name=op.f("ck_surplus_a_part_of_it")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_surplus_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surplus")),
        sa.UniqueConstraint(
            "organisation_id", "year", "number", name=op.f("uq_surplus_organisation_id_year_number")
        ),
    )
    op.create_index(
        "ix_surplus_current",
        "surplus",
        ["organisation_id", "year"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )


def change_venture() -> None:
    op.create_table(
        "venture",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("call_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stage", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=True),
        sa.Column("applied_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'founded' OR organisation_id IS NOT NULL", name=op.f("ck_venture_founded_is_somebody")
        ),
        sa.CheckConstraint(
            "state <> 'not_chosen' OR reason <> ''", name=op.f("ck_venture_not_chosen_says_why")
        ),
        sa.CheckConstraint(
            "state IN ('applied', 'on_track', 'not_chosen', 'withdrawn', 'founded')",
            name=op.f("ck_venture_known_state"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_venture_call_id_call")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_venture_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_venture_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_venture_call_id_number")),
    )
    op.create_index("ix_venture_person", "venture", ["person_id"], unique=False)


def change_backer() -> None:
    op.create_table(
        "backer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_backer_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backer")),
    )
    op.create_index(
        "ix_backer_address",
        "backer",
        ["proposal_id", "email"],
        unique=True,
        sqlite_where=sa.text("email <> ''"),
        postgresql_where=sa.text("email <> ''"),
    )
    op.create_index("ix_backer_email", "backer", ["email"], unique=False)


def change_holding() -> None:
    op.create_table(
        "holding",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("pool_id", WHOLE, nullable=False),
        sa.Column("reserved", WHOLE, nullable=False),
        sa.Column("committed", WHOLE, nullable=False),
        sa.Column("delivered", WHOLE, nullable=False),
        sa.CheckConstraint(
            "delivered >= 0 AND delivered <= committed", name=op.f("ck_holding_delivered_within_committed")
        ),
        sa.CheckConstraint("reserved >= 0 AND committed >= 0", name=op.f("ck_holding_not_negative")),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_holding_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_holding_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding")),
        sa.UniqueConstraint("allocation_id", "pool_id", name=op.f("uq_holding_allocation_id_pool_id")),
    )
    op.create_index("ix_holding_pool", "holding", ["pool_id"], unique=False)


def change_legal_help() -> None:
    op.create_table(
        "legal_help",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("promised", WHOLE, nullable=False),
        sa.Column("booked", WHOLE, nullable=False),
        sa.Column("confirmed", WHOLE, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.CheckConstraint("booked <= promised", name=op.f("ck_legal_help_never_beyond_the_promise")),
        sa.CheckConstraint("confirmed <= booked", name=op.f("ck_legal_help_confirmed_was_booked")),
        sa.CheckConstraint(
            "promised > 0 AND booked >= 0 AND confirmed >= 0", name=op.f("ck_legal_help_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_legal_help_allocation_id_allocation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_help")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_legal_help_allocation_id")),
    )
    op.create_index(op.f("ix_legal_help_subject"), "legal_help", ["subject"], unique=False)


def change_match_award() -> None:
    op.create_table(
        "match_award",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("call_id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("raised_cents", WHOLE, nullable=False),
        sa.Column("counted_cents", WHOLE, nullable=False),
        sa.Column("cents", WHOLE, nullable=False),
        sa.Column("met_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "cents >= 0 AND counted_cents >= 0 AND raised_cents >= counted_cents",
            name=op.f("ck_match_award_sound"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_match_award_call_id_call")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_match_award_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_award")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_match_award_proposal_id")),
    )
    op.create_index("ix_match_award_call", "match_award", ["call_id"], unique=False)


def change_payment_plan() -> None:
    op.create_table(
        "payment_plan",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=True),
        sa.Column("party_person_id", WHOLE, nullable=True),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("planned", WHOLE, nullable=False),
        sa.Column("advance", WHOLE, nullable=False),
        sa.Column("approved", WHOLE, nullable=False),
        sa.Column("ordered", WHOLE, nullable=False),
        sa.Column("paid", WHOLE, nullable=False),
        sa.Column("returned", WHOLE, server_default="0", nullable=False),
        sa.Column("project_code", sa.String(length=15), nullable=False),
        sa.Column("tender_code", sa.String(length=10), nullable=False),
        sa.Column("planned_at", INSTANT, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "advance >= 0 AND advance <= amount", name=op.f("ck_payment_plan_advance_within_amount")
        ),
        sa.CheckConstraint(
            "approved >= 0 AND approved <= amount", name=op.f("ck_payment_plan_approved_within_amount")
        ),
        sa.CheckConstraint(
            "ordered + paid <= advance OR ordered + paid <= approved",
            name=op.f("ck_payment_plan_never_beyond_what_is_settled"),
        ),
        sa.CheckConstraint(
            "ordered >= 0 AND paid >= 0 AND ordered + paid <= amount",
            name=op.f("ck_payment_plan_never_beyond_amount"),
        ),
        sa.CheckConstraint("planned = amount", name=op.f("ck_payment_plan_parts_add_up")),
        sa.CheckConstraint(
            "returned >= 0 AND returned <= paid", name=op.f("ck_payment_plan_returned_within_paid")
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_payment_plan_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_payment_plan_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["party_person_id"], ["person.id"], name=op.f("fk_payment_plan_party_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plan")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_payment_plan_allocation_id")),
    )
    op.create_index("ix_payment_plan_subject", "payment_plan", ["subject"], unique=False)


def change_planned_part() -> None:
    op.create_table(
        "planned_part",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_planned_part_positive")),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_planned_part_allocation_id_allocation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_part")),
        sa.UniqueConstraint("allocation_id", "due_on", name=op.f("uq_planned_part_allocation_id_due_on")),
    )


def change_server() -> None:
    op.create_table(
        "server",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=True),
        sa.Column("party_person_id", WHOLE, nullable=True),
        sa.Column("case_key", sa.String(length=60), server_default="", nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("plan", sa.String(length=20), nullable=False),
        sa.Column("vcpu", WHOLE, nullable=False),
        sa.Column("memory_gb", WHOLE, nullable=False),
        sa.Column("storage_gb", WHOLE, nullable=False),
        sa.Column("traffic_gb", WHOLE, nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("backup_by", sa.String(length=10), nullable=False),
        sa.Column("backup_every", sa.String(length=10), nullable=False),
        sa.Column("restore_tested_on", sa.Date(), nullable=True),
        sa.Column("exit_what", sa.String(length=300), nullable=False),
        sa.Column("exit_format", sa.String(length=120), nullable=False),
        sa.Column("exit_days", WHOLE, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=253), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("requested_at", INSTANT, nullable=True),
        sa.Column("running_since", INSTANT, nullable=True),
        sa.Column("winding_since", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("certificate", sa.String(length=1000), nullable=False),
        sa.Column("stated_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'failed' OR reason <> ''", name=op.f("ck_server_failed_has_a_reason")),
        sa.CheckConstraint(
            "state <> 'winding_down' OR winding_since IS NOT NULL", name=op.f("ck_server_winding_has_a_start")
        ),
        sa.CheckConstraint(
            "state NOT IN ('handed_over', 'deleted', 'called_off') OR (ended_at IS NOT NULL AND certificate <> '')",
            name=op.f("ck_server_over_has_a_certificate"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('running', 'change_asked', 'winding_down', 'handed_over', 'deleted') OR (running_since IS NOT NULL AND address <> '')",
            name=op.f("ck_server_running_has_an_address"),
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_server_ends_after_start")),
        sa.CheckConstraint(
            "vcpu > 0 AND memory_gb > 0 AND storage_gb > 0 AND traffic_gb >= 0",
            name=op.f("ck_server_measured"),
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_server_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_server_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["party_person_id"], ["person.id"], name=op.f("fk_server_party_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_server_allocation_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_server_ref")),
    )
    op.create_index("ix_server_state", "server", ["state", "ends_on"], unique=False)
    op.create_index("ix_server_subject", "server", ["subject"], unique=False)


def change_stage_decision() -> None:
    op.create_table(
        "stage_decision",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("venture_id", WHOLE, nullable=False),
        sa.Column("stage", WHOLE, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", WHOLE, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("approved_by_id", WHOLE, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('goes_on', 'not_chosen')", name=op.f("ck_stage_decision_known_outcome")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_stage_decision_says_why")),
        sa.CheckConstraint(
            "(approved_by_id IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_stage_decision_approved_at_an_instant"),
        ),
        sa.CheckConstraint("approved_by_id <> proposed_by_id", name=op.f("ck_stage_decision_two_persons")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_stage_decision_approved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_stage_decision_proposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["venture.id"], name=op.f("fk_stage_decision_venture_id_venture")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_decision")),
    )
    op.create_index("ix_stage_decision_venture", "stage_decision", ["venture_id", "id"], unique=False)
    op.create_index(
        "ix_stage_decision_waiting",
        "stage_decision",
        ["venture_id"],
        unique=True,
        sqlite_where=sa.text("approved_by_id IS NULL"),
        postgresql_where=sa.text("approved_by_id IS NULL"),
    )


def change_venture_step() -> None:
    op.create_table(
        "venture_step",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("venture_id", WHOLE, nullable=False),
        sa.Column("stage", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("hours", WHOLE, nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.CheckConstraint("evidence <> ''", name=op.f("ck_venture_step_says_what_shows_it")),
        sa.CheckConstraint(
            "kind IN ('training', 'legal', 'statute', 'members', 'registered', 'other')",
            name=op.f("ck_venture_step_known_kind"),
        ),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_venture_step_not_negative")),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["venture.id"], name=op.f("fk_venture_step_venture_id_venture")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_step")),
    )
    op.create_index("ix_venture_step_venture", "venture_step", ["venture_id", "id"], unique=False)


def change_cost_statement() -> None:
    op.create_table(
        "cost_statement",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("plan_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("claimed", WHOLE, nullable=False),
        sa.Column("accepted", WHOLE, nullable=False),
        sa.Column("needs_two", sa.Boolean(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("checked_by_id", WHOLE, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", WHOLE, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'decided' OR (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)",
            name=op.f("ck_cost_statement_decided_has_evidence"),
        ),
        sa.CheckConstraint(
            "state <> 'decided' OR NOT needs_two OR decided_by_id <> checked_by_id",
            name=op.f("ck_cost_statement_two_persons"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR return_reason <> ''", name=op.f("ck_cost_statement_returned_has_a_reason")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR sent_at IS NOT NULL", name=op.f("ck_cost_statement_sent_has_an_instant")
        ),
        sa.CheckConstraint(
            "accepted >= 0 AND accepted <= claimed", name=op.f("ck_cost_statement_accepted_within_claimed")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_cost_statement_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_cost_statement_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["payment_plan.id"], name=op.f("fk_cost_statement_plan_id_payment_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_statement")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_cost_statement_plan_id_number")),
    )
    op.create_index(
        "ix_cost_statement_draft",
        "cost_statement",
        ["plan_id"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index("ix_cost_statement_state", "cost_statement", ["state", "sent_at"], unique=False)


def change_delivery_particulars() -> None:
    op.create_table(
        "delivery_particulars",
        sa.Column("delivery_id", WHOLE, nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("byte_size", WHOLE, nullable=False),
        sa.Column("condition", sa.String(length=300), nullable=False),
        sa.Column("lent", WHOLE, nullable=False),
        sa.Column("back", WHOLE, nullable=False),
        sa.Column("due_back_on", sa.Date(), nullable=True),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("covered_from", sa.Date(), nullable=True),
        sa.Column("covered_until", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(due_back_on IS NULL) = (lent = 0)", name=op.f("ck_delivery_particulars_a_loan_has_a_day")
        ),
        sa.CheckConstraint(
            "back >= 0 AND back <= lent", name=op.f("ck_delivery_particulars_back_within_lent")
        ),
        sa.CheckConstraint(
            "covered_until IS NULL OR covered_until >= covered_from",
            name=op.f("ck_delivery_particulars_cover_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_particulars_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_delivery_particulars")),
    )
    op.create_index("ix_delivery_particulars_due", "delivery_particulars", ["due_back_on"], unique=False)


def change_given_back() -> None:
    op.create_table(
        "given_back",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("delivery_id", WHOLE, nullable=True),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("back_on", sa.Date(), nullable=False),
        sa.Column("is_lost", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("condition", sa.String(length=300), nullable=False),
        sa.Column("entered_by_id", WHOLE, nullable=True),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_given_back_has_a_reason")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_given_back_positive")),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_given_back_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_given_back_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_given_back_entered_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_back")),
    )
    op.create_index("ix_given_back_allocation", "given_back", ["allocation_id"], unique=False)


def change_legal_matter() -> None:
    op.create_table(
        "legal_matter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("help_id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("waits_on", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("moved_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR (outcome <> '' AND closed_at IS NOT NULL)",
            name=op.f("ck_legal_matter_closed_with_an_outcome"),
        ),
        sa.CheckConstraint("waits_on IN ('community', 'city', '')", name=op.f("ck_legal_matter_known_side")),
        sa.ForeignKeyConstraint(
            ["help_id"], ["legal_help.id"], name=op.f("fk_legal_matter_help_id_legal_help")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_matter")),
        sa.UniqueConstraint("subject", "number", name=op.f("uq_legal_matter_subject_number")),
    )
    op.create_index("ix_legal_matter_help", "legal_matter", ["help_id"], unique=False)
    op.create_index(
        "ix_legal_matter_waiting", "legal_matter", ["state", "waits_on", "moved_at"], unique=False
    )


def change_pledge() -> None:
    op.create_table(
        "pledge",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("call_id", WHOLE, nullable=False),
        sa.Column("backer_id", WHOLE, nullable=False),
        sa.Column("amount_cents", WHOLE, nullable=False),
        sa.Column("pledged_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("withdraws_id", WHOLE, nullable=True),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_pledge_has_a_reference")),
        sa.CheckConstraint("source IN ('hand', 'platform')", name=op.f("ck_pledge_known_source")),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_pledge_positive")),
        sa.ForeignKeyConstraint(["backer_id"], ["backer.id"], name=op.f("fk_pledge_backer_id_backer")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_pledge_call_id_call")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_pledge_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(["withdraws_id"], ["pledge.id"], name=op.f("fk_pledge_withdraws_id_pledge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("proposal_id", "reference", name=op.f("uq_pledge_proposal_id_reference")),
        sa.UniqueConstraint("withdraws_id", name=op.f("uq_pledge_withdraws_id")),
    )
    op.create_index("ix_pledge_call", "pledge", ["call_id", "id"], unique=False)
    op.create_index("ix_pledge_proposal", "pledge", ["proposal_id", "id"], unique=False)


def change_reception() -> None:
    op.create_table(
        "reception",
        sa.Column("delivery_id", WHOLE, nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_by_id", WHOLE, nullable=True),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", WHOLE, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "answered_at IS NULL OR answer <> ''", name=op.f("ck_reception_answered_has_words")
        ),
        sa.CheckConstraint(
            "verdict = 'accepted' OR (ground <> '' AND reason <> '')",
            name=op.f("ck_reception_objection_has_a_reason"),
        ),
        sa.CheckConstraint("verdict IN ('accepted', 'objected')", name=op.f("ck_reception_known_verdict")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_reception_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_reception_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_reception_said_by_id_person")),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_reception")),
    )


def change_server_admin() -> None:
    op.create_table(
        "server_admin",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("server_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_server_admin_server_id_server")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_admin")),
        sa.UniqueConstraint("server_id", "email", name=op.f("uq_server_admin_server_id_email")),
    )


def change_server_call() -> None:
    op.create_table(
        "server_call",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("server_id", WHOLE, nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_server_call_server_id_server")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_call")),
        sa.UniqueConstraint("message_id", name=op.f("uq_server_call_message_id")),
    )
    op.create_index("ix_server_call_server", "server_call", ["server_id"], unique=False)


def change_server_change() -> None:
    op.create_table(
        "server_change",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("server_id", WHOLE, nullable=False),
        sa.Column("plan", sa.String(length=20), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("grows", sa.Boolean(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("allocation_id", WHOLE, nullable=True),
        sa.Column("decided_by_id", WHOLE, nullable=True),
        sa.Column("seconded_by_id", WHOLE, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'granted' OR NOT grows OR seconded_by_id IS NOT NULL",
            name=op.f("ck_server_change_seconded"),
        ),
        sa.CheckConstraint(
            "outcome = '' OR decided_at IS NOT NULL", name=op.f("ck_server_change_decided_has_an_instant")
        ),
        sa.CheckConstraint(
            "seconded_by_id IS NULL OR seconded_by_id <> decided_by_id",
            name=op.f("ck_server_change_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_server_change_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_server_change_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["seconded_by_id"], ["person.id"], name=op.f("fk_server_change_seconded_by_id_person")
        ),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_server_change_server_id_server")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_change")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_server_change_allocation_id")),
    )
    op.create_index("ix_server_change_server", "server_change", ["server_id"], unique=False)


def change_server_message() -> None:
    op.create_table(
        "server_message",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("server_id", WHOLE, nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("turn", WHOLE, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_server_message_sent_has_an_instant")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'given_up')", name=op.f("ck_server_message_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["server_id"], ["server.id"], name=op.f("fk_server_message_server_id_server")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_server_message_message_id")),
    )
    op.create_index("ix_server_message_server", "server_message", ["server_id"], unique=False)
    op.create_index("ix_server_message_state", "server_message", ["state", "next_at"], unique=False)


def change_server_note() -> None:
    op.create_table(
        "server_note",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("server_id", WHOLE, nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("author_id", WHOLE, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_server_note_author_id_person")),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_server_note_server_id_server")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_note")),
    )
    op.create_index("ix_server_note_server", "server_note", ["server_id"], unique=False)


def change_server_step() -> None:
    op.create_table(
        "server_step",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("server_id", WHOLE, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_server_step_server_id_server")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_step")),
        sa.UniqueConstraint("server_id", "step", name=op.f("uq_server_step_server_id_step")),
    )


def change_server_usage() -> None:
    op.create_table(
        "server_usage",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("server_id", WHOLE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cpu_hours", WHOLE, nullable=False),
        sa.Column("memory_mb", WHOLE, nullable=False),
        sa.Column("storage_mb", WHOLE, nullable=False),
        sa.Column("traffic_mb", WHOLE, nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "cpu_hours >= 0 AND memory_mb >= 0 AND storage_mb >= 0 AND traffic_mb >= 0",
            name=op.f("ck_server_usage_not_negative"),
        ),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_server_usage_server_id_server")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_usage")),
    )
    op.create_index("ix_server_usage_day", "server_usage", ["server_id", "day", "id"], unique=False)


def change_surplus_arrival() -> None:
    op.create_table(
        "surplus_arrival",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("surplus_id", WHOLE, nullable=False),
        sa.Column("amount_cents", WHOLE, nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("bank_reference", sa.String(length=80), nullable=False),
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("confirmed_by_id", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("bank_reference <> ''", name=op.f("ck_surplus_arrival_names_the_bank_row")),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_surplus_arrival_positive")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_surplus_arrival_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["pool_entry.id"], name=op.f("fk_surplus_arrival_entry_id_pool_entry")
        ),
        sa.ForeignKeyConstraint(
            ["surplus_id"], ["surplus.id"], name=op.f("fk_surplus_arrival_surplus_id_surplus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surplus_arrival")),
        sa.UniqueConstraint("bank_reference", name=op.f("uq_surplus_arrival_bank_reference")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_surplus_arrival_entry_id")),
    )
    op.create_index("ix_surplus_arrival_surplus", "surplus_arrival", ["surplus_id"], unique=False)


def change_tranche() -> None:
    op.create_table(
        "tranche",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("plan_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid", WHOLE, nullable=False),
        sa.CheckConstraint(
            "kind <> 'advance' OR due_on IS NOT NULL", name=op.f("ck_tranche_advance_has_a_day")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_tranche_positive")),
        sa.CheckConstraint("paid >= 0 AND paid <= amount", name=op.f("ck_tranche_paid_within_amount")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["payment_plan.id"], name=op.f("fk_tranche_plan_id_payment_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_tranche_plan_id_number")),
    )


def change_cost_line() -> None:
    op.create_table(
        "cost_line",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("statement_id", WHOLE, nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("supplier", sa.String(length=120), nullable=False),
        sa.Column("receipt_number", sa.String(length=60), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_hash", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("byte_size", WHOLE, nullable=False),
        sa.Column("accepted", WHOLE, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "accepted IS NULL OR accepted = amount OR reason <> ''",
            name=op.f("ck_cost_line_less_has_a_reason"),
        ),
        sa.CheckConstraint(
            "accepted IS NULL OR (accepted >= 0 AND accepted <= amount)",
            name=op.f("ck_cost_line_within_amount"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_cost_line_positive")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["cost_statement.id"], name=op.f("fk_cost_line_statement_id_cost_statement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_line")),
        sa.UniqueConstraint("mark", name=op.f("uq_cost_line_mark")),
        sa.UniqueConstraint("sent_hash", name=op.f("uq_cost_line_sent_hash")),
    )
    op.create_index("ix_cost_line_statement", "cost_line", ["statement_id"], unique=False)


def change_legal_appointment() -> None:
    op.create_table(
        "legal_appointment",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("matter_id", WHOLE, nullable=True),
        sa.Column("officer_id", WHOLE, nullable=True),
        sa.Column("begins_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.String(length=10), nullable=False),
        sa.Column("ended_by", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('free', 'withdrawn')) = (matter_id IS NULL)",
            name=op.f("ck_legal_appointment_taken_names_its_matter"),
        ),
        sa.CheckConstraint(
            "mode IN ('place', 'video', 'phone')", name=op.f("ck_legal_appointment_known_mode")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'cancelled') OR officer_id IS NOT NULL",
            name=op.f("ck_legal_appointment_kept_by_somebody"),
        ),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_legal_appointment_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["legal_matter.id"], name=op.f("fk_legal_appointment_matter_id_legal_matter")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_legal_appointment_officer_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_appointment")),
    )
    op.create_index("ix_legal_appointment_matter", "legal_appointment", ["matter_id"], unique=False)
    op.create_index("ix_legal_appointment_officer", "legal_appointment", ["officer_id"], unique=False)
    op.create_index("ix_legal_appointment_state", "legal_appointment", ["state", "begins_at"], unique=False)


def change_legal_file() -> None:
    op.create_table(
        "legal_file",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("matter_id", WHOLE, nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["legal_matter.id"], name=op.f("fk_legal_file_matter_id_legal_matter")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_legal_file_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_file")),
    )
    op.create_index("ix_legal_file_matter", "legal_file", ["matter_id", "id"], unique=False)
    op.create_index("ix_legal_file_person", "legal_file", ["person_id"], unique=False)


def change_legal_message() -> None:
    op.create_table(
        "legal_message",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("matter_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('question', 'advice', 'note')", name=op.f("ck_legal_message_known_kind")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["legal_matter.id"], name=op.f("fk_legal_message_matter_id_legal_matter")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_legal_message_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_message")),
    )
    op.create_index("ix_legal_message_matter", "legal_message", ["matter_id", "id"], unique=False)
    op.create_index("ix_legal_message_person", "legal_message", ["person_id"], unique=False)


def change_legal_sheet() -> None:
    op.create_table(
        "legal_sheet",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("matter_id", WHOLE, nullable=False),
        sa.Column("guide", sa.String(length=12), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=10), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["legal_matter.id"], name=op.f("fk_legal_sheet_matter_id_legal_matter")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_legal_sheet_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_sheet")),
        sa.UniqueConstraint("matter_id", "guide", name=op.f("uq_legal_sheet_matter_id_guide")),
    )
    op.create_index(op.f("ix_legal_sheet_person_id"), "legal_sheet", ["person_id"], unique=False)


def change_payment() -> None:
    op.create_table(
        "payment",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("tranche_id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("payee_id", WHOLE, nullable=False),
        sa.Column("attempt", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("end_to_end", sa.String(length=35), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason_code", sa.String(length=10), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'paid' OR (settled_on IS NOT NULL AND reference <> '')",
            name=op.f("ck_payment_paid_is_shown"),
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR reason_code <> ''", name=op.f("ck_payment_rejected_has_a_reason")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_positive")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_batch_id_payment_batch")
        ),
        sa.ForeignKeyConstraint(["payee_id"], ["payee.id"], name=op.f("fk_payment_payee_id_payee")),
        sa.ForeignKeyConstraint(["tranche_id"], ["tranche.id"], name=op.f("fk_payment_tranche_id_tranche")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("end_to_end", name=op.f("uq_payment_end_to_end")),
        sa.UniqueConstraint("tranche_id", "attempt", name=op.f("uq_payment_tranche_id_attempt")),
    )
    op.create_index("ix_payment_batch", "payment", ["batch_id"], unique=False)
    op.create_index(
        "ix_payment_live",
        "payment",
        ["tranche_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('prepared', 'released')"),
        postgresql_where=sa.text("state IN ('prepared', 'released')"),
    )
    op.create_index("ix_payment_state", "payment", ["state", "id"], unique=False)


def change_pledge_check() -> None:
    op.create_table(
        "pledge_check",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pledge_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("received_cents", WHOLE, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("confirmed_by_id", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("evidence <> ''", name=op.f("ck_pledge_check_says_what_shows_it")),
        sa.CheckConstraint("received_cents >= 0", name=op.f("ck_pledge_check_not_negative")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_pledge_check_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_pledge_check_pledge_id_pledge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_check")),
        sa.UniqueConstraint("pledge_id", "number", name=op.f("uq_pledge_check_pledge_id_number")),
    )


def change_server_attempt() -> None:
    op.create_table(
        "server_attempt",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("message_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("took_ms", WHOLE, nullable=False),
        sa.Column("status", WHOLE, nullable=False),
        sa.Column("trouble", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["server_message.id"], name=op.f("fk_server_attempt_message_id_server_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_attempt")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_server_attempt_message_id_number")),
    )


def change_legal_quarter() -> None:
    op.create_table(
        "legal_quarter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("officer_id", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("appointment_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["legal_appointment.id"],
            name=op.f("fk_legal_quarter_appointment_id_legal_appointment"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["person.id"], name=op.f("fk_legal_quarter_officer_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_quarter")),
        sa.UniqueConstraint("officer_id", "at", name=op.f("uq_legal_quarter_officer_id_at")),
    )
    op.create_index("ix_legal_quarter_appointment", "legal_quarter", ["appointment_id"], unique=False)


def change_legal_work() -> None:
    op.create_table(
        "legal_work",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("help_id", WHOLE, nullable=False),
        sa.Column("matter_id", WHOLE, nullable=False),
        sa.Column("appointment_id", WHOLE, nullable=True),
        sa.Column("corrects_id", WHOLE, nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("minutes", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("objection", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "answer <> 'objected' OR objection <> ''", name=op.f("ck_legal_work_objected_for_a_reason")
        ),
        sa.CheckConstraint(
            "answer = '' OR answered_at IS NOT NULL", name=op.f("ck_legal_work_answered_has_an_instant")
        ),
        sa.CheckConstraint(
            "answer IN ('', 'confirmed', 'silent', 'objected')", name=op.f("ck_legal_work_known_answer")
        ),
        sa.CheckConstraint(
            "corrects_id IS NULL OR reason <> ''", name=op.f("ck_legal_work_corrected_for_a_reason")
        ),
        sa.CheckConstraint(
            "minutes > 0 OR (minutes = 0 AND corrects_id IS NOT NULL)",
            name=op.f("ck_legal_work_some_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["legal_appointment.id"],
            name=op.f("fk_legal_work_appointment_id_legal_appointment"),
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["legal_work.id"], name=op.f("fk_legal_work_corrects_id_legal_work")
        ),
        sa.ForeignKeyConstraint(
            ["help_id"], ["legal_help.id"], name=op.f("fk_legal_work_help_id_legal_help")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["legal_matter.id"], name=op.f("fk_legal_work_matter_id_legal_matter")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_legal_work_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_work")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_legal_work_appointment_id")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_legal_work_corrects_id")),
    )
    op.create_index("ix_legal_work_answer", "legal_work", ["answer", "entered_at"], unique=False)
    op.create_index("ix_legal_work_matter", "legal_work", ["matter_id", "id"], unique=False)
    op.create_index("ix_legal_work_person", "legal_work", ["person_id"], unique=False)


def change_money_back() -> None:
    op.create_table(
        "money_back",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("plan_id", WHOLE, nullable=False),
        sa.Column("payment_id", WHOLE, nullable=True),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by_id", WHOLE, nullable=False),
        sa.CheckConstraint("reference <> '' AND evidence <> ''", name=op.f("ck_money_back_is_shown")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_money_back_positive")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_money_back_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_money_back_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["payment_plan.id"], name=op.f("fk_money_back_plan_id_payment_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_back")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_money_back_payment_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_money_back_reference")),
    )
    op.create_index("ix_money_back_plan", "money_back", ["plan_id", "id"], unique=False)


def change_allocation() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_allocation ( id INTEGER NOT NULL, subject VARCHAR(60) NOT NULL, version INTEGER NOT NULL, row_key VARCHAR(10) NOT NULL, title VARCHAR(150) NOT NULL, district VARCHAR(60) DEFAULT '' NOT NULL, starts_on DATE NOT NULL, kind VARCHAR(20) NOT NULL, what VARCHAR(300) NOT NULL, amount INTEGER NOT NULL, first_amount INTEGER, unit VARCHAR(10) NOT NULL, months INTEGER NOT NULL, \"plan\" VARCHAR(20) NOT NULL, profile_version VARCHAR(60) NOT NULL, pact_class VARCHAR(20) NOT NULL, is_paid_by_plan BOOLEAN NOT NULL, memory_gb INTEGER NOT NULL, storage_gb INTEGER NOT NULL, traffic_gb INTEGER NOT NULL, value_cents INTEGER NOT NULL, costs VARCHAR(200) DEFAULT '' NOT NULL, due_on DATE, ends_on DATE, commons VARCHAR(80) DEFAULT '' NOT NULL, case_key VARCHAR(60) DEFAULT '' NOT NULL, advance_bp INTEGER DEFAULT '0' NOT NULL, valued_by TEXT DEFAULT '' NOT NULL, weighed TEXT DEFAULT '' NOT NULL, delivered INTEGER NOT NULL, returned INTEGER DEFAULT '0' NOT NULL, state VARCHAR(12) NOT NULL, pool_id INTEGER, reason TEXT NOT NULL, sent_back_reason TEXT NOT NULL, organisation_id INTEGER, party_person_id INTEGER, proposed_by_id INTEGER, approved_by_id INTEGER, ended_reason TEXT DEFAULT '' NOT NULL, ended_by_id INTEGER, ended_at DATETIME, asked_at DATETIME NOT NULL, proposed_at DATETIME, approved_at DATETIME, committed_at DATETIME, version_id INTEGER NOT NULL, CONSTRAINT pk_allocation PRIMARY KEY (id), CONSTRAINT uq_allocation_subject_version_row_key UNIQUE (subject, version, row_key), CONSTRAINT ck_allocation_positive CHECK (amount > 0), CONSTRAINT ck_allocation_delivered_within_amount CHECK (delivered >= 0 AND delivered <= amount), CONSTRAINT ck_allocation_returned_within_delivered CHECK (returned >= 0 AND returned <= delivered), CONSTRAINT ck_allocation_ended_has_a_reason CHECK (state NOT IN ('refused', 'closed') OR (ended_at IS NOT NULL AND ended_reason <> '')), CONSTRAINT ck_allocation_approved_has_evidence CHECK (state NOT IN ('approved', 'committed', 'delivered', 'closed') OR (approved_at IS NOT NULL AND approved_by_id IS NOT NULL)), CONSTRAINT ck_allocation_two_persons CHECK (approved_by_id IS NULL OR approved_by_id <> proposed_by_id), CONSTRAINT ck_allocation_proposed_has_reason CHECK (state <> 'proposed' OR (pool_id IS NOT NULL AND reason <> '')), CONSTRAINT ck_allocation_committed_has_an_instant CHECK (state <> 'committed' OR committed_at IS NOT NULL), CONSTRAINT fk_allocation_pool_id_pool FOREIGN KEY(pool_id) REFERENCES pool (id), CONSTRAINT fk_allocation_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), CONSTRAINT fk_allocation_party_person_id_person FOREIGN KEY(party_person_id) REFERENCES person (id), CONSTRAINT fk_allocation_proposed_by_id_person FOREIGN KEY(proposed_by_id) REFERENCES person (id), CONSTRAINT fk_allocation_approved_by_id_person FOREIGN KEY(approved_by_id) REFERENCES person (id), CONSTRAINT fk_allocation_ended_by_id_person FOREIGN KEY(ended_by_id) REFERENCES person (id) )",
            "INSERT INTO made_anew_allocation (id, subject, version, row_key, title, district, starts_on, kind, what, amount, first_amount, unit, months, plan, profile_version, pact_class, is_paid_by_plan, memory_gb, storage_gb, traffic_gb, value_cents, costs, due_on, ends_on, commons, case_key, advance_bp, valued_by, weighed, delivered, returned, state, pool_id, reason, sent_back_reason, organisation_id, party_person_id, proposed_by_id, approved_by_id, ended_reason, ended_by_id, ended_at, asked_at, proposed_at, approved_at, committed_at, version_id) SELECT id, subject, version, row_key, title, '', starts_on, kind, what, amount, NULL, unit, months, plan, '', '', false, 0, 0, 0, value_cents, '', NULL, NULL, '', '', '0', '', '', delivered, '0', state, pool_id, reason, sent_back_reason, organisation_id, party_person_id, proposed_by_id, approved_by_id, '', NULL, NULL, asked_at, proposed_at, approved_at, committed_at, version_id FROM \"allocation\"",
            'DROP TABLE "allocation"',
            "ALTER TABLE made_anew_allocation RENAME TO allocation",
            "CREATE INDEX ix_allocation_pool ON allocation (pool_id)",
            "CREATE INDEX ix_allocation_state ON allocation (state)",
        ):
            op.execute(statement)
        return
    op.add_column(
        "allocation", sa.Column("district", sa.String(length=60), server_default="", nullable=False)
    )
    op.add_column("allocation", sa.Column("first_amount", WHOLE, nullable=True))
    op.add_column("allocation", sa.Column("profile_version", sa.String(length=60), nullable=True))
    op.execute("UPDATE \"allocation\" SET profile_version = ''")
    op.alter_column("allocation", "profile_version", existing_type=sa.String(length=60), nullable=False)
    op.add_column("allocation", sa.Column("pact_class", sa.String(length=20), nullable=True))
    op.execute("UPDATE \"allocation\" SET pact_class = ''")
    op.alter_column("allocation", "pact_class", existing_type=sa.String(length=20), nullable=False)
    op.add_column("allocation", sa.Column("is_paid_by_plan", sa.Boolean(), nullable=True))
    op.execute('UPDATE "allocation" SET is_paid_by_plan = false')
    op.alter_column("allocation", "is_paid_by_plan", existing_type=sa.Boolean(), nullable=False)
    op.add_column("allocation", sa.Column("memory_gb", WHOLE, nullable=True))
    op.execute('UPDATE "allocation" SET memory_gb = 0')
    op.alter_column("allocation", "memory_gb", existing_type=WHOLE, nullable=False)
    op.add_column("allocation", sa.Column("storage_gb", WHOLE, nullable=True))
    op.execute('UPDATE "allocation" SET storage_gb = 0')
    op.alter_column("allocation", "storage_gb", existing_type=WHOLE, nullable=False)
    op.add_column("allocation", sa.Column("traffic_gb", WHOLE, nullable=True))
    op.execute('UPDATE "allocation" SET traffic_gb = 0')
    op.alter_column("allocation", "traffic_gb", existing_type=WHOLE, nullable=False)
    op.add_column("allocation", sa.Column("costs", sa.String(length=200), server_default="", nullable=False))
    op.add_column("allocation", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("allocation", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("allocation", sa.Column("commons", sa.String(length=80), server_default="", nullable=False))
    op.add_column(
        "allocation", sa.Column("case_key", sa.String(length=60), server_default="", nullable=False)
    )
    op.add_column("allocation", sa.Column("advance_bp", WHOLE, server_default="0", nullable=False))
    op.add_column("allocation", sa.Column("valued_by", sa.Text(), server_default="", nullable=False))
    op.add_column("allocation", sa.Column("weighed", sa.Text(), server_default="", nullable=False))
    op.add_column("allocation", sa.Column("returned", WHOLE, server_default="0", nullable=False))
    op.add_column("allocation", sa.Column("ended_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("allocation", sa.Column("ended_by_id", WHOLE, nullable=True))
    op.add_column("allocation", sa.Column("ended_at", INSTANT, nullable=True))
    op.create_foreign_key(
        op.f("fk_allocation_ended_by_id_person"), "allocation", "person", ["ended_by_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_allocation_ended_has_a_reason"),
        "allocation",
        "state NOT IN ('refused', 'closed') OR (ended_at IS NOT NULL AND ended_reason <> '')",
    )
    op.create_check_constraint(
        op.f("ck_allocation_returned_within_delivered"),
        "allocation",
        "returned >= 0 AND returned <= delivered",
    )


def change_call() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_call ( id INTEGER NOT NULL, ref VARCHAR(20) NOT NULL, state VARCHAR(10) NOT NULL, track VARCHAR(12) NOT NULL, title JSON NOT NULL, summary JSON NOT NULL, terms JSON NOT NULL, themes JSON NOT NULL, kinds JSON NOT NULL, zones JSON NOT NULL, leads JSON NOT NULL, opens_at DATETIME, closes_at DATETIME, pool_id INTEGER, budget_cents INTEGER NOT NULL, match_ratio_bp INTEGER NOT NULL, match_cap_cents INTEGER NOT NULL, match_threshold_cents INTEGER NOT NULL, match_person_cents INTEGER NOT NULL, match_order VARCHAR(12) NOT NULL, pledge_moves INTEGER NOT NULL, earmarked_cents INTEGER NOT NULL, settled_at DATETIME, settled_by_id INTEGER, source VARCHAR(200) NOT NULL, drafted_by_id INTEGER NOT NULL, published_by_id INTEGER, published_at DATETIME, ended_at DATETIME, reason TEXT NOT NULL, version_id INTEGER NOT NULL, CONSTRAINT pk_call PRIMARY KEY (id), CONSTRAINT ck_call_known_state CHECK (state IN ('draft', 'published', 'decided', 'cancelled')), CONSTRAINT ck_call_known_track CHECK (track IN ('ordinary', 'matchfunding', 'incubation')), CONSTRAINT ck_call_published_is_dated CHECK (state NOT IN ('published', 'decided') OR (opens_at IS NOT NULL AND closes_at IS NOT NULL AND published_at IS NOT NULL)), CONSTRAINT ck_call_closes_after_it_opens CHECK (closes_at > opens_at), CONSTRAINT ck_call_published_by_one CHECK (state NOT IN ('published', 'decided') OR published_by_id IS NOT NULL), CONSTRAINT ck_call_two_persons CHECK (published_by_id <> drafted_by_id), CONSTRAINT ck_call_matchfunding_has_terms CHECK (track <> 'matchfunding' OR (match_ratio_bp > 0 AND match_cap_cents > 0)), CONSTRAINT ck_call_decided_says_why CHECK (state <> 'decided' OR (ended_at IS NOT NULL AND reason <> '')), CONSTRAINT ck_call_cancelled_says_why CHECK (state <> 'cancelled' OR (ended_at IS NOT NULL AND reason <> '')), CONSTRAINT ck_call_not_negative CHECK (budget_cents >= 0 AND match_ratio_bp >= 0 AND match_cap_cents >= 0 AND match_threshold_cents >= 0), CONSTRAINT ck_call_known_order CHECK (match_order IN ('first_come', 'proportional')), CONSTRAINT ck_call_within_the_pot CHECK (earmarked_cents >= 0 AND earmarked_cents <= budget_cents), CONSTRAINT ck_call_settled_by_one CHECK (settled_at IS NULL OR settled_by_id IS NOT NULL), CONSTRAINT uq_call_ref UNIQUE (ref), CONSTRAINT fk_call_pool_id_pool FOREIGN KEY(pool_id) REFERENCES pool (id), CONSTRAINT fk_call_settled_by_id_person FOREIGN KEY(settled_by_id) REFERENCES person (id), CONSTRAINT fk_call_drafted_by_id_person FOREIGN KEY(drafted_by_id) REFERENCES person (id), CONSTRAINT fk_call_published_by_id_person FOREIGN KEY(published_by_id) REFERENCES person (id) )",
            "INSERT INTO made_anew_call (id, ref, state, track, title, summary, terms, themes, kinds, zones, leads, opens_at, closes_at, pool_id, budget_cents, match_ratio_bp, match_cap_cents, match_threshold_cents, match_person_cents, match_order, pledge_moves, earmarked_cents, settled_at, settled_by_id, source, drafted_by_id, published_by_id, published_at, ended_at, reason, version_id) SELECT id, ref, state, track, title, summary, terms, themes, kinds, zones, leads, opens_at, closes_at, pool_id, budget_cents, match_ratio_bp, match_cap_cents, match_threshold_cents, 0, 'first_come', 0, 0, NULL, NULL, source, drafted_by_id, published_by_id, published_at, ended_at, reason, version_id FROM \"call\"",
            'DROP TABLE "call"',
            "ALTER TABLE made_anew_call RENAME TO call",
            "CREATE INDEX ix_call_closes ON call (closes_at, id)",
        ):
            op.execute(statement)
        return
    op.add_column("call", sa.Column("match_person_cents", WHOLE, nullable=True))
    op.execute('UPDATE "call" SET match_person_cents = 0')
    op.alter_column("call", "match_person_cents", existing_type=WHOLE, nullable=False)
    op.add_column("call", sa.Column("match_order", sa.String(length=12), nullable=True))
    op.execute("UPDATE \"call\" SET match_order = 'first_come'")
    op.alter_column("call", "match_order", existing_type=sa.String(length=12), nullable=False)
    op.add_column("call", sa.Column("pledge_moves", WHOLE, nullable=True))
    op.execute('UPDATE "call" SET pledge_moves = 0')
    op.alter_column("call", "pledge_moves", existing_type=WHOLE, nullable=False)
    op.add_column("call", sa.Column("earmarked_cents", WHOLE, nullable=True))
    op.execute('UPDATE "call" SET earmarked_cents = 0')
    op.alter_column("call", "earmarked_cents", existing_type=WHOLE, nullable=False)
    op.add_column("call", sa.Column("settled_at", INSTANT, nullable=True))
    op.add_column("call", sa.Column("settled_by_id", WHOLE, nullable=True))
    op.create_foreign_key(op.f("fk_call_settled_by_id_person"), "call", "person", ["settled_by_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_call_known_order"), "call", "match_order IN ('first_come', 'proportional')"
    )
    op.create_check_constraint(
        op.f("ck_call_settled_by_one"), "call", "settled_at IS NULL OR settled_by_id IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_call_within_the_pot"), "call", "earmarked_cents >= 0 AND earmarked_cents <= budget_cents"
    )


def change_pact() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_pact ( id INTEGER NOT NULL, code VARCHAR(20) NOT NULL, number INTEGER NOT NULL, state VARCHAR(12) NOT NULL, proposal_id INTEGER NOT NULL, proposal_code VARCHAR(12) NOT NULL, commons_id INTEGER NOT NULL, organisation_id INTEGER, owner_id INTEGER, assessor_id INTEGER, kind VARCHAR(20) NOT NULL, pact_class VARCHAR(20) NOT NULL, profile_version VARCHAR(60) NOT NULL, language VARCHAR(5) NOT NULL, title VARCHAR(150) NOT NULL, summary VARCHAR(400) NOT NULL, district VARCHAR(60) NOT NULL, starts_on DATE, ends_on DATE, last_version INTEGER NOT NULL, agreed_version INTEGER, sent_version INTEGER, sent_at DATETIME, agreed_hash VARCHAR(64) NOT NULL, proposed_at DATETIME NOT NULL, opened_at DATETIME NOT NULL, agreed_at DATETIME, signing_opened_at DATETIME, signed_at DATETIME, ended_at DATETIME, is_sealed BOOLEAN NOT NULL, version_id INTEGER NOT NULL, CONSTRAINT pk_pact PRIMARY KEY (id), CONSTRAINT ck_pact_agreed_names_its_text CHECK (state NOT IN ('agreed', 'signing', 'signed', 'suspended', 'concluded', 'terminated') OR (agreed_version IS NOT NULL AND agreed_hash <> '' AND agreed_at IS NOT NULL)), CONSTRAINT ck_pact_signed_has_an_instant CHECK (state NOT IN ('signed', 'suspended', 'concluded', 'terminated') OR signed_at IS NOT NULL), CONSTRAINT ck_pact_signing_has_an_instant CHECK (state <> 'signing' OR signing_opened_at IS NOT NULL), CONSTRAINT ck_pact_ends_after_start CHECK (ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on), CONSTRAINT uq_pact_code UNIQUE (code), CONSTRAINT uq_pact_number UNIQUE (number), CONSTRAINT uq_pact_proposal_id UNIQUE (proposal_id), CONSTRAINT fk_pact_proposal_id_proposal FOREIGN KEY(proposal_id) REFERENCES proposal (id), CONSTRAINT uq_pact_proposal_code UNIQUE (proposal_code), CONSTRAINT fk_pact_commons_id_commons FOREIGN KEY(commons_id) REFERENCES commons (id), CONSTRAINT fk_pact_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), CONSTRAINT fk_pact_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id), CONSTRAINT fk_pact_assessor_id_person FOREIGN KEY(assessor_id) REFERENCES person (id) )",
            'INSERT INTO made_anew_pact (id, code, number, state, proposal_id, proposal_code, commons_id, organisation_id, owner_id, assessor_id, kind, pact_class, profile_version, language, title, summary, district, starts_on, ends_on, last_version, agreed_version, sent_version, sent_at, agreed_hash, proposed_at, opened_at, agreed_at, signing_opened_at, signed_at, ended_at, is_sealed, version_id) SELECT id, code, number, state, proposal_id, proposal_code, commons_id, organisation_id, owner_id, assessor_id, kind, pact_class, profile_version, language, title, summary, district, starts_on, ends_on, last_version, agreed_version, sent_version, sent_at, agreed_hash, proposed_at, opened_at, agreed_at, signing_opened_at, signed_at, ended_at, false, version_id FROM "pact"',
            'DROP TABLE "pact"',
            "ALTER TABLE made_anew_pact RENAME TO pact",
            "CREATE INDEX ix_pact_begins ON pact (starts_on, id)",
            "CREATE INDEX ix_pact_commons ON pact (commons_id, id)",
            "CREATE INDEX ix_pact_ended ON pact (state, ends_on, id)",
            "CREATE INDEX ix_pact_ended_district ON pact (district, state, ends_on, id)",
            "CREATE INDEX ix_pact_ended_kind ON pact (kind, state, ends_on, id)",
            "CREATE INDEX ix_pact_ended_kind_district ON pact (kind, district, state, ends_on, id)",
            "CREATE INDEX ix_pact_list_district ON pact (district, id)",
            "CREATE INDEX ix_pact_list_district_state ON pact (district, state, id)",
            "CREATE INDEX ix_pact_list_kind ON pact (kind, id)",
            "CREATE INDEX ix_pact_list_kind_district ON pact (kind, district, id)",
            "CREATE INDEX ix_pact_list_kind_district_state ON pact (kind, district, state, id)",
            "CREATE INDEX ix_pact_list_kind_state ON pact (kind, state, id)",
            "CREATE INDEX ix_pact_list_state ON pact (state, id)",
            "CREATE INDEX ix_pact_open ON pact (id) WHERE state NOT IN ('concluded', 'terminated')",
            "CREATE INDEX ix_pact_owner ON pact (owner_id, state)",
            "CREATE INDEX ix_pact_state ON pact (state, signed_at)",
            "CREATE INDEX ix_pact_unsealed ON pact (id) WHERE signed_at IS NOT NULL AND NOT is_sealed",
        ):
            op.execute(statement)
        return
    op.add_column("pact", sa.Column("is_sealed", sa.Boolean(), nullable=True))
    op.execute('UPDATE "pact" SET is_sealed = false')
    op.alter_column("pact", "is_sealed", existing_type=sa.Boolean(), nullable=False)
    op.create_index("ix_pact_begins", "pact", ["starts_on", "id"], unique=False)
    op.create_index("ix_pact_ended", "pact", ["state", "ends_on", "id"], unique=False)
    op.create_index("ix_pact_ended_district", "pact", ["district", "state", "ends_on", "id"], unique=False)
    op.create_index("ix_pact_ended_kind", "pact", ["kind", "state", "ends_on", "id"], unique=False)
    op.create_index(
        "ix_pact_ended_kind_district", "pact", ["kind", "district", "state", "ends_on", "id"], unique=False
    )
    op.create_index(
        "ix_pact_unsealed",
        "pact",
        ["id"],
        unique=False,
        sqlite_where=sa.text("signed_at IS NOT NULL AND NOT is_sealed"),
        postgresql_where=sa.text("signed_at IS NOT NULL AND NOT is_sealed"),
    )


def change_pact_version() -> None:
    op.create_index(
        "ix_pact_version_voided",
        "pact_version",
        ["pact_id", "number", "voided", "made_by_side"],
        unique=False,
        sqlite_where=sa.text("voided <> ''"),
        postgresql_where=sa.text("voided <> ''"),
    )


def change_pool() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_pool ( id INTEGER NOT NULL, slug VARCHAR(60) NOT NULL, year INTEGER NOT NULL, kind VARCHAR(20) NOT NULL, name VARCHAR(120) NOT NULL, office VARCHAR(60) NOT NULL, unit VARCHAR(10) NOT NULL, head_id INTEGER, capacity INTEGER NOT NULL, reserved INTEGER NOT NULL, committed INTEGER NOT NULL, delivered INTEGER NOT NULL, closed_at DATETIME, CONSTRAINT pk_pool PRIMARY KEY (id), CONSTRAINT uq_pool_year_slug UNIQUE (year, slug), CONSTRAINT ck_pool_known_kind CHECK (kind IN ('funding', 'server', 'legal', 'spaces', 'materials', 'training', 'insurance', 'waivers', 'communication')), CONSTRAINT ck_pool_not_negative CHECK (capacity >= 0 AND reserved >= 0 AND committed >= 0), CONSTRAINT ck_pool_delivered_within_committed CHECK (delivered >= 0 AND delivered <= committed), CONSTRAINT ck_pool_never_beyond_capacity CHECK (reserved + committed <= capacity), CONSTRAINT ck_pool_closed_has_settled CHECK (closed_at IS NULL OR (reserved = 0 AND committed = delivered AND capacity = delivered)), CONSTRAINT fk_pool_head_id_pool FOREIGN KEY(head_id) REFERENCES pool (id) )",
            'INSERT INTO made_anew_pool (id, slug, year, kind, name, office, unit, head_id, capacity, reserved, committed, delivered, closed_at) SELECT id, slug, year, kind, name, office, unit, NULL, capacity, reserved, committed, delivered, NULL FROM "pool"',
            'DROP TABLE "pool"',
            "ALTER TABLE made_anew_pool RENAME TO pool",
            "CREATE INDEX ix_pool_head ON pool (head_id)",
        ):
            op.execute(statement)
        return
    op.drop_constraint(op.f("ck_pool_known_kind"), "pool", type_="check")
    op.add_column("pool", sa.Column("head_id", WHOLE, nullable=True))
    op.add_column("pool", sa.Column("closed_at", INSTANT, nullable=True))
    op.create_index("ix_pool_head", "pool", ["head_id"], unique=False)
    op.create_foreign_key(op.f("fk_pool_head_id_pool"), "pool", "pool", ["head_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_pool_closed_has_settled"),
        "pool",
        "closed_at IS NULL OR (reserved = 0 AND committed = delivered AND capacity = delivered)",
    )
    op.create_check_constraint(
        op.f("ck_pool_known_kind"),
        "pool",
        "kind IN ('funding', 'server', 'legal', 'spaces', 'materials', 'training', 'insurance', 'waivers', 'communication')",
    )


def change_pool_entry() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_pool_entry ( id INTEGER NOT NULL, pool_id INTEGER NOT NULL, allocation_id INTEGER, movement VARCHAR(20) NOT NULL, amount INTEGER NOT NULL, value_cents INTEGER DEFAULT '0' NOT NULL, at DATETIME NOT NULL, actor VARCHAR(40) NOT NULL, reason TEXT NOT NULL, other_pool_id INTEGER, counterpart_id INTEGER, corrects_id INTEGER, request_id INTEGER, CONSTRAINT pk_pool_entry PRIMARY KEY (id), CONSTRAINT ck_pool_entry_positive CHECK (amount > 0 OR (amount < 0 AND corrects_id IS NOT NULL)), CONSTRAINT ck_pool_entry_corrected_says_why CHECK (corrects_id IS NULL OR reason <> ''), CONSTRAINT ck_pool_entry_movement_names_its_allocation CHECK (movement NOT IN ('committed', 'delivered', 'freed', 'lost', 'promise_in', 'promise_out', 'recovered', 'released', 'reserve_in', 'reserve_out', 'reserved', 'returned') OR allocation_id IS NOT NULL), CONSTRAINT ck_pool_entry_movement_names_the_other_pool CHECK (movement NOT IN ('carried_in', 'carried_out', 'promise_in', 'promise_out', 'reserve_in', 'reserve_out', 'transferred_in', 'transferred_out') OR other_pool_id IS NOT NULL), CONSTRAINT fk_pool_entry_pool_id_pool FOREIGN KEY(pool_id) REFERENCES pool (id), CONSTRAINT fk_pool_entry_allocation_id_allocation FOREIGN KEY(allocation_id) REFERENCES allocation (id), CONSTRAINT fk_pool_entry_other_pool_id_pool FOREIGN KEY(other_pool_id) REFERENCES pool (id), CONSTRAINT fk_pool_entry_counterpart_id_pool_entry FOREIGN KEY(counterpart_id) REFERENCES pool_entry (id), CONSTRAINT fk_pool_entry_corrects_id_pool_entry FOREIGN KEY(corrects_id) REFERENCES pool_entry (id), CONSTRAINT fk_pool_entry_request_id_pool_request FOREIGN KEY(request_id) REFERENCES pool_request (id) )",
            "INSERT INTO made_anew_pool_entry (id, pool_id, allocation_id, movement, amount, value_cents, at, actor, reason, other_pool_id, counterpart_id, corrects_id, request_id) SELECT id, pool_id, allocation_id, movement, amount, '0', at, actor, '', NULL, NULL, NULL, NULL FROM \"pool_entry\"",
            'DROP TABLE "pool_entry"',
            "ALTER TABLE made_anew_pool_entry RENAME TO pool_entry",
            "CREATE INDEX ix_pool_entry_allocation ON pool_entry (allocation_id)",
            "CREATE INDEX ix_pool_entry_at ON pool_entry (pool_id, at, id)",
            "CREATE INDEX ix_pool_entry_corrects ON pool_entry (corrects_id)",
            "CREATE INDEX ix_pool_entry_counterpart ON pool_entry (counterpart_id)",
            "CREATE INDEX ix_pool_entry_pool ON pool_entry (pool_id, id)",
        ):
            op.execute(statement)
        return
    op.drop_constraint(op.f("ck_pool_entry_movement_names_its_allocation"), "pool_entry", type_="check")
    op.drop_constraint(op.f("ck_pool_entry_positive"), "pool_entry", type_="check")
    op.add_column("pool_entry", sa.Column("value_cents", WHOLE, server_default="0", nullable=False))
    op.add_column("pool_entry", sa.Column("reason", sa.Text(), nullable=True))
    op.execute("UPDATE \"pool_entry\" SET reason = ''")
    op.alter_column("pool_entry", "reason", existing_type=sa.Text(), nullable=False)
    op.add_column("pool_entry", sa.Column("other_pool_id", WHOLE, nullable=True))
    op.add_column("pool_entry", sa.Column("counterpart_id", WHOLE, nullable=True))
    op.add_column("pool_entry", sa.Column("corrects_id", WHOLE, nullable=True))
    op.add_column("pool_entry", sa.Column("request_id", WHOLE, nullable=True))
    op.alter_column(
        "pool_entry",
        "movement",
        existing_type=sa.VARCHAR(length=12),
        type_=sa.String(length=20),
        existing_nullable=False,
    )
    op.create_index("ix_pool_entry_at", "pool_entry", ["pool_id", "at", "id"], unique=False)
    op.create_index("ix_pool_entry_corrects", "pool_entry", ["corrects_id"], unique=False)
    op.create_index("ix_pool_entry_counterpart", "pool_entry", ["counterpart_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_pool_entry_corrects_id_pool_entry"), "pool_entry", "pool_entry", ["corrects_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_pool_entry_counterpart_id_pool_entry"),
        "pool_entry",
        "pool_entry",
        ["counterpart_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_pool_entry_other_pool_id_pool"), "pool_entry", "pool", ["other_pool_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_pool_entry_request_id_pool_request"), "pool_entry", "pool_request", ["request_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_pool_entry_corrected_says_why"), "pool_entry", "corrects_id IS NULL OR reason <> ''"
    )
    op.create_check_constraint(
        op.f("ck_pool_entry_movement_names_its_allocation"),
        "pool_entry",
        "movement NOT IN ('committed', 'delivered', 'freed', 'lost', 'promise_in', 'promise_out', 'recovered', 'released', 'reserve_in', 'reserve_out', 'reserved', 'returned') OR allocation_id IS NOT NULL",
    )
    op.create_check_constraint(
        op.f("ck_pool_entry_movement_names_the_other_pool"),
        "pool_entry",
        "movement NOT IN ('carried_in', 'carried_out', 'promise_in', 'promise_out', 'reserve_in', 'reserve_out', 'transferred_in', 'transferred_out') OR other_pool_id IS NOT NULL",
    )
    op.create_check_constraint(
        op.f("ck_pool_entry_positive"), "pool_entry", "amount > 0 OR (amount < 0 AND corrects_id IS NOT NULL)"
    )


def change_suggestion() -> None:
    op.drop_index(op.f("ix_suggestion_pact"), table_name="suggestion")
    op.create_index(
        "ix_suggestion_pact", "suggestion", ["pact_id", "state", "clause_id", "side"], unique=False
    )


CHANGES = (
    change_server_hook,
    change_bank_file,
    change_payment_batch,
    change_pool_day,
    change_pool_request,
    change_support_declaration,
    change_support_sum,
    change_payee,
    change_stage,
    change_surplus,
    change_venture,
    change_backer,
    change_holding,
    change_legal_help,
    change_match_award,
    change_payment_plan,
    change_planned_part,
    change_server,
    change_stage_decision,
    change_venture_step,
    change_cost_statement,
    change_delivery_particulars,
    change_given_back,
    change_legal_matter,
    change_pledge,
    change_reception,
    change_server_admin,
    change_server_call,
    change_server_change,
    change_server_message,
    change_server_note,
    change_server_step,
    change_server_usage,
    change_surplus_arrival,
    change_tranche,
    change_cost_line,
    change_legal_appointment,
    change_legal_file,
    change_legal_message,
    change_legal_sheet,
    change_payment,
    change_pledge_check,
    change_server_attempt,
    change_legal_quarter,
    change_legal_work,
    change_money_back,
    change_allocation,
    change_call,
    change_pact,
    change_pact_version,
    change_pool,
    change_pool_entry,
    change_suggestion,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in (*GUARDS[op.get_bind().dialect.name], *FILLS):
        op.execute(statement)
