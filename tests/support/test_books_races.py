"""Two at once at the same pools: the database decides, nobody waits for the other for ever, all sums agree."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm.exc import StaleDataError

from portal import db
from portal.errors import Stale, WrongState
from portal.policy import SYSTEM
from portal.support import actions
from portal.support.actions import books
from portal.support.changes import Change
from portal.support.ledger import Movement
from portal.support.models import Allocation
from tests.at_once import at_once as together
from tests.support.conftest import PACT, this_year


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Let all begin together; return what was refused, and let pass nothing but a refusal in words."""
    told = together(*acts)
    assert all(isinstance(one, Stale | WrongState | StaleDataError) for one in told), told
    return told


def test_opposite_transfers_at_once_wait_for_nobody_for_ever(both, desk):
    one, other = desk.opened(100_000, slug="one"), desk.opened(100_000, slug="other")

    def moves(pool, into):
        return lambda: desk.asks(Change.TRANSFER, pool, 1_000, other_id=into.id)

    refused = at_once(*(moves(one, other) for _ in range(3)), *(moves(other, one) for _ in range(2)))
    assert desk.figures(one) == desk.figures(other) == (0, 0, 0)
    left, right = desk.pool(one).capacity, desk.pool(other).capacity
    assert left + right == 200_000
    assert refused or (left, right) == (99_000, 101_000)


def test_of_two_approvals_of_one_request_one_counts(both, desk):
    pool = desk.opened()
    asked = desk.asks(Change.INCREASE, pool, 2_000_000)
    refused = at_once(lambda: desk.answers(asked), lambda: desk.answers(asked))
    assert len(refused) == 1
    assert desk.pool(pool).capacity == 10_000_000
    assert desk.figures(pool) == (0, 0, 0)


def test_a_delivery_beside_a_carry_over_is_booked_once_or_refused(both, desk):
    pool, later = desk.opened(), desk.opened(1_000, year=this_year() + 1)
    (one,) = desk.approved(pool)
    with db.writing():
        actions.commit(PACT, 1, by=SYSTEM)

    def deliver() -> None:
        with db.writing() as session:
            books.must_move(session.get_one(Allocation, one.id), Movement.DELIVERED, 150_000, by=SYSTEM)

    refused = at_once(deliver, lambda: desk.asks(Change.CARRY_OVER, pool, 0, other_id=later.id))
    before, after = desk.figures(pool), desk.figures(later)
    assert before[2] + after[2] == (0 if len(refused) == 1 and after[1] else 150_000)
    assert before[1] + after[1] == 400_000
    assert (before[1] == before[2]) or desk.allocation(one.id).pool_id == pool.id
