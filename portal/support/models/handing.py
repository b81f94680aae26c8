"""The days promised for parts, what belongs to a delivery, what the group said of it, and what came back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class PlannedPart(Base):
    """So much of an allocation, promised for a day; set once, so that a delay stays a delay."""

    __tablename__ = "planned_part"
    __table_args__ = (
        UniqueConstraint("allocation_id", "due_on"),
        CheckConstraint("amount > 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    due_on: Mapped[date]
    amount: Mapped[int]


class Particulars(Base):
    """What belongs to one delivery: its document, the state of things lent, a policy, the rule of a waiver.

    `back` is how much of a loan came back or was written off; it grows by one conditional UPDATE.
    """

    __tablename__ = "delivery_particulars"
    __table_args__ = (
        CheckConstraint("back >= 0 AND back <= lent", name="back_within_lent"),
        CheckConstraint("(due_back_on IS NULL) = (lent = 0)", name="a_loan_has_a_day"),
        CheckConstraint(
            "covered_until IS NULL OR covered_until >= covered_from", name="cover_ends_after_it_begins"
        ),
        Index("ix_delivery_particulars_due", "due_back_on"),
    )

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    byte_size: Mapped[int] = mapped_column(default=0)
    condition: Mapped[str] = mapped_column(String(300), default="")
    lent: Mapped[int] = mapped_column(default=0)
    back: Mapped[int] = mapped_column(default=0)
    due_back_on: Mapped[date | None]
    policy: Mapped[str] = mapped_column(String(60), default="")
    covered_from: Mapped[date | None]
    covered_until: Mapped[date | None]
    legal_basis: Mapped[str] = mapped_column(String(200), default="")


class Reception(Base):
    """What the group says of one delivery, once: accepted, or objected to with a ground; and the answer."""

    __tablename__ = "reception"
    __table_args__ = (
        CheckConstraint("verdict IN ('accepted', 'objected')", name="known_verdict"),
        CheckConstraint(
            "verdict = 'accepted' OR (ground <> '' AND reason <> '')", name="objection_has_a_reason"
        ),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answered_has_words"),
    )

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class GivenBack(Base):
    """What came back of an allocation, or was written off because it never will. Never changed."""

    __tablename__ = "given_back"
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
        Index("ix_given_back_allocation", "allocation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    amount: Mapped[int]
    back_on: Mapped[date]
    is_lost: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300))
    condition: Mapped[str] = mapped_column(String(300), default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
