"""Questions about spaces: which there are, what is booked in them and when, and what waits for the office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, Update, select, update
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.sql.dml import ReturningUpdate

from portal.support.ledger import Kind
from portal.support.lifecycle import State as Given
from portal.support.models import Allocation
from portal.support.spaces.lifecycle import State
from portal.support.spaces.models import Space, SpaceBooking, SpaceClosing, SpaceQuarter

PAGE = 200
_TAKEN = (State.BOOKED.value, State.USED.value)


def spaces() -> Select[Space]:
    """Select all spaces; those that take bookings first."""
    return select(Space).order_by(Space.is_open.desc(), Space.slug)


def space(slug: str) -> Select[Space]:
    """Select one space."""
    return select(Space).where(Space.slug == slug)


def promises(subject: str) -> Select[Allocation]:
    """Select the hours of spaces that were promised to a pact by signature, the newest first."""
    mine = (Allocation.subject == subject, Allocation.kind == Kind.SPACES.value)
    states = (Given.COMMITTED.value, Given.DELIVERED.value, Given.CLOSED.value)
    return select(Allocation).where(*mine, Allocation.state.in_(states)).order_by(Allocation.id.desc())


def _whole() -> Select[SpaceBooking]:
    loaded = (joinedload(SpaceBooking.space), joinedload(SpaceBooking.allocation))
    return select(SpaceBooking).options(*loaded)


def _with_reason() -> Select[SpaceBooking]:
    return _whole().options(joinedload(SpaceBooking.closing))


def booking(booking_id: int) -> Select[SpaceBooking]:
    """Select one booking with its space, its promise, and what closed the space where that cancelled it."""
    return _with_reason().where(SpaceBooking.id == booking_id)


def booking_of(subject: str, booking_id: int) -> Select[SpaceBooking]:
    """Select one booking of this pact and no other."""
    mine = Allocation.subject == subject
    return booking(booking_id).join(Allocation, Allocation.id == SpaceBooking.allocation_id).where(mine)


def bookings_of(allocation_ids: Iterable[int]) -> Select[SpaceBooking]:
    """Select the bookings of some promises, those to come first in the order of their time."""
    mine = SpaceBooking.allocation_id.in_(list(allocation_ids))
    return _with_reason().where(mine).order_by(SpaceBooking.begins_at.desc()).limit(PAGE)


def later_in_series(one: SpaceBooking) -> Select[SpaceBooking]:
    """Select what is still booked of a weekly row after one of it."""
    same = (SpaceBooking.series == one.series, SpaceBooking.allocation_id == one.allocation_id)
    still = (SpaceBooking.state == State.BOOKED.value, SpaceBooking.begins_at > one.begins_at)
    return _whole().where(*same, *still).order_by(SpaceBooking.begins_at)


def coming(subject: str, now: datetime) -> Select[SpaceBooking]:
    """Select what is booked for a pact and has not begun, as the last writer left it, in its order."""
    mine = (Allocation.subject == subject, SpaceBooking.state == State.BOOKED.value)
    found = _whole().join(Allocation, Allocation.id == SpaceBooking.allocation_id)
    found = found.where(*mine, SpaceBooking.begins_at > now).execution_options(populate_existing=True)
    return found.order_by(SpaceBooking.begins_at, SpaceBooking.id)


def held(*allocation_ids: int) -> Select[int]:
    """Select promises, each locked until the unit of work ends; always in the same order."""
    mine = Allocation.id.in_(allocation_ids)
    return select(Allocation.id).where(mine).order_by(Allocation.id).with_for_update()


def stopping(subject: str, *, is_stopped: bool) -> Update:
    """Return the UPDATE that lets nothing new be booked for a pact, or lets it be booked again."""
    mine = (Allocation.subject == subject, Allocation.kind == Kind.SPACES.value)
    return (
        update(Allocation)
        .where(*mine)
        .values(is_stopped=is_stopped, version_id=Allocation.version_id + 1)
        .execution_options(synchronize_session=False)
    )


def taken(space_id: int, first: datetime, last: datetime) -> Select[SpaceBooking]:
    """Select what takes the time of a space between two instants, in its order."""
    here = (SpaceBooking.space_id == space_id, SpaceBooking.state.in_(_TAKEN))
    within = (SpaceBooking.begins_at < last, SpaceBooking.ends_at > first)
    return _whole().where(*here, *within).order_by(SpaceBooking.begins_at)


def cancelled_by(closing_id: int, subject: str) -> Select[SpaceBooking]:
    """Select what a closing cancelled of one pact, in the order of its time."""
    mine = (SpaceBooking.closing_id == closing_id, Allocation.subject == subject)
    found = _with_reason().join(Allocation, Allocation.id == SpaceBooking.allocation_id).where(*mine)
    return found.order_by(SpaceBooking.begins_at, SpaceBooking.id)


def feed(space_id: int, since: datetime) -> Select[SpaceBooking]:
    """Select what the calendar of a space tells since an instant, what was cancelled too."""
    here = (SpaceBooking.space_id == space_id, SpaceBooking.ends_at > since)
    return _whole().where(*here).order_by(SpaceBooking.begins_at).limit(PAGE * 5)


def to_confirm(now: datetime) -> Select[SpaceBooking]:
    """Select what the office is to decide on: what is over, and what was cancelled late; the oldest first."""
    over = (SpaceBooking.state == State.BOOKED.value) & (SpaceBooking.ends_at <= now)
    late = SpaceBooking.state == State.LATE.value
    return _whole().where(over | late).order_by(SpaceBooking.ends_at, SpaceBooking.id).limit(PAGE)


def begin_between(first: datetime, last: datetime) -> Select[int]:
    """Select the ids of the bookings that begin from the first instant on, before the last."""
    near = (SpaceBooking.begins_at >= first, SpaceBooking.begins_at < last)
    found = select(SpaceBooking.id).where(SpaceBooking.state == State.BOOKED.value, *near)
    return found.order_by(SpaceBooking.id)


def clash(space_id: int, first: datetime, last: datetime) -> Select[str, dict[str, str] | None]:
    """Select the pact that has a space at some time between two instants, or why it is closed then."""
    here = (SpaceQuarter.space_id == space_id, SpaceQuarter.at >= first, SpaceQuarter.at < last)
    found = (
        select(Allocation.title, SpaceClosing.reason)
        .select_from(SpaceQuarter)
        .outerjoin(SpaceBooking, SpaceBooking.id == SpaceQuarter.booking_id)
        .outerjoin(Allocation, Allocation.id == SpaceBooking.allocation_id)
        .outerjoin(SpaceClosing, SpaceClosing.id == SpaceQuarter.closing_id)
    )
    return found.where(*here).order_by(SpaceQuarter.at).limit(1)


def standing(space_id: int, first: datetime, last: datetime) -> Select[SpaceBooking]:
    """Select what is still booked between two instants, as the last writer left it, in its order."""
    found = taken(space_id, first, last).where(SpaceBooking.state == State.BOOKED.value)
    return found.execution_options(populate_existing=True)


def closed(space_id: int, first: datetime, last: datetime | None = None) -> Select[SpaceClosing]:
    """Select when a space is closed after an instant, and before another one, in its order."""
    here = (SpaceClosing.space_id == space_id, SpaceClosing.freed_at.is_(None), SpaceClosing.ends_at > first)
    until = () if last is None else (SpaceClosing.begins_at < last,)
    found = select(SpaceClosing).where(*here, *until)
    return found.order_by(SpaceClosing.begins_at, SpaceClosing.id).limit(PAGE * 5)


def closed_anywhere(now: datetime, until: datetime) -> Select[SpaceClosing]:
    """Select the next closings of the spaces that take bookings, with their space."""
    near = (SpaceClosing.freed_at.is_(None), SpaceClosing.ends_at > now, SpaceClosing.begins_at < until)
    found = select(SpaceClosing).join(SpaceClosing.space).options(contains_eager(SpaceClosing.space))
    found = found.where(*near, Space.is_open)
    return found.order_by(SpaceClosing.begins_at, SpaceClosing.id).limit(PAGE)


def closing_feed(space_id: int, since: datetime) -> Select[SpaceClosing]:
    """Select what the calendar of a space tells of closings since an instant, what was taken back too."""
    here = (SpaceClosing.space_id == space_id, SpaceClosing.ends_at > since)
    return select(SpaceClosing).where(*here).order_by(SpaceClosing.begins_at).limit(PAGE * 5)


def closing_series(space_id: int, series: int) -> Select[SpaceClosing]:
    """Select the stretches that were closed together, in this space and no other, locked."""
    mine = (SpaceClosing.space_id == space_id, SpaceClosing.series == series)
    found = select(SpaceClosing).where(*mine).order_by(SpaceClosing.begins_at, SpaceClosing.id)
    return found.with_for_update().execution_options(populate_existing=True)


def keep_hours(allocation_id: int, hours: int) -> ReturningUpdate[int]:
    """Return the UPDATE that keeps hours of a promise for a booking: nothing where it is stopped or has less.

    The version goes up, so that whoever settles the promise at the same moment looks again.
    """
    enough = Allocation.booked + Allocation.delivered + hours <= Allocation.amount
    # Hours go back at any time; new ones are kept only while the pact is not stopped.
    may = enough & Allocation.is_stopped.is_(False) if hours > 0 else enough
    return (
        update(Allocation)
        .where(Allocation.id == allocation_id, Allocation.state == Given.COMMITTED.value, may)
        .values(booked=Allocation.booked + hours, version_id=Allocation.version_id + 1)
        .returning(Allocation.id)
        .execution_options(synchronize_session=False)
    )
