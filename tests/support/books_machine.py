"""Whatever is done to pools and promises, in any order, every figure agrees with a model that knows no table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from portal import clock, db
from portal.errors import Invalid, Stale, WrongState
from portal.policy import SYSTEM
from portal.support import actions, queries
from portal.support.actions import books
from portal.support.actions.books import About
from portal.support.actions.changing import perform
from portal.support.changes import Change, Wish
from portal.support.ledger import Balance, Movement
from portal.support.models import Allocation, Pool

REFUSED = (Invalid, Stale, WrongState)
AMOUNTS = st.integers(1, 60)


@dataclass
class Fund:
    """A pool as the model knows it."""

    capacity: int
    year: int
    is_closed: bool = False


@dataclass
class Promise:
    """What one allocation has: kept aside, promised, and given out of each pool."""

    pool: int
    reserved: int = 0
    committed: int = 0
    delivered: Counter[int] = field(default_factory=Counter)


class Books(RuleBasedStateMachine):
    """The verbs of the books beside a model of a few lines; `cast` is set by the test that runs it."""

    cast: Any = None
    names = 0

    @initialize()
    def open_three(self) -> None:
        """Begin with two pools of this year and one of the next, all empty but for their capacity."""
        self.funds: dict[int, Fund] = {}
        self.promises: dict[int, Promise] = {}
        self.year = clock.today().year
        Books.names += 1
        for number, year in enumerate((self.year, self.year, self.year + 1)):
            with db.writing():
                slug = f"f{Books.names}-{number}"
                pool = actions.open_pool(year, slug, "funding", "Fund", 100, by=SYSTEM)
            self.funds[pool.id] = Fund(100, year)

    def _left(self, fund: int) -> int:
        here = [one for one in self.promises.values() if one.pool == fund]
        gone = sum(one.delivered[fund] for one in self.promises.values())
        return self.funds[fund].capacity - gone - sum(one.reserved + one.committed for one in here)

    def _tries(self, is_allowed: bool, act: Any) -> None:
        try:
            with db.writing() as session:
                act(session)
        except REFUSED:
            assert not is_allowed, "refused what the model allows"
        else:
            assert is_allowed, "did what the model forbids"

    def _change(self, change: Change, fund: int, amount: int, *, other: int | None, fits: bool) -> None:
        wish = Wish(amount, "Because", other_id=other)
        self._tries(
            fits and not self.funds[fund].is_closed,
            lambda session: perform(change, session.get_one(Pool, fund), wish, by=SYSTEM, about=About()),
        )

    @rule(
        data=st.data(),
        amount=AMOUNTS,
        change=st.sampled_from([Change.INCREASE, Change.DECREASE, Change.WRITE_OFF]),
    )
    def change_one(self, data: Any, amount: int, change: Change) -> None:
        """More, less, or lost."""
        fund = data.draw(st.sampled_from(sorted(self.funds)))
        fits = change is Change.INCREASE or amount <= self._left(fund)
        was_open = not self.funds[fund].is_closed
        self._change(change, fund, amount, other=None, fits=fits)
        if fits and was_open:
            self.funds[fund].capacity += amount if change is Change.INCREASE else -amount

    @rule(data=st.data(), amount=AMOUNTS)
    def transfer(self, data: Any, amount: int) -> None:
        """Something goes to another pool."""
        fund, other = (data.draw(st.sampled_from(sorted(self.funds))) for _ in range(2))
        fits = fund != other and not self.funds[other].is_closed and amount <= self._left(fund)
        was_open = not self.funds[fund].is_closed
        self._change(Change.TRANSFER, fund, amount, other=other, fits=fits)
        if fits and was_open:
            self.funds[fund].capacity -= amount
            self.funds[other].capacity += amount

    @rule(data=st.data(), amount=st.integers(0, 30))
    def carry_over(self, data: Any, amount: int) -> None:
        """What is promised follows into the later year."""
        fund, other = (data.draw(st.sampled_from(sorted(self.funds))) for _ in range(2))
        fits = (
            self.funds[other].year > self.funds[fund].year
            and not self.funds[other].is_closed
            and amount <= self._left(fund)
        )
        was_open = not self.funds[fund].is_closed
        self._change(Change.CARRY_OVER, fund, amount, other=other, fits=fits)
        if not (fits and was_open):
            return
        moved = amount
        for one in self.promises.values():
            if one.pool == fund and one.reserved + one.committed:
                moved += one.reserved + one.committed
                one.pool = other
        self.funds[fund].capacity -= moved
        self.funds[other].capacity += moved

    @rule(data=st.data())
    def close(self, data: Any) -> None:
        """A year is closed once nothing is owed."""
        fund = data.draw(st.sampled_from(sorted(self.funds)))
        owed = sum(one.reserved + one.committed for one in self.promises.values() if one.pool == fund)
        was_open = not self.funds[fund].is_closed
        self._change(Change.CLOSE, fund, 0, other=None, fits=not owed)
        if not owed and was_open:
            self.funds[fund].capacity -= self._left(fund)
            self.funds[fund].is_closed = True

    @rule(data=st.data(), amount=AMOUNTS)
    def reserve(self, data: Any, amount: int) -> None:
        """A new promise is kept aside, if there is enough."""
        fund = data.draw(st.sampled_from(sorted(self.funds)))
        with db.writing() as session:
            row = {"id": "s1", "kind": "funding", "what": "x", "amount": amount, "unit": "cent"}
            Books.names += 1
            (one,) = actions.ask_for(f"pact:{Books.names}", 1, [row], by=SYSTEM)
            one.pool_id = fund
            session.flush()
        number = one.id
        fits = amount <= self._left(fund) and not self.funds[fund].is_closed
        self._tries(fits, lambda session: self._move(session, number, Movement.RESERVED, amount))
        if fits:
            self.promises[number] = Promise(fund, reserved=amount)

    def _move(self, session: Any, number: int, movement: Movement, amount: int) -> None:
        books.must_move(session.get_one(Allocation, number), movement, amount, by=SYSTEM)

    @precondition(lambda self: self.promises)
    @rule(
        data=st.data(),
        amount=AMOUNTS,
        movement=st.sampled_from(
            [
                Movement.RELEASED,
                Movement.COMMITTED,
                Movement.DELIVERED,
                Movement.FREED,
                Movement.RETURNED,
                Movement.LOST,
            ]
        ),
    )
    def move(self, data: Any, amount: int, movement: Movement) -> None:
        """A promise is released, bound, given, given up, or comes back, in part or whole."""
        number = data.draw(st.sampled_from(sorted(self.promises)))
        one = self.promises[number]
        have = {
            Movement.RELEASED: one.reserved,
            Movement.COMMITTED: one.reserved,
            Movement.DELIVERED: one.committed,
            Movement.FREED: one.committed,
            Movement.RETURNED: one.delivered[one.pool],
            Movement.LOST: one.delivered[one.pool],
        }[movement]
        fits = amount <= have and not self.funds[one.pool].is_closed
        self._tries(fits, lambda session: self._move(session, number, movement, amount))
        if not fits:
            return
        if movement in {Movement.RELEASED, Movement.COMMITTED}:
            one.reserved -= amount
        if movement is Movement.COMMITTED:
            one.committed += amount
        if movement in {Movement.DELIVERED, Movement.FREED}:
            one.committed -= amount
        if movement is Movement.DELIVERED:
            one.delivered[one.pool] += amount
        if movement in {Movement.RETURNED, Movement.LOST}:
            one.delivered[one.pool] -= amount
        if movement is Movement.LOST:
            self.funds[one.pool].capacity -= amount

    @precondition(lambda self: self.promises)
    @rule(data=st.data(), amount=AMOUNTS)
    def take_back(self, data: Any, amount: int) -> None:
        """What was given comes back, the latest year first; out of a closed year it is something new."""
        number = data.draw(st.sampled_from(sorted(self.promises)))
        one, rest, parts = self.promises[number], amount, []
        for fund in sorted(one.delivered, key=lambda fund: (self.funds[fund].year, fund), reverse=True):
            parts.append((fund, min(rest, one.delivered[fund])))
            rest -= parts[-1][1]
        closed = any(part and self.funds[fund].is_closed for fund, part in parts)
        fits = rest == 0 and not (closed and self.funds[one.pool].is_closed)
        self._tries(
            fits,
            lambda session: books.take_back(
                session.get_one(Allocation, number), amount, by=SYSTEM, reason="Not needed"
            ),
        )
        for fund, part in parts if fits else ():
            if self.funds[fund].is_closed:
                self.funds[one.pool].capacity += part
            else:
                one.delivered[fund] -= part

    @precondition(lambda self: self.funds)
    @rule(data=st.data(), amount=AMOUNTS)
    def put_right(self, data: Any, amount: int) -> None:
        """The first row of a pool gets another amount."""
        fund = data.draw(st.sampled_from(sorted(self.funds)))
        with db.reading() as session:
            rows = session.scalars(queries.entries(fund, most=10_000)).all()
            first = rows[-1]
            now = first.amount + sum(one.amount for one in rows if one.corrects_id == first.id)
        right = 100 + amount
        fits = right != now and self._left(fund) + right - now >= 0
        was_open = not self.funds[fund].is_closed
        wish = Wish(right, "Typed wrong", entry_id=first.id)
        self._tries(
            fits and was_open,
            lambda session: perform(
                Change.CORRECT, session.get_one(Pool, fund), wish, by=SYSTEM, about=About()
            ),
        )
        if fits and was_open:
            self.funds[fund].capacity += right - now

    @invariant()
    def everything_agrees(self) -> None:
        """The model, the pool's own figures, its rows, the sums by day and what allocations hold are one."""
        with db.reading() as session:
            ledger, days = queries.balances(), queries.balances_on(clock.today(), self.funds)
            for fund, known in self.funds.items():
                pool = session.get_one(Pool, fund)
                here = [one for one in self.promises.values() if one.pool == fund]
                given = sum(one.delivered[fund] for one in self.promises.values())
                said = Balance(
                    known.capacity,
                    sum(one.reserved for one in here),
                    sum(one.committed for one in here) + given,
                    given,
                )
                assert said == Balance(pool.capacity, pool.reserved, pool.committed, pool.delivered)
                assert said == ledger[fund] == days[fund]
                assert queries.held_in(fund) == (said.reserved, said.committed, said.delivered)
                assert said.is_sound
                assert (pool.closed_at is not None) == known.is_closed


__all__ = ["Books"]
