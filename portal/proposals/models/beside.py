"""What stands beside a proposal: who asks to join, how proposing was, whether its code opens."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from portal.db import Base


class JoinRequest(Base):
    """Somebody with a similar idea asks a group to take them in; what they wrote goes to that group alone.

    `subject` is the proposal or pact whose group is asked.
    """

    __tablename__ = "join_request"
    __table_args__ = (
        UniqueConstraint("subject", "asked_by_id"),
        CheckConstraint("message <> '' AND contact <> ''", name="can_be_answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    message: Mapped[str] = mapped_column(Text, info={"personal": "what somebody wrote to another group"})
    contact: Mapped[str] = mapped_column(
        String(254), info={"personal": "how that group can answer; given for this"}
    )
    asked_at: Mapped[datetime]


class Rating(Base):
    """How easy it was to propose, from 1 to 5; nobody can tell from it who says so.

    `sent_hash` is a keyed hash of the proposal's code: it lets each proposal be rated once, and no more.
    """

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),
        Index("ix_rating_given_on", "given_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sent_hash: Mapped[str] = mapped_column(String(64), unique=True)
    stars: Mapped[int]
    parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    said: Mapped[str] = mapped_column(Text, default="")
    given_on: Mapped[date]


class RepositoryCheck(Base):
    """Whether the address of a proposal's code could be opened when it was last tried."""

    __tablename__ = "repository_check"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    address: Mapped[str] = mapped_column(String(300))
    opens: Mapped[bool]
    checked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=1)


class ReceivedMail(Base):
    """What a holder answered by mail: a draft of the answer that is awaited, or a note; it binds nobody."""

    __tablename__ = "received_mail"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_something"),
        Index("ix_received_mail_proposal", "proposal_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    # A mail system may hand over the same mail twice.
    mail_hash: Mapped[str] = mapped_column(String(64), unique=True)
    is_answer: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, info={"personal": "what the holder wrote by mail; never public"})
    received_at: Mapped[datetime]
