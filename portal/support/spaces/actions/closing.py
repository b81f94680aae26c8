"""Close single hours of a space, which cancels what is booked in them; and let them be open again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, Refused, Stale, WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support.spaces import closing, queries
from portal.support.spaces.actions.booking import NO_REASON, call_off
from portal.support.spaces.models import SpaceClosing, SpaceQuarter
from portal.support.spaces.opening import Stretch, next_quarter, quarters
from portal.support.spaces.said import InWords, hour_of
from portal.words import W

if TYPE_CHECKING:
    from portal.support.spaces.models import Space, SpaceBooking

LONGEST_REASON = 150
CHANGED = W("What is booked in these hours has changed in the meantime. Look at it again, then confirm.")
IN_USE = W("%(who)s has the space until %(until)s. Close it from then on.")
SHUT = W("%(at)s is closed already: %(why)s. Choose other hours, or open those again first.")
OVER = W("These hours are past, or open again already.")


@dataclass(frozen=True, slots=True)
class Closure:
    """What is closed, each stretch by its instants in UTC, and why, by language."""

    times: Sequence[Stretch]
    reason: Mapping[str, str]

    @property
    def words(self) -> dict[str, str]:
        """Return the reason in the languages in which it was written."""
        return {code: text for code, text in self.reason.items() if text}


def bookings_in(space: Space, times: Sequence[Stretch]) -> list[SpaceBooking]:
    """Return what is booked in some hours to come; refuse with Invalid where somebody is there already."""
    first, last = min(one.begins_at for one in times), max(one.ends_at for one in times)
    found = db.session().scalars(queries.standing(space.id, first, last)).all()
    met = [one for one in found if closing.overlap(Stretch(one.begins_at, one.ends_at), times)]
    for one in met:
        if one.has_begun(clock.now()):
            who = one.allocation.title or one.allocation.code
            raise Invalid(W(IN_USE.id, who=who, until=hour_of(one.ends_at)), field="hours")
    return met


def check(space: Space, wish: Closure, *, by: Actor) -> list[SpaceBooking]:
    """Return which bookings a closing would cancel, and change nothing; refuses what `close` refuses."""
    policy.check(by, Can.SPACE_KEEP)
    if not wish.words:
        raise Invalid(NO_REASON, field="reason")
    if any(len(text) > LONGEST_REASON for text in wish.words.values()):
        raise Invalid(W("Shorten this to %(most)s characters or fewer", most=LONGEST_REASON), field="reason")
    closing.check(wish.times, clock.now())
    shut = _shut(space, wish.times)
    if shut is not None:
        raise shut
    return bookings_in(space, wish.times)


def close(space: Space, wish: Closure, *, seen: Collection[int], by: Actor) -> list[SpaceClosing]:
    """Close hours of a space, and cancel what is booked in them in the same transaction; each group is told.

    `seen` are the bookings that whoever closes was shown. Refuses with Stale where there are others by now,
    and with Invalid hours that are past, closed already or in use.
    """
    met = check(space, wish, by=by)
    if met:
        # The promises first, as whoever books or ends a pact does; what they did until then is seen after it.
        db.session().execute(queries.held(*{one.allocation_id for one in met}))
        met = bookings_in(space, wish.times)
    if {one.id for one in met} != set(seen):
        raise Stale(CHANGED)
    made = _made(space, wish)
    _cancel(met, made[0], by=by)
    _keep(space, made)
    facts = {"closing": made[0].id, "reason": dict(made[0].reason), "cancelled": len(met)}
    whole = {"begins": _text(made[0].begins_at), "ends": _text(made[-1].ends_at), "stretches": len(made)}
    record(Did.SPACE_CLOSED, space.key, by=by, **facts, **whole)
    return made


def _made(space: Space, wish: Closure) -> list[SpaceClosing]:
    same = {"space_id": space.id, "reason": wish.words}
    same |= {"closed_at": clock.now(), "changed_at": clock.now()}
    made = [SpaceClosing(begins_at=one.begins_at, ends_at=one.ends_at, **same) for one in wish.times]
    session = db.session()
    session.add_all(made)
    session.flush()
    for one in made:
        one.series = made[0].id
    session.flush()
    return made


def _cancel(met: Sequence[SpaceBooking], why: SpaceClosing, *, by: Actor) -> None:
    """Cancel what stands in the hours, a group at a time: each is told once."""

    def group(one: SpaceBooking) -> str:
        return one.allocation.subject

    text = next(iter(why.reason.values()))
    for _, rows in groupby(sorted(met, key=group), key=group):
        call_off(list(rows), text, late_hours=None, by=by, closing=why)


def _keep(space: Space, made: Sequence[SpaceClosing]) -> None:
    """Take the quarters of an hour; a booking or a closing that was faster has its rows there already."""
    session = db.session()
    rows = [
        {"space_id": space.id, "at": at, "closing_id": one.id}
        for one in made
        for at in quarters(Stretch(one.begins_at, one.ends_at))
    ]
    try:
        with session.begin_nested():
            session.execute(insert(SpaceQuarter), rows)
    except IntegrityError as error:
        mine = {one.id for one in made}
        times = [Stretch(one.begins_at, one.ends_at) for one in made]
        raise _shut(space, times, but=mine) or Stale(CHANGED) from error


def _shut(space: Space, times: Sequence[Stretch], but: Collection[int] = ()) -> Refused | None:
    first, last = min(one.begins_at for one in times), max(one.ends_at for one in times)
    for one in db.session().scalars(queries.closed(space.id, first, last)):
        if one.id not in but and closing.overlap(Stretch(one.begins_at, one.ends_at), times):
            at = hour_of(max(one.begins_at, first))
            return Invalid(W(SHUT.id, at=at, why=InWords(one.reason)), field="first")
    return None


def reopen(series: Sequence[SpaceClosing], space: Space, *, by: Actor) -> None:
    """Take a closing back: what is past of it stays, its hours to come are free.

    Refuses with WrongState where nothing of it is to come any more.
    """
    policy.check(by, Can.SPACE_KEEP)
    freed = [one.id for one in series if _free(one)]
    if not freed:
        raise WrongState(OVER)
    record(Did.SPACE_REOPENED, space.key, by=by, closing=series[0].id, stretches=len(freed))


def _free(one: SpaceClosing) -> bool:
    now = clock.now()
    begins = max(one.begins_at, next_quarter(now))
    if one.freed_at is not None or begins >= one.ends_at:
        return False
    if one.begins_at >= now:
        one.freed_at = now
    else:
        one.ends_at = begins
    one.sequence += 1
    one.changed_at = now
    session = db.session()
    session.flush()
    session.execute(
        delete(SpaceQuarter).where(SpaceQuarter.closing_id == one.id, SpaceQuarter.at >= begins),
        execution_options={"synchronize_session": False},
    )
    return True


def _text(at: object) -> str:
    return f"{at:%Y-%m-%dT%H:%MZ}"
