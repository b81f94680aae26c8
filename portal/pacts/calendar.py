"""The calendar of a pact: its reporting periods, what is due, whether it is in force, its life line."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from portal.pacts.lifecycle import State

ONE_DAY = timedelta(days=1)
StageState = Literal["done", "now", "todo", "missed"]
ENDED = frozenset({State.CONCLUDED, State.TERMINATED})


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period: the days [starts_on, ends_before), and the last day to send its report."""

    number: int
    starts_on: date
    ends_before: date
    due_on: date

    @property
    def last_day(self) -> date:
        """Return the last day that belongs to the period."""
        return self.ends_before - ONE_DAY

    def is_over(self, on: date) -> bool:
        """Say whether the period has ended."""
        return on >= self.ends_before

    def is_overdue(self, on: date) -> bool:
        """Say whether the report should have been here by now."""
        return on > self.due_on


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def periods(starts_on: date, ends_on: date, *, every_months: int, first_due_on: date) -> tuple[Period, ...]:
    """Return the periods that cover the pact without gap, its last day included; the last one may be short.

    Each is counted from the first day of the pact, so that a month's end never drifts. A report is due as
    long after its period as the first one is; no report is due before its period has ended.
    """
    return tuple(_periods(starts_on, ends_on, every_months, first_due_on))


def _periods(starts_on: date, ends_on: date, every_months: int, first_due_on: date) -> Iterator[Period]:
    beyond = ends_on + ONE_DAY
    if every_months <= 0:
        yield Period(1, starts_on, beyond, max(first_due_on, beyond))
        return
    grace = max(first_due_on - min(months_later(starts_on, every_months), beyond), timedelta(0))
    first, number = starts_on, 1
    while first < beyond:
        until = min(months_later(starts_on, every_months * number), beyond)
        yield Period(number, first, until, until + grace)
        first, number = until, number + 1


def of_text(text: Mapping[str, Any]) -> tuple[Period, ...]:
    """Return the reporting periods that a pact's text promises."""
    return periods(
        date.fromisoformat(text["starts_on"]),
        date.fromisoformat(text["ends_on"]),
        every_months=int(text["reports"]["every_months"]),
        first_due_on=date.fromisoformat(text["reports"]["first_due_on"]),
    )


def next_unreported(all_periods: Collection[Period], reported: Collection[int]) -> Period | None:
    """Return the first period whose report was not sent yet."""
    return next((period for period in all_periods if period.number not in reported), None)


def due(all_periods: Collection[Period], reported: Collection[int], on: date) -> tuple[Period, ...]:
    """Return the periods that have ended and whose report was not sent, the oldest first."""
    return tuple(period for period in all_periods if period.is_over(on) and period.number not in reported)


def overdue(all_periods: Collection[Period], reported: Collection[int], on: date) -> tuple[Period, ...]:
    """Return those of them whose last day to send has passed."""
    return tuple(period for period in due(all_periods, reported, on) if period.is_overdue(on))


def in_force(state: str, starts_on: date | None, ends_on: date | None, *, has_paper: bool, on: date) -> bool:
    """Say whether the pact binds on a day: signed, its sealed agreement issued, within its dates."""
    if state != State.SIGNED or not has_paper or starts_on is None or ends_on is None:
        return False
    return starts_on <= on <= ends_on


def public_state(
    state: str, starts_on: date | None, ends_on: date | None, *, has_paper: bool, on: date
) -> str:
    """Return the state whose public word a pact bears: what the calendar did is derived, never stored."""
    if in_force(state, starts_on, ends_on, has_paper=has_paper, on=on):
        return "in_force"
    return "ended" if state == State.SIGNED and ends_on is not None and ends_on < on else str(state)


@dataclass(frozen=True, slots=True)
class Dates:
    """When a case reached each stage; None where it has not."""

    proposed_on: date | None = None
    observed_on: date | None = None
    opened_on: date | None = None
    agreed_on: date | None = None
    signing_on: date | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the life line: its id in the city's profile, its day, and whether we are past it."""

    id: str
    on: date | None
    state: StageState


# The order in which a case passes them; the profile names them, and may leave some out.
ORDER = ("idea", "sent", "checking", "observations", "co_design", "resources", "signing", "active", "ended")
_NOW = {
    State.CO_DESIGN: "co_design",
    State.AGREED: "resources",
    State.SIGNING: "signing",
    State.SIGNED: "active",
    State.SUSPENDED: "active",
    State.CONCLUDED: "ended",
    State.TERMINATED: "ended",
}


def life_line(state: str, dates: Dates, *, on: date, stages: Collection[str] = ORDER) -> tuple[Station, ...]:
    """Return the stations of a pact's life: done, now, ahead; "missed" where its day has gone by unused.

    A pact that is signed but not begun stands at "active" with its first day ahead.
    """
    now = ORDER.index(_NOW[State(state)])
    return tuple(
        Station(stage, _day(stage, dates), _standing(stage, now, dates, on))
        for stage in ORDER
        if stage in stages
    )


def _day(stage: str, dates: Dates) -> date | None:
    return {
        "idea": None,
        "sent": dates.proposed_on,
        "checking": dates.opened_on,
        "observations": dates.observed_on,
        "co_design": dates.agreed_on,
        "resources": dates.signing_on,
        "signing": dates.signed_on,
        "active": dates.starts_on,
        "ended": dates.ended_on or dates.ends_on,
    }[stage]


def _standing(stage: str, now: int, dates: Dates, on: date) -> StageState:
    place = ORDER.index(stage)
    if place < now or (stage == "ended" and place == now):
        return "done"
    if place == now:
        return "now"
    # The beginning that was agreed has come, but the pact is not signed yet.
    if stage == "active" and dates.starts_on is not None and dates.starts_on < on:
        return "missed"
    if stage == "ended" and dates.ends_on is not None and dates.ends_on < on:
        return "missed"
    return "todo"
