"""A message to one person or address about one event; the unique key keeps it from being sent twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Message(Base):
    """What was said to somebody: readable on the messages page, and the outbox of the mail in one row."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR address <> ''", name="reaches_somebody"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="known_state"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_an_instant"),
        Index("ix_message_person", "person_id", "id"),
        Index("ix_message_state", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # One event tells one person once, however often the event is looked at.
    key: Mapped[str] = mapped_column(String(160), unique=True)
    event: Mapped[str] = mapped_column(String(4))
    subject_key: Mapped[str] = mapped_column(String(80), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(
        String(254), default="", info={"personal": "where the message goes when there is no account"}
    )
    language: Mapped[str] = mapped_column(String(5))
    title: Mapped[str] = mapped_column(String(200), info={"personal": "the message may name a person"})
    body: Mapped[str] = mapped_column(Text, info={"personal": "the message may name a person"})
    link: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
