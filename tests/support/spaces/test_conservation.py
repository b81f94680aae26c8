"""Whatever is booked, cancelled, used, missed, excused, given by hand or settled: the hours agree everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal import clock, db
from portal.errors import Invalid, WrongState
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.handing import actions as handing
from portal.support.models import Allocation, Pool
from portal.support.spaces import actions, queries
from portal.support.spaces.models import SpaceBooking, SpaceQuarter
from tests.support.spaces.conftest import Rooms, at, monday, stretch

PROMISED = 12


class Calendar(RuleBasedStateMachine):
    """The verbs of bookings beside a model of three numbers and a set of hours; `rooms` is set by the test."""

    rooms: Any = None
    space: Any = None
    names = 0

    @initialize()
    def promise(self) -> None:
        """Begin with a promise of twelve hours to a pact of its own."""
        Calendar.names += 1
        self.promise_id = self.rooms.promised(f"pact:C-{Calendar.names}", PROMISED)
        self.bookings: dict[int, tuple[str, range]] = {}
        self.given, self.is_closed = 0, False
        # Days of its own: nobody else is in the space then.
        self.day = monday(Calendar.names + 1)

    def _held(self) -> int:
        return sum(len(hours) for state, hours in self.bookings.values() if state in {"booked", "late"})

    def _tries(self, is_allowed: bool, act: Any) -> Any:
        try:
            with db.writing() as session:
                found = act(session)
        except (Invalid, WrongState):
            assert not is_allowed, "refused what the model allows"
            return None
        assert is_allowed, "did what the model forbids"
        return found

    @rule(begins=st.integers(9, 21), hours=st.integers(1, 5))
    def book(self, begins: int, hours: int) -> None:
        """Somebody wants some hours of a day."""
        wanted = range(begins, begins + hours)
        taken = {
            hour for state, held in self.bookings.values() if state in {"booked", "used"} for hour in held
        }
        fits = begins + hours <= 22 and not taken & set(wanted) and not self.is_closed
        fits = fits and self._held() + self.given + hours <= PROMISED
        made = self._tries(
            fits,
            lambda session: actions.book(
                session.get_one(Allocation, self.promise_id),
                session.merge(self.space),
                actions.Wish([stretch(at(self.day, begins), hours)]),
                by=self.rooms.rosa,
            ),
        )
        if made:
            self.bookings[made[0].id] = ("booked", wanted)

    def _one(self, data: Any) -> tuple[int, str, range] | None:
        if not self.bookings:
            return None
        number = data.draw(st.sampled_from(sorted(self.bookings)))
        return (number, *self.bookings[number])

    @rule(data=st.data(), is_late=st.booleans())
    def cancel(self, data: Any, is_late: bool) -> None:
        """The group calls one off, in time or late."""
        if (one := self._one(data)) is None:
            return
        number, state, hours = one
        late_hours = 100_000 if is_late else 0
        self._tries(
            state == "booked",
            lambda session: actions.cancel(
                session.scalars(queries.booking(number)).one(),
                "Away",
                late_hours=late_hours,
                by=self.rooms.rosa,
            ),
        )
        if state == "booked":
            self.bookings[number] = ("late" if is_late else "cancelled", hours)

    @rule(data=st.data(), verb=st.sampled_from(["miss", "excuse"]))
    def decide(self, data: Any, verb: str) -> None:
        """The office decides on what was called off late."""
        if (one := self._one(data)) is None:
            return
        number, state, hours = one
        self._tries(
            state == "late",
            lambda session: getattr(actions, verb)(
                session.scalars(queries.booking(number)).one(), "So it is", by=self.rooms.tina
            ),
        )
        if state == "late":
            self.bookings[number] = ("missed" if verb == "miss" else "excused", hours)
            self.given += len(hours) if verb == "miss" else 0

    @rule(hours=st.integers(1, 6))
    def give_by_hand(self, hours: int) -> None:
        """Hours are entered without a booking."""
        fits = not self.is_closed and self._held() + self.given + hours <= PROMISED
        self._tries(
            fits,
            lambda session: support.deliver(
                session.get_one(Allocation, self.promise_id), hours, clock.today(), "Key", by=self.rooms.tina
            ),
        )
        self.given += hours if fits else 0

    @rule(sure=st.integers(0, 5))
    def close(self, sure: int) -> None:
        """Now and then the promise is settled."""
        if sure or self.is_closed:
            return
        fits = not self._held()
        self._tries(
            fits,
            lambda session: handing.close(
                session.get_one(Allocation, self.promise_id), "It is over", by=self.rooms.tina
            ),
        )
        self.is_closed = fits

    @invariant()
    def all_agree(self) -> None:
        """The promise, its bookings, their quarters, the pool and the ledger say the same."""
        with db.reading() as session:
            mine = session.get_one(Allocation, self.promise_id)
            assert (mine.booked, mine.delivered) == (self._held(), self.given)
            quarters = select(func.count()).select_from(SpaceQuarter)
            quarters = quarters.join(SpaceBooking).where(SpaceBooking.allocation_id == mine.id)
            kept = sum(len(hours) for state, hours in self.bookings.values() if state == "booked")
            assert session.scalar(quarters) == kept * 4
            pool = session.get_one(Pool, self.rooms.pool.id)
            balance = support_queries.balances()[pool.id]
            assert (balance.committed, balance.delivered) == (pool.committed, pool.delivered)
            assert balance.is_sound


@pytest.mark.usefixtures("database")
def test_hours_are_never_lost_nor_made(cast: Any) -> None:
    rooms = Rooms(cast)
    machine = type("Once", (Calendar,), {"rooms": rooms, "space": rooms.space()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        ),
    )
