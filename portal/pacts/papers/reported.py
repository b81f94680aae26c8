"""What a group reports for a period, before it is set beside what the pact promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """The days a report covers, both included, and what comes after them."""

    number: int
    starts_on: date
    ends_on: date
    next_ends_on: date | None = None
    next_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How a commitment of the pact went; `done` in the commitment's own unit."""

    id: str
    done: int
    state: str
    source: str


@dataclass(frozen=True, slots=True)
class Result:
    """One figure reached; every figure names its source."""

    what: str
    reached: int
    unit: str
    source: str
    planned: int | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What was used of a row of support, in integer cents."""

    id: str
    used_cents: int
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The last measure of a fence, in the fence's unit; no value means it was not measured."""

    id: str
    state: str
    value: int | None = None
    measured_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """What went otherwise than agreed, why, and what is done about it."""

    what: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Next:
    """What is planned for the following period."""

    what: str
    by: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What the group reported: four narratives and their figures."""

    objectives: str
    actions: str
    results: str
    resources: str
    kept: tuple[Kept, ...] = ()
    figures: tuple[Result, ...] = ()
    used: tuple[Used, ...] = ()
    own: tuple[Result, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    coming: tuple[Next, ...] = ()
    measured: tuple[Measured, ...] = ()
    next_steps: str = ""
    validated_on: date | None = None
