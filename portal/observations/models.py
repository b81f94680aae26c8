"""Periods, observations with their answers and moderation, reports of readers, endorsements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base, Versioned
from portal.observations import codes
from portal.policy import Actor, Rel

# In these words in an index and in its statement, so that the databases see it is the same.
WAITS_FOR_STAFF = text("state IN ('received', 'contested')")
IS_PUBLISHED = text("state = 'published'")


class Period(Base):
    """The days in which observations on a subject have formal effect, published by an officer."""

    __tablename__ = "observation_period"
    __table_args__ = (
        # Two officers at once: one of them publishes it.
        UniqueConstraint("subject_key", "version"),
        CheckConstraint("closes_at > opens_at", name="lasts"),
        CheckConstraint("version >= 0", name="no_version_below_zero"),
        CheckConstraint(
            "(extensions > 0) = (extended_at IS NOT NULL) AND (extensions > 0) = (extended_by_id IS NOT NULL)"
            " AND (extensions > 0) = (extended_why <> '')",
            name="extended_says_why",
        ),
        Index("ix_observation_period_closes", "closes_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_key: Mapped[str] = mapped_column(String(80))
    # Which version of a pact's text is shown; 0 where the subject is a proposal.
    version: Mapped[int] = mapped_column(default=0)
    # The first and the first that does not belong to it any more: midnights of the city, unless what was
    # spoken about went on as another thing at an instant between.
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # How often its end was moved, and of the last time: when, by whom, and why, which everybody reads.
    extensions: Mapped[int] = mapped_column(default=0, server_default="0")
    extended_at: Mapped[datetime | None]
    extended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    extended_why: Mapped[str] = mapped_column(Text, default="", server_default="")


class Observation(Versioned, Base):
    """What somebody says about a subject, the city's answer beside it, and what became of it."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_something"),
        CheckConstraint("kind IN ('support', 'worry', 'objection', 'idea', 'problem')", name="known_kind"),
        CheckConstraint(
            "state IN ('received', 'published', 'hidden', 'contested', 'kept_hidden')", name="known_state"
        ),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_has_an_instant"),
        CheckConstraint(
            "state NOT IN ('hidden', 'contested', 'kept_hidden') OR (hidden_at IS NOT NULL"
            " AND hidden_by_id IS NOT NULL AND hidden_for <> '' AND hidden_why <> '')",
            name="hidden_has_a_reason",
        ),
        CheckConstraint(
            "state NOT IN ('contested', 'kept_hidden') OR (contested_at IS NOT NULL AND contest <> '')",
            name="contested_says_why",
        ),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)"
            " AND (decided_at IS NULL OR (contested_at IS NOT NULL AND decided_why <> ''))",
            name="decided_by_somebody",
        ),
        CheckConstraint("state <> 'kept_hidden' OR decided_at IS NOT NULL", name="kept_hidden_is_decided"),
        CheckConstraint(
            "decided_by_id IS NULL OR hidden_by_id IS NULL OR decided_by_id <> hidden_by_id",
            name="second_person_decides",
        ),
        CheckConstraint(
            "answer = '' OR (answer_text <> '' AND answered_at IS NOT NULL AND answered_by_id IS NOT NULL)",
            name="answered_says_why",
        ),
        CheckConstraint(
            "answer IN ('', 'accepted', 'partly', 'declined', 'passed_over')", name="known_answer"
        ),
        CheckConstraint("was_answered IS NULL OR answer <> ''", name="judged_after_the_answer"),
        CheckConstraint("photo_hash = '' OR photo_words <> ''", name="photo_is_described"),
        CheckConstraint(
            "(identity_checked_at IS NULL) = (identity_how = '')", name="checked_identity_says_how"
        ),
        Index("ix_observation_subject", "subject_key", "state", "id"),
        Index("ix_observation_period", "period_id", "state"),
        Index("ix_observation_person", "person_id"),
        Index("ix_observation_waiting", "id", sqlite_where=WAITS_FOR_STAFF, postgresql_where=WAITS_FOR_STAFF),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    subject_key: Mapped[str] = mapped_column(String(80))
    # In which period it came; without one it is read, but has no formal effect.
    period_id: Mapped[int | None] = mapped_column(ForeignKey("observation_period.id"))
    state: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(5))
    text: Mapped[str] = mapped_column(Text, info={"personal": "what somebody said, which may name people"})
    # Who said it; the name is public only where its bearer wants that.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(
        String(120), default="", info={"personal": "public only with shows_name; an objection has one"}
    )
    shows_name: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str] = mapped_column(
        String(254), default="", info={"personal": "where the answer goes; never public"}
    )
    photo_hash: Mapped[str] = mapped_column(String(64), default="")
    photo_small_hash: Mapped[str] = mapped_column(String(64), default="")
    photo_width: Mapped[int] = mapped_column(default=0)
    photo_height: Mapped[int] = mapped_column(default=0)
    photo_words: Mapped[str] = mapped_column(
        String(300), default="", info={"personal": "describes a picture, which may show people"}
    )
    received_at: Mapped[datetime]
    # Why a person looked at it before it appeared: link, photo, trap, hurry.
    held_for: Mapped[list[Any]] = mapped_column(JSON, default=list)
    published_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime]
    # The city's answer
    answer: Mapped[str] = mapped_column(String(12), default="")
    answer_text: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    was_answered: Mapped[bool | None]
    # Moderation
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_for: Mapped[str] = mapped_column(String(12), default="")
    hidden_why: Mapped[str] = mapped_column(
        Text, default="", info={"personal": "told to the author alone; may repeat what was hidden"}
    )
    contested_at: Mapped[datetime | None]
    contest: Mapped[str] = mapped_column(
        Text, default="", info={"personal": "what the author says against it"}
    )
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_why: Mapped[str] = mapped_column(
        Text, default="", info={"personal": "told to the author alone; may repeat what was hidden"}
    )
    # Who objects in a formal period is asked who they are; how that was seen, without numbers of documents.
    identity_checked_at: Mapped[datetime | None]
    identity_checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    identity_how: Mapped[str] = mapped_column(String(20), default="")

    @property
    def key(self) -> str:
        """Return the subject key with which a browser holds it."""
        return codes.key_of(self.code)

    @property
    def is_formal(self) -> bool:
        """Say whether it came in a period, so that the city must answer it."""
        return self.period_id is not None

    @property
    def needs_identity(self) -> bool:
        """Say whether the city must see who made it."""
        return self.kind == "objection" and self.is_formal and self.identity_checked_at is None

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to this observation."""
        found = set()
        person = actor.person_id
        if self.key in actor.keys or (person is not None and person == self.person_id):
            found.add(Rel.AUTHOR)
        if person is not None and person == self.hidden_by_id:
            found.add(Rel.HID)
        return frozenset(found)


class ReaderReport(Base):
    """A reader says that an observation should not stand there; who said so is not kept."""

    __tablename__ = "observation_report"
    __table_args__ = (
        Index("ix_observation_report_open", "settled_at", "observation_id"),
        Index("ix_observation_report_observation", "observation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"))
    reason: Mapped[str] = mapped_column(String(12))
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Endorsement(Base):
    """A verified resident stands behind a proposal; each person once, which the database itself keeps."""

    __tablename__ = "endorsement"
    __table_args__ = (
        # A human once, whatever the account: verification knows who is who.
        UniqueConstraint("subject_key", "resident_id"),
        Index("ix_endorsement_person", "person_id", "subject_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_key: Mapped[str] = mapped_column(String(80))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    endorsed_at: Mapped[datetime]


class EndorsementChange(Base):
    """One more or one fewer, not yet in the count: whoever endorses waits for no other endorser."""

    __tablename__ = "endorsement_change"
    __table_args__ = (
        CheckConstraint("change IN (-1, 1)", name="by_one"),
        Index("ix_endorsement_change_subject", "subject_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_key: Mapped[str] = mapped_column(String(80))
    change: Mapped[int]


class EndorsementCount(Base):
    """How many endorse a subject, up to the changes that the worker has added; a narrow row of its own."""

    __tablename__ = "endorsement_count"
    __table_args__ = (CheckConstraint("total >= 0", name="not_negative"),)

    subject_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    total: Mapped[int] = mapped_column(default=0)
