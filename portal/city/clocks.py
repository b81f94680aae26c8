"""How days are counted: calendar or working days, holidays, and terms that end on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

import holidays


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which the city rests; `rest_days` are ISO weekdays (7 = Sunday), `feasts` are MM-DD."""

    country: str
    subdivision: str
    rest_days: tuple[int, ...]
    feasts: tuple[str, ...] = ()

    def is_working(self, day: date) -> bool:
        """Say whether the city works on this day."""
        if day.isoweekday() in self.rest_days or day.strftime("%m-%d") in self.feasts:
            return False
        return day not in _public_holidays(self.country, self.subdivision, day.year)


@dataclass(frozen=True, slots=True)
class Clock:
    """A term in days; `stopped_by` names the requests that halt it, `citation` its legal source."""

    days: int
    counting: Literal["calendar", "working"]
    stopped_by: tuple[str, ...]
    citation: str
    name: Mapping[str, str]
    calendar: Calendar


@cache
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


def deadline(start: date, clock: Clock, *, stopped_days: int = 0) -> date:
    """Return the last day of the term.

    The first day does not count, and a term that ends on a rest day runs on to the next working day
    (Civil Code, article 2963). `stopped_days` are the calendar days during which the clock stood still.
    Refuses a negative number of stopped days with ValueError.
    """
    if stopped_days < 0:
        msg = "a clock cannot be stopped for less than no days"
        raise ValueError(msg)
    resumed = start + timedelta(days=stopped_days)
    if clock.counting == "working":
        return _after_working_days(resumed, clock)
    return next_working_day(resumed + timedelta(days=clock.days), clock.calendar)


def _after_working_days(start: date, clock: Clock) -> date:
    day, left = start, clock.days
    while left:
        day += timedelta(days=1)
        left -= clock.calendar.is_working(day)
    return next_working_day(day, clock.calendar)


def next_working_day(day: date, calendar: Calendar) -> date:
    """Return the day itself, or the first day after it on which the city works."""
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day
