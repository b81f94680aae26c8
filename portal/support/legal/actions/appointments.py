"""Offer free times, take one, propose one, accept, move, cancel, and say who did not come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.policy import Can
from portal.record import Did, record
from portal.support.legal import hours
from portal.support.legal.actions.held import Room, Side, other, person_of, remember, side_of
from portal.support.legal.actions.working import book_missed
from portal.support.legal.lifecycle import APPOINTMENT, MATTER, MatterVerb, State, Verb
from portal.support.legal.models import LegalAppointment, LegalMatter, LegalQuarter
from portal.words import W

if TYPE_CHECKING:
    from datetime import datetime

    from portal.city import LegalHours
    from portal.policy import Actor

LONGEST_HOURS = 4
_PAST = W("An appointment is for a moment to come.")
_LENGTH = W("The end comes after the beginning, and at most 4 hours later.")
_GRID = W("Begin and end at a full, quarter or half hour, like 9:00 or 9:15.")
_TAKEN = W("You keep another time then. Choose another hour, or withdraw the other one first.")
_GONE = W("Somebody else took this time a moment ago. Choose another one.")
_OWN = W("Your own side proposed this time, so the other side accepts it.")
_NO_PLACE = W("Say where, which number is called, or the address of the video room")
_NO_MODE = W("Choose how you speak with each other")
_NO_REASON = W("Say why, so that the other side understands it")
_NOT_YET = W("The appointment has not begun yet.")
_OVER = W("The appointment has begun. Say that it took place or that somebody did not come.")
MODES = ("place", "video", "phone")


@dataclass(frozen=True)
class Plan:
    """When and how one speaks; instants in UTC. `place` is a room, a number to call, or a video address."""

    begins_at: datetime
    ends_at: datetime
    mode: str
    place: str


def offer(plan: Plan, *, by: Actor) -> LegalAppointment:
    """Keep a time free for whichever group takes it; refuses with Invalid what is kept already."""
    policy.check(by, Can.LEGAL_OFFER)
    _check(plan)
    made = _made(plan, State.FREE, "city")
    _keep(made, person_of(by))
    record(Did.LEGAL_TIME_OFFERED, f"legal-time:{made.id}", by=by)
    return made


def withdraw(slot: LegalAppointment, *, by: Actor) -> None:
    """Offer a free time no longer; only who keeps it does."""
    policy.check(by, Can.LEGAL_OFFER)
    if slot.officer_id != by.person_id:
        raise NotAllowed(policy.NOT_YOURS)
    slot.state = APPOINTMENT.after(slot.state, Verb.WITHDRAW).value
    slot.quarters.clear()
    db.session().flush()
    record(Did.LEGAL_TIME_WITHDRAWN, f"legal-time:{slot.id}", by=by)


def take(room: Room, matter: LegalMatter, slot: LegalAppointment, *, by: Actor) -> None:
    """Take a free time for a matter. One UPDATE decides between two groups; the slower one is told."""
    policy.check(by, Can.LEGAL_ASK, room)
    MATTER.after(matter.state, MatterVerb.WRITE)
    if slot.begins_at <= clock.now():
        raise Invalid(_PAST, field="slot")
    taken = db.session().scalar(
        update(LegalAppointment)
        .where(LegalAppointment.id == slot.id, LegalAppointment.state == State.FREE.value)
        .values(
            state=State.BOOKED.value,
            matter_id=matter.id,
            changed_at=clock.now(),
            version_id=LegalAppointment.version_id + 1,
        )
        .returning(LegalAppointment.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise Stale(_GONE)
    db.session().refresh(slot)
    remember(Did.LEGAL_TIME_AGREED, room, matter, by=by, appointment=slot.id, sequence=slot.sequence)


def propose(room: Room, matter: LegalMatter, plan: Plan, *, by: Actor) -> LegalAppointment:
    """Propose a time to the other side; an official keeps the time from now on."""
    side = _arrange(room, matter, by)
    _check(plan)
    made = _made(plan, State.PROPOSED, side, matter)
    if side == "city":
        _keep(made, person_of(by))
    matter.waits_on, matter.moved_at = other(side), clock.now()
    _tell(Did.LEGAL_TIME_PROPOSED, room, matter, made, by=by)
    return made


def accept(room: Room, matter: LegalMatter, appointment: LegalAppointment, *, by: Actor) -> None:
    """Accept a time that the other side proposed; the official who accepts keeps it."""
    side = _arrange(room, matter, by)
    target = APPOINTMENT.after(appointment.state, Verb.ACCEPT)
    if side == appointment.proposed_by:
        raise NotAllowed(_OWN)
    if appointment.is_over(clock.now()):
        raise WrongState(_PAST)
    if side == "city":
        _keep(appointment, person_of(by))
    appointment.state, appointment.changed_at = target.value, clock.now()
    matter.waits_on, matter.moved_at = "", clock.now()
    _tell(Did.LEGAL_TIME_AGREED, room, matter, appointment, by=by)


def change(room: Room, matter: LegalMatter, appointment: LegalAppointment, plan: Plan, *, by: Actor) -> None:
    """Move an agreed appointment, as the official who keeps it; the group is told, and may cancel."""
    policy.check(by, Can.LEGAL_ADVISE, room)
    appointment.state = APPOINTMENT.after(appointment.state, Verb.CHANGE).value
    if appointment.is_over(clock.now()):
        raise WrongState(_OVER)
    _check(plan)
    appointment.begins_at, appointment.ends_at = plan.begins_at, plan.ends_at
    appointment.mode, appointment.place = plan.mode, plan.place.strip()
    appointment.quarters.clear()
    db.session().flush()
    _keep(appointment, appointment.officer_id or person_of(by))
    _moved(appointment)
    _tell(Did.LEGAL_TIME_CHANGED, room, matter, appointment, by=by)


def cancel(
    room: Room,
    matter: LegalMatter,
    appointment: LegalAppointment,
    reason: str,
    *,
    rules: LegalHours,
    by: Actor,
) -> None:
    """Call an appointment off, or decline a proposed one; the group's late word may cost it hours.

    Refuses with WrongState once it has begun: then somebody did not come.
    """
    side = _arrange(room, matter, by)
    was_agreed, now = appointment.state == State.BOOKED, clock.now()
    target = APPOINTMENT.after(appointment.state, Verb.CANCEL)
    if was_agreed and appointment.is_over(now):
        raise WrongState(_OVER)
    if not reason.strip():
        raise Invalid(_NO_REASON, field="reason")
    _end(appointment, target, side, reason)
    is_late = was_agreed and hours.is_late(appointment.begins_at, now, rules.late_hours)
    if is_late and side == "community":
        book_missed(matter, appointment, rules, by=by)
    _tell(Did.LEGAL_TIME_CANCELLED, room, matter, appointment, by=by, late=is_late)


def miss(
    room: Room,
    matter: LegalMatter,
    appointment: LegalAppointment,
    who: str,
    *,
    rules: LegalHours,
    by: Actor,
) -> None:
    """Say that the other side did not come; of the group's absence the city counts what the profile says."""
    side = _arrange(room, matter, by)
    target = APPOINTMENT.after(appointment.state, Verb.MISS)
    if not appointment.is_over(clock.now()):
        raise WrongState(_NOT_YET)
    if who != other(side) and side == "community":
        raise Invalid(W("Say it in a message if you could not come yourselves."), field="who")
    if who not in {"community", "city"}:
        raise Invalid(W("Choose who did not come"), field="who")
    _end(appointment, target, who, "")
    if who == "community":
        book_missed(matter, appointment, rules, by=by)
    _tell(Did.LEGAL_TIME_MISSED, room, matter, appointment, by=by, who=who)


