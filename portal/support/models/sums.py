"""What the ledger adds up to by district, year, month and day, so that no page adds up its rows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Span(StrEnum):
    """How long a time a sum stands for."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"

    def first_of(self, day: date) -> date:
        """Return the first day of the time in which the day lies."""
        if self is Span.YEAR:
            return day.replace(month=1, day=1)
        return day.replace(day=1) if self is Span.MONTH else day


class SupportSum(Base):
    """What the rows of one measure, district and movement add up to in a time, written beside each row.

    `value_cents` is what they are worth: the amount itself where it is money. Up to any day it takes some
    whole years, months and days, however long the ledger is.
    """

    __tablename__ = "support_sum"
    __table_args__ = (CheckConstraint("span IN ('year', 'month', 'day')", name="known_span"),)

    span: Mapped[str] = mapped_column(String(5), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    district: Mapped[str] = mapped_column(String(60), primary_key=True)
    movement: Mapped[str] = mapped_column(String(20), primary_key=True)
    amount: Mapped[int]
    value_cents: Mapped[int]
    entries: Mapped[int]
