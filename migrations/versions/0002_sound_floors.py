"""The ground floors made sound, and the rooms in which neighbours propose, follow and are heard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

GUARDS = {
    "sqlite": (
        "CREATE TRIGGER tree_node_no_update BEFORE UPDATE ON tree_node BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
        "CREATE TRIGGER tree_node_no_delete BEFORE DELETE ON tree_node BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
        "CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
        "CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END",
        "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entry', content_rowid='id', detail=none, columnsize=0, tokenize='ascii')",
        "CREATE TRIGGER search_words_added AFTER INSERT ON search_entry BEGIN INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
        "CREATE TRIGGER search_words_dropped AFTER DELETE ON search_entry BEGIN INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); END",
        "CREATE TRIGGER search_words_changed AFTER UPDATE ON search_entry BEGIN INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words); INSERT INTO search_words(rowid, words) VALUES (new.id, new.words); END",
    ),
    "postgresql": (
        "CREATE TRIGGER tree_node_no_update BEFORE UPDATE ON tree_node FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER tree_node_no_delete BEFORE DELETE ON tree_node FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER tree_node_no_truncate BEFORE TRUNCATE ON tree_node FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "ALTER TABLE search_entry ADD COLUMN search_words tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED",
        "CREATE INDEX ix_search_words ON search_entry USING gin (search_words) WITH (fastupdate = off)",
    ),
}


def change_bounce() -> None:
    op.create_table(
        "bounce",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("times", WHOLE, nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_bounce_happened")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_bounce")),
    )


def change_census_file() -> None:
    op.create_table(
        "census_file",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("key_name", sa.String(length=12), nullable=False),
        sa.Column("rows", WHOLE, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("taken_in_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state = 'loading' OR (taken_in_at IS NOT NULL AND rows > 0)",
            name=op.f("ck_census_file_used_is_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('loading', 'current', 'replaced')", name=op.f("ck_census_file_known_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_census_file")),
    )
    op.create_index(
        "uq_census_file_current",
        "census_file",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )


def change_checkpoint() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("size", WHOLE, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )


def change_endorsement_change() -> None:
    op.create_table(
        "endorsement_change",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("change", WHOLE, nullable=False),
        sa.CheckConstraint("change IN (-1, 1)", name=op.f("ck_endorsement_change_by_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement_change")),
    )
    op.create_index("ix_endorsement_change_subject", "endorsement_change", ["subject_key"], unique=False)


def change_endorsement_count() -> None:
    op.create_table(
        "endorsement_count",
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("total", WHOLE, nullable=False),
        sa.CheckConstraint("total >= 0", name=op.f("ck_endorsement_count_not_negative")),
        sa.PrimaryKeyConstraint("subject_key", name=op.f("pk_endorsement_count")),
    )


def change_rating() -> None:
    op.create_table(
        "rating",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("sent_hash", sa.String(length=64), nullable=False),
        sa.Column("stars", WHOLE, nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_rating_one_to_five")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("sent_hash", name=op.f("uq_rating_sent_hash")),
    )
    op.create_index("ix_rating_given_on", "rating", ["given_on", "id"], unique=False)


def change_resident() -> None:
    op.create_table(
        "resident",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("key_name", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("document_hash", name=op.f("uq_resident_document_hash")),
    )


def change_search_entry() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("sort", sa.String(length=30), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("about", sa.String(length=400), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('proposal', 'pact', 'commons', 'organisation')", name=op.f("ck_search_entry_known_kind")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_search_entry_has_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_search_entry_key")),
    )


def change_tree_node() -> None:
    op.create_table(
        "tree_node",
        sa.Column("level", WHOLE, autoincrement=False, nullable=False),
        sa.Column("place", WHOLE, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_tree_node")),
    )


def change_call() -> None:
    op.create_table(
        "call",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("track", sa.String(length=12), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("opens_at", INSTANT, nullable=True),
        sa.Column("closes_at", INSTANT, nullable=True),
        sa.Column("pool_id", WHOLE, nullable=True),
        sa.Column("budget_cents", WHOLE, nullable=False),
        sa.Column("match_ratio_bp", WHOLE, nullable=False),
        sa.Column("match_cap_cents", WHOLE, nullable=False),
        sa.Column("match_threshold_cents", WHOLE, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("drafted_by_id", WHOLE, nullable=False),
        sa.Column("published_by_id", WHOLE, nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'cancelled' OR (ended_at IS NOT NULL AND reason <> '')",
            name=op.f("ck_call_cancelled_says_why"),
        ),
        sa.CheckConstraint(
            "state <> 'decided' OR (ended_at IS NOT NULL AND reason <> '')",
            name=op.f("ck_call_decided_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'decided', 'cancelled')", name=op.f("ck_call_known_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('published', 'decided') OR (opens_at IS NOT NULL AND closes_at IS NOT NULL AND published_at IS NOT NULL)",
            name=op.f("ck_call_published_is_dated"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('published', 'decided') OR published_by_id IS NOT NULL",
            name=op.f("ck_call_published_by_one"),
        ),
        sa.CheckConstraint(
            "track <> 'matchfunding' OR (match_ratio_bp > 0 AND match_cap_cents > 0)",
            name=op.f("ck_call_matchfunding_has_terms"),
        ),
        sa.CheckConstraint(
            "track IN ('ordinary', 'matchfunding', 'incubation')", name=op.f("ck_call_known_track")
        ),
        sa.CheckConstraint(
            "budget_cents >= 0 AND match_ratio_bp >= 0 AND match_cap_cents >= 0 AND match_threshold_cents >= 0",
            name=op.f("ck_call_not_negative"),
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_call_closes_after_it_opens")),
        sa.CheckConstraint("published_by_id <> drafted_by_id", name=op.f("ck_call_two_persons")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["person.id"], name=op.f("fk_call_drafted_by_id_person")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_call_pool_id_pool")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_call_published_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("ref", name=op.f("uq_call_ref")),
    )
    op.create_index("ix_call_closes", "call", ["closes_at", "id"], unique=False)


def change_census_entry() -> None:
    op.create_table(
        "census_entry",
        sa.Column("file_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("document_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["census_file.id"], name=op.f("fk_census_entry_file_id_census_file")
        ),
        sa.PrimaryKeyConstraint("file_id", "document_hash", name=op.f("pk_census_entry")),
        sqlite_with_rowid=False,
    )


def change_code_app() -> None:
    op.create_table(
        "code_app",
        sa.Column("person_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("last_step", WHOLE, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_code_app_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_code_app")),
    )


def change_code_letter() -> None:
    op.create_table(
        "code_letter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("resident_id", WHOLE, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("tries_left", WHOLE, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.CheckConstraint("state IN ('open', 'used', 'void')", name=op.f("ck_code_letter_known_state")),
        sa.CheckConstraint("expires_at > asked_at", name=op.f("ck_code_letter_ends_after_start")),
        sa.CheckConstraint("tries_left >= 0", name=op.f("ck_code_letter_tries_run_out")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_code_letter_person_id_person")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_code_letter_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_letter")),
    )
    op.create_index("ix_code_letter_address", "code_letter", ["address_hash", "asked_at"], unique=False)
    op.create_index("ix_code_letter_person", "code_letter", ["person_id", "asked_at"], unique=False)
    op.create_index(
        "uq_code_letter_person",
        "code_letter",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def change_endorsement() -> None:
    op.create_table(
        "endorsement",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("resident_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("endorsed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_endorsement_person_id_person")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_endorsement_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
        sa.UniqueConstraint(
            "subject_key", "resident_id", name=op.f("uq_endorsement_subject_key_resident_id")
        ),
    )
    op.create_index("ix_endorsement_person", "endorsement", ["person_id", "subject_key"], unique=False)


def change_helped_person() -> None:
    op.create_table(
        "helped_person",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("postal", sa.String(length=400), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("met_at", INSTANT, nullable=False),
        sa.Column("met_by_id", WHOLE, nullable=True),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "way <> 'letter' OR postal <> ''", name=op.f("ck_helped_person_letters_go_somewhere")
        ),
        sa.CheckConstraint("way <> 'phone' OR phone <> ''", name=op.f("ck_helped_person_calls_go_somewhere")),
        sa.CheckConstraint("way IN ('letter', 'phone', 'office')", name=op.f("ck_helped_person_known_way")),
        sa.ForeignKeyConstraint(["met_by_id"], ["person.id"], name=op.f("fk_helped_person_met_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_helped_person_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helped_person")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_helped_person_pseudonym")),
    )
    op.create_index("ix_helped_person_account", "helped_person", ["person_id"], unique=False)
    op.create_index("ix_helped_person_name", "helped_person", ["name_key"], unique=False)


def change_known_browser() -> None:
    op.create_table(
        "known_browser",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_browser_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", "person_id", name=op.f("pk_known_browser")),
    )
    op.create_index("ix_known_browser_expires", "known_browser", ["expires_at"], unique=False)
    op.create_index("ix_known_browser_person", "known_browser", ["person_id"], unique=False)


def change_letter_batch() -> None:
    op.create_table(
        "letter_batch",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by_id", WHOLE, nullable=True),
        sa.Column("fence", WHOLE, nullable=False),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("drawn_at", INSTANT, nullable=True),
        sa.Column("pages", WHOLE, nullable=False),
        sa.Column("sealed_pdf", sa.LargeBinary(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("posted_by_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "(state = 'drawn') = (sealed_pdf IS NOT NULL)",
            name=op.f("ck_letter_batch_file_is_kept_until_it_is_posted"),
        ),
        sa.CheckConstraint(
            "state <> 'posted' OR (posted_on IS NOT NULL AND posted_by_id IS NOT NULL)",
            name=op.f("ck_letter_batch_posted_has_a_day"),
        ),
        sa.CheckConstraint(
            "state IN ('due', 'drawn', 'posted', 'apart')", name=op.f("ck_letter_batch_known_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('drawn', 'posted') OR (drawn_at IS NOT NULL AND pages > 0)",
            name=op.f("ck_letter_batch_drawn_has_pages"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_letter_batch_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by_id"], ["person.id"], name=op.f("fk_letter_batch_posted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
    )
    op.create_index("ix_letter_batch_state", "letter_batch", ["state", "id"], unique=False)


def change_mailed_link() -> None:
    op.create_table(
        "mailed_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("next_path", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "(purpose = 'join') = (person_id IS NULL)", name=op.f("ck_mailed_link_joins_without_account")
        ),
        sa.CheckConstraint(
            "purpose IN ('join', 'reset', 'new_address', 'undo')", name=op.f("ck_mailed_link_known_purpose")
        ),
        sa.CheckConstraint("role = '' OR purpose = 'join'", name=op.f("ck_mailed_link_role_for_who_joins")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mailed_link_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_mailed_link")),
    )
    op.create_index("ix_mailed_link_expires", "mailed_link", ["expires_at"], unique=False)
    op.create_index("ix_mailed_link_person", "mailed_link", ["person_id"], unique=False)


def change_observation_period() -> None:
    op.create_table(
        "observation_period",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("opens_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("published_by_id", WHOLE, nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_observation_period_lasts")),
        sa.CheckConstraint("version >= 0", name=op.f("ck_observation_period_no_version_below_zero")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_observation_period_published_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_period")),
        sa.UniqueConstraint("subject_key", "version", name=op.f("uq_observation_period_subject_key_version")),
    )
    op.create_index("ix_observation_period_closes", "observation_period", ["closes_at", "id"], unique=False)


def change_outside_identity() -> None:
    op.create_table(
        "outside_identity",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("assurance", sa.String(length=120), nullable=False),
        sa.Column("connected_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_outside_identity_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_outside_identity_issuer_subject")),
    )
    op.create_index("ix_outside_identity_person", "outside_identity", ["person_id"], unique=False)


def change_passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", WHOLE, nullable=False),
        sa.Column("last_challenge", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_counts_from_nought")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("ix_passkey_person", "passkey", ["person_id"], unique=False)


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
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.CheckConstraint("alternative <> ''", name=op.f("ck_photo_described")),
        sa.CheckConstraint("position > 0", name=op.f("ck_photo_counted_from_one")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_photo_has_a_size")),
        sa.ForeignKeyConstraint(["commons_id"], ["commons.id"], name=op.f("fk_photo_commons_id_commons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("commons_id", "position", name=op.f("uq_photo_commons_id_position")),
    )


def change_reader() -> None:
    op.create_table(
        "reader",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("active_at", INSTANT, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("off_since", INSTANT, nullable=True),
        sa.CheckConstraint(
            "choice <> 'off' OR off_since IS NOT NULL", name=op.f("ck_reader_off_has_an_instant")
        ),
        sa.CheckConstraint(
            "choice IN ('off', 'weekly', 'daily', 'at_once')", name=op.f("ck_reader_known_choice")
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (address IS NULL)", name=op.f("ck_reader_account_or_address")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reader_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader")),
        sa.UniqueConstraint("address", name=op.f("uq_reader_address")),
        sa.UniqueConstraint("handle", name=op.f("uq_reader_handle")),
        sa.UniqueConstraint("person_id", name=op.f("uq_reader_person_id")),
    )
    op.create_index("ix_reader_active", "reader", ["active_at"], unique=False)


def change_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"], unique=False)


def change_residence_conflict() -> None:
    op.create_table(
        "residence_conflict",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("resident_id", WHOLE, nullable=False),
        sa.Column("holder_id", WHOLE, nullable=False),
        sa.Column("claimant_id", WHOLE, nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("document_kind", sa.String(length=30), nullable=False),
        sa.Column("checked_by_id", WHOLE, nullable=True),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("assurance", sa.String(length=120), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decision = '') = (decided_at IS NULL) AND (decision = '') = (decided_by_id IS NULL)",
            name=op.f("ck_residence_conflict_decided_has_evidence"),
        ),
        sa.CheckConstraint(
            "decision = '' OR reason <> ''", name=op.f("ck_residence_conflict_decided_has_a_reason")
        ),
        sa.CheckConstraint(
            "decision IN ('', 'kept', 'moved', 'refused')", name=op.f("ck_residence_conflict_known_decision")
        ),
        sa.CheckConstraint(
            "way IN ('census', 'letter', 'in_person', 'elsewhere')",
            name=op.f("ck_residence_conflict_known_way"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR checked_by_id IS NULL OR decided_by_id <> checked_by_id",
            name=op.f("ck_residence_conflict_two_persons"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id NOT IN (holder_id, claimant_id)",
            name=op.f("ck_residence_conflict_nobody_decides_on_themselves"),
        ),
        sa.CheckConstraint("holder_id <> claimant_id", name=op.f("ck_residence_conflict_two_accounts")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_residence_conflict_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["claimant_id"], ["person.id"], name=op.f("fk_residence_conflict_claimant_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_residence_conflict_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name=op.f("fk_residence_conflict_holder_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_residence_conflict_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence_conflict")),
    )
    op.create_index(
        "ix_residence_conflict_claimant", "residence_conflict", ["claimant_id", "id"], unique=False
    )
    op.create_index("ix_residence_conflict_decided", "residence_conflict", ["decided_at", "id"], unique=False)
    op.create_index("ix_residence_conflict_holder", "residence_conflict", ["holder_id", "id"], unique=False)
    op.create_index(
        "uq_residence_conflict_open",
        "residence_conflict",
        ["resident_id", "claimant_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def change_residency() -> None:
    op.create_table(
        "residency",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("resident_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("document_kind", sa.String(length=30), nullable=False),
        sa.Column("checked_by_id", WHOLE, nullable=True),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("assurance", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("verified_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by_id", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'valid') = (ended_at IS NULL)", name=op.f("ck_residency_ended_has_an_instant")
        ),
        sa.CheckConstraint(
            "state <> 'revoked' OR (reason <> '' AND ended_by_id IS NOT NULL)",
            name=op.f("ck_residency_revoked_why"),
        ),
        sa.CheckConstraint(
            "state IN ('valid', 'replaced', 'withdrawn', 'revoked', 'moved')",
            name=op.f("ck_residency_known_state"),
        ),
        sa.CheckConstraint(
            "way <> 'elsewhere' OR issuer <> ''", name=op.f("ck_residency_vouched_for_by_somebody")
        ),
        sa.CheckConstraint(
            "way <> 'in_person' OR (document_kind <> '' AND checked_by_id IS NOT NULL)",
            name=op.f("ck_residency_checked_by_somebody"),
        ),
        sa.CheckConstraint(
            "way IN ('census', 'letter', 'in_person', 'elsewhere')", name=op.f("ck_residency_known_way")
        ),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> person_id",
            name=op.f("ck_residency_nobody_checks_themselves"),
        ),
        sa.CheckConstraint("until > verified_at", name=op.f("ck_residency_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_residency_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_residency_ended_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_residency_person_id_person")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_residency_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residency")),
    )
    op.create_index("ix_residency_person", "residency", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_residency_until",
        "residency",
        ["until"],
        unique=False,
        sqlite_where=sa.text("state = 'valid'"),
        postgresql_where=sa.text("state = 'valid'"),
    )
    op.create_index(
        "uq_residency_person",
        "residency",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'valid'"),
        postgresql_where=sa.text("state = 'valid'"),
    )
    op.create_index(
        "uq_residency_resident",
        "residency",
        ["resident_id"],
        unique=True,
        sqlite_where=sa.text("state = 'valid'"),
        postgresql_where=sa.text("state = 'valid'"),
    )


def change_sent_invitation() -> None:
    op.create_table(
        "sent_invitation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("invited_by_id", WHOLE, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "(outcome = '') = (answered_at IS NULL)", name=op.f("ck_sent_invitation_outcome_has_an_instant")
        ),
        sa.CheckConstraint(
            "outcome <> 'accepted' OR person_id IS NOT NULL",
            name=op.f("ck_sent_invitation_accepted_by_somebody"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'accepted', 'declined', 'taken_back', 'replaced')",
            name=op.f("ck_sent_invitation_known_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_sent_invitation_invited_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sent_invitation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sent_invitation_token_hash")),
    )
    op.create_index("ix_sent_invitation_email", "sent_invitation", ["email"], unique=False)
    op.create_index("ix_sent_invitation_person", "sent_invitation", ["person_id"], unique=False)
    op.create_index("ix_sent_invitation_subject", "sent_invitation", ["subject", "id"], unique=False)
    op.create_index(
        "uq_sent_invitation_open",
        "sent_invitation",
        ["subject", "email"],
        unique=True,
        sqlite_where=sa.text("outcome = ''"),
        postgresql_where=sa.text("outcome = ''"),
    )


def change_share() -> None:
    op.create_table(
        "share",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.CheckConstraint("until IS NULL OR until > starts_at", name=op.f("ck_share_ends_after_start")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_share_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
    )
    op.create_index("ix_share_person", "share", ["person_id"], unique=False)
    op.create_index("ix_share_subject", "share", ["subject", "id"], unique=False)
    op.create_index(
        "uq_share_once",
        "share",
        ["subject", "person_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def change_suspension() -> None:
    op.create_table(
        "suspension",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("started_by_id", WHOLE, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by_id", WHOLE, nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_suspension_has_a_reason")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_suspension_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_suspension_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suspension_person_id_person")),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["person.id"], name=op.f("fk_suspension_started_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index("ix_suspension_person", "suspension", ["person_id"], unique=False)


def change_connection() -> None:
    op.create_table(
        "connection",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("helped_id", WHOLE, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("used_by_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_by_id IS NULL)", name=op.f("ck_connection_used_by_somebody")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_connection_counts_from_nought")),
        sa.ForeignKeyConstraint(
            ["helped_id"], ["helped_person.id"], name=op.f("fk_connection_helped_id_helped_person")
        ),
        sa.ForeignKeyConstraint(["used_by_id"], ["person.id"], name=op.f("fk_connection_used_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
    )
    op.create_index("ix_connection_helped", "connection", ["helped_id", "id"], unique=False)


def change_enclosure() -> None:
    op.create_table(
        "enclosure",
        sa.Column("message_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("envelope_id", WHOLE, nullable=False),
        sa.CheckConstraint("message_id <> envelope_id", name=op.f("ck_enclosure_not_in_itself")),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["message.id"], name=op.f("fk_enclosure_envelope_id_message")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_enclosure_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_enclosure")),
    )
    op.create_index("ix_enclosure_envelope", "enclosure", ["envelope_id"], unique=False)


def change_follow() -> None:
    op.create_table(
        "follow",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("reader_id", WHOLE, nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("latitude_e6", WHOLE, nullable=True),
        sa.Column("longitude_e6", WHOLE, nullable=True),
        sa.Column("radius_m", WHOLE, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(what = 'point') = (latitude_e6 IS NOT NULL AND longitude_e6 IS NOT NULL AND radius_m > 0)",
            name=op.f("ck_follow_point_has_a_circle"),
        ),
        sa.CheckConstraint(
            "what IN ('pact', 'proposal', 'commons', 'district', 'point', 'search')",
            name=op.f("ck_follow_known_what"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NOT NULL OR token_hash IS NOT NULL", name=op.f("ck_follow_waits_for_its_link")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_follow_reader_id_reader"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("reader_id", "what", "target", name=op.f("uq_follow_reader_id_what_target")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_follow_token_hash")),
    )
    op.create_index("ix_follow_district", "follow", ["what", "district"], unique=False)
    op.create_index("ix_follow_target", "follow", ["what", "target"], unique=False)


def change_help() -> None:
    op.create_table(
        "help",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("clerk_id", WHOLE, nullable=False),
        sa.Column("helped_id", WHOLE, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_how", sa.String(length=10), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_how = '')", name=op.f("ck_help_end_has_its_reason")),
        sa.CheckConstraint(
            "ended_how IN ('', 'finished', 'time', 'another')", name=op.f("ck_help_known_ends")
        ),
        sa.CheckConstraint("until > started_at", name=op.f("ck_help_ends_after_start")),
        sa.ForeignKeyConstraint(["clerk_id"], ["person.id"], name=op.f("fk_help_clerk_id_person")),
        sa.ForeignKeyConstraint(
            ["helped_id"], ["helped_person.id"], name=op.f("fk_help_helped_id_helped_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help")),
    )
    op.create_index("ix_help_helped", "help", ["helped_id"], unique=False)
    op.create_index("ix_help_started", "help", ["started_at"], unique=False)
    op.create_index(
        "ux_help_clerk_open",
        "help",
        ["clerk_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def change_letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("event", sa.String(length=4), nullable=False),
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("addressee", sa.String(length=120), nullable=False),
        sa.Column("postal", sa.String(length=400), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("had_secret", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_why", sa.String(length=200), nullable=False),
        sa.Column("followed_by_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "(state = 'returned') = (returned_on IS NOT NULL)", name=op.f("ck_letter_returned_has_a_day")
        ),
        sa.CheckConstraint("addressee <> ''", name=op.f("ck_letter_has_a_name")),
        sa.CheckConstraint(
            "state <> 'in_batch' OR batch_id IS NOT NULL", name=op.f("ck_letter_in_batch_has_one")
        ),
        sa.CheckConstraint(
            "state <> 'waiting' OR batch_id IS NULL", name=op.f("ck_letter_waiting_is_in_no_batch")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'in_batch', 'posted', 'returned')", name=op.f("ck_letter_known_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('posted', 'returned') OR (posted_on IS NOT NULL AND sealed_secret = '')",
            name=op.f("ck_letter_posted_keeps_no_secret"),
        ),
        sa.CheckConstraint("way <> 'letter' OR postal <> ''", name=op.f("ck_letter_has_somewhere_to_go")),
        sa.CheckConstraint(
            "way = 'letter' OR batch_id IS NULL", name=op.f("ck_letter_only_paper_is_printed")
        ),
        sa.CheckConstraint("way IN ('letter', 'phone', 'office')", name=op.f("ck_letter_known_way")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["letter_batch.id"], name=op.f("fk_letter_batch_id_letter_batch")
        ),
        sa.ForeignKeyConstraint(
            ["followed_by_id"], ["letter.id"], name=op.f("fk_letter_followed_by_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("followed_by_id", name=op.f("uq_letter_followed_by_id")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
    )
    op.create_index("ix_letter_batch", "letter", ["batch_id"], unique=False)
    op.create_index("ix_letter_state", "letter", ["state", "id"], unique=False)
    op.create_index("ix_letter_subject", "letter", ["subject_key", "id"], unique=False)


def change_mandate() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("scope", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("given_by_id", WHOLE, nullable=True),
        sa.Column("decided_by", sa.String(length=300), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("byte_size", WHOLE, nullable=False),
        sa.CheckConstraint(
            "(scope = 'case') = (subject <> '')", name=op.f("ck_mandate_case_names_its_subject")
        ),
        sa.CheckConstraint("decided_by <> ''", name=op.f("ck_mandate_somebody_decided")),
        sa.CheckConstraint("file_hash = '' OR media_type <> ''", name=op.f("ck_mandate_document_has_a_kind")),
        sa.CheckConstraint(
            "scope <> 'legal_representative' OR until IS NOT NULL",
            name=op.f("ck_mandate_representative_has_end"),
        ),
        sa.CheckConstraint(
            "scope IN ('legal_representative', 'everything', 'case')", name=op.f("ck_mandate_known_scope")
        ),
        sa.CheckConstraint("until IS NULL OR until > starts_at", name=op.f("ck_mandate_ends_after_start")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_mandate_given_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mandate_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mandate_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index("ix_mandate_organisation", "mandate", ["organisation_id", "id"], unique=False)
    op.create_index("ix_mandate_person", "mandate", ["person_id"], unique=False)
    op.create_index("ix_mandate_until", "mandate", ["until"], unique=False)


def change_membership_request() -> None:
    op.create_table(
        "membership_request",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("message", sa.String(length=600), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("answered_by_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "(outcome = '') = (answered_at IS NULL)",
            name=op.f("ck_membership_request_outcome_has_an_instant"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'accepted', 'declined', 'taken_back')",
            name=op.f("ck_membership_request_known_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_membership_request_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_membership_request_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_request_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_request")),
    )
    op.create_index("ix_membership_request_person", "membership_request", ["person_id"], unique=False)
    op.create_index(
        "uq_membership_request_open",
        "membership_request",
        ["organisation_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("outcome = ''"),
        postgresql_where=sa.text("outcome = ''"),
    )


def change_observation() -> None:
    op.create_table(
        "observation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("period_id", WHOLE, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("photo_hash", sa.String(length=64), nullable=False),
        sa.Column("photo_small_hash", sa.String(length=64), nullable=False),
        sa.Column("photo_width", WHOLE, nullable=False),
        sa.Column("photo_height", WHOLE, nullable=False),
        sa.Column("photo_words", sa.String(length=300), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("held_for", sa.JSON(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("answer_due_at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("answer_text", sa.Text(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by_id", WHOLE, nullable=True),
        sa.Column("was_answered", sa.Boolean(), nullable=True),
        sa.Column("hidden_at", INSTANT, nullable=True),
        sa.Column("hidden_by_id", WHOLE, nullable=True),
        sa.Column("hidden_for", sa.String(length=12), nullable=False),
        sa.Column("hidden_why", sa.Text(), nullable=False),
        sa.Column("contested_at", INSTANT, nullable=True),
        sa.Column("contest", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", WHOLE, nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=False),
        sa.Column("identity_checked_at", INSTANT, nullable=True),
        sa.Column("identity_checked_by_id", WHOLE, nullable=True),
        sa.Column("identity_how", sa.String(length=20), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL OR (contested_at IS NOT NULL AND decided_why <> ''))",
            name=op.f("ck_observation_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(identity_checked_at IS NULL) = (identity_how = '')",
            name=op.f("ck_observation_checked_identity_says_how"),
        ),
        sa.CheckConstraint(
            "answer = '' OR (answer_text <> '' AND answered_at IS NOT NULL AND answered_by_id IS NOT NULL)",
            name=op.f("ck_observation_answered_says_why"),
        ),
        sa.CheckConstraint(
            "answer IN ('', 'accepted', 'partly', 'declined', 'passed_over')",
            name=op.f("ck_observation_known_answer"),
        ),
        sa.CheckConstraint(
            "kind IN ('support', 'worry', 'objection', 'idea', 'problem')",
            name=op.f("ck_observation_known_kind"),
        ),
        sa.CheckConstraint(
            "photo_hash = '' OR photo_words <> ''", name=op.f("ck_observation_photo_is_described")
        ),
        sa.CheckConstraint(
            "state <> 'kept_hidden' OR decided_at IS NOT NULL",
            name=op.f("ck_observation_kept_hidden_is_decided"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL",
            name=op.f("ck_observation_published_has_an_instant"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'published', 'hidden', 'contested', 'kept_hidden')",
            name=op.f("ck_observation_known_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('contested', 'kept_hidden') OR (contested_at IS NOT NULL AND contest <> '')",
            name=op.f("ck_observation_contested_says_why"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('hidden', 'contested', 'kept_hidden') OR (hidden_at IS NOT NULL AND hidden_by_id IS NOT NULL AND hidden_for <> '' AND hidden_why <> '')",
            name=op.f("ck_observation_hidden_has_a_reason"),
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_observation_says_something")),
        sa.CheckConstraint(
            "was_answered IS NULL OR answer <> ''", name=op.f("ck_observation_judged_after_the_answer")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR hidden_by_id IS NULL OR decided_by_id <> hidden_by_id",
            name=op.f("ck_observation_second_person_decides"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_observation_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_observation_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["person.id"], name=op.f("fk_observation_hidden_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["identity_checked_by_id"],
            ["person.id"],
            name=op.f("fk_observation_identity_checked_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["observation_period.id"], name=op.f("fk_observation_period_id_observation_period")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("code", name=op.f("uq_observation_code")),
    )
    op.create_index("ix_observation_period", "observation", ["period_id", "state"], unique=False)
    op.create_index("ix_observation_person", "observation", ["person_id"], unique=False)
    op.create_index("ix_observation_subject", "observation", ["subject_key", "state", "id"], unique=False)
    op.create_index(
        "ix_observation_waiting",
        "observation",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('received', 'contested')"),
        postgresql_where=sa.text("state IN ('received', 'contested')"),
    )


def change_join_request() -> None:
    op.create_table(
        "join_request",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("asked_by_id", WHOLE, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.CheckConstraint("message <> '' AND contact <> ''", name=op.f("ck_join_request_can_be_answered")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["proposal.id"],
            name=op.f("fk_join_request_asked_by_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint("subject", "asked_by_id", name=op.f("uq_join_request_subject_asked_by_id")),
    )


def change_observation_report() -> None:
    op.create_table(
        "observation_report",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("observation_id", WHOLE, nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observation.id"],
            name=op.f("fk_observation_report_observation_id_observation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_report")),
    )
    op.create_index(
        "ix_observation_report_observation", "observation_report", ["observation_id"], unique=False
    )
    op.create_index(
        "ix_observation_report_open", "observation_report", ["settled_at", "observation_id"], unique=False
    )


def change_organisation_check() -> None:
    op.create_table(
        "organisation_check",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("organisation_id", WHOLE, nullable=False),
        sa.Column("mandate_id", WHOLE, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("checked_by_id", WHOLE, nullable=False),
        sa.Column("holds_until", INSTANT, nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_organisation_check_names_its_source")),
        sa.CheckConstraint("holds_until > checked_at", name=op.f("ck_organisation_check_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_organisation_check_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandate.id"], name=op.f("fk_organisation_check_mandate_id_mandate")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_check_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_check")),
    )
    op.create_index(
        "ix_organisation_check_organisation", "organisation_check", ["organisation_id", "id"], unique=False
    )
    op.create_index("ix_organisation_check_until", "organisation_check", ["holds_until"], unique=False)


def change_proposal_photo() -> None:
    op.create_table(
        "proposal_photo",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("small_hash", sa.String(length=64), nullable=False),
        sa.Column("width", WHOLE, nullable=False),
        sa.Column("height", WHOLE, nullable=False),
        sa.Column("alternative", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("credit", sa.String(length=120), nullable=False),
        sa.Column("had_place", sa.Boolean(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.CheckConstraint("alternative <> ''", name=op.f("ck_proposal_photo_described")),
        sa.CheckConstraint("position BETWEEN 1 AND 6", name=op.f("ck_proposal_photo_six_at_most")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_proposal_photo_has_a_size")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_photo_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_photo")),
        sa.UniqueConstraint("proposal_id", "position", name=op.f("uq_proposal_photo_proposal_id_position")),
    )


def change_repository_check() -> None:
    op.create_table(
        "repository_check",
        sa.Column("proposal_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_repository_check_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_repository_check")),
    )


def change_signed_scan() -> None:
    op.create_table(
        "signed_scan",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("media", sa.String(length=20), nullable=False),
        sa.Column("byte_size", WHOLE, nullable=False),
        sa.Column("sealed_file", sa.LargeBinary(), nullable=False),
        sa.Column("scanned_at", INSTANT, nullable=False),
        sa.Column("scanned_by_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "media IN ('application/pdf', 'image/jpeg', 'image/png')", name=op.f("ck_signed_scan_known_media")
        ),
        sa.CheckConstraint("byte_size > 0", name=op.f("ck_signed_scan_not_empty")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_signed_scan_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["scanned_by_id"], ["person.id"], name=op.f("fk_signed_scan_scanned_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_scan")),
    )
    op.create_index("ux_signed_scan_file", "signed_scan", ["proposal_id", "file_hash"], unique=True)


def change_invitation() -> None:
    op.drop_table("invitation")


def change_act() -> None:
    op.create_index(
        "ix_act_shown",
        "act",
        ["at", "id"],
        unique=False,
        sqlite_where=sa.text(
            "verb NOT IN ('person:joined', 'person:signed_in', 'denied', 'job:asked', 'proposal:started')"
        ),
        postgresql_where=sa.text(
            "verb NOT IN ('person:joined', 'person:signed_in', 'denied', 'job:asked', 'proposal:started')"
        ),
    )


def change_failed_item() -> None:
    op.add_column("failed_item", sa.Column("words", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("failed_item", sa.Column("next_try_at", INSTANT, nullable=True))
    op.add_column("failed_item", sa.Column("rests_since", INSTANT, nullable=True))
    op.add_column("failed_item", sa.Column("left_at", INSTANT, nullable=True))
    op.add_column("failed_item", sa.Column("left_why", sa.Text(), nullable=True))


def change_job() -> None:
    op.add_column("job", sa.Column("catch_up", sa.String(length=10), nullable=True))


def change_job_run() -> None:
    op.add_column("job_run", sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("job_run", sa.Column("cancel_asked_at", INSTANT, nullable=True))


def change_membership() -> None:
    op.add_column(
        "membership", sa.Column("is_named", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index(
        "uq_membership_once",
        "membership",
        ["organisation_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def change_message() -> None:
    op.add_column("message", sa.Column("kind", sa.String(length=8), server_default="legal", nullable=False))
    op.add_column("message", sa.Column("who", sa.String(length=40), server_default="", nullable=False))
    op.add_column("message", sa.Column("topic", sa.String(length=200), server_default="", nullable=False))
    op.add_column("message", sa.Column("goes", sa.String(length=8), server_default="alone", nullable=False))
    op.add_column("message", sa.Column("due_at", INSTANT, nullable=True))
    op.add_column("message", sa.Column("mail_day", sa.Date(), nullable=True))
    op.add_column("message", sa.Column("read_at", INSTANT, nullable=True))
    op.add_column("message", sa.Column("unreached_at", INSTANT, nullable=True))
    op.create_index(
        "ix_message_held",
        "message",
        ["due_at", "who"],
        unique=False,
        sqlite_where=sa.text("goes = 'held'"),
        postgresql_where=sa.text("goes = 'held'"),
    )
    op.create_index(
        "ix_message_to_send",
        "message",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting' AND goes = 'alone'"),
        postgresql_where=sa.text("state = 'waiting' AND goes = 'alone'"),
    )
    op.create_index("ix_message_unreached", "message", ["unreached_at"], unique=False)
    op.create_index(
        "uq_message_mail_day",
        "message",
        ["who", "subject_key", "mail_day"],
        unique=True,
        sqlite_where=sa.text("mail_day IS NOT NULL"),
        postgresql_where=sa.text("mail_day IS NOT NULL"),
    )


def change_open_session() -> None:
    op.add_column(
        "open_session", sa.Column("browser", sa.String(length=60), server_default="", nullable=False)
    )


def change_organisation() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_organisation ( id INTEGER NOT NULL, slug VARCHAR(80) NOT NULL, name VARCHAR(160) NOT NULL, kind VARCHAR(30) NOT NULL, founded_at DATETIME NOT NULL, summary VARCHAR(400) DEFAULT '' NOT NULL, plain_name VARCHAR(160) DEFAULT '' NOT NULL, tax_id VARCHAR(20) DEFAULT '' NOT NULL, register_number VARCHAR(60) DEFAULT '' NOT NULL, website VARCHAR(300) DEFAULT '' NOT NULL, seat VARCHAR(200) DEFAULT '' NOT NULL, is_seat_public BOOLEAN DEFAULT false NOT NULL, contact_email VARCHAR(254) DEFAULT '' NOT NULL, contact_phone VARCHAR(40) DEFAULT '' NOT NULL, is_contact_public BOOLEAN DEFAULT false NOT NULL, entered_by_id INTEGER, hidden_at DATETIME, hidden_reason VARCHAR(300) DEFAULT '' NOT NULL, version_id INTEGER NOT NULL, CONSTRAINT pk_organisation PRIMARY KEY (id), CONSTRAINT ck_organisation_hidden_has_a_reason CHECK (hidden_at IS NULL OR hidden_reason <> ''), CONSTRAINT uq_organisation_slug UNIQUE (slug), CONSTRAINT fk_organisation_entered_by_id_person FOREIGN KEY(entered_by_id) REFERENCES person (id) )",
            "INSERT INTO made_anew_organisation (id, slug, name, kind, founded_at, summary, plain_name, tax_id, register_number, website, seat, is_seat_public, contact_email, contact_phone, is_contact_public, entered_by_id, hidden_at, hidden_reason, version_id) SELECT id, slug, name, kind, founded_at, '', '', '', '', '', '', false, '', '', false, NULL, NULL, '', version_id FROM \"organisation\"",
            'DROP TABLE "organisation"',
            "ALTER TABLE made_anew_organisation RENAME TO organisation",
            "CREATE INDEX ix_organisation_list ON organisation (name, id)",
            "CREATE INDEX ix_organisation_list_kind ON organisation (kind, name, id)",
            "CREATE INDEX ix_organisation_tax_id ON organisation (tax_id)",
        ):
            op.execute(statement)
        return
    op.add_column(
        "organisation", sa.Column("summary", sa.String(length=400), server_default="", nullable=False)
    )
    op.add_column(
        "organisation", sa.Column("plain_name", sa.String(length=160), server_default="", nullable=False)
    )
    op.add_column(
        "organisation", sa.Column("tax_id", sa.String(length=20), server_default="", nullable=False)
    )
    op.add_column(
        "organisation", sa.Column("register_number", sa.String(length=60), server_default="", nullable=False)
    )
    op.add_column(
        "organisation", sa.Column("website", sa.String(length=300), server_default="", nullable=False)
    )
    op.add_column("organisation", sa.Column("seat", sa.String(length=200), server_default="", nullable=False))
    op.add_column(
        "organisation",
        sa.Column("is_seat_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "organisation", sa.Column("contact_email", sa.String(length=254), server_default="", nullable=False)
    )
    op.add_column(
        "organisation", sa.Column("contact_phone", sa.String(length=40), server_default="", nullable=False)
    )
    op.add_column(
        "organisation",
        sa.Column("is_contact_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("organisation", sa.Column("entered_by_id", WHOLE, nullable=True))
    op.add_column("organisation", sa.Column("hidden_at", INSTANT, nullable=True))
    op.add_column(
        "organisation", sa.Column("hidden_reason", sa.String(length=300), server_default="", nullable=False)
    )
    op.create_index("ix_organisation_list", "organisation", ["name", "id"], unique=False)
    op.create_index("ix_organisation_list_kind", "organisation", ["kind", "name", "id"], unique=False)
    op.create_index("ix_organisation_tax_id", "organisation", ["tax_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_organisation_entered_by_id_person"), "organisation", "person", ["entered_by_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_organisation_hidden_has_a_reason"),
        "organisation",
        "hidden_at IS NULL OR hidden_reason <> ''",
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


def change_person() -> None:
    op.add_column("person", sa.Column("erased_at", INSTANT, nullable=True))
    op.add_column("person", sa.Column("password_set_at", INSTANT, nullable=True))
    op.create_index(
        "ix_person_erased",
        "person",
        ["id"],
        unique=False,
        sqlite_where=sa.text("erased_at IS NOT NULL"),
        postgresql_where=sa.text("erased_at IS NOT NULL"),
    )


def change_proposal() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_proposal ( id INTEGER NOT NULL, code VARCHAR(12) NOT NULL, state VARCHAR(20) NOT NULL, language VARCHAR(5) NOT NULL, person_id INTEGER, link_hash VARCHAR(64) NOT NULL, word_hash TEXT NOT NULL, kind VARCHAR(20) NOT NULL, title VARCHAR(150) NOT NULL, summary VARCHAR(400) NOT NULL, address VARCHAR(200) NOT NULL, district VARCHAR(60) NOT NULL, latitude_e6 INTEGER, longitude_e6 INTEGER, repository VARCHAR(300) NOT NULL, licence VARCHAR(120) NOT NULL, about TEXT NOT NULL, holds_personal_data BOOLEAN, has_no_place BOOLEAN, outline JSON, commons_slug VARCHAR(80), particulars JSON, group_kind VARCHAR(30) NOT NULL, group_name VARCHAR(160) NOT NULL, contact_name VARCHAR(120) NOT NULL, contact_email VARCHAR(254) NOT NULL, contact_phone VARCHAR(40) NOT NULL, contact_postal VARCHAR(400) DEFAULT '' NOT NULL, contact_way VARCHAR(10) DEFAULT '' NOT NULL, is_adult BOOLEAN, adult_name VARCHAR(120) NOT NULL, touched TEXT NOT NULL, starts_on DATE, ends_on DATE, saved_sections JSON NOT NULL, owner_id INTEGER, entered_by_id INTEGER, entered_ids JSON DEFAULT '[]' NOT NULL, entered_for VARCHAR(40) DEFAULT '' NOT NULL, organisation_id INTEGER, assessor_id INTEGER, call_id INTEGER, profile_version VARCHAR(60) NOT NULL, completeness JSON NOT NULL, started_at DATETIME NOT NULL, saved_at DATETIME NOT NULL, submitted_at DATETIME, answer_due_on DATE, noticed_at DATETIME, reply TEXT NOT NULL, decided_at DATETIME, reason TEXT NOT NULL, reason_source VARCHAR(200) NOT NULL, version_id INTEGER NOT NULL, CONSTRAINT pk_proposal PRIMARY KEY (id), CONSTRAINT ck_proposal_sent_has_an_instant CHECK (state NOT IN ('submitted', 'supplement_asked', 'refusal_noticed', 'accepted', 'refused') OR submitted_at IS NOT NULL), CONSTRAINT ck_proposal_accepted_has_reason CHECK (state <> 'accepted' OR (decided_at IS NOT NULL AND reason <> '')), CONSTRAINT ck_proposal_refused_after_notice CHECK (state <> 'refused' OR (decided_at IS NOT NULL AND reason <> '' AND noticed_at IS NOT NULL)), CONSTRAINT ck_proposal_known_kind CHECK (kind IN ('', 'place', 'software', 'data_set')), CONSTRAINT ck_proposal_known_way CHECK (contact_way IN ('', 'letter', 'phone', 'office')), CONSTRAINT ck_proposal_entered_by_somebody CHECK (entered_for = '' OR entered_by_id IS NOT NULL), CONSTRAINT uq_proposal_code UNIQUE (code), CONSTRAINT fk_proposal_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), CONSTRAINT uq_proposal_link_hash UNIQUE (link_hash), CONSTRAINT fk_proposal_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id), CONSTRAINT fk_proposal_entered_by_id_person FOREIGN KEY(entered_by_id) REFERENCES person (id), CONSTRAINT fk_proposal_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), CONSTRAINT fk_proposal_assessor_id_person FOREIGN KEY(assessor_id) REFERENCES person (id), CONSTRAINT fk_proposal_call_id_call FOREIGN KEY(call_id) REFERENCES call (id) )",
            "INSERT INTO made_anew_proposal (id, code, state, language, person_id, link_hash, word_hash, kind, title, summary, address, district, latitude_e6, longitude_e6, repository, licence, about, holds_personal_data, has_no_place, outline, commons_slug, particulars, group_kind, group_name, contact_name, contact_email, contact_phone, contact_postal, contact_way, is_adult, adult_name, touched, starts_on, ends_on, saved_sections, owner_id, entered_by_id, entered_ids, entered_for, organisation_id, assessor_id, call_id, profile_version, completeness, started_at, saved_at, submitted_at, answer_due_on, noticed_at, reply, decided_at, reason, reason_source, version_id) SELECT id, code, state, language, person_id, link_hash, word_hash, kind, title, summary, address, district, latitude_e6, longitude_e6, repository, licence, about, holds_personal_data, NULL, NULL, NULL, NULL, group_kind, group_name, contact_name, contact_email, contact_phone, '', '', is_adult, adult_name, touched, starts_on, ends_on, saved_sections, owner_id, entered_by_id, '[]', '', organisation_id, assessor_id, NULL, profile_version, completeness, started_at, saved_at, submitted_at, answer_due_on, noticed_at, reply, decided_at, reason, reason_source, version_id FROM \"proposal\"",
            'DROP TABLE "proposal"',
            "ALTER TABLE made_anew_proposal RENAME TO proposal",
            "CREATE INDEX ix_proposal_call ON proposal (call_id, submitted_at, id)",
            "CREATE INDEX ix_proposal_entered_for ON proposal (entered_for)",
            "CREATE INDEX ix_proposal_list ON proposal (submitted_at, id)",
            "CREATE INDEX ix_proposal_list_district ON proposal (district, submitted_at, id)",
            "CREATE INDEX ix_proposal_list_kind ON proposal (kind, submitted_at, id)",
            "CREATE INDEX ix_proposal_list_kind_district ON proposal (kind, district, submitted_at, id)",
            "CREATE INDEX ix_proposal_open ON proposal (answer_due_on, id) WHERE state IN ('submitted', 'supplement_asked', 'refusal_noticed')",
            "CREATE INDEX ix_proposal_owner ON proposal (owner_id, state)",
            "CREATE INDEX ix_proposal_person ON proposal (person_id)",
            "CREATE INDEX ix_proposal_point ON proposal (latitude_e6, longitude_e6)",
            "CREATE INDEX ix_proposal_state ON proposal (state, submitted_at)",
        ):
            op.execute(statement)
        return
    op.add_column("proposal", sa.Column("has_no_place", sa.Boolean(), nullable=True))
    op.add_column("proposal", sa.Column("outline", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("proposal", sa.Column("commons_slug", sa.String(length=80), nullable=True))
    op.add_column("proposal", sa.Column("particulars", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "proposal", sa.Column("contact_postal", sa.String(length=400), server_default="", nullable=False)
    )
    op.add_column(
        "proposal", sa.Column("contact_way", sa.String(length=10), server_default="", nullable=False)
    )
    op.add_column("proposal", sa.Column("entered_ids", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "proposal", sa.Column("entered_for", sa.String(length=40), server_default="", nullable=False)
    )
    op.add_column("proposal", sa.Column("call_id", WHOLE, nullable=True))
    op.create_index("ix_proposal_call", "proposal", ["call_id", "submitted_at", "id"], unique=False)
    op.create_index("ix_proposal_entered_for", "proposal", ["entered_for"], unique=False)
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
    op.create_index("ix_proposal_point", "proposal", ["latitude_e6", "longitude_e6"], unique=False)
    op.create_foreign_key(op.f("fk_proposal_call_id_call"), "proposal", "call", ["call_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_proposal_entered_by_somebody"), "proposal", "entered_for = '' OR entered_by_id IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_proposal_known_way"), "proposal", "contact_way IN ('', 'letter', 'phone', 'office')"
    )


CHANGES = (
    change_bounce,
    change_census_file,
    change_checkpoint,
    change_endorsement_change,
    change_endorsement_count,
    change_rating,
    change_resident,
    change_search_entry,
    change_tree_node,
    change_call,
    change_census_entry,
    change_code_app,
    change_code_letter,
    change_endorsement,
    change_helped_person,
    change_known_browser,
    change_letter_batch,
    change_mailed_link,
    change_observation_period,
    change_outside_identity,
    change_passkey,
    change_photo,
    change_reader,
    change_recovery_code,
    change_residence_conflict,
    change_residency,
    change_sent_invitation,
    change_share,
    change_suspension,
    change_connection,
    change_enclosure,
    change_follow,
    change_help,
    change_letter,
    change_mandate,
    change_membership_request,
    change_observation,
    change_join_request,
    change_observation_report,
    change_organisation_check,
    change_proposal_photo,
    change_repository_check,
    change_signed_scan,
    change_invitation,
    change_act,
    change_failed_item,
    change_job,
    change_job_run,
    change_membership,
    change_message,
    change_open_session,
    change_organisation,
    change_pact,
    change_person,
    change_proposal,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
