"""The words of spaces and bookings, and a day of a space as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal import clock
from portal.support.spaces import opening
from portal.support.spaces.lifecycle import State
from portal.support.spaces.opening import Stretch
from portal.words import W, current_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from portal.support.spaces.models import Space, SpaceBooking, SpaceClosing

FREE, TAKEN, SHUT = W("free"), W("taken"), W("closed")
HEADS = (W("From"), W("Until"), W("State"), W("Pact"), W("Title"), W("Why"))
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


class InWords:
    """Words of the city that find their language when a sentence around them is said."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def __str__(self) -> str:
        return name_in(self.words, current_language())


def hour_of(at: datetime) -> str:
    """Return an instant on the city's clock, as sentences name it."""
    return f"{clock.local(at):%d/%m/%Y, %H:%M}"


def day_of(one: SpaceBooking) -> date:
    """Return the city's day on which a booking begins."""
    return clock.local(one.begins_at).date()


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of a day: taken by a booking, closed, or free where it is neither."""

    stretch: Stretch
    booking: SpaceBooking | None = None
    closing: SpaceClosing | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a space: its stretches in their order."""

    on: date
    rows: tuple[Row, ...]


def days(
    space: Space, taken: Sequence[SpaceBooking], closed: Sequence[SpaceClosing], first: date
) -> list[Day]:
    """Return a week of a space from a day on, with what is free, what is taken and when it is closed."""
    return [_day(space, taken, closed, first + timedelta(days=number)) for number in range(opening.DAYS)]


def _day(space: Space, taken: Sequence[SpaceBooking], closed: Sequence[SpaceClosing], on: date) -> Day:
    here = [one for one in taken if day_of(one) == on]
    rows = [Row(Stretch(one.begins_at, one.ends_at), booking=one) for one in here]
    whole = opening.open_on(on, space.hours, clock.zone())
    if whole is not None:
        # Of a closing only what would be open is told: the night is closed anyway.
        rows += [
            Row(part, closing=one)
            for one in closed
            if (part := opening.within(Stretch(one.begins_at, one.ends_at), whole)) is not None
        ]
        rows += [Row(one) for one in opening.free(whole, [row.stretch for row in rows])]
    return Day(on, tuple(sorted(rows, key=lambda row: row.stretch.begins_at)))


@dataclass(frozen=True, slots=True)
class Span:
    """The city's days on which a stretch begins and ends, and whether it takes them whole."""

    first: date
    last: date
    is_whole: bool
    ends_at_midnight: bool


def span(begins_at: datetime, ends_at: datetime) -> Span:
    """Return the days of a stretch; what ends at midnight ends with the day before."""
    begins, ends = clock.local(begins_at), clock.local(ends_at)
    at_midnight = ends.time() == time()
    last = ends.date() - timedelta(days=1) if at_midnight else ends.date()
    return Span(begins.date(), last, at_midnight and begins.time() == time(), at_midnight)


@dataclass(frozen=True, slots=True)
class Closed:
    """What was closed together: its first stretch, when the last one ends, and how many there are."""

    first: SpaceClosing
    ends_at: datetime
    many: int


def together(closings: Iterable[SpaceClosing]) -> list[Closed]:
    """Return closings in their order, those that were entered together as one."""
    found: dict[int, list[SpaceClosing]] = {}
    for one in closings:
        found.setdefault(one.series or one.id, []).append(one)
    return [Closed(rows[0], rows[-1].ends_at, len(rows)) for rows in found.values()]


def cells(found: Iterable[Day], language: str, now: datetime) -> Iterator[tuple[object, ...]]:
    """Yield what a calendar shows, a stretch a line; nobody books what is over, so it is not told as free."""
    for row in (row for one in found for row in one.rows):
        booking, closing = row.booking, row.closing
        if booking is None and closing is None and row.stretch.ends_at <= now:
            continue
        times = [
            f"{clock.local(at):%Y-%m-%d %H:%M:%S}" for at in (row.stretch.begins_at, row.stretch.ends_at)
        ]
        pact = (booking.allocation.code, booking.allocation.title) if booking else ("", "")
        state = TAKEN if booking else SHUT if closing else FREE
        yield *times, state, *pact, name_in(closing.reason, language) if closing else ""


def monday_of(day: date) -> date:
    """Return the first day of the week in which a day lies."""
    return day - timedelta(days=day.weekday())


def week_of(space: Space) -> list[tuple[W, str]]:
    """Return the opening hours, day by day."""
    hours = [tuple(one) if one else None for one in space.hours]
    return [(name, opening.written(one)) for name, one in zip(WEEKDAYS, hours, strict=True)]
