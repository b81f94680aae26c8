"""What a treasurer changes in a pool, and the second person who decides on it."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from portal import clock, db
from portal.city.shapes import PoolKind
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.policy import SYSTEM
from portal.support import actions, queries
from portal.support.actions import books
from portal.support.changes import Change
from portal.support.ledger import UNITS, Kind, Movement
from portal.support.models import Allocation, Pool, PoolEntry, PoolRequest
from tests.support.conftest import PACT, row, this_year


def movements(pool: Pool) -> list[tuple[str, int]]:
    with db.reading() as session:
        found = session.scalars(select(PoolEntry).where(PoolEntry.pool_id == pool.id).order_by(PoolEntry.id))
        return [(one.movement, one.amount) for one in found]


def facts(**more: object) -> dict[str, object]:
    return {"year": this_year(), "slug": "new", "kind": "funding", "name": "New fund", "office": ""} | more


def test_a_citys_rules_name_every_kind_of_pool():
    assert set(get_args(PoolKind)) == set(Kind) == set(UNITS)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_unit(desk, kind):
    pool = desk.opened(12, kind=kind.value, slug=kind.value)
    assert pool.unit == UNITS[kind][0]
    assert desk.figures(pool) == (0, 0, 0)


def test_up_to_the_citys_amount_one_person_is_enough(both, desk):
    pool = desk.opened()
    assert desk.asks(Change.INCREASE, pool, 1_000_000).state == "booked"
    assert desk.asks(Change.INCREASE, pool, 1_000_001).state == "waiting"
    assert desk.pool(pool).capacity == 9_000_000
    assert movements(pool) == [("opened", 8_000_000), ("increased", 1_000_000)]


def test_above_it_a_second_person_approves(both, desk):
    pool = desk.opened()
    asked = desk.asks(Change.INCREASE, pool, 2_000_000)
    with pytest.raises(NotAllowed, match="You asked for this change, so somebody else must decide on it"):
        desk.answers(asked, by="tina")
    assert desk.pool(pool).capacity == 8_000_000
    desk.answers(asked)
    assert desk.pool(pool).capacity == 10_000_000
    desk.figures(pool)
    with db.reading() as session:
        entry = session.scalars(select(PoolEntry).order_by(PoolEntry.id.desc())).first()
        assert (entry.request_id, entry.reason) == (asked.id, "The council decided so")
    with pytest.raises(WrongState, match="answered already"):
        desk.answers(asked)


def test_a_new_fund_above_the_amount_waits_too(desk):
    asked = desk.asks(Change.OPEN, None, 5_000_000, facts=facts())
    assert asked.state == "waiting"
    with db.reading() as session:
        assert session.scalars(queries.pools()).all() == []
    desk.answers(asked)
    with db.reading() as session:
        (pool,) = session.scalars(queries.pools())
        assert pool.capacity == 5_000_000


def test_only_set_up_opens_a_fund_without_asking(cast):
    with pytest.raises(NotAllowed, match="Ask for a new fund"), db.writing():
        actions.open_pool(2026, "mine", "funding", "Mine", 1, by=cast.tina)


def test_a_refusal_says_why_and_books_nothing(desk):
    pool = desk.opened()
    asked = desk.asks(Change.DECREASE, pool, 2_000_000)
    with db.writing() as session, pytest.raises(Invalid, match="Say why not"):
        actions.refuse_change(session.get_one(PoolRequest, asked.id), "  ", by=desk.cast.fresh("nuria"))
    desk.answers(asked, refusal="The council has not voted")
    assert desk.pool(pool).capacity == 8_000_000
    with pytest.raises(WrongState):
        desk.answers(asked)


def test_what_is_taken_back_or_too_old_is_not_approved(desk, cast, move_clock):
    pool = desk.opened()
    first, second = (desk.asks(Change.INCREASE, pool, 2_000_000) for _ in range(2))
    with pytest.raises(NotAllowed), db.writing() as session:
        actions.withdraw_change(session.get_one(PoolRequest, first.id), by=cast.nuria)
    with db.writing() as session:
        actions.withdraw_change(session.get_one(PoolRequest, first.id), by=cast.tina)
    with pytest.raises(WrongState):
        desk.answers(first)
    move_clock(timedelta(days=30))
    with pytest.raises(WrongState, match="nobody answered in time"):
        desk.answers(second)
    assert desk.pool(pool).capacity == 8_000_000


@pytest.mark.parametrize("name", ["eve", "rosa", "giulia", "nuria", "aldo", "ada"])
def test_only_the_treasurer_asks(desk, cast, name):
    pool, actor = desk.opened(), getattr(cast, name)
    desk.cast.tina = actor
    with pytest.raises(NotAllowed):
        desk.asks(Change.INCREASE, pool, 1)


@pytest.mark.parametrize("name", ["eve", "giulia", "marco", "aldo", "ada"])
def test_only_treasurer_and_signatory_decide(desk, name):
    asked = desk.asks(Change.INCREASE, desk.opened(), 2_000_000)
    with pytest.raises(NotAllowed):
        desk.answers(asked, by=name)


def test_the_database_itself_wants_two_persons(both, desk):
    asked = desk.asks(Change.INCREASE, desk.opened(), 2_000_000)
    sole = text("UPDATE pool_request SET decided_by_id = asked_by_id WHERE id = :id")
    with pytest.raises(IntegrityError, match="two_persons"), db.writing() as session:
        session.execute(sole, {"id": asked.id})


@pytest.mark.parametrize("change", [Change.DECREASE, Change.WRITE_OFF])
def test_nobody_takes_away_what_is_promised(both, desk, change):
    pool = desk.opened(1_000_000)
    desk.approved(pool, row(amount=900_000))
    with pytest.raises(Invalid, match=r"Only €.1,000 is left in Digital fund"):
        desk.asks(change, pool, 100_001)
    desk.changed(change, pool, 100_000)
    assert desk.figures(pool) == (900_000, 0, 0)
    assert desk.pool(pool).left == 0


def test_what_was_enough_when_asked_may_be_gone_when_approved(both, desk):
    pool = desk.opened(5_000_000)
    asked = desk.asks(Change.DECREASE, pool, 4_000_000)
    desk.approved(pool, row(amount=2_000_000))
    with pytest.raises(WrongState, match="Only"):
        desk.answers(asked)
    assert desk.pool(pool).capacity == 5_000_000
    with db.reading() as session:
        assert session.get_one(PoolRequest, asked.id).state == "waiting"


def test_a_transfer_is_two_rows_that_name_each_other(both, desk):
    pool, other = desk.opened(), desk.opened(slug="green")
    desk.changed(Change.TRANSFER, pool, 3_000_000, other_id=other.id)
    assert (desk.pool(pool).capacity, desk.pool(other).capacity) == (5_000_000, 11_000_000)
    assert movements(pool)[-1] == ("transferred_out", 3_000_000)
    with db.reading() as session:
        out, into = session.scalars(select(PoolEntry).where(PoolEntry.movement.like("transferred%")))
        assert (out.other_pool_id, into.other_pool_id, into.counterpart_id) == (other.id, pool.id, out.id)
    for one in (pool, other):
        desk.figures(one)


def test_nothing_goes_to_a_fund_of_another_kind_or_to_itself(desk):
    pool = desk.opened()
    for other in (pool.id, desk.opened(9, slug="law", kind="legal").id, 9999, None):
        with pytest.raises(Invalid, match="Choose another fund"):
            desk.asks(Change.TRANSFER, pool, 1, other_id=other)


def test_a_year_that_ended_takes_nothing_more(desk):
    old, pool = desk.opened(slug="old", year=this_year() - 1), desk.opened()
    with pytest.raises(Invalid, match="ended with its year"):
        desk.asks(Change.INCREASE, old, 1)
    with pytest.raises(Invalid, match="ended with its year"):
        desk.asks(Change.TRANSFER, pool, 1, other_id=old.id)
    with pytest.raises(Invalid, match="later year"):
        desk.asks(Change.CARRY_OVER, pool, 1, other_id=desk.opened(slug="same").id)


def test_a_promise_follows_into_the_next_year_and_the_old_one_is_closed(both, desk, cast):
    pool = desk.opened(1_000_000)
    later = desk.opened(500_000, slug="next", year=this_year() + 1)
    (promise,) = desk.approved(pool)
    with db.writing():
        actions.commit(PACT, 1, by=cast.nuria)
    (kept,) = desk.approved(pool, row(amount=50_000), subject="pact:BO-2026-042")
    with db.writing() as session:
        allocation = session.get_one(Allocation, promise.id)
        actions.deliver(allocation, 150_000, clock.today(), "Order 118", by=cast.tina)
    with pytest.raises(Invalid, match="promised and not yet given"):
        desk.asks(Change.CLOSE, pool, 0)
    desk.changed(Change.CARRY_OVER, pool, 100_000, other_id=later.id)
    assert desk.figures(pool) == (0, 150_000, 150_000)
    assert desk.figures(later) == (50_000, 250_000, 0)
    assert desk.pool(later).capacity == 900_000
    assert {desk.allocation(one.id).pool_id for one in (promise, kept)} == {later.id}
    desk.changed(Change.CLOSE, pool)
    assert desk.pool(pool).closed_at is not None
    assert desk.figures(pool) == (0, 150_000, 150_000)
    with pytest.raises(Invalid, match="is closed, so nothing in it changes any more"):
        desk.asks(Change.INCREASE, pool, 1)
    with db.writing() as session:
        allocation = session.get_one(Allocation, promise.id)
        actions.deliver(allocation, 250_000, clock.today(), "Order 119", by=cast.tina)
    assert desk.figures(later) == (50_000, 250_000, 250_000)
    with db.writing() as session:
        allocation = session.get_one(Allocation, promise.id)
        actions.take_back(allocation, 300_000, by=cast.tina, reason="Unspent")
    # What the closed year gave comes back as something new of the year that is open.
    assert desk.figures(later) == (50_000, 0, 0)
    assert (desk.pool(later).capacity, desk.pool(later).left) == (950_000, 900_000)


def test_a_closed_pool_takes_no_row_whatever_the_verb(both, desk, cast):
    pool = desk.opened(400_000)
    (one,) = desk.approved(pool)
    with db.writing():
        actions.commit(PACT, 1, by=cast.nuria)
    with db.writing() as session:
        actions.deliver(session.get_one(Allocation, one.id), 400_000, clock.today(), "Order", by=cast.tina)
    desk.changed(Change.CLOSE, pool)
    before = movements(pool)
    with pytest.raises(Stale), db.writing() as session:
        books.must_move(session.get_one(Allocation, one.id), Movement.RETURNED, 1, by=cast.tina)
    with pytest.raises(DatabaseError), db.writing() as session:
        session.execute(text("UPDATE pool SET capacity = capacity + 1 WHERE id = :id"), {"id": pool.id})
    assert movements(pool) == before


def test_a_correction_is_a_new_row_that_names_the_old_one(both, desk):
    pool = desk.opened()
    desk.changed(Change.INCREASE, pool, 120_000)
    with db.reading() as session:
        wrong = session.scalars(select(PoolEntry).where(PoolEntry.movement == "increased")).one()
    desk.changed(Change.CORRECT, pool, 12_000, entry_id=wrong.id, reason="A zero too many")
    assert desk.pool(pool).capacity == 8_012_000
    assert movements(pool)[1:] == [("increased", 120_000), ("increased", -108_000)]
    desk.changed(Change.CORRECT, pool, 13_000, entry_id=wrong.id)
    assert desk.pool(pool).capacity == 8_013_000
    with pytest.raises(Invalid, match="says this amount already"):
        desk.asks(Change.CORRECT, pool, 13_000, entry_id=wrong.id)
    desk.figures(pool)
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.execute(text("UPDATE pool_entry SET amount = 1"))


def test_both_rows_of_a_transfer_are_put_right_together(both, desk):
    pool, other = desk.opened(), desk.opened(slug="green")
    desk.changed(Change.TRANSFER, pool, 300_000, other_id=other.id)
    with db.reading() as session:
        out = session.scalars(select(PoolEntry).where(PoolEntry.movement == "transferred_out")).one()
    desk.changed(Change.CORRECT, pool, 200_000, entry_id=out.id)
    assert (desk.pool(pool).capacity, desk.pool(other).capacity) == (7_800_000, 8_200_000)
    for one in (pool, other):
        desk.figures(one)


def test_what_was_promised_is_not_put_right_here(desk):
    pool, other = desk.opened(), desk.opened(slug="green")
    desk.approved(pool)
    with db.reading() as session:
        kept, first = session.scalars(select(PoolEntry).where(PoolEntry.movement == "reserved")).one(), 1
    for entry in (kept.id, 9999, None):
        with pytest.raises(Invalid):
            desk.asks(Change.CORRECT, pool, 5, entry_id=entry)
    with pytest.raises(Invalid, match="Choose a row of this ledger"):
        desk.asks(Change.CORRECT, other, 5, entry_id=first)


PLAN = {"memory_gb": 4, "storage_gb": 50, "traffic_gb": 1000}


def measures(pool: Pool) -> dict[str, tuple[int, int, int]]:
    with db.reading() as session:
        rows = [session.get_one(Pool, pool.id), *session.scalars(queries.parts_of(pool.id))]
        return {one.unit: (one.reserved, one.committed, one.delivered) for one in rows}


def test_a_server_takes_all_its_measures_or_none(both, desk, cast):
    pool = desk.opened(16, kind="server", further={"memory_gb": 6, "storage_gb": 500, "traffic_gb": 9000})
    (short,) = desk.proposed(pool, row(kind="server", amount=2, **PLAN), subject="pact:BO-2026-042")
    (one,) = desk.approved(pool, row(kind="server", amount=2, **PLAN))
    assert measures(pool) == {
        "vcpu": (2, 0, 0),
        "memory_gb": (4, 0, 0),
        "storage_gb": (50, 0, 0),
        "traffic_gb": (1000, 0, 0),
    }
    with pytest.raises(Stale, match="was promised to another pact"):
        desk.approve(short.id)
    assert measures(pool)["vcpu"] == (2, 0, 0)
    with db.writing():
        actions.commit(PACT, 1, by=cast.nuria)
    for _ in range(2):
        with db.writing() as session:
            actions.deliver(session.get_one(Allocation, one.id), 1, clock.today(), "On", by=cast.tina)
    assert measures(pool)["storage_gb"] == (0, 50, 50)
    with db.writing() as session:
        actions.take_back(session.get_one(Allocation, one.id), 2, by=SYSTEM, reason="Wound down")
    assert set(measures(pool).values()) == {(0, 0, 0)}


def test_a_server_pool_is_transferred_and_carried_over_in_all_its_measures(desk, cast):
    pool = desk.opened(16, kind="server", further={"memory_gb": 64, "storage_gb": 500, "traffic_gb": 9000})
    later = desk.opened(4, kind="server", slug="next", year=this_year() + 1)
    desk.approved(pool, row(kind="server", amount=2, **PLAN))
    with db.writing():
        actions.commit(PACT, 1, by=cast.nuria)
    desk.changed(Change.CARRY_OVER, pool, 6, further={"memory_gb": 10}, other_id=later.id)
    assert measures(later) == {
        "vcpu": (0, 2, 0),
        "memory_gb": (0, 4, 0),
        "storage_gb": (0, 50, 0),
        "traffic_gb": (0, 1000, 0),
    }
    assert desk.pool(later).capacity == 12
    desk.changed(Change.CLOSE, pool)
    assert set(measures(pool).values()) == {(0, 0, 0)}
