"""Spaces of the city, what is booked, when they are closed, and the quarters of an hour that this takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, Versioned
from portal.support.models import Allocation
from portal.support.spaces.lifecycle import State

_STATES = ", ".join(f"'{one.value}'" for one in State)


class Space(Versioned, Base):
    """A room or a place that groups use by the hour; `hours` are [from, until] in minutes, Monday first.

    Its name and what is there are in the city's languages.
    """

    __tablename__ = "space"
    __table_args__ = (CheckConstraint("capacity > 0", name="holds_somebody"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[dict[str, Any]] = mapped_column(JSON)
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address: Mapped[str] = mapped_column(String(200))
    district: Mapped[str] = mapped_column(String(60), default="")
    capacity: Mapped[int]
    is_step_free: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[list[Any]] = mapped_column(JSON)
    # What is closed takes no new bookings; those that stand are cancelled by hand.
    is_open: Mapped[bool] = mapped_column(default=True)

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"space:{self.slug}"


class SpaceBooking(Versioned, Base):
    """A stretch of whole hours in one space for one promise; `series` is the first of a weekly row.

    `sequence` rises as it changes, for the calendars of those who read the feed.
    """

    __tablename__ = "space_booking"
    __table_args__ = (
        CheckConstraint("ends_at > begins_at AND hours > 0", name="ends_after_it_begins"),
        CheckConstraint(f"state IN ({_STATES})", name="known_state"),
        CheckConstraint("state IN ('booked', 'used') OR reason <> ''", name="not_used_has_a_reason"),
        CheckConstraint("state NOT IN ('used', 'missed') OR delivery_id IS NOT NULL", name="used_was_given"),
        Index("ix_space_booking_space", "space_id", "begins_at"),
        Index("ix_space_booking_allocation", "allocation_id", "begins_at"),
        Index("ix_space_booking_state", "state", "ends_at"),
        Index("ix_space_booking_person", "booked_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    hours: Mapped[int]
    people: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="booked")
    series: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    # What closed the space, where that cancelled it: it says why in the city's languages.
    closing_id: Mapped[int | None] = mapped_column(ForeignKey("space_closing.id"))
    # The hours as they stand in the books, once they are given or lost.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    booked_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    space: Mapped[Space] = relationship(lazy="raise")
    allocation: Mapped[Allocation] = relationship(lazy="raise")
    closing: Mapped[SpaceClosing | None] = relationship(lazy="raise")

    def is_over(self, now: datetime) -> bool:
        """Say whether its time has passed, so that it was used or missed and is cancelled no more."""
        return now >= self.ends_at

    def has_begun(self, now: datetime) -> bool:
        """Say whether its time has come."""
        return now >= self.begins_at


class SpaceClosing(Versioned, Base):
    """A stretch in which the city keeps a space closed; `series` is the first of those entered together.

    The reason is in the city's languages. Taken back before it begins it says so (`freed_at`); later it ends
    where it was taken back. `sequence` rises as it changes, for the calendars of those who read the feed.
    """

    __tablename__ = "space_closing"
    __table_args__ = (
        CheckConstraint("ends_at > begins_at", name="ends_after_it_begins"),
        Index("ix_space_closing_space", "space_id", "ends_at"),
        Index("ix_space_closing_series", "series"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[dict[str, Any]] = mapped_column(JSON)
    series: Mapped[int | None]
    freed_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    space: Mapped[Space] = relationship(lazy="raise")


class SpaceQuarter(Base):
    """A quarter of an hour of one space, booked or closed; there is one row for each, so it is had once."""

    __tablename__ = "space_quarter"
    __table_args__ = (
        UniqueConstraint("space_id", "at"),
        CheckConstraint("(booking_id IS NULL) <> (closing_id IS NULL)", name="booked_or_closed"),
        Index("ix_space_quarter_booking", "booking_id"),
        Index("ix_space_quarter_closing", "closing_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    at: Mapped[datetime]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("space_booking.id"))
    closing_id: Mapped[int | None] = mapped_column(ForeignKey("space_closing.id"))
