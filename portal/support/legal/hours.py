"""The arithmetic of legal hours: work is counted in minutes, given in whole hours, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from portal.words import W

HOUR = 60
QUARTER = timedelta(minutes=15)
Rounding = Literal["up", "down"]


def promised(hours: int) -> int:
    """Return the minutes of so many promised hours."""
    return hours * HOUR


def to_give(confirmed_minutes: int, given_hours: int) -> int:
    """Return the whole hours that are confirmed and not yet entered as given; never below zero.

    What is less than an hour stays in the minutes and counts with the next work.
    """
    return max(confirmed_minutes // HOUR - given_hours, 0)


def settled(confirmed_minutes: int, rounding: Rounding) -> int:
    """Return the hours that an ended help took, with what is left of an hour rounded as the profile says."""
    whole, rest = divmod(confirmed_minutes, HOUR)
    return whole + (1 if rest and rounding == "up" else 0)


def quarters(begins_at: datetime, ends_at: datetime) -> Iterator[datetime]:
    """Yield the beginning of every quarter of an hour that a stretch of time touches."""
    at = begins_at
    while at < ends_at:
        yield at
        at += QUARTER


def is_late(begins_at: datetime, now: datetime, hours_before: int) -> bool:
    """Say whether cancelling now comes later than the profile asks for."""
    return begins_at - now < timedelta(hours=hours_before)


def said(minutes: int) -> W:
    """Return minutes as hours and minutes."""
    whole, rest = divmod(minutes, HOUR)
    if not rest:
        return W("%(number)s h", number=whole)
    if not whole:
        return W("%(minutes)s min", minutes=rest)
    return W("%(hours)s h %(minutes)s min", hours=whole, minutes=rest)
