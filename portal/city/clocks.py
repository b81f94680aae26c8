"""How days are counted: calendar or working days, days of rest, stops, an extension, what silence means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

import holidays

from portal.words import W

ONE_DAY = timedelta(days=1)
Halt = Literal["supplement", "refusal_notice"]
# Which clock bounds a halt: its days are those the other side has, its citation is the halt's source.
BOUND_OF: Mapping[str, str] = {"supplement": "supplement", "refusal_notice": "refusal_reply"}


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
    """A term in days; `stopped_by` names the requests that halt it, `citation` its legal source.

    `extension_days` is how much longer it may last, once and with a reason (0: never). `tacit` is what the
    city's silence means when the last day has passed.
    """

    days: int
    counting: Literal["calendar", "working"]
    stopped_by: tuple[Halt, ...]
    citation: str
    name: Mapping[str, str]
    calendar: Calendar
    extension_days: int = 0
    extension_citation: str = ""
    tacit: Literal["none", "refused", "accepted"] = "none"
    tacit_citation: str = ""

    @property
    def term(self) -> W:
        """Return how long it lasts, in words."""
        if self.counting == "working":
            return W("%(days)s working days", days=self.days)
        return W("%(days)s days", days=self.days)


@dataclass(frozen=True, slots=True)
class Stop:
    """Days on which a clock stands still: those after `since`, up to and with `until`; None is still open."""

    why: Halt
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether the clock stands still on this day."""
        return self.since < day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Extension:
    """More days, given once by an act, with the reason that both sides read."""

    days: int
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Count:
    """Where a clock stands on a day, with everything that led there.

    `gone` of `length` days have been counted. `last_day` is None while a stop without an end is open.
    """

    clock: Clock
    start: date
    on: date
    stops: tuple[Stop, ...]
    extension: Extension | None
    length: int
    gone: int
    last_day: date | None

    @property
    def left(self) -> int:
        """Return the days that are still to be counted."""
        return self.length - self.gone

    @property
    def stop(self) -> Stop | None:
        """Return the stop that holds the clock today: from the day of the request on."""
        return next((one for one in self.stops if one.since == self.on or one.holds(self.on)), None)

    @property
    def days_late(self) -> int:
        """Return the calendar days since the last day; 0 up to it and while the clock stands still."""
        if self.last_day is None or self.on <= self.last_day:
            return 0
        return (self.on - self.last_day).days

    @property
    def tacit_effect(self) -> Literal["none", "refused", "accepted"]:
        """Return what the city's silence means today; never stored, the city may still decide."""
        return self.clock.tacit if self.days_late else "none"


@cache
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


def count(
    start: date,
    clock: Clock,
    *,
    on: date,
    stops: Iterable[Stop] = (),
    extension: Extension | None = None,
) -> Count:
    """Count a term that began on `start`, as it stands on the day `on`.

    The first day does not count (Regulation (EEC, Euratom) 1182/71, article 3).
    Days of a stop are left out, in the middle of a count in working days too. A term ends on a working day,
    and never while its clock stands still.
    """
    held = tuple(stops)
    length = clock.days + (extension.days if extension else 0)
    last = None if any(one.until is None for one in held) else _last_day(start, clock, length, held)
    gone = sum(_counts(start + timedelta(days=n), clock, held) for n in range(1, (on - start).days + 1))
    return Count(clock, start, on, held, extension, length, min(gone, length), last)


def deadline(start: date, clock: Clock) -> date:
    """Return the last day of a term that nothing stops."""
    return _last_day(start, clock, clock.days, ())


def _last_day(start: date, clock: Clock, length: int, stops: tuple[Stop, ...]) -> date:
    day, left = start, length
    while left:
        day += ONE_DAY
        left -= _counts(day, clock, stops)
    while not clock.calendar.is_working(day) or any(one.holds(day) for one in stops):
        day += ONE_DAY
    return day


def _counts(day: date, clock: Clock, stops: tuple[Stop, ...]) -> bool:
    if any(one.holds(day) for one in stops):
        return False
    return clock.counting == "calendar" or clock.calendar.is_working(day)
