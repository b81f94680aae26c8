"""When a space is open, and what of it is free: rules over its week and what is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal.errors import Invalid
from portal.words import W

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAYS, HOUR, MIDNIGHT = 7, 60, 24 * 60
QUARTER = timedelta(minutes=15)
# A day of the week: from which minute until which, or nothing where it stays closed.
Hours = tuple[int, int] | None
Week = Sequence[Hours]
_HOURS = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})\s*[-–]\s*([0-9]{1,2})[:.]([0-9]{2})")
HOW = W("Enter hours like 9:00-22:00, or leave it empty where the space stays closed")
CLOSED = W("The space is closed on this day. Its opening hours stand on its page.")
NOT_OPEN = W("The space is open from %(first)s to %(last)s on this day.")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time, by instants in UTC."""

    begins_at: datetime
    ends_at: datetime


def read(text: str) -> Hours:
    """Return the hours of a day as people write them; refuse with Invalid what is none."""
    if not text.strip():
        return None
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise Invalid(HOW)
    first_hour, first_minute, last_hour, last_minute = (int(one) for one in found.groups())
    first, last = first_hour * HOUR + first_minute, last_hour * HOUR + last_minute
    on_the_quarter = first % 15 == last % 15 == 0 and max(first_minute, last_minute) < HOUR
    if not on_the_quarter or not first < last <= MIDNIGHT:
        raise Invalid(HOW)
    return first, last


def written(hours: Hours) -> str:
    """Return the hours of a day as people write them."""
    return "" if hours is None else "–".join(clock_time(one) for one in hours)


def clock_time(minute: int) -> str:
    """Return a minute of the day as an hour on the clock."""
    return f"{minute // HOUR:02}:{minute % HOUR:02}"


def open_on(day: date, week: Week, zone: ZoneInfo) -> Stretch | None:
    """Return from when until when a space is open on a day of the city, or None."""
    hours = week[day.weekday()]
    if hours is None:
        return None
    return Stretch(*(instant(day, minute, zone) for minute in hours))


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC at a minute of a day; 24:00 is the beginning of the next one."""
    days, rest = divmod(minute, MIDNIGHT)
    hour = time(rest // HOUR, rest % HOUR)
    return datetime.combine(day + timedelta(days=days), hour, zone).astimezone(UTC)


def why_not(wanted: Stretch, week: Week, zone: ZoneInfo) -> W | None:
    """Return why a space is not open for this stretch, or None where it is."""
    day = wanted.begins_at.astimezone(zone).date()
    hours, stretch = week[day.weekday()], open_on(day, week, zone)
    if hours is None or stretch is None:
        return CLOSED
    if wanted.begins_at >= stretch.begins_at and wanted.ends_at <= stretch.ends_at:
        return None
    first, last = (clock_time(one) for one in hours)
    return W(NOT_OPEN.id, first=first, last=last)


def within(stretch: Stretch, frame: Stretch) -> Stretch | None:
    """Return what of a stretch lies in another one, or None."""
    begins, ends = max(stretch.begins_at, frame.begins_at), min(stretch.ends_at, frame.ends_at)
    return Stretch(begins, ends) if begins < ends else None


def next_quarter(at: datetime) -> datetime:
    """Return the beginning of the first quarter of an hour that is not before an instant."""
    whole = at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
    return whole if whole == at else whole + QUARTER


def quarters(wanted: Stretch) -> Iterator[datetime]:
    """Yield the beginning of every quarter of an hour in a stretch."""
    at = wanted.begins_at
    while at < wanted.ends_at:
        yield at
        at += QUARTER


def free(stretch: Stretch, taken: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of a stretch without what is taken; the taken ones do not overlap each other."""
    found, at = list[Stretch](), stretch.begins_at
    for one in sorted(taken, key=lambda each: each.begins_at):
        if one.begins_at > at:
            found.append(Stretch(at, min(one.begins_at, stretch.ends_at)))
        at = max(at, one.ends_at)
    if at < stretch.ends_at:
        found.append(Stretch(at, stretch.ends_at))
    return found
