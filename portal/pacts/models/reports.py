"""What was promised in the signed text, and the reports that say what became of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from portal.db import Base, Versioned


class Promise(Base):
    """A commitment of either side, taken from the signed text."""

    __tablename__ = "promise"
    __table_args__ = (
        UniqueConstraint("pact_id", "row_key"),
        CheckConstraint("side IN ('community', 'city')", name="known_side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    row_key: Mapped[str] = mapped_column(String(10))
    side: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int]
    unit: Mapped[str] = mapped_column(String(40))
    per: Mapped[str] = mapped_column(String(10))
    evidence: Mapped[str] = mapped_column(String(200), default="")


class Report(Versioned, Base):
    """A progress report: objectives, actions, results, resources (regulation of 2014, art. 30).

    `resources` holds {"spent_cents": int, "volunteer_hours": int, "people": int, "other": str};
    `figures` holds [{"label": str, "value": int, "unit": str, "source": str}].
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("pact_id", "number"),
        CheckConstraint("period_until > period_from", name="period_ends_after_start"),
        CheckConstraint(
            "state NOT IN ('validated', 'published') OR validated_at IS NOT NULL",
            name="validated_has_an_instant",
        ),
        CheckConstraint("state <> 'returned' OR return_reason <> ''", name="returned_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pact_id: Mapped[int] = mapped_column(ForeignKey("pact.id"))
    number: Mapped[int]
    period_from: Mapped[date]
    period_until: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="sent")
    language: Mapped[str] = mapped_column(String(5))
    objectives: Mapped[str] = mapped_column(Text)
    actions: Mapped[str] = mapped_column(Text)
    results: Mapped[str] = mapped_column(Text)
    resources: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    next_steps: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime]
    validated_at: Mapped[datetime | None]
    validated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(Text, default="")
    kept: Mapped[list[KeptPromise]] = relationship(
        lazy="raise", order_by="KeptPromise.id", cascade="all, delete-orphan"
    )

    @property
    def last_day(self) -> date:
        """Return the last day that belongs to the period."""
        return self.period_until - timedelta(days=1)

    @property
    def key(self) -> str:
        """Return the part of the subject key that names this report."""
        return f"report-{self.number}"


class KeptPromise(Base):
    """What became of a promise in the period of a report."""

    __tablename__ = "kept_promise"
    __table_args__ = (
        UniqueConstraint("report_id", "promise_id"),
        CheckConstraint("state IN ('kept', 'late', 'not_done')", name="known_state"),
        CheckConstraint("done >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id"))
    state: Mapped[str] = mapped_column(String(10))
    done: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(300), default="")
