"""When a period of observations is ahead, open and over: counted in the city's days, kept as two instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

ONE_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


class Phase(StrEnum):
    """Where a period is; never stored, always derived from its two instants."""

    AHEAD = "ahead"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Span:
    """A period as two instants, half-open: the first belongs to it, the second is the first that does not."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """The public counter: "day 4 of 15", and the last day on which an observation still counts."""

    day: int
    days: int
    last: date


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the instant, in UTC, at which a day of the city begins."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def span(first: date, last: date, zone: tzinfo) -> Span:
    """Return the instants of a period that takes in both days whole, whatever the clocks do meanwhile."""
    return Span(midnight(first, zone), midnight(last + ONE_DAY, zone))


def phase(opens_at: datetime, closes_at: datetime, at: datetime) -> Phase:
    """Return where a period is at an instant."""
    if at < opens_at:
        return Phase.AHEAD
    return Phase.OPEN if at < closes_at else Phase.OVER


def last_day(closes_at: datetime, zone: tzinfo) -> date:
    """Return the last of the city's days that belongs to a period, also one that ended within a day."""
    return (closes_at - INSTANT).astimezone(zone).date()


def days(opens_at: datetime, closes_at: datetime, zone: tzinfo) -> int:
    """Return how many of the city's days a period takes in."""
    return (last_day(closes_at, zone) - opens_at.astimezone(zone).date()).days + 1


def count(opens_at: datetime, closes_at: datetime, at: datetime, zone: tzinfo) -> Count:
    """Return the counter of the day; before the period it stands at 0, afterwards at the last day."""
    whole = days(opens_at, closes_at, zone)
    passed = (at.astimezone(zone).date() - opens_at.astimezone(zone).date()).days + 1
    return Count(min(max(passed, 0), whole), whole, last_day(closes_at, zone))


def least_last_day(first: date, least_days: int) -> date:
    """Return the earliest last day of a period that begins on this day and has so many days at least."""
    return first + timedelta(days=max(least_days, 1) - 1)
