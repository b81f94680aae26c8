"""Another size is booked to the last gigabyte: more as an allocation of its own, less given back exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal import clock, db
from portal.city.shapes import ServerPlan
from portal.errors import NotAllowed, Stale, WrongState
from portal.policy import SYSTEM
from portal.support import actions as giving
from portal.support import queries as support
from portal.support import valuing
from portal.support.changes import Change
from portal.support.models import Allocation, Pool, PoolEntry
from portal.support.servers import actions, plans, queries
from tests.browser import Browser
from tests.support.conftest import PACT, Desk, this_year
from tests.support.servers.conftest import PROFILE, Room

MEDIUM = {"vcpu": 4, "memory_gb": 8, "storage_gb": 100, "traffic_gb": 2000}
FURTHER = {"memory_gb": 100, "storage_gb": 1000, "traffic_gb": 20_000}
CERTIFICATE = "All disks and backups were wiped on the first of May by Ivan Ferri."


def sized(key: str, **measures: int) -> ServerPlan:
    return replace(PROFILE.server_plans[0], id=key, **{**MEDIUM, **measures})


ROOMY = sized("roomy", memory_gb=24, storage_gb=130)
MIXED = sized("mixed", vcpu=7, memory_gb=5, traffic_gb=2001)
CITY = replace(PROFILE, server_plans=(*PROFILE.server_plans, ROOMY, MIXED))


@pytest.fixture
def grown(room: Room, cast: Any, desk: Desk) -> Grown:
    measures = {name: many for name, many in MEDIUM.items() if name != "vcpu"}
    room.prepared(further=FURTHER, **measures)
    room.does(lambda it: actions.request(it, actions.HAND, by=cast.ivan))
    room.set_up()
    return Grown(room, cast, desk)


class Grown:
    """A running medium server whose pool measures all four; and what its books say."""

    def __init__(self, room: Room, cast: Any, desk: Desk) -> None:
        self.room, self.cast, self.desk = room, cast, desk
        self.tina = cast.fresh("tina")

    def asks(self, plan: str, days: int = 0) -> None:
        end = self.room.now.ends_on + timedelta(days=days)
        self.room.does(lambda it: actions.ask_change(it, plan, end, "Many users", CITY, by=self.cast.rosa))

    def proposed(self, plan: str) -> None:
        self.asks(plan)
        self.room.does(lambda it: actions.grant(it, it.changes[0], CITY, by=self.cast.ivan))

    def seconded(self) -> None:
        self.room.does(lambda it: actions.second(it, it.changes[0], CITY, by=self.tina))

    @property
    def booked(self) -> dict[str, int]:
        """Return what the pool has given of each measure, after holding it to its rows and its holdings."""
        found = {}
        with db.reading() as session:
            rows = session.scalars(select(Pool).order_by(Pool.id)).all()
        for one in rows:
            reserved, committed, delivered = self.desk.figures(one)
            assert (reserved, committed) == (0, delivered)
            found[one.unit] = delivered
        return found

    @property
    def allocations(self) -> list[tuple[str, str, dict[str, int]]]:
        with db.reading() as session:
            found = session.scalars(select(Allocation).order_by(Allocation.id)).all()
            return [(one.row_key, one.state, one.measures) for one in found]

    def ends(self) -> None:
        ivan, rosa = self.cast.ivan, self.cast.rosa
        self.room.does(lambda it: actions.wind_down(it, by=ivan))
        for step, who in (("export", ivan), ("erased", ivan), ("confirmed", rosa)):
            self.room.does(lambda it, step=step, who=who: actions.do_step(it, step, "Ticket 7", by=who))
        self.room.does(lambda it: actions.delete(it, CERTIFICATE, 30, by=ivan))


def test_more_is_an_allocation_of_its_own_and_all_comes_back_at_the_end(both, grown):
    assert grown.booked == MEDIUM
    grown.proposed("large")
    assert grown.allocations[1][1] == "proposed"
    with pytest.raises(NotAllowed):
        grown.room.does(lambda it: actions.second(it, it.changes[0], CITY, by=grown.cast.fresh("ivan")))
    grown.seconded()
    large = {"vcpu": 8, "memory_gb": 16, "storage_gb": 250, "traffic_gb": 4000}
    first, more = grown.allocations
    assert first == ("s1", "delivered", MEDIUM), "what was agreed stays as it was agreed"
    assert more[1:] == ("delivered", {name: large[name] - MEDIUM[name] for name in large})
    assert grown.booked == grown.room.now.measures == large
    grown.ends()
    assert set(grown.booked.values()) == {0}
    assert [state for _, state, _ in grown.allocations] == ["closed", "closed"]


def test_more_is_worth_what_the_larger_plan_costs_more_for_the_months_left(database, grown):
    months = plans.months_left(clock.today(), grown.room.now.ends_on)
    with db.writing() as session:
        session.execute(update(Allocation).values(profile_version="bologna/2023/2023-01-01"))
    grown.proposed("large")
    grown.seconded()
    with db.reading() as session:
        more = session.scalars(select(Allocation).where(Allocation.row_key.like("g%"))).one()
        given = session.scalars(
            select(PoolEntry.value_cents).where(
                PoolEntry.allocation_id == more.id, PoolEntry.movement == "delivered"
            )
        ).all()
    costs = {one.id: one.month_cents for one in PROFILE.server_plans}
    assert more.value_cents == months * (costs["large"] - costs["medium"])
    assert sum(given) == more.value_cents
    assert valuing.read(more.valued_by).words(more.unit) == (
        f"What the larger plan costs more a month than the one before, for {months} months"
    )


@pytest.mark.parametrize(
    ("ends_on", "months"),
    [
        ("2026-03-31", 3),
        ("2026-03-15", 2),
        ("2026-03-16", 3),
        ("2027-01-15", 12),
        ("2026-01-15", 1),
        ("2025-01-01", 1),
    ],
)
def test_a_begun_month_counts(ends_on, months):
    assert plans.months_left(date(2026, 1, 15), date.fromisoformat(ends_on)) == months


def test_only_memory_and_storage_are_booked_too_and_less_comes_back_to_the_gigabyte(both, grown):
    grown.proposed("roomy")
    grown.seconded()
    assert grown.allocations[1][2] == {"memory_gb": 16, "storage_gb": 30}
    assert grown.booked == grown.room.now.measures == MEDIUM | {"memory_gb": 24, "storage_gb": 130}
    grown.proposed("mixed")
    grown.seconded()
    mixed = {"vcpu": 7, "memory_gb": 5, "storage_gb": 100, "traffic_gb": 2001}
    assert grown.booked == grown.room.now.measures == mixed
    grown.asks("small")
    grown.room.does(lambda it: actions.grant(it, it.changes[0], CITY, by=grown.cast.ivan))
    assert grown.booked == {"vcpu": 2, "memory_gb": 4, "storage_gb": 50, "traffic_gb": 1000}
    assert len(grown.allocations) == 3, "less asks for nothing"
    grown.ends()
    assert set(grown.booked.values()) == {0}


def test_a_longer_term_alone_needs_no_row(grown):
    grown.asks("medium", days=60)
    grown.room.does(lambda it: actions.grant(it, it.changes[0], CITY, by=grown.cast.ivan))
    grown.seconded()
    assert (len(grown.allocations), grown.booked) == (1, MEDIUM)


def test_what_is_not_granted_takes_nothing(both, grown):
    grown.proposed("large")
    refuse = lambda it: actions.refuse_change(it, it.changes[0], "No room", by=grown.cast.ivan)  # noqa: E731
    grown.room.does(refuse)
    assert [state for _, state, _ in grown.allocations] == ["delivered", "released"]
    grown.proposed("roomy")
    with db.reading() as session:
        number = session.scalars(queries.growths(grown.room.now.id)).first().id
    grown.desk.approve(number)  # on the page of all support: what is kept aside is freed with the wish
    grown.room.does(lambda it: actions.wind_down(it, by=grown.cast.ivan))
    assert [state for _, state, _ in grown.allocations] == ["delivered", "released", "released"]
    assert grown.booked == MEDIUM


def test_what_is_gone_by_now_or_another_size_by_now_is_refused(both, grown):
    grown.proposed("roomy")
    other = replace(CITY, server_plans=(replace(ROOMY, memory_gb=90),))
    with pytest.raises(Stale, match="has changed since"):
        grown.room.does(lambda it: actions.second(it, it.changes[0], other, by=grown.tina))
    with db.writing() as session:
        session.query(Pool).filter(Pool.unit == "storage_gb").update({"capacity": 129})
    with pytest.raises(Stale):
        grown.seconded()
    assert (grown.room.now.vcpu, grown.room.now.memory_gb, grown.room.now.state) == (4, 8, "change_asked")
    with db.reading() as session:
        reserved = session.scalars(select(Pool.reserved)).all()
    assert set(reserved) == {0}
    grown.room.does(lambda it: actions.refuse_change(it, it.changes[0], "No room", by=grown.cast.ivan))
    with pytest.raises(WrongState, match="is left in"):
        grown.proposed("roomy")


def test_a_year_that_is_closed_gives_back_into_the_open_one(both, grown, desk):
    with db.reading() as session:
        pool = session.scalars(support.pool(this_year(), "machines")).one()
    desk.changed(Change.CLOSE, pool)
    grown.asks("small")
    with pytest.raises(WrongState, match="Ask the treasurer"):
        grown.room.does(lambda it: actions.grant(it, it.changes[0], CITY, by=grown.cast.ivan))
    later = desk.opened(1, slug="later", kind="server", further=dict.fromkeys(FURTHER, 1))
    grown.room.does(lambda it: actions.grant(it, it.changes[0], CITY, by=grown.cast.ivan))
    assert capacities(later) == {"vcpu": 3, "memory_gb": 5, "storage_gb": 51, "traffic_gb": 1001}
    grown.ends()
    assert capacities(later) == {name: many + 1 for name, many in MEDIUM.items()}


def capacities(pool: Pool) -> dict[str, int]:
    with db.reading() as session:
        rows = [session.get_one(Pool, pool.id), *session.scalars(support.parts_of(pool.id))]
        return {one.unit: one.capacity for one in rows}


def test_an_allocation_beside_the_first_is_no_server_of_its_own(grown, app):
    grown.proposed("roomy")
    with db.reading() as session:
        number = session.scalars(queries.growths(grown.room.now.id)).one().id
    browser = Browser(app)
    browser.sign_in("giulia@city.example")
    for page in ("desk/allocate/BO-2026-041", "money/rows", f"money/pools/{this_year()}/machines"):
        assert browser.get(f"/en/{page}").status_code == 200, page
    grown.desk.approve(number)
    with db.writing() as session:
        giving.commit_row(session.get_one(Allocation, number), by=SYSTEM)
    with db.reading() as session:
        assert session.scalars(queries.unopened()).all() == []
        assert support.of_subject(PACT)[0]["kind"] == "server"
