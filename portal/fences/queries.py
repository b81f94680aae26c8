"""Questions about fences and what was measured of them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal import db
from portal.fences import gauges as drawn
from portal.fences import monitors
from portal.fences.models import Fence
from portal.fences.monitors import State


def of_subject(subject: str) -> Select[Fence]:
    """Select the fences of a pact with their measurements, in the order of its text."""
    return _measured().where(Fence.subject == subject).order_by(Fence.id)


def one(subject: str, row_key: str) -> Select[Fence]:
    """Select one fence of a pact with its measurements."""
    return of_subject(subject).where(Fence.row_key == row_key)


def in_force(on: date) -> Select[Fence]:
    """Select all fences in force on a day with their measurements, pact by pact."""
    return (
        _measured()
        .where(Fence.in_force_from <= on)
        .where(Fence.in_force_until.is_(None) | (Fence.in_force_until >= on))
        .order_by(Fence.subject, Fence.id)
    )


def _measured() -> Select[Fence]:
    return select(Fence).options(selectinload(Fence.measurements)).execution_options(populate_existing=True)


def gauges(subject: str, language: str, on: date) -> list[dict[str, Any]]:
    """Return the fences of a pact as the macro `fence_gauge` draws them, in one language."""
    fences = db.session().scalars(of_subject(subject))
    return [drawn.gauge(fence, fence.measurements, language, on) for fence in fences]


def counts(on: date) -> dict[State, int]:
    """Return how many of the fences in force on a day are in each state."""
    found = Counter(
        monitors.status(one, one.measurements, on).state for one in db.session().scalars(in_force(on))
    )
    return {state: found[state] for state in State}
