"""A meeting of the two sides, who comes, who came, and which clauses were spoken of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned


class Meeting(Versioned, Base):
    """Both sides meet about a text; `number` counts within the pact, `sequence` rises with every change."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("pact_id", "number"),
        CheckConstraint("ends_at > begins_at", name="ends_after_it_begins"),
        CheckConstraint("called_by IN ('community', 'city')", name="known_side"),
        CheckConstraint("state <> 'cancelled' OR reason <> ''", name="cancelled_for_a_reason"),
        CheckConstraint(
            "state NOT IN ('minuted', 'confirmed') OR (minutes <> '' AND minuted_by <> '')",
            name="minutes_are_written",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    title: Mapped[str] = mapped_column(String(150))
    place: Mapped[str] = mapped_column(String(200))
    agenda: Mapped[str] = mapped_column(Text, default="")
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    called_by: Mapped[str] = mapped_column(String(10))
    called_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)
    # Why it was cancelled.
    reason: Mapped[str] = mapped_column(String(500), default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    minuted_by: Mapped[str] = mapped_column(String(10), default="")
    minuted_at: Mapped[datetime | None]

    answers: Mapped[list[MeetingAnswer]] = relationship(
        lazy="raise", order_by="MeetingAnswer.id", cascade="all, delete-orphan"
    )
    present: Mapped[list[MeetingPresence]] = relationship(
        lazy="raise", order_by="MeetingPresence.id", cascade="all, delete-orphan"
    )
    clauses: Mapped[list[MeetingClause]] = relationship(
        lazy="raise", order_by="MeetingClause.id", cascade="all, delete-orphan"
    )

    def is_over(self, at: datetime) -> bool:
        """Say whether the meeting has begun, so that minutes can be written."""
        return at >= self.begins_at


class MeetingAnswer(Base):
    """Whether somebody comes; `who` is the account, or the secret link of the proposal."""

    __tablename__ = "meeting_answer"
    __table_args__ = (UniqueConstraint("meeting_id", "who"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    who: Mapped[str] = mapped_column(String(20), info={"personal": "tells two people of a side apart"})
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    side: Mapped[str] = mapped_column(String(10))
    is_coming: Mapped[bool]
    answered_at: Mapped[datetime]


class MeetingPresence(Base):
    """Somebody who was there, by the name that both sides know."""

    __tablename__ = "meeting_presence"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120), info={"personal": "was at a meeting of the two sides"})
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MeetingClause(Base):
    """A clause that was spoken of, by its stable id; which versions came of it follows from the answers."""

    __tablename__ = "meeting_clause"
    __table_args__ = (UniqueConstraint("meeting_id", "clause_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    clause_id: Mapped[str] = mapped_column(String(40))
