"""A message to one person or address about one event; the unique key keeps it from being sent twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

# In these words in the indexes and in the statements, so that the databases see they are the same.
TO_SEND = text("message.state = 'waiting' AND message.goes = 'alone'")
HELD = text("message.goes = 'held'")
_TO_SEND, _HELD = text("state = 'waiting' AND goes = 'alone'"), text("goes = 'held'")
_HAS_DAY = text("mail_day IS NOT NULL")


class Message(Base):
    """What was said to somebody: readable on the messages page, and the outbox of the mail in one row.

    `goes` says how it reaches the mail box: alone, held for a mail with others, enclosed in one, or not at
    all (page). Of the mails about one case, those of a `mail_day` are counted: one a reader and day.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR address <> ''", name="reaches_somebody"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="known_state"),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_an_instant"),
        Index("ix_message_person", "person_id", "id"),
        Index("ix_message_state", "state", "lease_until"),
        Index("ix_message_to_send", "id", sqlite_where=_TO_SEND, postgresql_where=_TO_SEND),
        Index("ix_message_held", "due_at", "who", sqlite_where=_HELD, postgresql_where=_HELD),
        Index(
            "uq_message_mail_day", "who", "subject_key", "mail_day",
            unique=True, sqlite_where=_HAS_DAY, postgresql_where=_HAS_DAY,
        ),
        Index("ix_message_unreached", "unreached_at"),
    )  # fmt: skip

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
    # Account, legal, act or news: see kinds.py.
    kind: Mapped[str] = mapped_column(String(8), default="legal", server_default="legal")
    # The reader, by account or by the hash of an address: what is gathered is gathered for one.
    who: Mapped[str] = mapped_column(
        String(40), default="", server_default="", info={"personal": "tells the messages of one reader"}
    )
    # An entry for the reader's calendar, which goes along with the mail.
    calendar: Mapped[str] = mapped_column(Text, default="", server_default="")
    # What it is about, in the words of the case: the heading in a digest.
    topic: Mapped[str] = mapped_column(String(200), default="", server_default="")
    goes: Mapped[str] = mapped_column(String(8), default="alone", server_default="alone")
    due_at: Mapped[datetime | None]
    mail_day: Mapped[date | None]
    read_at: Mapped[datetime | None]
    # Since when it is known that the mail did not arrive.
    unreached_at: Mapped[datetime | None]


class Enclosure(Base):
    """A message that went along in the mail of another one; the key lets each go once."""

    __tablename__ = "enclosure"
    __table_args__ = (
        CheckConstraint("message_id <> envelope_id", name="not_in_itself"),
        Index("ix_enclosure_envelope", "envelope_id"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True, autoincrement=False)
    envelope_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