def _arrange(room: Room, matter: LegalMatter, by: Actor) -> Side:
    policy.check(by, Can.LEGAL_ARRANGE, room)
    MATTER.after(matter.state, MatterVerb.WRITE)
    return side_of(room, by)


def _check(plan: Plan) -> None:
    if plan.begins_at <= clock.now():
        raise Invalid(_PAST, field="day")
    length = (plan.ends_at - plan.begins_at).total_seconds()
    if not 0 < length <= LONGEST_HOURS * 3600:
        raise Invalid(_LENGTH, field="until")
    if any(at.minute % 15 or at.second or at.microsecond for at in (plan.begins_at, plan.ends_at)):
        raise Invalid(_GRID, field="begins")
    if plan.mode not in MODES:
        raise Invalid(_NO_MODE, field="mode")
    if not plan.place.strip():
        raise Invalid(_NO_PLACE, field="place")


def _made(plan: Plan, state: State, side: str, matter: LegalMatter | None = None) -> LegalAppointment:
    return LegalAppointment(
        matter_id=matter.id if matter else None,
        begins_at=plan.begins_at,
        ends_at=plan.ends_at,
        mode=plan.mode,
        place=plan.place.strip(),
        state=state.value,
        proposed_by=side,
        changed_at=clock.now(),
        quarters=[],
    )


def _keep(appointment: LegalAppointment, officer_id: int) -> None:
    """Keep the official's quarters of an hour: the table has one row for each, so the second finds none."""
    appointment.officer_id = officer_id
    session = db.session()
    for at in hours.quarters(appointment.begins_at, appointment.ends_at):
        appointment.quarters.append(LegalQuarter(officer_id=officer_id, at=at))
    try:
        with session.begin_nested():
            session.add(appointment)
            session.flush()
    except IntegrityError as error:
        raise Invalid(_TAKEN, field="begins") from error


def _end(appointment: LegalAppointment, target: State, who: str, reason: str) -> None:
    appointment.state, appointment.ended_by = target.value, who
    appointment.reason = reason.strip()
    appointment.quarters.clear()
    _moved(appointment)


def _moved(appointment: LegalAppointment) -> None:
    appointment.sequence += 1
    appointment.changed_at = clock.now()


def _tell(
    did: Did,
    room: Room,
    matter: LegalMatter,
    appointment: LegalAppointment,
    *,
    by: Actor,
    **facts: object,
) -> None:
    db.session().add(appointment)
    db.session().flush()
    same = {"appointment": appointment.id, "sequence": appointment.sequence}
    remember(did, room, matter, by=by, **same, **facts)
