"""The help that an allocation of legal hours gives, its matters, appointments, work and answered guides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned
from portal.support.legal.lifecycle import TAKES_TIME


class LegalHelp(Base):
    """What was promised to a pact, and how much of it is used; the minutes move by one conditional UPDATE.

    `booked` counts all work that stands, `confirmed` what the group has seen and let stand.
    """

    __tablename__ = "legal_help"
    __table_args__ = (
        CheckConstraint("promised > 0 AND booked >= 0 AND confirmed >= 0", name="not_negative"),
        CheckConstraint("booked <= promised", name="never_beyond_the_promise"),
        CheckConstraint("confirmed <= booked", name="confirmed_was_booked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), unique=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    promised: Mapped[int]
    booked: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]

    @property
    def left(self) -> int:
        """Return the minutes that can still be worked."""
        return self.promised - self.booked


class LegalMatter(Versioned, Base):
    """One question of a group; `number` counts within the pact, `waits_on` names the side that is to move."""

    __tablename__ = "legal_matter"
    __table_args__ = (
        UniqueConstraint("subject", "number"),
        CheckConstraint(
            "state <> 'closed' OR (outcome <> '' AND closed_at IS NOT NULL)", name="closed_with_an_outcome"
        ),
        CheckConstraint("waits_on IN ('community', 'city', '')", name="known_side"),
        Index("ix_legal_matter_waiting", "state", "waits_on", "moved_at"),
        Index("ix_legal_matter_help", "help_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    help_id: Mapped[int] = mapped_column(ForeignKey("legal_help.id"))
    subject: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    topic: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="open")
    waits_on: Mapped[str] = mapped_column(String(10), default="city")
    outcome: Mapped[str] = mapped_column(String(12), default="")
    opened_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    help: Mapped[LegalHelp] = relationship(lazy="raise")
    messages: Mapped[list[LegalMessage]] = relationship(lazy="raise", order_by="LegalMessage.id")
    files: Mapped[list[LegalFile]] = relationship(lazy="raise", order_by="LegalFile.id")
    work: Mapped[list[LegalWork]] = relationship(lazy="raise", order_by="LegalWork.id")
    appointments: Mapped[list[LegalAppointment]] = relationship(
        lazy="raise", order_by="LegalAppointment.begins_at", back_populates="matter"
    )

    @property
    def code(self) -> str:
        """Return the code of the pact, as it stands in addresses."""
        return self.subject.removeprefix("pact:")


class LegalMessage(Base):
    """What one side wrote: a question or an answer of the group, advice to it, or an officer's own note."""

    __tablename__ = "legal_message"
    __table_args__ = (
        CheckConstraint("kind IN ('question', 'advice', 'note')", name="known_kind"),
        Index("ix_legal_message_matter", "matter_id", "id"),
        Index("ix_legal_message_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("legal_matter.id"))
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, info={"personal": "between the group and the legal office"})
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class LegalFile(Base):
    """A document that one side gave the other; its bytes lie in the store under their hash."""

    __tablename__ = "legal_file"
    __table_args__ = (
        Index("ix_legal_file_matter", "matter_id", "id"),
        Index("ix_legal_file_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("legal_matter.id"))
    side: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(
        String(120), info={"personal": "between the group and the legal office"}
    )
    media_type: Mapped[str] = mapped_column(String(60))
    file_hash: Mapped[str] = mapped_column(
        String(64), default="", info={"personal": "a document between the group and the legal office"}
    )
    size: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class LegalAppointment(Versioned, Base):
    """A time that an official keeps free, or that one side proposes; `sequence` rises as it changes."""

    __tablename__ = "legal_appointment"
    __table_args__ = (
        CheckConstraint("ends_at > begins_at", name="ends_after_it_begins"),
        CheckConstraint(
            "(state IN ('free', 'withdrawn')) = (matter_id IS NULL)", name="taken_names_its_matter"
        ),
        CheckConstraint(
            "state IN ('proposed', 'cancelled') OR officer_id IS NOT NULL", name="kept_by_somebody"
        ),
        CheckConstraint("mode IN ('place', 'video', 'phone')", name="known_mode"),
        Index("ix_legal_appointment_state", "state", "begins_at"),
        Index("ix_legal_appointment_matter", "matter_id"),
        Index("ix_legal_appointment_officer", "officer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("legal_matter.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    mode: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[str] = mapped_column(String(10))
    # Which side called it off or did not come, and why.
    ended_by: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    matter: Mapped[LegalMatter | None] = relationship(lazy="raise", back_populates="appointments")
    quarters: Mapped[list[LegalQuarter]] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return int((self.ends_at - self.begins_at).total_seconds()) // 60

    @property
    def takes_time(self) -> bool:
        """Say whether it keeps its official's time."""
        return self.state in TAKES_TIME

    def is_over(self, now: datetime) -> bool:
        """Say whether it has begun, so that it can be held or missed and no longer moved."""
        return now >= self.begins_at


class LegalQuarter(Base):
    """A quarter of an hour of one official; there is one row for each, so nobody is in two places at once."""

    __tablename__ = "legal_quarter"
    __table_args__ = (
        UniqueConstraint("officer_id", "at"),
        Index("ix_legal_quarter_appointment", "appointment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("legal_appointment.id"))


class LegalWork(Base):
    """Minutes of work on a matter, never changed: a correction is a new row that names the one it replaces.

    The group confirms or objects once; `corrects_id` is unique, so of two corrections one comes too late.
    """

    __tablename__ = "legal_work"
    __table_args__ = (
        CheckConstraint("minutes > 0 OR (minutes = 0 AND corrects_id IS NOT NULL)", name="some_minutes"),
        CheckConstraint("corrects_id IS NULL OR reason <> ''", name="corrected_for_a_reason"),
        CheckConstraint("answer IN ('', 'confirmed', 'silent', 'objected')", name="known_answer"),
        CheckConstraint("answer = '' OR answered_at IS NOT NULL", name="answered_has_an_instant"),
        CheckConstraint("answer <> 'objected' OR objection <> ''", name="objected_for_a_reason"),
        Index("ix_legal_work_matter", "matter_id", "id"),
        Index("ix_legal_work_answer", "answer", "entered_at"),
        Index("ix_legal_work_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    help_id: Mapped[int] = mapped_column(ForeignKey("legal_help.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("legal_matter.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("legal_appointment.id"), unique=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("legal_work.id"), unique=True)
    done_on: Mapped[date]
    minutes: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(10), default="")
    answered_at: Mapped[datetime | None]
    objection: Mapped[str] = mapped_column(String(500), default="")


class LegalSheet(Versioned, Base):
    """The answers to one guide within a matter: the words of both sides, by the id of each question."""

    __tablename__ = "legal_sheet"
    __table_args__ = (UniqueConstraint("matter_id", "guide"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("legal_matter.id"))
    guide: Mapped[str] = mapped_column(String(12))
    answers: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, info={"personal": "what a group says of itself in a guide"}
    )
    changed_by: Mapped[str] = mapped_column(String(10))
    changed_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
