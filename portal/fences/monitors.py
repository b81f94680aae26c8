"""Whether a fence holds: derived from its measures and the calendar, always with the reason."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from babel.dates import format_date

from portal.fences.measures import Measure
from portal.words import W, spoken

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Day:
    """A day; as text it is in the language being written."""

    day: date

    def __str__(self) -> str:
        return format_date(self.day, "d MMM y", locale=spoken())


class State(StrEnum):
    """What can be said of a fence on a day."""

    HOLDING = "holding"
    CLOSE = "close"
    BREACHED = "breached"
    NOT_MEASURED = "not_measured"
    OVERDUE = "overdue"


STATES = {
    State.HOLDING: W("Holding"),
    State.CLOSE: W("Close to the limit"),
    State.BREACHED: W("Breached"),
    State.NOT_MEASURED: W("Not measured yet"),
    State.OVERDUE: W("Overdue measure"),
}
TONES = {
    State.HOLDING: "green",
    State.CLOSE: "ochre",
    State.BREACHED: "red",
    State.NOT_MEASURED: "blue",
    State.OVERDUE: "red",
}


class Taken(Protocol):
    """What the rules ask of a measurement."""

    @property
    def value(self) -> int: ...
    @property
    def measured_on(self) -> date: ...


class Fence(Protocol):
    """What the rules ask of a fence; see its table for the units."""

    comparator: str
    threshold: int
    close: int
    unit: str
    frequency: str
    in_force_from: date
    in_force_until: date | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a fence on a day, why, and the measure it rests on."""

    state: State
    because: W
    value: int | None = None
    measured_on: date | None = None
    due_on: date | None = None

    @property
    def words(self) -> W:
        """Return the public word for the state."""
        return STATES[self.state]

    @property
    def tone(self) -> str:
        """Return the colour it is shown in; the words say the same."""
        return TONES[self.state]


def status(fence: Fence, measurements: Iterable[Taken], on: date) -> Status:
    """Return the state of the fence at the end of a day, from what had been measured by then.

    The wrong side of the threshold is always a breach, never "close", and no later silence hides it.
    A measure is due a month, a quarter or a year after the last one, or after the start.
    """
    last = _newest(measurements, on)
    due_on = months_after(last.measured_on if last else fence.in_force_from, MONTHS[fence.frequency])
    if last is None:
        return _unmeasured(fence, on, due_on)
    state, because = _judged(fence, last, is_late=_is_late(fence, on, due_on), due_on=due_on)
    return Status(state, because, last.value, last.measured_on, due_on)


def _judged(fence: Fence, last: Taken, *, is_late: bool, due_on: date) -> tuple[State, W]:
    if is_broken(fence, last.value):
        return State.BREACHED, _against(fence, last, BROKEN)
    if is_late:
        return State.OVERDUE, W(LATE.id, due=Day(due_on), day=Day(last.measured_on))
    if is_close(fence, last.value):
        return State.CLOSE, _against(fence, last, NEAR)
    return State.HOLDING, _against(fence, last, HOLDS)


HOLDS = {
    "at_least": W("%(value)s was measured on %(day)s; at least %(limit)s was promised."),
    "at_most": W("%(value)s was measured on %(day)s; at most %(limit)s was promised."),
    "yes_no": W("The answer on %(day)s was: %(value)s, as promised."),
}
NEAR = {
    "at_least": W(
        "%(value)s was measured on %(day)s; at least %(limit)s was promised, so little room is left."
    ),
    "at_most": W(
        "%(value)s was measured on %(day)s; at most %(limit)s was promised, so little room is left."
    ),
}
BROKEN = {
    "at_least": W("Only %(value)s was measured on %(day)s, although at least %(limit)s was promised."),
    "at_most": W("%(value)s was measured on %(day)s, although at most %(limit)s was promised."),
    "yes_no": W("The answer on %(day)s was: %(value)s, although the promise was: %(limit)s."),
}
LATE = W("The last measure is of %(day)s; the next one was due on %(due)s.")
NEVER = W("Nothing has been measured yet; the first measure is due on %(due)s.")
NEVER_AND_LATE = W("Nothing has been measured, although the first measure was due on %(due)s.")


def is_broken(fence: Fence, value: int) -> bool:
    """Say whether a value is on the wrong side of the threshold; the threshold itself holds."""
    if fence.comparator == "at_least":
        return value < fence.threshold
    return value > fence.threshold


def is_close(fence: Fence, value: int) -> bool:
    """Say whether a value holds, but lies between the threshold and where the warning begins."""
    # There is nothing between yes and no.
    if fence.unit == "yes_no" or fence.close == fence.threshold or is_broken(fence, value):
        return False
    return value <= fence.close if fence.comparator == "at_least" else value >= fence.close


def _newest(measurements: Iterable[Taken], on: date) -> Taken | None:
    # Of two measures of the same day the later entry corrects the earlier one.
    known = [one for one in measurements if one.measured_on <= on]
    newest = max((one.measured_on for one in known), default=None)
    return next((one for one in reversed(known) if one.measured_on == newest), None)


def _unmeasured(fence: Fence, on: date, due_on: date) -> Status:
    if _is_late(fence, on, due_on):
        return Status(State.OVERDUE, W(NEVER_AND_LATE.id, due=Day(due_on)), due_on=due_on)
    return Status(State.NOT_MEASURED, W(NEVER.id, due=Day(due_on)), due_on=due_on)


def _is_late(fence: Fence, on: date, due_on: date) -> bool:
    # Once the pact has ended nothing further falls due.
    is_owed = fence.in_force_until is None or due_on <= fence.in_force_until
    return is_owed and on > due_on


def _against(fence: Fence, last: Taken, sentences: Mapping[str, W]) -> W:
    return W(
        sentences["yes_no" if fence.unit == "yes_no" else fence.comparator].id,
        value=Measure(last.value, fence.unit),
        limit=Measure(fence.threshold, fence.unit),
        day=Day(last.measured_on),
    )


def months_after(first: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def margin_of(comparator: str, threshold: int, *, usual_threshold: int, usual_close: int) -> int:
    """Return where "close" begins for a threshold other than the catalogue's: as far off as usual there."""
    distance = abs(usual_close - usual_threshold)
    return threshold + distance if comparator == "at_least" else max(threshold - distance, 0)
