"""How long a status holds: whole months of the calendar, to the end of the city's day."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MONTHS_A_YEAR = 12


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def end_of(verified_at: datetime, months: int, zone: ZoneInfo) -> datetime:
    """Return the instant at which a status shown now is over: the midnight after the last day."""
    last = months_later(verified_at.astimezone(zone).date(), months)
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
