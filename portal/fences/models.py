"""A fence of a pact and what was measured of it; its status is never stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from portal.db import Base, Versioned


class Fence(Versioned, Base):
    """A clause that keeps value in the commons: a measure, its limit, and how often it is taken.

    `threshold` counts the unit's smallest step (hours, percent, cents, days, 1 = yes); from `close` on, a
    measure on the right side of the threshold is close to it. Equal figures mean that there is no such zone.
    """

    __tablename__ = "fence"
    __table_args__ = (
        UniqueConstraint("subject", "row_key"),
        CheckConstraint("comparator IN ('at_least', 'at_most')", name="known_comparator"),
        CheckConstraint(
            "(comparator = 'at_least' AND close >= threshold)"
            " OR (comparator = 'at_most' AND close <= threshold)",
            name="close_on_the_right_side",
        ),
        CheckConstraint("in_force_until IS NULL OR in_force_until > in_force_from", name="ends_after_start"),
        Index("ix_fence_catalogue", "catalogue"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(60))
    row_key: Mapped[str] = mapped_column(String(10))
    catalogue: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, Any]] = mapped_column(JSON)
    sentence: Mapped[dict[str, Any]] = mapped_column(JSON)
    comparator: Mapped[str] = mapped_column(String(10))
    threshold: Mapped[int]
    close: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    frequency: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(200))
    in_force_from: Mapped[date]
    in_force_until: Mapped[date | None]
    measurements: Mapped[list[Measurement]] = relationship(
        lazy="raise", order_by="(Measurement.measured_on, Measurement.id)"
    )

    @property
    def key(self) -> str:
        """Return the subject key."""
        return f"fence:{self.subject.removeprefix('pact:')}:{self.row_key}"


class Measurement(Base):
    """What was measured of a fence on a day, and where that comes from."""

    __tablename__ = "measurement"
    __table_args__ = (Index("ix_measurement_fence", "fence_id", "measured_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fence_id: Mapped[int] = mapped_column(ForeignKey("fence.id"))
    value: Mapped[int]
    measured_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(300))
    entered_at: Mapped[datetime]
