"""Open a pool for one year."""

from __future__ import annotations

import re
from collections.abc import Mapping

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support import findable, queries
from portal.support.actions import books
from portal.support.actions.books import About
from portal.support.ledger import UNITS, Kind, Movement
from portal.support.models import Pool
from portal.words import W

YEARS = range(2000, 2101)
# More than any city has, and far from where the database's whole numbers end.
MOST = 10**15
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def open_pool(
    year: int,
    slug: str,
    kind: str,
    name: str,
    capacity: int,
    *,
    by: Actor,
    office: str = "",
    further: Mapping[str, int] | None = None,
) -> Pool:
    """Open a pool at once, as a city's set-up does; people ask for one, see `changes.ask_to_open`.

    `capacity` is in the kind's first unit (cents, vCPU, hours, pieces), `further` holds the other measures of
    a server's pool by unit. Refuses with NotAllowed any person, with Invalid what is not a pool and a second
    pool of the same name in a year.
    """
    policy.check(by, Can.POOL_OPEN)
    if by.person_id is not None:
        raise NotAllowed(W("Ask for a new fund: above the city's amount a second person decides."))
    return book_opening(year, slug, kind, name, capacity, by=by, office=office, further=further)


def book_opening(
    year: int,
    slug: str,
    kind: str,
    name: str,
    capacity: int,
    *,
    by: Actor,
    office: str = "",
    further: Mapping[str, int] | None = None,
    about: About = books.NOTHING_MORE,
) -> Pool:
    """Book a pool that was decided on, or whose money arrived; whoever calls this has asked who may.

    Refuses with Invalid what is not a pool.
    """
    check_pool(year, slug, kind, name, capacity)
    facts = {"year": year, "kind": kind, "name": name, "office": office}
    units = UNITS[Kind(kind)]
    pool = _opened(Pool(slug=slug, unit=units[0], capacity=0, **facts), capacity, by=by, about=about)
    for unit in units[1:]:
        if further and further.get(unit):
            _opened(add_measure(pool, unit), further[unit], by=by, about=about)
    findable.enter_fund(pool)
    record(Did.POOL_OPENED, pool.key, by=by, kind=pool.kind, capacity=capacity, unit=pool.unit)
    return pool


def like(pool: Pool, year: int, *, by: Actor) -> Pool:
    """Open a pool like another one in a year that has none of it yet, with nothing in it."""
    same = {name: getattr(pool, name) for name in ("slug", "kind", "name", "office", "unit")}
    found = _opened(Pool(year=year, capacity=0, **same), 0, by=by, about=books.NOTHING_MORE)
    record(Did.POOL_OPENED, found.key, by=by, kind=found.kind, capacity=0, unit=found.unit)
    return found


def add_measure(head: Pool, unit: str) -> Pool:
    """Add a further measure to a pool, empty as yet; what a pool does not measure it does not limit."""
    part = Pool(
        slug=f"{head.slug[:45]}.{unit}",
        year=head.year,
        kind=head.kind,
        name=head.name,
        office=head.office,
        unit=unit,
        head_id=head.id,
        capacity=0,
    )
    db.session().add(part)
    db.session().flush()
    return part


def _opened(pool: Pool, capacity: int, *, by: Actor, about: About) -> Pool:
    db.session().add(pool)
    db.session().flush()
    if capacity:
        books.must_change(pool, Movement.OPENED, capacity, by=by, about=about)
    return pool


def check_pool(year: int, slug: str, kind: str, name: str, capacity: int) -> None:
    """Refuse with Invalid what is not a pool, and a second one of the same name in a year."""
    if year not in YEARS:
        raise Invalid(W("Enter a year like %(year)s", year=clock.today().year), field="year")
    if kind not in set(Kind):
        raise Invalid(W("Choose what the fund gives"), field="kind")
    if not name or not _SLUG.fullmatch(slug):
        raise Invalid(W("Enter a name with letters or digits, like Digital fund"), field="name")
    if not 0 < capacity <= MOST:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="capacity")
    if db.session().scalar(queries.pool(year, slug)) is not None:
        raise Invalid(
            W("There is a fund of this name in %(year)s already. Choose another name.", year=year),
            field="name",
        )
