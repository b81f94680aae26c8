"""When a mail may go: by day, and news in the rhythm that the reader chose; in the city's own time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.words import W

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# Between these hours nobody is written to without need.
QUIET_FROM, QUIET_UNTIL = time(21), time(7)
# What ends sooner than this is said at any hour.
URGENT = timedelta(hours=24)
# The hour of the digest, and its day where it is weekly (Monday).
DIGEST_AT, DIGEST_WEEKDAY = time(8), 0


class Choice(StrEnum):
    """How often somebody wants news."""

    OFF = "off"
    WEEKLY = "weekly"
    DAILY = "daily"
    AT_ONCE = "at_once"


CHOICES = {
    Choice.WEEKLY: W("Once a week, on Monday morning"),
    Choice.DAILY: W("Once a day, in the morning"),
    Choice.AT_ONCE: W("At once, but never at night"),
    Choice.OFF: W("No mails"),
}


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """Say whether the instant lies in the city's night."""
    clock = at.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def first_allowed(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant itself by day, and the end of the night by night."""
    if not is_quiet(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, tzinfo=zone).astimezone(UTC)


def next_morning(at: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next day's mails begin."""
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, QUIET_UNTIL, tzinfo=zone).astimezone(UTC)


def is_urgent(deadline: datetime | None, at: datetime) -> bool:
    """Say whether waiting for the morning could be too late."""
    return deadline is not None and deadline - at < URGENT


def newest_slot(choice: Choice, at: datetime, zone: ZoneInfo) -> datetime:
    """Return the last instant at or before `at` at which a digest of this rhythm was due.

    The hour of the digest is one that no change of clocks skips or repeats.
    """
    local = at.astimezone(zone)
    back = (local.weekday() - DIGEST_WEEKDAY) % 7 if choice is Choice.WEEKLY else 0
    step = timedelta(days=7 if choice is Choice.WEEKLY else 1)
    day = local.date() - timedelta(days=back)
    slot = datetime.combine(day, DIGEST_AT, tzinfo=zone)
    if slot > at:
        slot = datetime.combine(day - step, DIGEST_AT, tzinfo=zone)
    return slot.astimezone(UTC)


def period(choice: Choice, slot: datetime, zone: ZoneInfo) -> str:
    """Return the name of the digest that is due at a slot; the same name is never sent twice."""
    return f"{choice}:{slot.astimezone(zone):%Y-%m-%d}"
