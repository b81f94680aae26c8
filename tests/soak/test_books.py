"""The books of the pools and the hours of spaces over long random lives, and five thousand attempts at once."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from portal import db
from portal.db.engines import Patience
from portal.errors import Stale
from portal.policy import SYSTEM
from portal.support import actions, queries
from portal.support.actions import books
from portal.support.ledger import Movement
from portal.support.models import Allocation, Pool
from tests.support import hours_machine
from tests.support.spaces.conftest import cast

__all__ = ["cast"]

pytestmark = pytest.mark.soak

ATTEMPTS, CONNECTIONS, CENTS = 5_000, 50, 1_000_000


def test_long_lives_of_the_books_agree_with_the_model(both, cast):
    long = settings(
        max_examples=60,
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(hours_machine.of(cast), settings=long)


@pytest.fixture
def wide(both) -> Iterator[None]:
    """Let fifty threads each have a line of their own to the database."""
    used, url = db.database(), db.database().engine.url.render_as_string(hide_password=False)
    wider = db.Database(url, Patience(connections=CONNECTIONS, pool_seconds=120))
    db.use(wider)
    yield
    db.use(used)
    wider.close()


def test_five_thousand_attempts_over_fifty_connections_take_no_cent_too_many(wide):
    chance = random.Random(7)
    with db.writing():
        pool = actions.open_pool(2026, "rush", "funding", "Rush", CENTS, by=SYSTEM)
        numbers = []
        for number in range(ATTEMPTS):
            row = {"id": "s1", "kind": "funding", "amount": chance.randint(100, 900), "unit": "cent"}
            (one,) = actions.ask_for(f"pact:{number}", 1, [row], by=SYSTEM)
            one.pool_id = pool.id
            numbers.append(one.id)
    started, cpu = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)

    def attempt(number: int) -> int:
        try:
            with db.writing() as session:
                one = session.get_one(Allocation, number)
                books.must_move(one, Movement.RESERVED, one.amount, by=SYSTEM)
                return one.amount
        except Stale:
            return 0

    with ThreadPoolExecutor(CONNECTIONS) as crowd:
        got = list(crowd.map(attempt, numbers))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime - cpu.ru_utime - cpu.ru_stime
    print(f"{ATTEMPTS} attempts in {time.monotonic() - started:.1f} s, {seconds:.1f} s CPU")  # noqa: T201
    with db.reading() as session:
        now = session.get_one(Pool, pool.id)
        assert now.reserved == sum(got) == queries.balances()[pool.id].reserved <= CENTS
        assert queries.held_in(pool.id)[0] == now.reserved
        # Whatever was refused did not fit: even the smallest of them is more than what is left.
        assert now.left < max(one for one in (900,))
    assert 0 in got
