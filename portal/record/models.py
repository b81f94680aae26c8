"""What happened, as acts, and their fixed order, as leaves; neither is ever changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base


class Did(StrEnum):
    """Every kind of act that the record knows."""

    PERSON_JOINED = "person:joined"
    PERSON_SIGNED_IN = "person:signed_in"
    PERSON_PASSWORD_CHANGED = "person:password_changed"  # noqa: S105 - the name of an act
    PERSON_PASSWORD_RESET = "person:password_reset"  # noqa: S105
    PERSON_ADDRESS_ASKED = "person:address_change_asked"
    PERSON_ADDRESS_CHANGED = "person:address_changed"
    PERSON_ADDRESS_RESTORED = "person:address_restored"
    PERSON_PROFILE_CHANGED = "person:profile_changed"
    PERSON_SESSIONS_ENDED = "person:sessions_ended"
    PERSON_EXPORTED = "person:exported"
    PERSON_ERASED = "person:erased"
    PERSON_SUSPENDED = "person:suspended"
    PERSON_REINSTATED = "person:reinstated"
    IDENTITY_CONNECTED = "person:identity_connected"
    IDENTITY_DISCONNECTED = "person:identity_disconnected"
    ROLE_GRANTED = "role:granted"
    ROLE_ENDED = "role:ended"
    FACTOR_ADDED = "factor:added"
    FACTOR_REMOVED = "factor:removed"
    RECOVERY_RENEWED = "factor:recovery_renewed"
    RECOVERY_USED = "factor:recovery_used"
    ORGANISATION_FOUNDED = "organisation:founded"
    ORGANISATION_CHANGED = "organisation:changed"
    ORGANISATION_CHECKED = "organisation:checked"
    ORGANISATION_HIDDEN = "organisation:hidden"
    ORGANISATION_SHOWN = "organisation:shown"
    MEMBER_INVITED = "member:invited"
    INVITATION_ENDED = "member:invitation_ended"
    MEMBERSHIP_ASKED = "member:asked"
    MEMBERSHIP_ANSWERED = "member:answered"
    MEMBER_JOINED = "member:joined"
    MEMBER_CHANGED = "member:changed"
    MEMBER_NAMED = "member:named"
    MEMBER_LEFT = "member:left"
    MEMBER_REMOVED = "member:removed"
    MANDATE_GIVEN = "mandate:given"
    MANDATE_ENDED = "mandate:ended"
    CO_AUTHOR_INVITED = "co_author:invited"
    CO_AUTHOR_JOINED = "co_author:joined"
    CO_AUTHOR_CHANGED = "co_author:changed"
    CO_AUTHOR_LEFT = "co_author:left"
    CO_AUTHOR_REMOVED = "co_author:removed"
    PROPOSAL_STARTED = "proposal:started"
    PROPOSAL_SUBMITTED = "proposal:submitted"
    PROPOSAL_WITHDRAWN = "proposal:withdrawn"
    PROPOSAL_SUPPLEMENT_ASKED = "proposal:supplement_asked"
    PROPOSAL_SUPPLIED = "proposal:supplied"
    PROPOSAL_EXTENDED = "proposal:extended"
    PROPOSAL_ACCEPTED = "proposal:accepted"
    PROPOSAL_REFUSAL_NOTICED = "proposal:refusal_noticed"
    PROPOSAL_REFUSED = "proposal:refused"
    PROPOSAL_MERGED = "proposal:merged"
    PROPOSAL_JOINED = "proposal:joined_by_another"
    MERGE_OFFERED = "merge:offered"
    MERGE_ANSWERED = "merge:answered"
    MERGE_TAKEN_BACK = "merge:taken_back"
    JOIN_ASKED = "join:asked"
    CALL_DRAFTED = "call:drafted"
    CALL_CHANGED = "call:changed"
    CALL_PUBLISHED = "call:published"
    CALL_EXTENDED = "call:extended"
    CALL_DECIDED = "call:decided"
    CALL_CANCELLED = "call:cancelled"
    PLEDGE_ENTERED = "pledge:entered"
    PLEDGE_WITHDRAWN = "pledge:withdrawn"
    PLEDGE_CHECKED = "pledge:checked"
    MATCH_SETTLED = "match:settled"
    TRACK_SET = "track:set"
    VENTURE_APPLIED = "venture:applied"
    VENTURE_WITHDRAWN = "venture:withdrawn"
    VENTURE_PROPOSED = "venture:proposed"
    VENTURE_DECIDED = "venture:decided"
    VENTURE_STEPPED = "venture:stepped"
    VENTURE_FOUNDED = "venture:founded"
    CASE_ASSIGNED = "case:assigned"
    CASE_INTEREST_STATED = "case:interest_stated"
    CASE_HANDED_BACK = "case:handed_back"
    CASE_ASSESSED = "case:assessed"
    CASE_COMPARED = "case:compared"
    CASE_NOTED = "case:noted"
    DECISION_HELD = "case:decision_held"
    DECISION_CHANGED = "case:decision_changed"
    DECISION_TAKEN_BACK = "case:decision_taken_back"
    DECISION_PUBLISHED = "case:decision_published"
    DECISION_STOPPED = "case:decision_stopped"
    OPINION_ASKED = "opinion:asked"
    OPINION_GIVEN = "opinion:given"
    OPINION_LINK_CLOSED = "opinion:link_closed"
    OPINION_GONE_ON = "opinion:gone_on_without"
    ABSENCE_ENTERED = "absence:entered"
    ABSENCE_ENDED = "absence:ended"
    OBSERVATIONS_OPENED = "observations:opened"
    OBSERVATIONS_EXTENDED = "observations:extended"
    OBSERVATION_RECEIVED = "observation:received"
    OBSERVATION_PUBLISHED = "observation:published"
    OBSERVATION_ANSWERED = "observation:answered"
    OBSERVATION_JUDGED = "observation:judged"
    OBSERVATION_HIDDEN = "observation:hidden"
    OBSERVATION_CONTESTED = "observation:contested"
    OBSERVATION_DECIDED = "observation:appeal_decided"
    OBSERVATION_REPORTED = "observation:reported"
    OBSERVATION_IDENTIFIED = "observation:identity_checked"
    ENDORSED = "endorsement:given"
    ENDORSEMENT_TAKEN_BACK = "endorsement:taken_back"
    COMMONS_LISTED = "commons:listed"
    PHOTO_ADDED = "commons:photo_added"
    PACT_OPENED = "pact:opened"
    PACT_SUGGESTED = "pact:suggested"
    PACT_SUGGESTION_ANSWERED = "pact:suggestion_answered"
    PACT_REMARKED = "pact:remarked"
    PACT_VERSION_MADE = "pact:version_made"
    PACT_VERSION_SENT = "pact:version_sent"
    LEGAL_OPENED = "legal:opened"
    LEGAL_WRITTEN = "legal:written"
    LEGAL_NOTED = "legal:noted"
    LEGAL_FILE_GIVEN = "legal:file_given"
    LEGAL_CLOSED = "legal:closed"
    LEGAL_REOPENED = "legal:reopened"
    LEGAL_TIME_OFFERED = "legal:time_offered"
    LEGAL_TIME_WITHDRAWN = "legal:time_withdrawn"
    LEGAL_TIME_PROPOSED = "legal:time_proposed"
    LEGAL_TIME_AGREED = "legal:time_agreed"
    LEGAL_TIME_CHANGED = "legal:time_changed"
    LEGAL_TIME_CANCELLED = "legal:time_cancelled"
    LEGAL_TIME_MISSED = "legal:time_missed"
    LEGAL_WORK_ENTERED = "legal:work_entered"
    LEGAL_WORK_CORRECTED = "legal:work_corrected"
    LEGAL_WORK_CONFIRMED = "legal:work_confirmed"
    LEGAL_WORK_OBJECTED = "legal:work_objected"
    LEGAL_GUIDE_ANSWERED = "legal:guide_answered"
    LEGAL_SETTLED = "legal:settled"
    MEETING_CALLED = "meeting:called"
    MEETING_CHANGED = "meeting:changed"
    MEETING_CANCELLED = "meeting:cancelled"
    MEETING_MINUTED = "meeting:minuted"
    MEETING_CONFIRMED = "meeting:confirmed"
    PACT_AGREED_BY = "pact:agreed_by"
    PACT_AGREED = "pact:agreed"
    PACT_REOPENED = "pact:reopened"
    PACT_SIGNING_OPENED = "pact:signing_opened"
    PACT_SIGNED_BY = "pact:signed_by"
    PACT_SIGNED = "pact:signed"
    PACT_SUSPENDED = "pact:suspended"
    PACT_RESUMED = "pact:resumed"
    PACT_CONCLUDED = "pact:concluded"
    PACT_TERMINATED = "pact:terminated"
    POOL_OPENED = "pool:opened"
    SURPLUS_DECLARED = "surplus:declared"
    SURPLUS_ARRIVED = "surplus:arrived"
    POOL_CHANGE_ASKED = "pool:change_asked"
    POOL_CHANGED = "pool:changed"
    POOL_CHANGE_REFUSED = "pool:change_refused"
    POOL_CHANGE_WITHDRAWN = "pool:change_withdrawn"
    POOL_CLOSED = "pool:closed"
    SUPPORT_ASKED = "support:asked"
    SUPPORT_PROPOSED = "support:proposed"
    SUPPORT_APPROVED = "support:approved"
    SUPPORT_SENT_BACK = "support:sent_back"
    SUPPORT_RELEASED = "support:released"
    SUPPORT_COMMITTED = "support:committed"
    SUPPORT_DELIVERED = "support:delivered"
    SERVER_OPENED = "server:opened"
    SERVER_PREPARED = "server:prepared"
    SERVER_REQUESTED = "server:requested"
    SERVER_BEGUN = "server:begun"
    SERVER_RUNNING = "server:running"
    SERVER_FAILED = "server:failed"
    SERVER_CALLED_OFF = "server:called_off"
    SERVER_CHANGE_ASKED = "server:change_asked"
    SERVER_CHANGE_PROPOSED = "server:change_proposed"
    SERVER_CHANGE_DECIDED = "server:change_decided"
    SERVER_USE_HIGH = "server:use_high"
    SERVER_STEP_DONE = "server:step_done"
    SERVER_WINDING_DOWN = "server:winding_down"
    SERVER_HANDED_OVER = "server:handed_over"
    SERVER_DELETED = "server:deleted"
    SERVER_NOTED = "server:noted"
    SERVER_SENT_AGAIN = "server:sent_again"
    PAYMENTS_PLANNED = "payment:planned"
    COSTS_SENT = "costs:sent"
    COSTS_RETURNED = "costs:returned"
    COSTS_CHECKED = "costs:checked"
    COSTS_DECIDED = "costs:decided"
    PAYEE_ENTERED = "payee:entered"
    PAYEE_CONFIRMED = "payee:confirmed"
    PAYEE_REFUSED = "payee:refused"
    BATCH_PREPARED = "batch:prepared"
    BATCH_WITHDRAWN = "batch:withdrawn"
    BATCH_RELEASED = "batch:released"
    PAYMENT_RELEASED = "payment:released"
    PAYMENT_PAID = "payment:paid"
    PAYMENT_REJECTED = "payment:rejected"
    SUPPORT_REFUSED = "support:refused"
    SUPPORT_PLANNED = "support:planned"
    SUPPORT_ACCEPTED = "support:accepted"
    SUPPORT_OBJECTED = "support:objected"
    SUPPORT_ANSWERED = "support:answered"
    SUPPORT_RETURNED = "support:returned"
    SUPPORT_WRITTEN_OFF = "support:written_off"
    SUPPORT_CLOSED = "support:closed"
    SUPPORT_DECLARED = "support:declared"
    FENCE_SET = "fence:set"
    FENCE_MEASURED = "fence:measured"
    REPORT_SENT = "report:sent"
    REPORT_RETURNED = "report:returned"
    REPORT_VALIDATED = "report:validated"
    PAPER_ISSUED = "paper:issued"
    RESIDENCE_VERIFIED = "residence:verified"
    RESIDENCE_CONTESTED = "residence:contested"
    RESIDENCE_DECIDED = "residence:decided"
    RESIDENCE_NOT_SHOWN = "residence:not_shown"
    RESIDENCE_WITHDRAWN = "residence:withdrawn"
    RESIDENCE_REVOKED = "residence:revoked"
    RESIDENCE_MOVED = "residence:moved_away"
    RESIDENCE_LETTER_ASKED = "residence:letter_asked"
    CENSUS_IMPORTED = "census:imported"
    PROPOSAL_TAKEN_IN = "proposal:taken_in"
    PROPOSAL_MAIL_RECEIVED = "proposal:mail_received"
    PROPOSAL_MOVED_IN = "proposal:moved_in"
    COUNTER_MET = "counter:met"
    COUNTER_CHANGED = "counter:changed"
    COUNTER_BEGAN = "counter:began"
    COUNTER_ENDED = "counter:ended"
    COUNTER_SCANNED = "counter:scanned"
    COUNTER_OFFERED = "counter:connection_offered"
    COUNTER_CONNECTED = "counter:connected"
    LETTERS_GATHERED = "letters:gathered"
    LETTERS_APART = "letters:taken_apart"
    LETTERS_POSTED = "letters:posted"
    LETTER_GIVEN = "letter:given"
    LETTER_RETURNED = "letter:returned"
    LETTER_REPEATED = "letter:repeated"
    JOB_ASKED = "job:asked"
    JOB_CANCELLED = "job:cancelled"
    JOB_ITEM_AGAIN = "job:item_again"
    JOB_ITEM_LEFT = "job:item_left"
    RECORD_RESTORED = "record:restored"
    RECORD_CONTINUED = "record:continued"
    DENIED = "denied"


# Acts that change no public page. One that is missing here only lets pages be sent again without need.
IS_SHOWN = text(
    "verb NOT IN ('person:joined', 'person:signed_in', 'denied', 'job:asked', 'proposal:started')"
)


class Act(Base):
    """One act: the canonical bytes are what is hashed; the columns repeat them for reading."""

    __tablename__ = "act"
    __table_args__ = (
        Index("ix_act_subject", "subject", "id"),
        Index("ix_act_verb", "verb", "id"),
        Index("ix_act_shown", "at", "id", sqlite_where=IS_SHOWN, postgresql_where=IS_SHOWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(40))
    behalf: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    canonical: Mapped[bytes] = mapped_column(LargeBinary)


class Leaf(Base):
    """The place of an act in the one order, given by the single sequencer."""

    __tablename__ = "leaf"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class TreeNode(Base):
    """The root over 2**level leaves from place * 2**level on; written with the leaf that completes it."""

    __tablename__ = "tree_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Checkpoint(Base):
    """The size and root of the tree, signed; `note` is the signed text as others keep it."""

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]


class Cursor(Base):
    """How far a subscriber has read the ordered record; moves in the transaction of its reaction."""

    __tablename__ = "record_cursor"

    subscriber: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column(default=-1)


APPEND_ONLY = ("act", "leaf", "tree_node", "checkpoint")
_REFUSAL = "the record is append-only"


def append_only_ddl(dialect: str) -> list[str]:
    """Return the statements that make the database itself refuse changes to the record."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            for table in APPEND_ONLY
            for verb in ("update", "delete")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    triggers = [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"FOR EACH {'STATEMENT' if verb == 'truncate' else 'ROW'} EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
        for verb in ("update", "delete", "truncate")
    ]
    return [function, *triggers]


def _guard(_target: object, connection: Any, **_options: object) -> None:
    for statement in append_only_ddl(connection.dialect.name):
        connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _guard)
