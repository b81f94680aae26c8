"""A human known by the keyed hash of a document, and the account that has the status of a resident."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person


class Way(StrEnum):
    """How somebody showed that they live here."""

    CENSUS = "census"
    LETTER = "letter"
    IN_PERSON = "in_person"
    ELSEWHERE = "elsewhere"


class State(StrEnum):
    """What people did with a status; that its time is over is derived from `until`."""

    VALID = "valid"
    REPLACED = "replaced"  # by a newer one, of this account or, after its end, of another
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    MOVED = "moved"


IS_VALID = text("state = 'valid'")


class Resident(Base):
    """One human: only a keyed hash of the document's number is kept, so the database alone names nobody.

    The same human is the same row whichever account has the status: what each may do once hangs on it.
    """

    __tablename__ = "resident"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info={"personal": "lets each human have one verified account"}
    )
    key_name: Mapped[str] = mapped_column(String(12))


class Residency(Base):
    """The status of an account, shown in one way, until an instant; one at most is valid per human."""

    __tablename__ = "residency"
    __table_args__ = (
        CheckConstraint("way IN ('census', 'letter', 'in_person', 'elsewhere')", name="known_way"),
        CheckConstraint(
            "state IN ('valid', 'replaced', 'withdrawn', 'revoked', 'moved')", name="known_state"
        ),
        CheckConstraint("until > verified_at", name="ends_after_start"),
        CheckConstraint("(state = 'valid') = (ended_at IS NULL)", name="ended_has_an_instant"),
        CheckConstraint(
            "state <> 'revoked' OR (reason <> '' AND ended_by_id IS NOT NULL)", name="revoked_why"
        ),
        CheckConstraint(
            "way <> 'in_person' OR (document_kind <> '' AND checked_by_id IS NOT NULL)",
            name="checked_by_somebody",
        ),
        CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> person_id", name="nobody_checks_themselves"
        ),
        CheckConstraint("way <> 'elsewhere' OR issuer <> ''", name="vouched_for_by_somebody"),
        # The database decides: one account per human, one status per account.
        Index(
            "uq_residency_resident",
            "resident_id",
            unique=True,
            sqlite_where=IS_VALID,
            postgresql_where=IS_VALID,
        ),
        Index(
            "uq_residency_person", "person_id", unique=True, sqlite_where=IS_VALID, postgresql_where=IS_VALID
        ),
        Index("ix_residency_person", "person_id", "id"),
        Index("ix_residency_until", "until", sqlite_where=IS_VALID, postgresql_where=IS_VALID),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    way: Mapped[str] = mapped_column(String(12))
    # In person: what was shown, never its number.
    document_kind: Mapped[str] = mapped_column(String(30), default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Another service: who vouched, and at which level (acr), as it names it.
    issuer: Mapped[str] = mapped_column(String(255), default="")
    assurance: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(10), default=State.VALID.value)
    verified_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Free words may name people, so they stand here and not in the record.
    reason: Mapped[str] = mapped_column(Text, default="", info={"personal": "why the status was ended"})
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    def is_valid(self, at: datetime) -> bool:
        """Say whether the status holds at this instant."""
        return self.state == State.VALID.value and self.verified_at <= at < self.until
