"""What is settled waits in a pool of the call's own: only the awarded projects draw on it, the rest goes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Refused, WrongState
from portal.policy import SYSTEM
from portal.proposals.calls import actions as calls
from portal.proposals.matching import actions
from portal.proposals.models import Call
from portal.support import actions as support
from portal.support import queries as books
from portal.support.changes import Change
from portal.support.models import Allocation, Holding, Pool, PoolEntry
from tests.proposals.calls.steps import do as do_call
from tests.proposals.matching.steps import EURO, call_with, confirm, pledge, project, row
from tests.support.conftest import Desk
from tests.support.conftest import row as asked_row

FUND, RAISED = 10_000 * EURO, 2_000 * EURO


@pytest.fixture
def cast(cast):
    for name in ("rosa", "teo", "giulia", "marco", "tina", "nuria", "aldo", "eve", "ivan", "ada"):
        cast.person(name)
    return cast


@pytest.fixture
def desk(cast):
    return Desk(cast)


@pytest.fixture
def fund(desk):
    return desk.opened(FUND, year=(clock.today() + timedelta(days=11)).year)


@pytest.fixture
def due(cast, fund, move_clock):
    """Raise money for one project of a call that is closed by now; return the call and the project."""
    ref = call_with(cast, pool_id=fund.id)
    code = project(cast, ref)
    confirm(code, pledge(code, row(RAISED), by=cast.rosa), by=cast.tina)
    move_clock(timedelta(days=11))
    return ref, code


def settle(ref, by):
    return do_call(ref, lambda call: [one.cents for one in actions.settle(call, by=by)])


def own(ref):
    with db.reading() as session:
        call = session.scalars(select(Call).where(Call.ref == ref)).one()
        return session.get_one(Pool, call.match_pool_id)


def everything(*pools):
    """Return what these pools hold together, after looking at their rows and at what allocations have."""
    with db.reading() as session:
        ledger = books.balances()
        for one in pools:
            now = session.get_one(Pool, one.id)
            assert ledger[one.id].capacity == now.capacity
            assert books.held_in(one.id) == (now.reserved, now.committed, now.delivered)
            assert now.left >= 0
        return sum(session.get_one(Pool, one.id).capacity for one in pools)


def asks(desk, pool, code, cents, key="s1"):
    return desk.proposed(
        pool,
        asked_row(key, amount=cents),
        subject=f"pact:{code}-{key}",
        case_key=f"proposal:{code}",
    )[0]


def test_what_is_settled_leaves_the_fund_and_only_the_project_draws_on_it(both, desk, cast, fund, due):
    ref, code = due
    assert settle(ref, cast.fresh("marco")) == [RAISED]
    kept = own(ref)
    assert (kept.left, desk.pool(fund).left, everything(fund, kept)) == (RAISED, FUND - RAISED, FUND)
    with pytest.raises(Invalid, match="set aside for others"):
        asks(desk, kept, "PR-0000-00", 100)
    with pytest.raises(Invalid, match=r"this case has €.2,000 at most"):
        asks(desk, kept, code, RAISED + 1, "s9")
    one = asks(desk, kept, code, RAISED - 500)
    desk.approve(one.id)
    assert own(ref).left == 500
    with db.reading() as session:
        for case, is_offered in (("", False), ("proposal:PR-0000-00", False), (f"proposal:{code}", True)):
            found = session.scalars(books.pools_for(["funding"], kept.year, case_key=case))
            assert (kept.id in {one.id for one in found}) is is_offered


def test_nothing_else_is_done_with_what_is_set_aside(desk, cast, fund, due):
    ref, _ = due
    settle(ref, cast.fresh("marco"))
    for change in (Change.TRANSFER, Change.DECREASE, Change.INCREASE, Change.WRITE_OFF, Change.CLOSE):
        with pytest.raises(Invalid, match="is set aside"):
            desk.asks(change, own(ref), 100, other_id=fund.id)
    with pytest.raises(Invalid, match="is set aside"):
        desk.asks(Change.TRANSFER, fund, 100, other_id=own(ref).id)


def test_who_is_faster_has_the_money_of_the_fund_and_never_both(both, desk, cast, fund, due):
    """Somebody approves 9,000 of the fund's 10,000 at the moment at which 2,000 are settled."""
    ref, _ = due
    (rival,) = desk.proposed(fund, asked_row(amount=9_000 * EURO))
    marco, nuria = cast.fresh("marco"), cast.fresh("nuria")

    def tried(act):
        try:
            act()
        except Refused as refused:
            return type(refused).__name__
        return "done"

    def approve():
        with db.writing() as session:
            support.approve(session.get_one(Allocation, rival.id), by=marco)

    with ThreadPoolExecutor(2) as crowd:
        found = list(crowd.map(tried, (lambda: settle(ref, nuria), approve)))
    assert found.count("done") == 1, found
    with db.reading() as session:
        call = session.scalars(select(Call)).one()
        kept = [session.get_one(Pool, call.match_pool_id)] if call.match_pool_id else []
        assert (call.settled_at is not None) == bool(kept)
    assert everything(fund, *kept) == FUND


def test_two_approvals_at_once_take_no_more_than_the_share(both, desk, cast, fund, due):
    ref, code = due
    settle(ref, cast.fresh("nuria"))
    kept = own(ref)
    first, second = (asks(desk, kept, code, 1_500 * EURO, key) for key in ("s1", "s2"))

    def approve(number):
        try:
            desk.approve(number)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as crowd:
        assert sorted(crowd.map(approve, (first.id, second.id))) == [False, True]
    assert everything(fund, kept) == FUND
    with db.reading() as session:
        assert [one.reserved for one in session.scalars(select(Holding))] == [1_500 * EURO]


def test_what_no_project_took_goes_back_once_the_call_is_decided(both, desk, cast, fund, due):
    ref, code = due
    settle(ref, cast.fresh("nuria"))
    kept = own(ref)
    desk.approve(asks(desk, kept, code, 1_500 * EURO).id)
    marco = cast.fresh("marco")
    back = lambda reason="Nobody needs it", by=marco: do_call(  # noqa: E731
        ref, lambda call: actions.give_back(call, reason, by=by)
    )
    with pytest.raises(WrongState, match="what came of the call"):
        back()
    do_call(ref, lambda call: calls.decide(call, "One project goes on", by=cast.fresh("giulia")))
    for name in ("rosa", "eve", "tina", "aldo"):
        with pytest.raises(NotAllowed):
            back(by=cast.fresh(name))
    with pytest.raises(Invalid, match="reason"):
        back("")
    assert back() == 500 * EURO
    with pytest.raises(WrongState, match="Nothing of the match is left"):
        back()
    assert desk.pool(fund).left == FUND - 1_500 * EURO
    assert everything(fund, kept) == FUND
    with db.writing():
        support.release(f"pact:{code}-s1", by=SYSTEM)
    assert back("It was not needed after all") == 1_500 * EURO
    with db.reading() as session:
        assert session.scalars(select(Call)).one().given_back_cents == RAISED
        reasons = session.scalars(select(PoolEntry.reason).where(PoolEntry.pool_id == kept.id)).all()
        assert f"{ref}: It was not needed after all" in reasons
