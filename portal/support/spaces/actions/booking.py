"""Book a space for whole hours, once or week after week, and cancel; the database decides who was first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Actor, Can, Rel
from portal.record import Did, record
from portal.support.lifecycle import State as Given
from portal.support.spaces import opening, queries
from portal.support.spaces.lifecycle import LIFE, State, Verb
from portal.support.spaces.models import Space, SpaceBooking, SpaceQuarter
from portal.support.spaces.opening import Stretch
from portal.support.spaces.said import InWords, hour_of
from portal.words import W

if TYPE_CHECKING:
    from portal.support.models import Allocation
    from portal.support.spaces.models import SpaceClosing

HOUR = timedelta(hours=1)
MOST_WEEKS, LONGEST_REASON = 26, 300
PAST = W("A booking is for a time to come.")
WHOLE = W("Spaces are booked by whole hours: begin at a quarter of an hour and end whole hours later.")
GONE = W("This space takes no bookings just now. Choose another one.")
TOO_MANY = W("The space holds %(most)s people. Choose a larger one.")
WEEKS = W("Repeat it in at most %(most)s weeks", most=MOST_WEEKS)
OUTSIDE = W("The hours are promised from %(first)s to %(last)s. Choose a day between them.")
TOO_LITTLE = W("Only %(left)s h of the promise are left, and this takes %(asked)s h.")
NOT_PROMISED = W("No hours of spaces are promised here by signature, so nothing can be booked.")
STOPPED = W(
    "The pact is suspended or over, so nothing new is booked for it. What is booked can still be cancelled."
)
TAKEN = W("%(at)s is taken by: %(who)s")
SHUT = W("%(at)s: the space is closed in these hours (%(why)s).")
NO_REASON = W("Say why, in a sentence that everybody may read")
BEGUN = W("The time has begun. The office says afterwards whether the space was used.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a group wants: each time by its instants in UTC, and how many people come.

    With `leaves_out` the days that do not fit are left out; else nothing is booked where one does not.
    """

    times: Sequence[Stretch]
    people: int = 0
    leaves_out: bool = False


def book(promise: Allocation, space: Space, wish: Wish, *, by: Actor) -> list[SpaceBooking]:
    """Book a space for a promise of hours, and return what was booked.

    Refuses with Invalid, naming each day that does not fit. The hours are kept by one UPDATE, each quarter of
    an hour by a row that can be there once: of any number at the same moment one has it.
    """
    policy.check(by, Can.SPACE_BOOK, promise)
    _check(promise, space, wish)
    named = [(one, _unfit(promise, space, one)) for one in wish.times]
    fitting = [one for one, why_not in named if why_not is None]
    _must_fit(wish, fitting, [why_not for _, why_not in named if why_not is not None])
    made = [_made(promise, space, one, wish, by) for one in fitting]
    move_hours(promise, sum(one.hours for one in made))
    tried = [(one, _keep_time(one, space)) for one in made]
    kept = [one for one, clash in tried if clash is None]
    _must_fit(wish, kept, [clash for _, clash in tried if clash is not None])
    if len(kept) < len(made):
        move_hours(promise, sum(one.hours for one in kept) - sum(one.hours for one in made))
    _bind(kept)
    facts = {
        "hours": sum(one.hours for one in kept),
        "times": [f"{one.begins_at:%Y-%m-%dT%H:%MZ}" for one in kept],
    }
    remember(Did.SPACE_BOOKED, kept[0], promise, space, by=by, **facts)
    return kept


def _check(promise: Allocation, space: Space, wish: Wish) -> None:
    if promise.state != Given.COMMITTED:
        raise WrongState(NOT_PROMISED)
    if promise.is_stopped:
        raise WrongState(STOPPED)
    if not space.is_open:
        raise Invalid(GONE, field="space")
    if not 0 < len(wish.times) <= MOST_WEEKS:
        raise Invalid(WEEKS, field="weeks")
    if not 0 <= wish.people <= space.capacity:
        raise Invalid(W(TOO_MANY.id, most=space.capacity), field="people")
    for one in wish.times:
        length = one.ends_at - one.begins_at
        # Every zone is whole quarters away from UTC, so that a quarter here is a quarter there.
        starts_odd = one.begins_at.minute % 15 or one.begins_at.second or one.begins_at.microsecond
        if starts_odd or length < HOUR or length % HOUR:
            raise Invalid(WHOLE, field="until")


