"""Say afterwards what became of a booking; what was used goes into the books as hours given."""

from __future__ import annotations

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Actor, Can
from portal.record import Did
from portal.support import actions as support
from portal.support.spaces.actions.booking import NO_REASON, move_hours, moved, remember
from portal.support.spaces.lifecycle import LIFE, State, Verb
from portal.support.spaces.models import SpaceBooking
from portal.words import W

MOST_CAME = 100_000
NOT_YET = W("The time is not over yet. Say afterwards what became of it.")


def use(booking: SpaceBooking, came: int, note: str, *, by: Actor) -> None:
    """Enter that a space was used: its hours are given, and the group can confirm or object.

    Refuses with WrongState before its end, and with NotAllowed whoever belongs to the group.
    """
    policy.check(by, Can.SUPPORT_DELIVER, booking.allocation)
    target = LIFE.after(booking.state, Verb.USE)
    if not 0 <= came <= MOST_CAME:
        raise Invalid(W("Enter a whole number, like 12"), field="came")
    _after_its_end(booking)
    if came:
        booking.people = came
    _give(booking, target, note, by=by)
    _remember(Did.SPACE_USED, booking, by=by)


def miss(booking: SpaceBooking, reason: str, *, by: Actor) -> None:
    """Say that nobody came, or that a late word counts: the hours are gone, with the reason in the books."""
    policy.check(by, Can.SUPPORT_DELIVER, booking.allocation)
    target = LIFE.after(booking.state, Verb.MISS)
    _after_its_end(booking)
    _because(booking, reason)
    _give(booking, target, booking.reason, by=by)
    _remember(Did.SPACE_MISSED, booking, by=by)


def excuse(booking: SpaceBooking, reason: str, *, by: Actor) -> None:
    """Let the hours go back: the space could not be used, or the late word is forgiven."""
    policy.check(by, Can.SUPPORT_DELIVER, booking.allocation)
    target = LIFE.after(booking.state, Verb.EXCUSE)
    _after_its_end(booking)
    _because(booking, reason)
    booking.state = target.value
    moved(booking)
    db.session().flush()
    move_hours(booking.allocation, -booking.hours)
    _remember(Did.SPACE_EXCUSED, booking, by=by)


def _after_its_end(booking: SpaceBooking) -> None:
    if booking.state == State.BOOKED and not booking.is_over(clock.now()):
        raise WrongState(NOT_YET)


def _because(booking: SpaceBooking, reason: str) -> None:
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    booking.reason = reason.strip()[:300]


def _give(booking: SpaceBooking, target: State, note: str, *, by: Actor) -> None:
    promise = booking.allocation
    move_hours(promise, -booking.hours)
    # A day to come, where a late word counts before its time: what is lost is lost today.
    on = min(clock.local(booking.begins_at).date(), clock.today())
    given = support.deliver(promise, booking.hours, on, _evidence(booking, note), by=by)
    booking.delivery_id, booking.state = given.id, target.value
    moved(booking)
    db.session().flush()


def _evidence(booking: SpaceBooking, note: str) -> str:
    begins, ends = clock.local(booking.begins_at), clock.local(booking.ends_at)
    name = next(iter(booking.space.name.values()))
    shown = f"{name}, {begins:%d/%m/%Y, %H:%M}-{ends:%H:%M} (#{booking.id})"
    return f"{shown}: {note.strip()}"[:300] if note.strip() else shown


def _remember(did: Did, booking: SpaceBooking, *, by: Actor) -> None:
    remember(did, booking, booking.allocation, booking.space, by=by, hours=booking.hours)
