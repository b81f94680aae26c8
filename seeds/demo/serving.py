"""Servers of the demonstration: set up soon after the signature, measured for a month, one near its end."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from portal import city, clock, db
from portal.support.models import Allocation
from portal.support.servers import actions, queries
from seeds.demo.cast import SYSTEMS, actor
from seeds.demo.story import Upto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.city import Profile
    from portal.support.servers.models import Server
    from seeds.demo.story import Story

# A machine takes some days; what it used is measured for the last month.
SET_UP_AFTER, MEASURED_DAYS, WHOLE = 6, 30, 100
# The oldest one is needed for some weeks more only.
LONG_AGO, OLD_PROMISE, WEEKS_LEFT = -240, -60, timedelta(weeks=4)
CITY = "bologna"
EXIT = ("Base di dati e tutti i file", "SQL e file semplici", 30)
RUNNER = actions.Runner("Sportello digitale", "macchine@example.org")
Step = tuple[int, "Callable[[], None]"]


def serve(story: Story, code: str, begins: int, until: int) -> Iterator[Step]:
    """Yield the days of a pact's server: most run, the youngest is being prepared."""
    if "server" not in story.asks or story.upto > Upto.RUNNING:
        return
    if story.delivered != WHOLE and begins < OLD_PROMISE:
        return  # given in parts long ago, by hand
    if begins + 1 < until:
        yield begins + 1, partial(_begin, code)
    if begins + SET_UP_AFTER < until and story.delivered == WHOLE:
        yield begins + SET_UP_AFTER, partial(_set_up, code)
        if until == 0:
            yield -1, partial(_measure, code)
        if begins < LONG_AGO and until == 0:
            yield -1, partial(_shorten, story, code)


def _one(code: str) -> Server | None:
    return db.session().scalars(queries.of_subject(f"pact:{code}")).first()


def _begin(code: str) -> None:
    promised = queries.unopened().where(Allocation.subject == f"pact:{code}")
    for allocation in db.session().scalars(promised).all():
        actions.begin(allocation, _rules(), by=actor(SYSTEMS))
        told = actions.Particulars(f"{code.lower()}.comune.example", "city", "day", *EXIT)
        found = _one(code)
        assert found is not None  # noqa: S101 - it was begun a moment ago
        actions.prepare(found, told, by=actor(SYSTEMS))
        actions.add_runner(found, RUNNER, by=actor(SYSTEMS))


def _set_up(code: str) -> None:
    found = _one(code)
    if found is None:
        return
    by = actor(SYSTEMS)
    actions.request(found, actions.HAND, by=by)
    for step in ("machine", "access", "backup"):
        actions.do_step(found, step, "Verbale agli atti", by=by)
    found = _one(code)
    assert found is not None  # noqa: S101 - it was there a moment ago
    actions.run(found, f"vm{found.id}.comune.example", by=by)


def _measure(code: str) -> None:
    found = _one(code)
    if found is None:
        return
    today = clock.today()
    rows = [
        actions.Sample(
            day=today - timedelta(days=ago),
            cpu_hours=(5 + ago * 7 % 11) * found.vcpu // 2,
            memory_mb=found.memory_gb * (520 + ago * 37 % 140),
            storage_mb=found.storage_gb * (610 - 4 * ago),
            traffic_mb=400 + ago * 53 % 300,
        )
        for ago in range(MEASURED_DAYS, 0, -1)
    ]
    actions.enter_use(found, rows, "automation", _rules().servers.warn_percent, by=actor(SYSTEMS))


def _shorten(story: Story, code: str) -> None:
    found = _one(code)
    if found is None:
        return
    ends_on = clock.today() + WEEKS_LEFT
    why, holder = "Il servizio passa al nuovo server.", actor(story.by.holder)
    actions.ask_change(found, found.plan, ends_on, why, _rules(), by=holder)
    found = _one(code)
    assert found is not None  # noqa: S101 - it was there a moment ago
    actions.grant(found, found.changes[0], _rules(), by=actor(SYSTEMS))


def _rules() -> Profile:
    return city.profile(CITY)
