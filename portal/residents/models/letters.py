"""A letter with a code: what is kept of it is the code's hash, and how often it may still be tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

IS_OPEN = text("state = 'open'")


class CodeLetter(Base):
    """One letter to one person; the address itself stands in the letter alone, which goes when it is old."""

    __tablename__ = "code_letter"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'used', 'void')", name="known_state"),
        CheckConstraint("tries_left >= 0", name="tries_run_out"),
        CheckConstraint("expires_at > asked_at", name="ends_after_start"),
        Index(
            "uq_code_letter_person", "person_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
        ),
        Index("ix_code_letter_person", "person_id", "asked_at"),
        Index("ix_code_letter_address", "address_hash", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(
        String(64), info={"personal": "keeps anybody from filling a letter box"}
    )
    state: Mapped[str] = mapped_column(String(4), default="open")
    tries_left: Mapped[int]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