def _unfit(promise: Allocation, space: Space, one: Stretch) -> W | None:
    """Return why a time does not fit, or None; that somebody is faster is found out when it is kept."""
    day = clock.local(one.begins_at).date()
    if one.begins_at <= clock.now():
        return PAST
    if day < promise.starts_on or (promise.ends_on is not None and day > promise.ends_on):
        last = promise.ends_on or promise.starts_on
        return W(OUTSIDE.id, first=f"{promise.starts_on:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
    closed = opening.why_not(one, space.hours, clock.zone())
    if closed is not None:
        return closed
    return _clash(one, space)


def _clash(one: Stretch | SpaceBooking, space: Space) -> W | None:
    """Return who has the space at some time of a stretch, or why it is closed then; None where it is free."""
    met = db.session().execute(queries.clash(space.id, one.begins_at, one.ends_at)).first()
    if met is None:
        return None
    who, why = met
    if why is not None:
        return W(SHUT.id, at=hour_of(one.begins_at), why=InWords(why))
    return W(TAKEN.id, at=hour_of(one.begins_at), who=who)


def _must_fit(wish: Wish, fitting: Sequence[object], faults: Sequence[W]) -> None:
    """Refuse with Invalid, naming every time that does not fit, unless these may be left out."""
    if not faults or (wish.leaves_out and fitting):
        return
    if len(wish.times) == 1:
        raise Invalid(faults[0], field="begins")
    named = " ".join(dict.fromkeys(str(one) for one in faults))
    raise Invalid(W("%(named)s Choose another time, or leave these days out.", named=named), field="weeks")


def _made(promise: Allocation, space: Space, one: Stretch, wish: Wish, by: Actor) -> SpaceBooking:
    return SpaceBooking(
        space_id=space.id,
        allocation_id=promise.id,
        begins_at=one.begins_at,
        ends_at=one.ends_at,
        hours=(one.ends_at - one.begins_at) // HOUR,
        people=wish.people,
        state=State.BOOKED.value,
        booked_by_id=by.person_id,
        booked_at=clock.now(),
        changed_at=clock.now(),
    )


def move_hours(promise: Allocation, hours: int) -> None:
    """Keep hours of a promise for bookings, or, below zero, let them go back; one UPDATE decides."""
    session = db.session()
    kept = session.scalar(queries.keep_hours(promise.id, hours))
    session.refresh(promise)
    if kept is None and promise.is_stopped:
        raise WrongState(STOPPED)
    if kept is None:
        raise Invalid(W(TOO_LITTLE.id, left=promise.unbooked, asked=hours), field="until")


def _keep_time(one: SpaceBooking, space: Space) -> W | None:
    """Keep the quarters of an hour: the table has one row for each, so the second finds none."""
    session = db.session()
    try:
        with session.begin_nested():
            session.add(one)
            session.flush()
            stretch = Stretch(one.begins_at, one.ends_at)
            rows = [
                SpaceQuarter(space_id=space.id, at=at, booking_id=one.id) for at in opening.quarters(stretch)
            ]
            session.add_all(rows)
            session.flush()
    except IntegrityError:
        return _clash(one, space) or W(TAKEN.id, at=hour_of(one.begins_at), who="…")
    return None


def _bind(kept: Sequence[SpaceBooking]) -> None:
    if len(kept) > 1:
        for one in kept:
            one.series = kept[0].id
    db.session().flush()


def cancel(
    booking: SpaceBooking, reason: str, *, late_hours: int, by: Actor, also: Sequence[SpaceBooking] = ()
) -> None:
    """Cancel a booking, and `also` those that follow in its row; space and hours are free again.

    What the group cancels later than `late_hours` before leaves the space free, and the office decides
    whether the hours count. Refuses with WrongState once it has begun.
    """
    policy.check(by, Can.SPACE_BOOK, booking.allocation)
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(W("Shorten this to %(most)s characters or fewer", most=LONGEST_REASON), field="reason")
    is_group = Rel.PARTY in booking.allocation.relations(by)
    # The promise first, as whoever ends its pact does: nobody waits for the other both ways.
    db.session().execute(queries.held(booking.allocation_id))
    call_off((booking, *also), reason.strip(), late_hours=late_hours if is_group else None, by=by)


def call_off(
    rows: Sequence[SpaceBooking],
    reason: str,
    *,
    late_hours: int | None,
    by: Actor,
    closing: SpaceClosing | None = None,
) -> None:
    """Cancel what belongs together, for the verb that has asked who may; None where the city does it."""
    for one in rows:
        if closing is not None:
            one.closing_id = closing.id
        _cancel(one, reason, is_late=late_hours is not None and _is_late(one, late_hours))
    is_late = any(one.state == State.LATE for one in rows)
    facts: dict[str, object] = {"late": is_late, "many": len(rows)}
    facts["side"] = "city" if late_hours is None else "community"
    if closing is not None:
        facts["closing"] = closing.id
    remember(Did.SPACE_CANCELLED, rows[0], rows[0].allocation, rows[0].space, by=by, **facts)


def _is_late(one: SpaceBooking, late_hours: int) -> bool:
    return one.begins_at - clock.now() < timedelta(hours=late_hours)


def _cancel(one: SpaceBooking, reason: str, *, is_late: bool) -> None:
    target = LIFE.after(one.state, Verb.CANCEL_LATE if is_late else Verb.CANCEL)
    if one.has_begun(clock.now()):
        raise WrongState(BEGUN)
    one.state, one.reason = target.value, reason
    moved(one)
    session = db.session()
    session.flush()
    if not is_late:
        move_hours(one.allocation, -one.hours)
    session.execute(delete(SpaceQuarter).where(SpaceQuarter.booking_id == one.id))


def moved(one: SpaceBooking) -> None:
    """Note that a booking changed, for the calendars that hold it."""
    one.sequence += 1
    one.changed_at = clock.now()


def remember(
    did: Did, one: SpaceBooking, promise: Allocation, space: Space, *, by: Actor, **facts: object
) -> None:
    """Remember an act on a booking under the pact it belongs to."""
    same = {"space": space.slug, "booking": one.id, "sequence": one.sequence}
    record(did, promise.subject, by=by, **same, **facts)
