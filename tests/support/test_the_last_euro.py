"""Fifty officials approve at the same moment: the pool is never promised twice."""

from __future__ import annotations

from functools import partial

from portal import db
from portal.errors import Stale
from portal.support import actions, queries
from portal.support.models import Allocation, Pool
from tests.at_once import at_once
from tests.support.conftest import row

CROWD = 50


def test_fifty_at_once_get_what_there_is_and_no_more(both, desk, cast):
    pool = desk.opened(1_000)
    with db.writing() as session:
        there = session.get_one(Pool, pool.id)
        waiting = []
        for number in range(CROWD):
            (one,) = actions.ask_for(f"pact:{number}", 1, [row(amount=300)], by=cast.giulia)
            actions.propose(one, there, "Score 78 of 100", by=cast.giulia)
            waiting.append(one.id)

    def approve(allocation_id: int) -> None:
        with db.writing() as session:
            actions.approve(session.get_one(Allocation, allocation_id), by=cast.fresh("marco"))

    told = at_once(*(partial(approve, one) for one in waiting))
    assert len(told) == CROWD - 3
    assert {type(one) for one in told} == {Stale}, told
    assert {str(one).endswith("€\u00a01 is left now.") for one in told} == {True}, told
    assert desk.figures(pool) == (900, 0, 0)
    with db.reading() as session:
        states = [session.get_one(Allocation, one).state for one in waiting]
        assert queries.balances()[pool.id].left == 100
    assert sorted(states) == ["approved"] * 3 + ["proposed"] * (CROWD - 3)
