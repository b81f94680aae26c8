"""When a closing keeps a space shut: days or hours of days, week after week; rules without a clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from portal.errors import Invalid
from portal.support.spaces.opening import HOUR, MIDNIGHT, QUARTER, Hours, Stretch, instant, next_quarter
from portal.words import W

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MOST_DAYS_AHEAD, MOST_WEEKS, WEEK = 366, 26, 7
BACKWARDS = W("The last day comes before the first. Turn them round.")
TOO_FAR = W("Close a space for at most a year ahead. For longer, let it take no bookings at all.")
WEEKS = W("Repeat it in at most %(most)s weeks", most=MOST_WEEKS)
OVERLAPS = W("These are more than seven days, so they cannot be repeated every week.")
PAST = W("What is past cannot be closed. Begin with an hour to come.")
QUARTERS = W("A space is closed by quarters of an hour, and ends after it begins.")
NO_SUCH_HOUR = W("The clocks are changed at this hour: it is not there, or there twice. Choose another.")


def times(
    days: tuple[date, date], hours: Hours, weeks: int, *, now: datetime, zone: ZoneInfo
) -> list[Stretch]:
    """Return the stretches of a closing, in order: whole days as one, hours of days each by itself.

    Of today a whole day begins with the next quarter of an hour. Refuses with Invalid days that are turned
    round, too far or too many to be repeated, and an hour that a day does not have or has twice.
    """
    first, last = days
    if last < first:
        raise Invalid(BACKWARDS, field="last")
    if not 0 < weeks <= MOST_WEEKS:
        raise Invalid(WEEKS, field="weeks")
    today = now.astimezone(zone).date()
    if last + timedelta(weeks=weeks - 1) > today + timedelta(days=MOST_DAYS_AHEAD):
        raise Invalid(TOO_FAR, field="last" if weeks == 1 else "weeks")
    if weeks > 1 and (last - first).days >= WEEK:
        raise Invalid(OVERLAPS, field="weeks")
    starts = [first + timedelta(weeks=number) for number in range(weeks)]
    length = (last - first).days
    if hours is None:
        found = [_whole_days(on, on + timedelta(days=length), zone) for on in starts]
        return [_from_now(found[0], now), *found[1:]]
    return [_part(on + timedelta(days=n), hours, zone) for on in starts for n in range(length + 1)]


def _whole_days(first: date, last: date, zone: ZoneInfo) -> Stretch:
    return Stretch(instant(first, 0, zone), instant(last, MIDNIGHT, zone))


def _from_now(one: Stretch, now: datetime) -> Stretch:
    """Return a stretch of whole days without what is past of its first day, where that is today."""
    if one.begins_at < now < one.begins_at + timedelta(days=1):
        begins = next_quarter(now)
        return Stretch(begins, one.ends_at) if begins < one.ends_at else one
    return one


def _part(on: date, hours: tuple[int, int], zone: ZoneInfo) -> Stretch:
    return Stretch(*(_once(on, minute, zone) for minute in hours))


def _once(on: date, minute: int, zone: ZoneInfo) -> datetime:
    at = instant(on, minute, zone)
    there = at.astimezone(zone)
    is_there = there.hour * HOUR + there.minute == minute % MIDNIGHT
    if not is_there or there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset():
        raise Invalid(NO_SUCH_HOUR, field="hours")
    return at


def check(stretches: Sequence[Stretch], now: datetime) -> None:
    """Refuse with Invalid no stretches at all, and one that is past, too far, or not of whole quarters."""
    for one in stretches:
        is_whole = next_quarter(one.begins_at) == one.begins_at and next_quarter(one.ends_at) == one.ends_at
        if not is_whole or one.ends_at - one.begins_at < QUARTER:
            raise Invalid(QUARTERS, field="hours")
        if one.begins_at < now:
            raise Invalid(PAST, field="first")
        if one.ends_at > now + timedelta(days=MOST_DAYS_AHEAD + 2):
            raise Invalid(TOO_FAR, field="last")
    if not stretches:
        raise Invalid(QUARTERS, field="hours")


def overlap(one: Stretch, others: Iterable[Stretch]) -> bool:
    """Say whether a stretch has a moment in common with one of the others."""
    return any(one.begins_at < other.ends_at and other.begins_at < one.ends_at for other in others)
