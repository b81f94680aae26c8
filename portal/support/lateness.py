"""Whether the city is late with what it promised, and whether silence counts: from dates alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# What is asked for when it is needed: it is owed within the term of the pact, not at its beginning.
ON_CALL = frozenset({"legal", "spaces", "training", "communication"})
USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """So much, promised for a day, which is the last one that is not late."""

    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Promise:
    """What decides when support is due where no parts were planned."""

    kind: str
    amount: int
    starts_on: date
    ends_on: date | None = None
    due_on: date | None = None


def due_day(promise: Promise, days: int = USUAL_DAYS) -> date:
    """Return the last day on which the whole is in time: the day agreed, else the usual one."""
    if promise.due_on is not None:
        return promise.due_on
    if promise.kind in ON_CALL and promise.ends_on is not None:
        return promise.ends_on
    return promise.starts_on + timedelta(days=days)


def is_owed_by_a_day(promise: Promise) -> bool:
    """Say whether the whole is owed by a day of its own, and not just within the term of the pact."""
    return promise.due_on is not None or promise.kind not in ON_CALL or promise.ends_on is None


def plan_of(promise: Promise, parts: Iterable[Due], days: int = USUAL_DAYS) -> list[Due]:
    """Return what is due when: the planned parts in their order, else the whole on one day."""
    planned = sorted(parts, key=lambda one: one.on)
    return planned or [Due(due_day(promise, days), promise.amount)]


def late_since(plan: Iterable[Due], delivered: int, today: date) -> date | None:
    """Return the day since which something promised is missing, or None where nothing is late."""
    promised = 0
    for part in sorted(plan, key=lambda one: one.on):
        promised += part.amount
        if promised > delivered:
            return part.on if part.on < today else None
    return None


def days_late(plan: Iterable[Due], delivered: int, today: date) -> int:
    """Return how many whole days the oldest missing part is late; 0 is in time."""
    since = late_since(plan, delivered, today)
    return (today - since).days if since is not None else 0


def next_due(plan: Iterable[Due], delivered: int) -> Due | None:
    """Return the part that comes next, with what is missing of it, or None when all was given."""
    promised = 0
    for part in sorted(plan, key=lambda one: one.on):
        promised += part.amount
        if promised > delivered:
            return Due(part.on, min(part.amount, promised - delivered))
    return None


def is_silent_yes(entered_on: date, today: date, *, days: int, silence_accepts: bool) -> bool:
    """Say whether a group that said nothing has accepted: after so many days, where the rules say so."""
    return silence_accepts and today >= entered_on + timedelta(days=days)
