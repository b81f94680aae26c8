"""While a pact is suspended nothing is given or paid to it, and the days that the city promised wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Stale, WrongState
from portal.support import actions as support
from portal.support.handing import actions as handing
from portal.support.handing.listing import is_late
from portal.support.handing.showing import shown
from portal.support.lateness import Due
from portal.support.models import Allocation
from portal.support.payments import actions, queries
from portal.support.payments.models import Payment
from tests.support.conftest import Desk, row
from tests.support.payments.conftest import PACT, RULES, Purse

DAY = timedelta(days=1)


def suspend() -> None:
    with db.writing():
        handing.suspend(PACT)


def go_on() -> None:
    with db.writing():
        handing.go_on(PACT)


def release(number: int, by: Any) -> None:
    with db.writing() as session:
        actions.release_batch(session.scalars(queries.batch(number)).unique().one(), by=by)


def materials(desk: Desk, cast: Any) -> Allocation:
    pool = desk.opened(80_000, kind="materials")
    facts = {"party_person_id": cast.rosa.person_id, **RULES}
    found = desk.approved(pool, row(kind="materials", amount=10), **facts)
    with db.writing():
        support.commit(PACT, 1, by=cast.giulia)
    return desk.allocation(found[0].id)


def give(allocation: Allocation, amount: int, on: Any, by: Any) -> None:
    with db.writing() as session:
        support.deliver(session.get_one(Allocation, allocation.id), amount, on, "Receipt 1", by=by)


def days_late(allocation: Allocation) -> tuple[int, bool]:
    """Return the days that the pages say, and whether the list of what is late has it."""
    with db.reading() as session:
        (given,) = shown([session.get_one(Allocation, allocation.id)])
        listed = session.scalar(
            select(Allocation.id).where(Allocation.id == allocation.id, is_late(clock.today()))
        )
        return given.late_days, listed is not None


def test_nothing_is_prepared_or_released_until_the_pact_goes_on(purse: Purse, cast: Any) -> None:
    purse.planned()
    purse.with_account()
    batch, nuria = purse.prepared(), cast.fresh("nuria")
    suspend()
    with pytest.raises(WrongState, match=r"These pacts are suspended.*BO-2026-041"):
        release(batch.id, nuria)
    assert (purse.batch(batch.id).state, purse.plan().ordered) == ("prepared", 200_000)
    with db.writing() as session:
        actions.withdraw_batch(session.scalars(queries.batch(batch.id)).unique().one(), by=cast.tina)
    with pytest.raises(WrongState, match="suspended since"):
        purse.prepared()
    go_on()
    release(purse.prepared().id, nuria)


def test_what_the_bank_has_already_is_paid_and_costs_are_still_handed_in(purse: Purse, cast: Any) -> None:
    purse.planned()
    purse.with_account()
    batch = purse.released()
    suspend()
    with db.writing() as session:
        payment = session.get_one(Payment, batch.payments[0].id)
        actions.enter_paid(payment, clock.today(), "CRO 1", by=cast.tina)
    assert purse.plan().paid == 200_000
    purse.approved(purse.spent(50_000))
    assert purse.plan().approved == 50_000


def test_a_part_given_before_the_suspension_is_entered_and_a_later_one_is_not(
    desk: Desk, cast: Any, move_clock: Any
) -> None:
    mine, since = materials(desk, cast), clock.today()
    suspend()
    move_clock(2 * DAY)
    give(mine, 3, since, cast.fresh("giulia"))
    with pytest.raises(WrongState, match="nothing is given while it is"):
        give(mine, 3, clock.today(), cast.fresh("giulia"))
    assert desk.allocation(mine.id).delivered == 3
    go_on()
    give(mine, 7, clock.today(), cast.fresh("giulia"))


def test_the_city_is_as_late_as_before_and_no_later(desk: Desk, cast: Any, move_clock: Any) -> None:
    mine = materials(desk, cast)
    move_clock(35 * DAY)
    before = days_late(mine)
    assert before == (5, True)
    suspend()
    move_clock(20 * DAY)
    assert days_late(mine) == (0, False)
    go_on()
    assert days_late(mine) == before
    go_on()
    assert days_late(mine) == before


def test_only_the_parts_that_are_still_owed_come_later(desk: Desk, cast: Any, move_clock: Any) -> None:
    mine, today = materials(desk, cast), clock.today()
    days = [today + n * DAY for n in (2, 4, 9)]
    with db.writing() as session:
        handing.plan(
            session.get_one(Allocation, mine.id),
            [Due(day, amount) for day, amount in zip(days, (3, 3, 4), strict=True)],
            by=cast.fresh("giulia"),
        )
    give(mine, 4, today, cast.fresh("giulia"))
    suspend()
    move_clock(5 * DAY)
    go_on()
    with db.reading() as session:
        (given,) = shown([session.get_one(Allocation, mine.id)])
    assert [part.on for part in given.plan] == [days[0], days[1] + 5 * DAY, days[2] + 5 * DAY]


def test_a_pact_is_suspended_as_its_payment_is_released(both: Any, purse: Purse, cast: Any) -> None:
    from tests.support.spaces.test_booking import crowd

    purse.planned()
    purse.with_account()
    batch, nuria = purse.prepared(), cast.fresh("nuria")
    crowd(lambda: release(batch.id, nuria), suspend)
    with db.reading() as session:
        is_out = session.scalars(queries.batch(batch.id)).unique().one().state == "released"
        since = session.scalars(select(Allocation.suspended_on)).one()
    assert since == clock.today()
    if not is_out:
        with pytest.raises((WrongState, Stale)):
            release(batch.id, nuria)
