"""Open a pool for one year."""

from __future__ import annotations

import re

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support import queries
from portal.support.actions import books
from portal.support.ledger import UNITS, Kind, Movement
from portal.support.models import Pool
from portal.words import W

YEARS = range(2000, 2101)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def open_pool(year: int, slug: str, kind: str, name: str, capacity: int, *, by: Actor) -> Pool:
    """Open a pool for one year; `capacity` in the kind's unit (cents, vCPU, hours).

    Refuses with Invalid what is not a pool, and a second pool of the same name in a year.
    """
    policy.check(by, Can.POOL_OPEN)
    _check_pool(year, slug, kind, name, capacity)
    unit = UNITS[Kind(kind)]
    pool = Pool(year=year, slug=slug, kind=kind, name=name, unit=unit, capacity=capacity)
    db.session().add(pool)
    db.session().flush()
    books.enter(pool, Movement.OPENED, capacity, by=by)
    record(Did.POOL_OPENED, pool.key, by=by, kind=pool.kind, capacity=capacity, unit=unit)
    return pool


def _check_pool(year: int, slug: str, kind: str, name: str, capacity: int) -> None:
    if year not in YEARS:
        raise Invalid(W("Enter a year like %(year)s", year=clock.today().year), field="year")
    if kind not in set(Kind):
        raise Invalid(W("Choose what the fund gives"), field="kind")
    if not name or not _SLUG.fullmatch(slug):
        raise Invalid(W("Enter a name with letters or digits, like Digital fund"), field="name")
    if capacity <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="capacity")
    if db.session().scalar(queries.pool(year, slug)) is not None:
        raise Invalid(
            W("There is a fund of this name in %(year)s already. Choose another name.", year=year),
            field="name",
        )
