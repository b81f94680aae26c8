"""The words of spaces and bookings, and a day of a space as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal import clock
from portal.support.spaces import opening
from portal.support.spaces.lifecycle import State
from portal.support.spaces.opening import Stretch
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.support.spaces.models import Space, SpaceBooking

    Row = tuple[Stretch, SpaceBooking | None]

STATES = {
    State.BOOKED: W("It is booked"),
    State.CANCELLED: W("Cancelled"),
    State.LATE: W("Cancelled late"),
    State.USED: W("Used"),
    State.MISSED: W("Stayed empty"),
    State.EXCUSED: W("Hours went back"),
}
TONES = {
    State.BOOKED: "green",
    State.CANCELLED: "plain",
    State.LATE: "ochre",
    State.USED: "green",
    State.MISSED: "red",
    State.EXCUSED: "plain",
}
WEEKDAYS = (
    W("Monday"),
    W("Tuesday"),
    W("Wednesday"),
    W("Thursday"),
    W("Friday"),
    W("Saturday"),
    W("Sunday"),
)


def name_in(words: Mapping[str, str], language: str) -> str:
    """Return words in a language, else in the first that the city wrote them in."""
    return words.get(language) or next(iter(words.values()), "")


def day_of(one: SpaceBooking) -> date:
    """Return the city's day on which a booking begins."""
    return clock.local(one.begins_at).date()


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a space: its stretches in their order, each free (None) or taken by a booking."""

    on: date
    rows: tuple[Row, ...]


def days(space: Space, taken: Sequence[SpaceBooking], first: date, many: int = opening.DAYS) -> list[Day]:
    """Return so many days of a space, with what is free and what is taken."""
    return [_day(space, taken, first + timedelta(days=number)) for number in range(many)]


def _day(space: Space, taken: Sequence[SpaceBooking], on: date) -> Day:
    here = [one for one in taken if day_of(one) == on]
    rows: list[Row] = [(Stretch(one.begins_at, one.ends_at), one) for one in here]
    whole = opening.open_on(on, space.hours, clock.zone())
    if whole is not None:
        rows += [(one, None) for one in opening.free(whole, [stretch for stretch, _ in rows])]
    return Day(on, tuple(sorted(rows, key=lambda row: row[0].begins_at)))


def monday_of(day: date) -> date:
    """Return the first day of the week in which a day lies."""
    return day - timedelta(days=day.weekday())


def week_of(space: Space) -> list[tuple[W, str]]:
    """Return the opening hours, day by day."""
    hours = [tuple(one) if one else None for one in space.hours]
    return [(name, opening.written(one)) for name, one in zip(WEEKDAYS, hours, strict=True)]
