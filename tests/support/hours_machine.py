"""The whole of the books in one machine: pools, transfers, promises, and hours of spaces in their calendar."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import func, select

from portal import clock, db
from portal.support import actions as giving
from portal.support.handing import actions as handing
from portal.support.models import Allocation
from portal.support.spaces import actions, queries
from portal.support.spaces.models import SpaceBooking, SpaceQuarter
from tests.support.books_machine import Books
from tests.support.books_model import Promise
from tests.support.spaces.conftest import Rooms, at, stretch

OPENS, SHUTS, ALWAYS_LATE = 9, 22, 100_000
HOLDS = ("booked", "late")


@dataclass
class Booking:
    """Some hours of a day in the one space, and what became of them."""

    day: date
    hours: range
    state: str = "booked"
    keeps_time: bool = True

    def call_off(self, *, is_late: bool = False) -> None:
        """Let the space be free again; of a late word the office decides whether the hours count."""
        self.state, self.keeps_time = "late" if is_late else "cancelled", False

    def is_over(self) -> bool:
        """Say whether its time is past."""
        return clock.local(clock.now()).date() > self.day


@dataclass
class Hours:
    """A pact that was promised hours of spaces: what it booked, and whether it may."""

    subject: str
    amount: int
    given: int = 0
    returned: int = 0
    is_stopped: bool = False
    is_closed: bool = False
    bookings: dict[int, Booking] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """Return the hours that are kept for bookings."""
        return sum(len(one.hours) for one in self.bookings.values() if one.state in HOLDS)

    @property
    def is_open(self) -> bool:
        """Say whether hours are still to be given."""
        return not self.is_closed and self.given < self.amount


class Everything(Books):
    """The books, and pacts whose hours are booked, used, missed, excused, cancelled, closed and stopped."""

    kinds = ("funding", "server", "spaces")
    rooms: Rooms

    def prepare(self) -> None:
        """Begin early in the year, so that weeks can pass within it, in a space of one's own."""
        first = datetime(clock.local(clock.real()).year, 1, 12, 12, tzinfo=clock.zone())
        first += timedelta(
            days=3 - first.weekday()
        )  # a Thursday: what is booked for a Monday is to come, or over
        clock.set_offset(first - clock.real())
        self.pacts: dict[int, Hours] = {}
        self.closed: dict[int, tuple[date, range]] = {}
        self.space = self.rooms.space(f"Sala {Books.names}")
        self._look_ahead()

    def _look_ahead(self) -> None:
        today = clock.today()
        self.day = today + timedelta(days=7 - today.weekday())

    def of_books(self) -> list[int]:
        """Return the promises that no verb of spaces moves."""
        return sorted(set(self.promises) - set(self.pacts))

    @rule(weeks=st.integers(1, 2))
    def weeks_pass(self, weeks: int) -> None:
        """The day that could be booked goes by."""
        if (clock.today() + timedelta(days=21)).year == self.year:
            clock.set_offset(clock.offset() + timedelta(days=7 * weeks))
            self._look_ahead()

    @rule(data=st.data(), amount=st.integers(4, 20))
    def promise_hours(self, data: Any, amount: int) -> None:
        """A pact is promised hours by two officials and by signature."""
        fund = self._fund(data, "spaces")
        known = self.funds[fund]
        if known.is_closed or known.year != self.year or self._left(fund, "hour") < amount:
            return
        Books.names += 1
        subject = f"pact:H-{Books.names}"
        self.rooms.pool.id = fund
        number = self.rooms.promised(subject, amount)
        self.promises[number] = Promise(fund, "hour", (amount, amount), committed=Counter(hour=amount))
        self.pacts[number] = Hours(subject, amount)

    def _pact(self, data: Any) -> tuple[int, Hours]:
        number = data.draw(st.sampled_from(sorted(self.pacts)))
        return number, self.pacts[number]

    def _does(self, is_allowed: bool, verb: Any, number: int, *more: Any, by: Any, **options: Any) -> None:
        act = lambda session: verb(session.get_one(Allocation, number), *more, by=by, **options)  # noqa: E731
        self._tries(is_allowed, act)

    @precondition(lambda self: self.pacts)
    @rule(data=st.data(), begins=st.integers(OPENS, SHUTS - 1), hours=st.integers(1, 5))
    def book(self, data: Any, begins: int, hours: int) -> None:
        """Somebody wants some hours of the next Monday."""
        number, pact = self._pact(data)
        wanted = range(begins, begins + hours)
        fits = pact.is_open and not pact.is_stopped and begins + hours <= SHUTS
        fits = fits and not self._taken() & set(wanted) and pact.held + pact.given + hours <= pact.amount
        wish, made = actions.Wish([stretch(at(self.day, begins), hours)]), []
        self._tries(
            fits,
            lambda session: made.extend(
                actions.book(
                    session.get_one(Allocation, number), session.merge(self.space), wish, by=self.rooms.rosa
                )
            ),
        )
        if fits:
            pact.bookings[made[0].id] = Booking(self.day, wanted)

    def _taken(self) -> set[int]:
        booked = {hour for one in self._booked().values() for hour in one.hours}
        return booked | {hour for day, hours in self.closed.values() if day == self.day for hour in hours}

    def _booked(self) -> dict[int, Booking]:
        """Return what keeps the space on the day that can be booked."""
        found = [both for pact in self.pacts.values() for both in pact.bookings.items()]
        return {key: one for key, one in found if one.day == self.day and one.keeps_time}

    @rule(begins=st.integers(OPENS - 1, SHUTS), hours=st.integers(1, 4))
    def close_hours(self, begins: int, hours: int) -> None:
        """The city closes some hours of the next Monday: what is booked in them is called off."""
        wanted = set(range(begins, begins + hours))
        fits = not any(day == self.day and wanted & set(shut) for day, shut in self.closed.values())
        met = {key: one for key, one in self._booked().items() if wanted & set(one.hours)}
        wish, made = actions.Closure([stretch(at(self.day, begins), hours)], {"en": "Cleaning"}), []
        self._tries(
            fits,
            lambda session: made.extend(
                actions.close(session.merge(self.space), wish, seen=met, by=self.rooms.tina)
            ),
        )
        if fits:
            self.closed[made[0].id] = (self.day, range(begins, begins + hours))
            for one in met.values():
                one.call_off()

    @precondition(lambda self: self.closed)
    @rule(data=st.data())
    def open_again(self, data: Any) -> None:
        """Hours are opened again, unless they are past."""
        chosen = data.draw(st.sampled_from(sorted(self.closed)))
        fits = self.closed[chosen][0] > clock.today()
        self._tries(
            fits,
            lambda session: actions.reopen(
                session.scalars(queries.closing_series(self.space.id, chosen)).all(),
                session.merge(self.space),
                by=self.rooms.tina,
            ),
        )
        if fits:
            del self.closed[chosen]

    def _booking(self, data: Any) -> tuple[int, Hours, Booking]:
        _, pact = self._pact(data)
        if not pact.bookings:
            return 0, pact, Booking(self.day, range(0))
        chosen = data.draw(st.sampled_from(sorted(pact.bookings)))
        return chosen, pact, pact.bookings[chosen]

    def _decides(self, is_allowed: bool, verb: Any, chosen: int, *more: Any, by: Any, **options: Any) -> None:
        self._tries(
            is_allowed,
            lambda session: verb(session.scalars(queries.booking(chosen)).one(), *more, by=by, **options),
        )

    @precondition(lambda self: self.pacts)
    @rule(data=st.data(), late_hours=st.sampled_from([0, ALWAYS_LATE]))
    def cancel(self, data: Any, late_hours: int) -> None:
        """The group calls one off, in time or late."""
        chosen, _, one = self._booking(data)
        if not chosen:
            return
        fits = one.state == "booked" and not one.is_over()
        self._decides(fits, actions.cancel, chosen, "Away", late_hours=late_hours, by=self.rooms.rosa)
        if fits:
            one.call_off(is_late=late_hours > 0)

    @precondition(lambda self: self.pacts)
    @rule(data=st.data(), verb=st.sampled_from(["use", "miss", "excuse"]))
    def decide(self, data: Any, verb: str) -> None:
        """The office says afterwards what became of one: it was used, stayed empty, or is excused."""
        chosen, pact, one = self._booking(data)
        if not chosen:
            return
        number = next(number for number, other in self.pacts.items() if other is pact)
        fits = (one.state == "booked" and one.is_over()) or (one.state == "late" and verb != "use")
        more = (12, "") if verb == "use" else ("So it is",)
        self._decides(fits, getattr(actions, verb), chosen, *more, by=self.rooms.tina)
        if fits:
            one.state = {"use": "used", "miss": "missed", "excuse": "excused"}[verb]
            if verb != "excuse":
                self._give(number, len(one.hours))

    def _give(self, number: int, hours: int) -> None:
        promise = self.promises[number]
        self.pacts[number].given += hours
        promise.committed["hour"] -= hours
        promise.given(promise.pool)["hour"] += hours

    @precondition(lambda self: self.pacts)
    @rule(data=st.data(), hours=st.integers(1, 6))
    def give_by_hand(self, data: Any, hours: int) -> None:
        """Hours are entered without a booking."""
        number, pact = self._pact(data)
        fits = pact.is_open and pact.held + pact.given + hours <= pact.amount
        self._does(fits, giving.deliver, number, hours, clock.today(), "Key", by=self.rooms.tina)
        if fits:
            self._give(number, hours)

    @precondition(lambda self: self.pacts)
    @rule(data=st.data(), hours=st.integers(1, 6))
    def give_back_hours(self, data: Any, hours: int) -> None:
        """Hours that were given come back, out of a closed year as something new."""
        number, pact = self._pact(data)
        back = handing.Back(hours, clock.today(), "The room was cold")
        act = lambda session: handing.give_back(  # noqa: E731
            session.get_one(Allocation, number), back, by=self.rooms.tina
        )
        if pact.is_closed:
            self._tries(False, act)
        elif self._take_back(self.promises[number], hours, act):
            pact.returned += hours

    @precondition(lambda self: self.pacts)
    @rule(data=st.data(), sure=st.integers(0, 3))
    def settle(self, data: Any, sure: int) -> None:
        """Now and then a promise is settled: what was never given goes back to its pool."""
        number, pact = self._pact(data)
        if sure:
            return
        fits = not pact.is_closed and not pact.held
        self._does(fits, handing.close, number, "It is over", by=self.rooms.tina)
        if fits:
            pact.is_closed = True
            self.promises[number].committed["hour"] = 0

    @precondition(lambda self: self.pacts)
    @rule(data=st.data())
    def go_on(self, data: Any) -> None:
        """A pact that was suspended goes on."""
        _, pact = self._pact(data)
        with db.writing():
            actions.let_go_on(pact.subject)
        pact.is_stopped = False

    @precondition(lambda self: self.pacts)
    @rule(data=st.data())
    def stop(self, data: Any) -> None:
        """A pact is suspended or ends: what is to come is cancelled, what has been is for the office to decide."""
        _, pact = self._pact(data)
        with db.writing():
            actions.cancel_coming(pact.subject, "It stopped", by=self.rooms.tina)
        pact.is_stopped = True
        for one in pact.bookings.values():
            if one.state == "booked" and not one.is_over():
                one.call_off()

    @invariant()
    def hours_agree(self) -> None:
        """The promise, its bookings and their quarters say the same as the model; the books do already."""
        with db.reading() as session:
            for number, pact in self.pacts.items():
                mine = session.get_one(Allocation, number)
                assert (mine.booked, mine.delivered, mine.returned) == (pact.held, pact.given, pact.returned)
                states = select(SpaceBooking.id, SpaceBooking.state, func.count(SpaceQuarter.at))
                states = states.outerjoin(SpaceQuarter).where(SpaceBooking.allocation_id == number)
                found = session.execute(states.group_by(SpaceBooking.id, SpaceBooking.state)).all()
                known = pact.bookings.items()
                assert {tuple(row[:2]) for row in found} == {(key, one.state) for key, one in known}
                kept = {key: len(one.hours) * 4 if one.keeps_time else 0 for key, one in known}
                assert {row[0]: row[2] for row in found} == kept
            shut = select(SpaceQuarter.closing_id, func.count()).where(SpaceQuarter.space_id == self.space.id)
            shut = shut.where(SpaceQuarter.closing_id.is_not(None)).group_by(SpaceQuarter.closing_id)
            closed = {key: len(hours) * 4 for key, (_, hours) in self.closed.items()}
            assert {row[0]: row[1] for row in session.execute(shut)} == closed

    def teardown(self) -> None:
        """Let the next life begin where this one began."""
        clock.set_offset(timedelta(0))


def of(cast: Any) -> type[Everything]:
    """Return the machine for these people."""
    return type("Once", (Everything,), {"rooms": Rooms(cast)})
