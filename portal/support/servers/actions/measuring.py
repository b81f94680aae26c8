"""Enter what a server used on a day: append-only, and told to both sides where it nears the promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Can
from portal.record import Did
from portal.support.servers import plans, queries
from portal.support.servers.actions.opening import remember
from portal.support.servers.lifecycle import IN_USE
from portal.support.servers.models import Server, ServerUsage
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.policy import Actor

# A thousand times the largest machine: beyond that somebody mistyped.
MOST = 1_000_000_000
OLDEST = timedelta(days=400)
AUTOMATION, HAND = "automation", "hand"


@dataclass(frozen=True, slots=True)
class Sample:
    """What was used on a day: processor hours, and megabytes."""

    day: date
    cpu_hours: int
    memory_mb: int
    storage_mb: int
    traffic_mb: int


def enter_use(
    server: Server, samples: Sequence[Sample], source: str, marks: Sequence[int], *, by: Actor
) -> list[tuple[plans.Share, int]]:
    """Add what was used on some days; a day again is a correction, and the newest entry of it counts.

    `marks` are the percents of the promise at which both sides are told; nothing is cut by itself. Returns
    what newly reached a mark. Refuses with Invalid a day to come or long ago, and odd figures.
    """
    policy.check(by, Can.SERVER_KEEP, server)
    if server.state not in IN_USE:
        raise WrongState(W("Only a server that runs uses something."))
    for sample in samples:
        _check(sample)
    session = db.session()
    before = shares_of(server)
    for sample in samples:
        figures = {name: getattr(sample, name) for name in Sample.__slots__}
        session.add(ServerUsage(server_id=server.id, source=source, entered_at=clock.now(), **figures))
    session.flush()
    found = plans.risen(before, shares_of(server), marks)
    for share, level in found:
        remember(
            Did.SERVER_USE_HIGH, server, by=by, measure=share.measure, percent=share.percent, level=level
        )
    return found


def shares_of(server: Server) -> tuple[plans.Share, ...]:
    """Return how much of the promise is used, by the newest day."""
    rows = db.session().scalars(queries.days(server.id)).all()
    return plans.shares(server.measures, rows)


def _check(sample: Sample) -> None:
    # The automation's day is the real one, whatever a demonstration says it is.
    newest = max(clock.today(), clock.local(clock.real()).date())
    if not newest - OLDEST <= sample.day <= newest:
        raise Invalid(W("Enter a day of the last year, not one to come"), field="day")
    for name in ("cpu_hours", "memory_mb", "storage_mb", "traffic_mb"):
        if not 0 <= getattr(sample, name) <= MOST:
            raise Invalid(W("Enter a whole number from 0 on"), field=name)
