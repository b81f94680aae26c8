"""Whatever is done to pools and promises, in any order, every figure agrees with a model that knows no table."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Select, func, or_, select

from portal import clock, db
from portal.errors import Invalid, Stale, WrongState
from portal.policy import SYSTEM
from portal.support import actions, queries
from portal.support.actions import books
from portal.support.actions.books import About
from portal.support.actions.changing import perform
from portal.support.changes import Change, Wish
from portal.support.ledger import UNITS, Balance, Kind, Movement, balance
from portal.support.models import Allocation, Pool, PoolEntry, Span, SupportSum
from tests.support.books_model import Fund, Promise

REFUSED = (Invalid, Stale, WrongState)
AMOUNTS = st.integers(1, 60)
FURTHER = UNITS[Kind.SERVER][1:]
SOME = st.dictionaries(st.sampled_from(FURTHER), AMOUNTS)


class Books(RuleBasedStateMachine):
    """The verbs of the books beside a model of a few lines."""

    kinds: tuple[str, ...] = ("funding", "server")
    names = 0

    @initialize(data=st.data())
    def begin(self, data: Any) -> None:
        """Begin with two pools of this year and one of the next, of each kind."""
        self.prepare()
        self.funds: dict[int, Fund] = {}
        self.promises: dict[int, Promise] = {}
        self.year = clock.today().year
        Books.names += 1
        for kind in self.kinds:
            for number, year in enumerate((self.year, self.year, self.year + 1)):
                further = data.draw(SOME) if kind == "server" else {}
                slug = f"f{Books.names}-{kind}-{number}"
                with db.writing():
                    pool = actions.open_pool(year, slug, kind, "Fund", 100, by=SYSTEM, further=further)
                self.funds[pool.id] = Fund(kind, Counter({pool.unit: 100} | further), year)

    def prepare(self) -> None:
        """Get ready for a life."""

    def of_books(self) -> list[int]:
        """Return the promises that the books alone move."""
        return sorted(self.promises)

    def _fund(self, data: Any, kind: str = "") -> int:
        return int(data.draw(st.sampled_from([n for n, one in self.funds.items() if kind in {"", one.kind}])))

    def _left(self, fund: int, unit: str) -> int:
        here = [one for one in self.promises.values() if one.pool == fund]
        gone = sum(one.given(fund)[unit] for one in self.promises.values())
        owed = sum(one.reserved[unit] + one.committed[unit] for one in here)
        return self.funds[fund].capacity[unit] - gone - owed

    def _tries(self, is_allowed: bool, act: Any) -> None:
        try:
            with db.writing() as session:
                act(session)
        except REFUSED:
            assert not is_allowed, "refused what the model allows"
        else:
            assert is_allowed, "did what the model forbids"

    def _change(
        self, change: Change, fund: int, wanted: Counter[str], *, other: int | None, fits: bool
    ) -> bool:
        """Change a pool if the model allows it, and say so; what a pool does not measure is not wished of it."""
        first, *_ = UNITS[Kind(self.funds[fund].kind)]
        further = {unit: many for unit, many in wanted.items() if unit != first}
        wish = Wish(wanted[first], "Because", further, other_id=other)
        allowed = fits and not self.funds[fund].is_closed
        self._tries(
            allowed,
            lambda session: perform(change, session.get_one(Pool, fund), wish, by=SYSTEM, about=About()),
        )
        return allowed

    def _wanted(self, data: Any, fund: int, amount: int) -> Counter[str]:
        first, *further = UNITS[Kind(self.funds[fund].kind)]
        has = self.funds[fund].capacity
        some = data.draw(SOME) if further else {}
        return Counter({first: amount} | {unit: many for unit, many in some.items() if unit in has})

    def _has(self, fund: int, wanted: Counter[str]) -> bool:
        return all(many <= self._left(fund, unit) for unit, many in wanted.items())

    def _measure(self, fund: int, other: int) -> None:
        """Let a pool measure whatever comes into it from another one."""
        for unit in self.funds[fund].capacity:
            self.funds[other].capacity.setdefault(unit, 0)

    @rule(
        data=st.data(),
        amount=AMOUNTS,
        change=st.sampled_from([Change.INCREASE, Change.DECREASE, Change.WRITE_OFF]),
    )
    def change_one(self, data: Any, amount: int, change: Change) -> None:
        """More, less, or lost."""
        fund = self._fund(data)
        wanted, is_more = self._wanted(data, fund, amount), change is Change.INCREASE
        if self._change(change, fund, wanted, other=None, fits=is_more or self._has(fund, wanted)):
            for unit, many in wanted.items():
                self.funds[fund].capacity[unit] += many if is_more else -many

    @rule(data=st.data(), amount=AMOUNTS)
    def transfer(self, data: Any, amount: int) -> None:
        """Something goes to another pool."""
        fund, other = self._fund(data), self._fund(data)
        wanted = self._wanted(data, fund, amount)
        alike = fund != other and self.funds[fund].kind == self.funds[other].kind
        fits = alike and not self.funds[other].is_closed and self._has(fund, wanted)
        if self._change(Change.TRANSFER, fund, wanted, other=other, fits=fits):
            self._go_over(fund, other, wanted)

    def _go_over(self, fund: int, other: int, wanted: Counter[str]) -> None:
        self._measure(fund, other)
        for unit, many in wanted.items():
            self.funds[fund].capacity[unit] -= many
            self.funds[other].capacity[unit] += many

    @rule(data=st.data(), amount=st.integers(0, 30))
    def carry_over(self, data: Any, amount: int) -> None:
        """What is promised follows into the later year."""
        fund, other = self._fund(data), self._fund(data)
        wanted = self._wanted(data, fund, amount)
        alike = self.funds[fund].kind == self.funds[other].kind
        fits = (
            alike
            and self.funds[other].year > self.funds[fund].year
            and not self.funds[other].is_closed
            and self._has(fund, wanted)
        )
        if not self._change(Change.CARRY_OVER, fund, wanted, other=other, fits=fits):
            return
        for one in self.promises.values():
            owed = one.reserved + one.committed
            if one.pool == fund and owed:
                wanted += owed
                one.pool = other
        self._go_over(fund, other, wanted)

    @rule(data=st.data())
    def close(self, data: Any) -> None:
        """A year is closed once nothing is owed."""
        fund = self._fund(data)
        owed = any(one.reserved + one.committed for one in self.promises.values() if one.pool == fund)
        if self._change(Change.CLOSE, fund, Counter(), other=None, fits=not owed):
            for unit in self.funds[fund].capacity:
                self.funds[fund].capacity[unit] -= self._left(fund, unit)
            self.funds[fund].is_closed = True

    @rule(data=st.data(), amount=AMOUNTS, further=SOME)
    def reserve(self, data: Any, amount: int, further: dict[str, int]) -> None:
        """A new promise is kept aside, if there is enough of every measure; what takes more may be memory alone."""
        fund = self._fund(data)
        kind, has = self.funds[fund].kind, self.funds[fund].capacity
        lead = data.draw(st.sampled_from(sorted(has)))
        more = {unit: many for unit, many in further.items() if kind == "server" and unit != lead}
        # Worth so much that no part of it is worth whole cents.
        row = {"id": "s1", "kind": kind, "what": "x", "amount": amount, "unit": lead, **more}
        row["value_cents"] = amount if lead == "cent" else 7 * amount + 3
        with db.writing() as session:
            Books.names += 1
            (one,) = actions.ask_for(f"pact:{Books.names}", 1, [row], by=SYSTEM)
            one.pool_id = fund
            session.flush()
        number = one.id
        wanted = Counter({lead: amount} | {unit: many for unit, many in more.items() if unit in has})
        fits = self._has(fund, wanted) and not self.funds[fund].is_closed
        self._tries(fits, lambda session: self._move(session, number, Movement.RESERVED, amount))
        if fits:
            self.promises[number] = Promise(fund, lead, (amount, row["value_cents"]), reserved=wanted)

    def _move(self, session: Any, number: int, movement: Movement, amount: int) -> None:
        books.must_move(session.get_one(Allocation, number), movement, amount, by=SYSTEM)

    @precondition(lambda self: self.of_books())
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
        number = data.draw(st.sampled_from(self.of_books()))
        one = self.promises[number]
        have = one.of(movement)
        fits = amount <= have[one.lead] and not self.funds[one.pool].is_closed
        self._tries(fits, lambda session: self._move(session, number, movement, amount))
        if not fits:
            return
        # Of each further measure the same share goes along, rounded down.
        gone = Counter({unit: many * amount // have[one.lead] for unit, many in have.items()})
        have.subtract(gone)
        if movement is Movement.COMMITTED:
            one.committed += gone
        if movement is Movement.DELIVERED:
            one.given(one.pool).update(gone)
        if movement is Movement.LOST:
            self.funds[one.pool].capacity.subtract(gone)

    @precondition(lambda self: self.of_books())
    @rule(data=st.data(), amount=AMOUNTS)
    def take_back(self, data: Any, amount: int) -> None:
        """What was given comes back, the latest year first; out of a closed year it is something new."""
        number = data.draw(st.sampled_from(self.of_books()))
        self._take_back(
            self.promises[number],
            amount,
            lambda session: books.take_back(
                session.get_one(Allocation, number), amount, by=SYSTEM, reason="Not needed"
            ),
        )

    def _take_back(self, one: Promise, amount: int, act: Any) -> bool:
        """Take back what the model allows, and say whether it does."""
        rest, parts = amount, []
        for fund in self._latest_first(one):
            parts.append((fund, min(rest, one.kept(fund)[one.lead])))
            rest -= parts[-1][1]
        is_late = any(part and self.funds[fund].is_closed for fund, part in parts)
        fits = rest == 0 and not (is_late and self.funds[one.pool].is_closed)
        self._tries(fits, act)
        for fund, part in parts if fits else ():
            kept = one.kept(fund)
            gone = Counter(
                {unit: many * part // kept[one.lead] for unit, many in kept.items()} if part else {}
            )
            self._come_back(one, fund, one.pool, gone)
        return fits

    def _latest_first(self, one: Promise) -> list[int]:
        return sorted(one.delivered, key=lambda fund: (self.funds[fund].year, fund), reverse=True)

    def _come_back(self, one: Promise, fund: int, into: int | None, gone: Counter[str]) -> None:
        if not self.funds[fund].is_closed:
            one.given(fund).subtract(gone)
            return
        one.recovered.setdefault(fund, Counter()).update(gone)
        for unit, many in gone.items():
            if into is not None and unit in self.funds[into].capacity:
                self.funds[into].capacity[unit] += many

    @precondition(lambda self: self.of_books())
    @rule(data=st.data(), wanted=st.none() | st.dictionaries(st.sampled_from(UNITS[Kind.SERVER]), AMOUNTS))
    def take_back_measures(self, data: Any, wanted: dict[str, int] | None) -> None:
        """Of a server exactly so much of each measure comes back, or all of it, at most what was given."""
        number = data.draw(st.sampled_from(self.of_books()))
        one = self.promises[number]
        alike = [n for n, fund in self.funds.items() if fund.kind == self.funds[one.pool].kind]
        into = next((fund for fund in alike if not self.funds[fund].is_closed), None)
        with db.writing() as session:
            pool = session.get_one(Pool, into) if into else None
            booked = books.take_back_measures(
                session.get_one(Allocation, number), wanted, pool, by=SYSTEM, reason="Smaller"
            )
        total: Counter[str] = Counter()
        for fund in self._latest_first(one):
            kept = one.kept(fund)
            rest = kept if wanted is None else Counter(wanted) - total
            gone = kept & rest
            self._come_back(one, fund, into, gone)
            total += gone
        assert booked == total

    @precondition(lambda self: self.funds)
    @rule(data=st.data(), amount=AMOUNTS)
    def put_right(self, data: Any, amount: int) -> None:
        """The first row of a pool gets another amount."""
        fund = self._fund(data)
        with db.reading() as session:
            unit = session.get_one(Pool, fund).unit
            rows = session.scalars(queries.entries(fund, most=10_000)).all()
            first = rows[-1]
            now = first.amount + sum(one.amount for one in rows if one.corrects_id == first.id)
        right = 100 + amount
        fits = right != now and self._left(fund, unit) + right - now >= 0
        was_open = not self.funds[fund].is_closed
        wish = Wish(right, "Typed wrong", entry_id=first.id)
        self._tries(
            fits and was_open,
            lambda session: perform(
                Change.CORRECT, session.get_one(Pool, fund), wish, by=SYSTEM, about=About()
            ),
        )
        if fits and was_open:
            self.funds[fund].capacity[unit] += right - now

    @invariant()
    def everything_agrees(self) -> None:
        """The model, the pool's own figures, its rows, the sums by day and what allocations hold are one."""
        with db.reading() as session:
            ledger = queries.balances()
            for fund, known in self.funds.items():
                head = session.get_one(Pool, fund)
                measures = {one.unit: one for one in (head, *session.scalars(queries.parts_of(fund)))}
                assert set(measures) == set(known.capacity)
                days = queries.balances_on(clock.today(), [one.id for one in measures.values()])
                for unit, pool in measures.items():
                    said = self._said(fund, unit)
                    assert said == Balance(pool.capacity, pool.reserved, pool.committed, pool.delivered)
                    assert said == ledger.get(pool.id, Balance()) == days.get(pool.id, Balance())
                    assert queries.held_in(pool.id) == (said.reserved, said.committed, said.delivered)
                    assert said.is_sound
                    assert (pool.closed_at is not None) == known.is_closed

    @invariant()
    def all_that_is_given_is_worth_its_part(self) -> None:
        """The measure that a promise is counted in carries its worth, to the cent; the sums carry the same."""
        worth: dict[tuple[int, int], list[tuple[str, int]]] = {}
        with db.reading() as session:
            ids = {one.id: one.head_id or one.id for one in session.scalars(self._measures())}
            sums = (PoolEntry.allocation_id, PoolEntry.pool_id, PoolEntry.movement)
            asked = select(*sums, func.sum(PoolEntry.value_cents)).where(PoolEntry.pool_id.in_(ids))
            for number, pool, movement, cents in session.execute(asked.group_by(*sums)):
                if number in self.promises and (cents or self.promises[number].lead == "cent"):
                    worth.setdefault((number, ids[pool]), []).append((movement, int(cents)))
            assert _cents_of(session, PoolEntry, ids) == _cents_of(session, SupportSum, ids)
        for number, one in self.promises.items():
            for fund, given in one.delivered.items():
                found = balance(worth.get((number, fund), ()))
                assert found.delivered == one.worth_of(given[one.lead])

    def _measures(self) -> Select[Pool]:
        return select(Pool).where(or_(Pool.id.in_(self.funds), Pool.head_id.in_(self.funds)))

    def _said(self, fund: int, unit: str) -> Balance:
        here = [one for one in self.promises.values() if one.pool == fund]
        given = sum(one.given(fund)[unit] for one in self.promises.values())
        return Balance(
            self.funds[fund].capacity[unit],
            sum(one.reserved[unit] for one in here),
            sum(one.committed[unit] for one in here) + given,
            given,
        )


def _cents_of(session: Any, table: Any, ids: Any) -> dict[tuple[int, str], int]:
    asked = select(table.pool_id, table.movement, func.sum(table.value_cents)).where(table.pool_id.in_(ids))
    if table is SupportSum:
        asked = asked.where(SupportSum.span == Span.MONTH.value)
    found = session.execute(asked.group_by(table.pool_id, table.movement))
    return {(pool, movement): int(cents) for pool, movement, cents in found}


__all__ = ["Books"]
