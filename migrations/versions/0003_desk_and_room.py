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


def change_released_file() -> None:
    op.create_table(
        "released_file",
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("released_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("file_hash", name=op.f("pk_released_file")),
    )


def change_absence() -> None:
    op.create_table(
        "absence",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("deputy_id", WHOLE, nullable=False),
        sa.Column("entered_by_id", WHOLE, nullable=False),
        sa.CheckConstraint("deputy_id <> person_id", name=op.f("ck_absence_deputy_is_another")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_absence_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_absence_deputy_id_person")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_absence_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_deputy", "absence", ["deputy_id", "until_on"], unique=False)
    op.create_index("ix_absence_person", "absence", ["person_id", "until_on"], unique=False)


def change_desk_calendar() -> None:
    op.create_table(
        "desk_calendar",
        sa.Column("person_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_calendar_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_desk_calendar")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_desk_calendar_token_hash")),
    )


def change_desk_view() -> None:
    op.create_table(
        "desk_view",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_desk_view_has_a_name")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_view_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_desk_view_person_id_name")),
    )


def change_assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("by_id", WHOLE, nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_assessment_counts_from_one")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_assessment_by_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_assessment_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_assessment_proposal_id_number")),
    )


def change_case_note() -> None:
    op.create_table(
        "case_note",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("author_id", WHOLE, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("mentioned", sa.JSON(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_case_note_says_something")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_case_note_author_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_case_note_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index("ix_case_note_author", "case_note", ["author_id"], unique=False)
    op.create_index("ix_case_note_proposal", "case_note", ["proposal_id", "id"], unique=False)


def change_comparison() -> None:
    op.create_table(
        "comparison",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("preferred", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("compared_at", INSTANT, nullable=False),
        sa.Column("by_id", WHOLE, nullable=False),
        sa.CheckConstraint("reason <> '' AND preferred <> ''", name=op.f("ck_comparison_says_why")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_comparison_by_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_comparison_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
    )
    op.create_index("ix_comparison_proposal", "comparison", ["proposal_id", "id"], unique=False)


def change_desk_case() -> None:
    op.create_table(
        "desk_case",
        sa.Column("proposal_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("thing", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("words", sa.String(length=180), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("district", sa.String(length=60), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("owner_id", WHOLE, nullable=True),
        sa.Column("assessor_id", WHOLE, nullable=True),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("action_values", sa.JSON(), nullable=False),
        sa.Column("waits_on", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("is_signature", sa.Boolean(), nullable=False),
        sa.Column("has_paper", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("turns_at", INSTANT, nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_desk_case_assessor_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_desk_case_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_desk_case_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_desk_case")),
        sa.UniqueConstraint("code", name=op.f("uq_desk_case_code")),
    )
    op.create_index("ix_desk_case", "desk_case", ["sort_on", "proposal_id"], unique=False)
    op.create_index(
        "ix_desk_case_district", "desk_case", ["district", "sort_on", "proposal_id"], unique=False
    )
    op.create_index("ix_desk_case_kind", "desk_case", ["kind", "sort_on", "proposal_id"], unique=False)
    op.create_index("ix_desk_case_office", "desk_case", ["office", "sort_on", "proposal_id"], unique=False)
    op.create_index("ix_desk_case_owner", "desk_case", ["owner_id", "sort_on", "proposal_id"], unique=False)
    op.create_index("ix_desk_case_since", "desk_case", ["since", "proposal_id"], unique=False)
    op.create_index("ix_desk_case_step", "desk_case", ["step", "sort_on", "proposal_id"], unique=False)
    op.create_index("ix_desk_case_title", "desk_case", ["words", "proposal_id"], unique=False)
    op.create_index("ix_desk_case_turns", "desk_case", ["turns_at"], unique=False)


def change_held_decision() -> None:
    op.create_table(
        "held_decision",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("pact_class", sa.String(length=40), nullable=False),
        sa.Column("publish_at", INSTANT, nullable=True),
        sa.Column("prepared_by_id", WHOLE, nullable=False),
        sa.Column("prepared_at", INSTANT, nullable=False),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("stopped_why", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by_id", WHOLE, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'held') = (ended_at IS NULL)", name=op.f("ck_held_decision_ended_says_when")
        ),
        sa.CheckConstraint(
            "(state IN ('held', 'moot')) = (ended_by_id IS NULL)",
            name=op.f("ck_held_decision_published_or_withdrawn_by_one"),
        ),
        sa.CheckConstraint(
            "reason <> '' AND ((outcome = 'accept' AND pact_class <> '' AND source = '') OR (outcome = 'refuse' AND source <> '' AND pact_class = ''))",
            name=op.f("ck_held_decision_says_what_and_why"),
        ),
        sa.CheckConstraint(
            "state IN ('held', 'published', 'withdrawn', 'moot')", name=op.f("ck_held_decision_known_state")
        ),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_why IS NULL)", name=op.f("ck_held_decision_stopped_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_held_decision_ended_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["person.id"], name=op.f("fk_held_decision_prepared_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_held_decision_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_decision")),
    )
    op.create_index(
        "ix_held_decision_due",
        "held_decision",
        ["publish_at"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "ux_held_decision_proposal",
        "held_decision",
        ["proposal_id"],
        unique=True,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )


def change_interest_statement() -> None:
    op.create_table(
        "interest_statement",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("which", sa.Text(), nullable=False),
        sa.Column("stated_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "has_conflict = (which <> '')", name=op.f("ck_interest_statement_a_conflict_is_named")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interest_statement_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_interest_statement_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_statement")),
        sa.UniqueConstraint(
            "proposal_id", "person_id", name=op.f("uq_interest_statement_proposal_id_person_id")
        ),
    )
    op.create_index("ix_interest_statement_person", "interest_statement", ["person_id"], unique=False)


def change_merge_offer() -> None:
    op.create_table(
        "merge_offer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("into_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("offered_at", INSTANT, nullable=False),
        sa.Column("offered_by_id", WHOLE, nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("joining_agreed_at", INSTANT, nullable=True),
        sa.Column("receiving_agreed_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'offered') = (closed_at IS NULL)", name=op.f("ck_merge_offer_closed_has_an_instant")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_merge_offer_says_why")),
        sa.CheckConstraint(
            "state <> 'merged' OR (joining_agreed_at IS NOT NULL AND receiving_agreed_at IS NOT NULL)",
            name=op.f("ck_merge_offer_both_said_yes"),
        ),
        sa.CheckConstraint(
            "state IN ('offered', 'merged', 'declined', 'lapsed')", name=op.f("ck_merge_offer_known_state")
        ),
        sa.CheckConstraint("proposal_id <> into_id", name=op.f("ck_merge_offer_two_of_them")),
        sa.ForeignKeyConstraint(
            ["into_id"], ["proposal.id"], name=op.f("fk_merge_offer_into_id_proposal"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["person.id"], name=op.f("fk_merge_offer_offered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_merge_offer_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_offer")),
    )
    op.create_index("ix_merge_offer_into", "merge_offer", ["into_id", "id"], unique=False)
    op.create_index(
        "ix_merge_offer_open",
        "merge_offer",
        ["proposal_id"],
        unique=True,
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_index("ix_merge_offer_proposal", "merge_offer", ["proposal_id", "id"], unique=False)


def change_opinion() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", WHOLE, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=14), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("prescriptions", sa.JSON(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=True),
        sa.Column("given_by_id", WHOLE, nullable=True),
        sa.Column("went_on_because", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("answered_as", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'given') = (outcome <> '') AND (outcome = '' OR (reason <> '' AND given_at IS NOT NULL))",
            name=op.f("ck_opinion_given_says_why"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'favourable', 'prescriptions', 'contrary')",
            name=op.f("ck_opinion_known_outcome"),
        ),
        sa.CheckConstraint(
            "state <> 'passed_over' OR went_on_because <> ''", name=op.f("ck_opinion_passed_over_says_why")
        ),
        sa.CheckConstraint("state IN ('asked', 'given', 'passed_over')", name=op.f("ck_opinion_known_state")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_opinion_asked_by_id_person")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_opinion_given_by_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_opinion_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_opinion_token_hash")),
    )
    op.create_index("ix_opinion_proposal", "opinion", ["proposal_id"], unique=False)
    op.create_index("ix_opinion_state", "opinion", ["state", "due_on"], unique=False)
    op.create_index(
        "ux_opinion_asked",
        "opinion",
        ["proposal_id", "office"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def change_received_mail() -> None:
    op.create_table(
        "received_mail",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("mail_hash", sa.String(length=64), nullable=False),
        sa.Column("is_answer", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_received_mail_says_something")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_received_mail_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_mail")),
        sa.UniqueConstraint("mail_hash", name=op.f("uq_received_mail_mail_hash")),
    )
    op.create_index("ix_received_mail_proposal", "received_mail", ["proposal_id", "id"], unique=False)


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


def change_remark() -> None:
    op.create_table(
        "remark",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("pact_id", WHOLE, nullable=False),
        sa.Column("clause_id", sa.String(length=40), nullable=False),
        sa.Column("suggestion_id", WHOLE, nullable=True),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("side IN ('community', 'city')", name=op.f("ck_remark_known_side")),
        sa.ForeignKeyConstraint(["pact_id"], ["pact.id"], name=op.f("fk_remark_pact_id_pact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_remark_person_id_person")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_remark_suggestion_id_suggestion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index("ix_remark_clause", "remark", ["pact_id", "clause_id", "id"], unique=False)


def change_message() -> None:
    op.add_column("message", sa.Column("calendar", sa.Text(), server_default="", nullable=False))


def change_observation_period() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_observation_period ( id INTEGER NOT NULL, subject_key VARCHAR(80) NOT NULL, version INTEGER NOT NULL, opens_at DATETIME NOT NULL, closes_at DATETIME NOT NULL, published_at DATETIME NOT NULL, published_by_id INTEGER NOT NULL, extensions INTEGER DEFAULT '0' NOT NULL, extended_at DATETIME, extended_by_id INTEGER, extended_why TEXT DEFAULT '' NOT NULL, CONSTRAINT pk_observation_period PRIMARY KEY (id), CONSTRAINT uq_observation_period_subject_key_version UNIQUE (subject_key, version), CONSTRAINT ck_observation_period_lasts CHECK (closes_at > opens_at), CONSTRAINT ck_observation_period_no_version_below_zero CHECK (version >= 0), CONSTRAINT ck_observation_period_extended_says_why CHECK ((extensions > 0) = (extended_at IS NOT NULL) AND (extensions > 0) = (extended_by_id IS NOT NULL) AND (extensions > 0) = (extended_why <> '')), CONSTRAINT fk_observation_period_published_by_id_person FOREIGN KEY(published_by_id) REFERENCES person (id), CONSTRAINT fk_observation_period_extended_by_id_person FOREIGN KEY(extended_by_id) REFERENCES person (id) )",
            "INSERT INTO made_anew_observation_period (id, subject_key, version, opens_at, closes_at, published_at, published_by_id, extensions, extended_at, extended_by_id, extended_why) SELECT id, subject_key, version, opens_at, closes_at, published_at, published_by_id, '0', NULL, NULL, '' FROM \"observation_period\"",
            'DROP TABLE "observation_period"',
            "ALTER TABLE made_anew_observation_period RENAME TO observation_period",
            "CREATE INDEX ix_observation_period_closes ON observation_period (closes_at, id)",
        ):
            op.execute(statement)
        return
    op.add_column("observation_period", sa.Column("extensions", WHOLE, server_default="0", nullable=False))
    op.add_column("observation_period", sa.Column("extended_at", INSTANT, nullable=True))
    op.add_column("observation_period", sa.Column("extended_by_id", WHOLE, nullable=True))
    op.add_column(
        "observation_period", sa.Column("extended_why", sa.Text(), server_default="", nullable=False)
    )
    op.create_foreign_key(
        op.f("fk_observation_period_extended_by_id_person"),
        "observation_period",
        "person",
        ["extended_by_id"],
        ["id"],
    )
    op.create_check_constraint(
        op.f("ck_observation_period_extended_says_why"),
        "observation_period",
        "(extensions > 0) = (extended_at IS NOT NULL) AND (extensions > 0) = (extended_by_id IS NOT NULL) AND (extensions > 0) = (extended_why <> '')",
    )


def change_pact() -> None:
    op.add_column("pact", sa.Column("sent_version", WHOLE, nullable=True))
    op.add_column("pact", sa.Column("sent_at", INSTANT, nullable=True))
    op.create_index("ix_pact_commons", "pact", ["commons_id", "id"], unique=False)


def change_pact_version() -> None:
    op.add_column("pact_version", sa.Column("changed", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "pact_version", sa.Column("voided", sa.String(length=20), server_default="", nullable=False)
    )


def change_proposal() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_proposal ( id INTEGER NOT NULL, code VARCHAR(12) NOT NULL, state VARCHAR(20) NOT NULL, language VARCHAR(5) NOT NULL, person_id INTEGER, link_hash VARCHAR(64) NOT NULL, word_hash TEXT NOT NULL, kind VARCHAR(20) NOT NULL, title VARCHAR(150) NOT NULL, summary VARCHAR(400) NOT NULL, address VARCHAR(200) NOT NULL, district VARCHAR(60) NOT NULL, latitude_e6 INTEGER, longitude_e6 INTEGER, repository VARCHAR(300) NOT NULL, licence VARCHAR(120) NOT NULL, about TEXT NOT NULL, holds_personal_data BOOLEAN, has_no_place BOOLEAN, outline JSON, commons_slug VARCHAR(80), particulars JSON, group_kind VARCHAR(30) NOT NULL, group_name VARCHAR(160) NOT NULL, contact_name VARCHAR(120) NOT NULL, contact_email VARCHAR(254) NOT NULL, contact_phone VARCHAR(40) NOT NULL, contact_postal VARCHAR(400) DEFAULT '' NOT NULL, contact_way VARCHAR(10) DEFAULT '' NOT NULL, is_adult BOOLEAN, adult_name VARCHAR(120) NOT NULL, touched TEXT NOT NULL, starts_on DATE, ends_on DATE, saved_sections JSON NOT NULL, owner_id INTEGER, entered_by_id INTEGER, entered_ids JSON DEFAULT '[]' NOT NULL, entered_for VARCHAR(40) DEFAULT '' NOT NULL, organisation_id INTEGER, assessor_id INTEGER, conflicted_ids JSON DEFAULT '[]' NOT NULL, call_id INTEGER, merged_into_id INTEGER, profile_version VARCHAR(60) NOT NULL, completeness JSON NOT NULL, started_at DATETIME NOT NULL, saved_at DATETIME NOT NULL, submitted_at DATETIME, answer_due_on DATE, noticed_at DATETIME, reply TEXT NOT NULL, replied_at DATETIME, extended_at DATETIME, extension_days INTEGER DEFAULT '0' NOT NULL, extension_reason TEXT DEFAULT '' NOT NULL, decided_at DATETIME, reason TEXT NOT NULL, reason_source VARCHAR(200) NOT NULL, version_id INTEGER NOT NULL, CONSTRAINT pk_proposal PRIMARY KEY (id), CONSTRAINT ck_proposal_sent_has_an_instant CHECK (state NOT IN ('submitted', 'supplement_asked', 'refusal_noticed', 'accepted', 'refused') OR submitted_at IS NOT NULL), CONSTRAINT ck_proposal_accepted_has_reason CHECK (state <> 'accepted' OR (decided_at IS NOT NULL AND reason <> '')), CONSTRAINT ck_proposal_refused_after_notice CHECK (state <> 'refused' OR (decided_at IS NOT NULL AND reason <> '' AND noticed_at IS NOT NULL)), CONSTRAINT ck_proposal_merged_says_where_and_why CHECK ((state = 'merged') = (merged_into_id IS NOT NULL) AND (state <> 'merged' OR (decided_at IS NOT NULL AND reason <> ''))), CONSTRAINT ck_proposal_not_into_itself CHECK (merged_into_id <> id), CONSTRAINT ck_proposal_replied_with_words CHECK (replied_at IS NULL OR reply <> ''), CONSTRAINT ck_proposal_extended_with_days_and_reason CHECK (extended_at IS NULL OR (extension_days > 0 AND extension_reason <> '')), CONSTRAINT ck_proposal_known_kind CHECK (kind IN ('', 'place', 'software', 'data_set')), CONSTRAINT ck_proposal_known_way CHECK (contact_way IN ('', 'letter', 'phone', 'office')), CONSTRAINT ck_proposal_entered_by_somebody CHECK (entered_for = '' OR entered_by_id IS NOT NULL), CONSTRAINT uq_proposal_code UNIQUE (code), CONSTRAINT fk_proposal_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), CONSTRAINT uq_proposal_link_hash UNIQUE (link_hash), CONSTRAINT fk_proposal_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id), CONSTRAINT fk_proposal_entered_by_id_person FOREIGN KEY(entered_by_id) REFERENCES person (id), CONSTRAINT fk_proposal_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), CONSTRAINT fk_proposal_assessor_id_person FOREIGN KEY(assessor_id) REFERENCES person (id), CONSTRAINT fk_proposal_call_id_call FOREIGN KEY(call_id) REFERENCES call (id), CONSTRAINT fk_proposal_merged_into_id_proposal FOREIGN KEY(merged_into_id) REFERENCES proposal (id) )",
            "INSERT INTO made_anew_proposal (id, code, state, language, person_id, link_hash, word_hash, kind, title, summary, address, district, latitude_e6, longitude_e6, repository, licence, about, holds_personal_data, has_no_place, outline, commons_slug, particulars, group_kind, group_name, contact_name, contact_email, contact_phone, contact_postal, contact_way, is_adult, adult_name, touched, starts_on, ends_on, saved_sections, owner_id, entered_by_id, entered_ids, entered_for, organisation_id, assessor_id, conflicted_ids, call_id, merged_into_id, profile_version, completeness, started_at, saved_at, submitted_at, answer_due_on, noticed_at, reply, replied_at, extended_at, extension_days, extension_reason, decided_at, reason, reason_source, version_id) SELECT id, code, state, language, person_id, link_hash, word_hash, kind, title, summary, address, district, latitude_e6, longitude_e6, repository, licence, about, holds_personal_data, has_no_place, outline, commons_slug, particulars, group_kind, group_name, contact_name, contact_email, contact_phone, contact_postal, contact_way, is_adult, adult_name, touched, starts_on, ends_on, saved_sections, owner_id, entered_by_id, entered_ids, entered_for, organisation_id, assessor_id, '[]', call_id, NULL, profile_version, completeness, started_at, saved_at, submitted_at, answer_due_on, noticed_at, reply, NULL, NULL, '0', '', decided_at, reason, reason_source, version_id FROM \"proposal\"",
            'DROP TABLE "proposal"',
            "ALTER TABLE made_anew_proposal RENAME TO proposal",
            "CREATE INDEX ix_proposal_call ON proposal (call_id, submitted_at, id)",
            "CREATE INDEX ix_proposal_entered_for ON proposal (entered_for)",
            "CREATE INDEX ix_proposal_list ON proposal (submitted_at, id)",
            "CREATE INDEX ix_proposal_list_district ON proposal (district, submitted_at, id)",
            "CREATE INDEX ix_proposal_list_kind ON proposal (kind, submitted_at, id)",
            "CREATE INDEX ix_proposal_list_kind_district ON proposal (kind, district, submitted_at, id)",
            "CREATE INDEX ix_proposal_merged_into ON proposal (merged_into_id)",
            "CREATE INDEX ix_proposal_open ON proposal (answer_due_on, id) WHERE state IN ('submitted', 'supplement_asked', 'refusal_noticed')",
            "CREATE INDEX ix_proposal_owner ON proposal (owner_id, state)",
            "CREATE INDEX ix_proposal_person ON proposal (person_id)",
            "CREATE INDEX ix_proposal_point ON proposal (latitude_e6, longitude_e6)",
            "CREATE INDEX ix_proposal_state ON proposal (state, submitted_at)",
        ):
            op.execute(statement)
        return
    op.add_column("proposal", sa.Column("conflicted_ids", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("proposal", sa.Column("merged_into_id", WHOLE, nullable=True))
    op.add_column("proposal", sa.Column("replied_at", INSTANT, nullable=True))
    op.add_column("proposal", sa.Column("extended_at", INSTANT, nullable=True))
    op.add_column("proposal", sa.Column("extension_days", WHOLE, server_default="0", nullable=False))
    op.add_column("proposal", sa.Column("extension_reason", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_proposal_merged_into", "proposal", ["merged_into_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_proposal_merged_into_id_proposal"), "proposal", "proposal", ["merged_into_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_proposal_extended_with_days_and_reason"),
        "proposal",
        "extended_at IS NULL OR (extension_days > 0 AND extension_reason <> '')",
    )
    op.create_check_constraint(
        op.f("ck_proposal_merged_says_where_and_why"),
        "proposal",
        "(state = 'merged') = (merged_into_id IS NOT NULL) AND (state <> 'merged' OR (decided_at IS NOT NULL AND reason <> ''))",
    )
    op.create_check_constraint(op.f("ck_proposal_not_into_itself"), "proposal", "merged_into_id <> id")
    op.create_check_constraint(
        op.f("ck_proposal_replied_with_words"), "proposal", "replied_at IS NULL OR reply <> ''"
    )


def change_suggestion() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (
            "CREATE TABLE made_anew_suggestion ( id INTEGER NOT NULL, pact_id INTEGER NOT NULL, clause_id VARCHAR(40) NOT NULL, base_version INTEGER NOT NULL, side VARCHAR(10) NOT NULL, person_id INTEGER, answers_id INTEGER, change JSON NOT NULL, row_before JSON, row_after JSON, comment TEXT NOT NULL, state VARCHAR(10) NOT NULL, answer TEXT NOT NULL, suggested_at DATETIME NOT NULL, answered_at DATETIME, made_version INTEGER, version_id INTEGER NOT NULL, CONSTRAINT pk_suggestion PRIMARY KEY (id), CONSTRAINT ck_suggestion_known_side CHECK (side IN ('community', 'city')), CONSTRAINT ck_suggestion_answered_has_an_instant CHECK (state = 'open' OR answered_at IS NOT NULL), CONSTRAINT fk_suggestion_pact_id_pact FOREIGN KEY(pact_id) REFERENCES pact (id), CONSTRAINT fk_suggestion_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), CONSTRAINT fk_suggestion_answers_id_suggestion FOREIGN KEY(answers_id) REFERENCES suggestion (id) )",
            'INSERT INTO made_anew_suggestion (id, pact_id, clause_id, base_version, side, person_id, answers_id, change, row_before, row_after, comment, state, answer, suggested_at, answered_at, made_version, version_id) SELECT id, pact_id, clause_id, base_version, side, person_id, NULL, change, NULL, NULL, comment, state, answer, suggested_at, answered_at, made_version, version_id FROM "suggestion"',
            'DROP TABLE "suggestion"',
            "ALTER TABLE made_anew_suggestion RENAME TO suggestion",
            "CREATE INDEX ix_suggestion_clause ON suggestion (pact_id, clause_id, state, id)",
            "CREATE INDEX ix_suggestion_pact ON suggestion (pact_id, state)",
        ):
            op.execute(statement)
        return
    op.add_column("suggestion", sa.Column("answers_id", WHOLE, nullable=True))
    op.add_column("suggestion", sa.Column("row_before", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("suggestion", sa.Column("row_after", sa.JSON(none_as_null=True), nullable=True))
    op.create_index(
        "ix_suggestion_clause", "suggestion", ["pact_id", "clause_id", "state", "id"], unique=False
    )
    op.create_foreign_key(
        op.f("fk_suggestion_answers_id_suggestion"), "suggestion", "suggestion", ["answers_id"], ["id"]
    )


CHANGES = (
    change_released_file,
    change_absence,
    change_desk_calendar,
    change_desk_view,
    change_assessment,
    change_case_note,
    change_comparison,
    change_desk_case,
    change_held_decision,
    change_interest_statement,
    change_merge_offer,
    change_opinion,
    change_received_mail,
    change_meeting,
    change_meeting_answer,
    change_meeting_clause,
    change_meeting_presence,
    change_remark,
    change_message,
    change_observation_period,
    change_pact,
    change_pact_version,
    change_proposal,
    change_suggestion,
)


def upgrade() -> None:
    for change in CHANGES:
        change()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
