"""Questions about fences and what was measured of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import aliased, selectinload

from portal import db
from portal.fences import gauges as drawn
from portal.fences import monitors
from portal.fences.models import Fence, Measurement
from portal.fences.monitors import State


def of_subject(subject: str) -> Select[Fence]:
    """Select the fences of a pact with their measurements, in the order of its text."""
    return _measured().where(Fence.subject == subject).order_by(Fence.id)


def one(subject: str, row_key: str) -> Select[Fence]:
    """Select one fence of a pact with its measurements."""
    return of_subject(subject).where(Fence.row_key == row_key)


def in_force(on: date) -> Select[Fence]:
    """Select all fences in force on a day with their measurements, pact by pact."""
    return _measured().where(*_is_in_force(on)).order_by(Fence.subject, Fence.id)


def _is_in_force(on: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Fence.in_force_from <= on, Fence.in_force_until.is_(None) | (Fence.in_force_until >= on)


def _measured() -> Select[Fence]:
    return select(Fence).options(selectinload(Fence.measurements)).execution_options(populate_existing=True)


# Parameter: subject. Put together once, and without entities: every pact's page asks.
_OF_PACT = Fence.subject == bindparam("subject")
_DRAWN = select(*Fence.__table__.columns).where(_OF_PACT).order_by(Fence.id)
_TAKEN = (
    select(Measurement.fence_id, Measurement.value, Measurement.measured_on)
    .join(Fence, Fence.id == Measurement.fence_id)
    .where(_OF_PACT)
    .order_by(Measurement.measured_on, Measurement.id)
)


def measured(subject: str) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return the fences of a pact, and all that was measured of them: what gauges are drawn of."""
    fences = db.rows(_DRAWN, {"subject": subject})
    return fences, db.rows(_TAKEN, {"subject": subject}) if fences else ()


def gauges(subject: str, language: str, on: date) -> list[dict[str, Any]]:
    """Return the fences of a pact as the macro `fence_gauge` draws them, in one language."""
    return gauges_of(*measured(subject), language, on)


def gauges_of(
    fences: Sequence[Any], measures: Sequence[Any], language: str, on: date
) -> list[dict[str, Any]]:
    """Return fences as the macro draws them, from their rows."""
    taken: dict[int, list[Any]] = {}
    for one in measures:
        taken.setdefault(one.fence_id, []).append(one)
    return [drawn.gauge(fence, taken.get(fence.id, ()), language, on) for fence in fences]


class Standing(NamedTuple):
    """A fence and how it stands on a day."""

    fence: Fence
    status: monitors.Status


def standing(on: date) -> list[Standing]:
    """Return the fences in force on a day with how they stand, judged by their newest measures."""
    return [
        Standing(fence, monitors.status(fence, [newest] if newest else [], on))
        for fence, newest in db.session().execute(_with_newest(on))
    ]


def counts(on: date) -> dict[State, int]:
    """Return how many of the fences in force on a day are in each state."""
    found = Counter(one.status.state for one in standing(on))
    return {state: found[state] for state in State}


def _with_newest(on: date) -> Select[Fence, Measurement | None]:
    # The home page asks this for the whole city: one row a fence, however long it has been measured.
    older = aliased(Measurement)
    newest = (
        select(older.id)
        .where(older.fence_id == Fence.id, older.measured_on <= on)
        .order_by(older.measured_on.desc(), older.id.desc())
        .limit(1)
        .correlate(Fence)
        .scalar_subquery()
    )
    return (
        select(Fence, Measurement)
        .outerjoin(Measurement, and_(Measurement.fence_id == Fence.id, Measurement.id == newest))
        .where(*_is_in_force(on))
    )
