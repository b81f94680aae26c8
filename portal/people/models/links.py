"""Links sent by mail: each proves an address, for one purpose, once, until it is over."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Purpose(StrEnum):
    """What a mailed link is for."""

    JOIN = "join"
    RESET = "reset"
    NEW_ADDRESS = "new_address"
    UNDO = "undo"


class MailedLink(Base):
    """A link sent by mail: the mail holds a secret, this row only its hash."""

    __tablename__ = "mailed_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('join', 'reset', 'new_address', 'undo')", name="known_purpose"),
        CheckConstraint("(purpose = 'join') = (person_id IS NULL)", name="joins_without_account"),
        CheckConstraint("role = '' OR purpose = 'join'", name="role_for_who_joins"),
        Index("ix_mailed_link_person", "person_id"),
        Index("ix_mailed_link_expires", "expires_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(
        String(120), default="", info={"personal": "becomes the account's name"}
    )
    email: Mapped[str] = mapped_column(
        String(254), default="", info={"personal": "becomes, or becomes again, the account's address"}
    )
    language: Mapped[str] = mapped_column(String(5), info={"personal": "language of messages"})
    next_path: Mapped[str] = mapped_column(String(300), default="")
    # A role that the command line promised to the first administrator.
    role: Mapped[str] = mapped_column(String(30), default="")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
