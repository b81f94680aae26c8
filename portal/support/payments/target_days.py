"""The days on which banks of the euro carry out transfers: TARGET rests on weekends and six feasts."""

from __future__ import annotations

from datetime import date, timedelta

import holidays

_SATURDAY = 5


def is_open(day: date) -> bool:
    """Say whether transfers are carried out on this day (ECB, Guideline on T2: TARGET closing days)."""
    return day.weekday() < _SATURDAY and day not in holidays.financial_holidays("ECB", years=day.year)


def next_open(day: date) -> date:
    """Return this day, or the next on which transfers are carried out."""
    while not is_open(day):
        day += timedelta(days=1)
    return day
