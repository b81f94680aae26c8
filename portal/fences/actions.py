"""The verbs of fences: set them when a pact is signed, and enter what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal import clock, db, policy
from portal.city import Profile
from portal.errors import Invalid, WrongState
from portal.fences import measures, queries
from portal.fences.models import Fence, Measurement
from portal.fences.monitors import margin_of
from portal.policy import Actor, Can, Thing
from portal.record import Did, record
from portal.words import W

_SHARED = (
    "catalogue",
    "title",
    "sentence",
    "comparator",
    "threshold",
    "unit",
    "frequency",
    "source",
)


def set_fences(
    subject: str,
    rows: Iterable[Mapping[str, Any]],
    in_force_from: date,
    in_force_until: date | None,
    *,
    by: Actor,
    profile: Profile | None = None,
) -> list[Fence]:
    """Put the fences of a signed text into force; `rows` are those of the text's "fences".

    Called by the last signature, which has asked who may; doing it again moves the dates and changes nothing
    else. The profile's catalogue says where "close" begins; without a profile no measure counts as close.
    """
    session = db.session()
    known = {fence.row_key: fence for fence in session.scalars(queries.of_subject(subject))}
    fences = []
    for row in rows:
        fence = known.get(row["id"]) or _new(subject, row, profile)
        fence.in_force_from = in_force_from
        fence.in_force_until = in_force_until
        if row["id"] not in known:
            session.add(fence)
            record(
                Did.FENCE_SET,
                subject,
                by=by,
                row=fence.row_key,
                catalogue=fence.catalogue,
                threshold=fence.threshold,
            )
        fences.append(fence)
    session.flush()
    return fences


def _new(subject: str, row: Mapping[str, Any], profile: Profile | None) -> Fence:
    facts = {name: row[name] for name in _SHARED}
    return Fence(subject=subject, row_key=row["id"], close=_close_of(row, profile), measurements=[], **facts)


def _close_of(row: Mapping[str, Any], profile: Profile | None) -> int:
    if "close" in row or profile is None:
        return int(row.get("close", row["threshold"]))
    usual = profile.fence(row["catalogue"])
    return margin_of(
        row["comparator"], row["threshold"], usual_threshold=usual.threshold, usual_close=usual.close
    )


def measure(
    fence: Fence, value: int, measured_on: date, evidence: str, thing: Thing, *, by: Actor
) -> Measurement:
    """Enter what was measured of a fence on a day of the city; `thing` is the pact, which knows its people.

    `value` in the unit's smallest step. A second measure of a day corrects the first, which stays to be seen.
    Refuses with Invalid an impossible value, a day to come or outside the fence's term, and no evidence.
    """
    policy.check(by, Can.FENCE_MEASURE, thing)
    _check(fence, value, measured_on, evidence)
    taken = Measurement(
        fence_id=fence.id,
        value=value,
        measured_on=measured_on,
        evidence=evidence.strip(),
        entered_at=clock.now(),
    )
    db.session().add(taken)
    db.session().flush()
    record(
        Did.FENCE_MEASURED,
        fence.subject,
        by=by,
        row=fence.row_key,
        value=value,
        unit=fence.unit,
        measured_on=measured_on.isoformat(),
    )
    return taken


def _check(fence: Fence, value: int, measured_on: date, evidence: str) -> None:
    if not measures.is_possible(value, fence.unit):
        raise Invalid(measures.how_to_write(fence.unit), field="value")
    if measured_on > clock.today():
        raise Invalid(W("Enter a day that is not in the future"), field="measured_on")
    if measured_on < fence.in_force_from:
        raise Invalid(W("Enter a day on which this promise was already in force"), field="measured_on")
    if fence.in_force_until is not None and measured_on > fence.in_force_until:
        raise WrongState(W("This promise ended with the pact, so nothing more is measured."))
    if not evidence.strip():
        raise Invalid(W("Say what shows it, like the opening log of the month"), field="evidence")
