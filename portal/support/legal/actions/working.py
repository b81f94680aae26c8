"""Enter minutes of work, correct them, confirm or object, and settle what was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.policy import SYSTEM, Can
from portal.record import Did
from portal.support.actions import books, giving
from portal.support.legal import hours, queries
from portal.support.legal.actions.held import Room, held, remember
from portal.support.legal.lifecycle import APPOINTMENT, State, Verb
from portal.support.legal.models import LegalAppointment, LegalHelp, LegalMatter, LegalWork
from portal.support.lifecycle import State as Given
from portal.support.models import Allocation
from portal.words import W, home_language, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from portal.city import LegalHours
    from portal.policy import Actor

KINDS = ("meeting", "study", "writing", "review")
MOST_MINUTES = 12 * hours.HOUR
LONGEST_REASON = 300
LONGEST_OBJECTION = 500
STANDING = ("confirmed", "silent")
_MINUTES = W("Enter the minutes as a whole number from 1 to 720, like 45")
_DAY = W("Enter a day that is not in the future")
_BEFORE = W("Enter a day on or after the one on which the question was asked")
_NO_KIND = W("Choose what kind of work it was")
_NO_REASON = W("Say why it is corrected")
_NO_OBJECTION = W("Say what is wrong with it")
_FASTER = W("Somebody corrected or answered this a moment ago. Look again.")
_TOO_LONG = W("Shorten this to %(most)s characters or fewer", most=LONGEST_OBJECTION)
_EVIDENCE = W("Hours of legal help, confirmed by the group")
_TOO_EARLY = W("Hours of legal help that a correction took back")
_UNCONFIRMED = W("The group has not confirmed all work yet, so the hours cannot be settled.")
_STILL_OPEN = W("A matter is still open. Close it first.")


@dataclass(frozen=True)
class Work:
    """What an official did for a matter, on which of the city's days, and for how many minutes."""

    done_on: date
    minutes: int
    kind: str


def enter(
    room: Room,
    matter: LegalMatter,
    work: Work,
    *,
    appointment: LegalAppointment | None = None,
    by: Actor,
) -> LegalWork:
    """Enter minutes of work, of an agreed appointment too, which then took place.

    Refuses with Invalid more than is still promised: one UPDATE decides who gets the last minutes.
    """
    policy.check(by, Can.LEGAL_ADVISE, room)
    _check(matter, work)
    held(matter.help_id)
    if appointment is not None:
        _hold(appointment)
    _book(matter.help_id, work.minutes)
    made = _row(matter, work, by=by)
    made.appointment_id = appointment.id if appointment else None
    _add(made)
    matter.moved_at = clock.now()
    facts = {"work": made.id, "minutes": work.minutes, "kind": work.kind}
    remember(Did.LEGAL_WORK_ENTERED, room, matter, by=by, **facts)
    return made


def correct(
    room: Room, matter: LegalMatter, before: LegalWork, minutes: int, reason: str, *, by: Actor
) -> LegalWork:
    """Replace a row of work by a new one with other minutes, and say why; none at all strikes it out.

    The group answers the new row. Refuses with Stale what somebody corrected already.
    """
    policy.check(by, Can.LEGAL_ADVISE, room)
    held(matter.help_id)
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(_MINUTES, field="minutes")
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise Invalid(_NO_REASON, field="reason")
    db.session().refresh(before)
    if before.answer in STANDING:
        _unconfirm(matter.help_id, before.minutes)
    _book(matter.help_id, minutes - before.minutes)
    made = _row(matter, Work(before.done_on, minutes, before.kind), by=by)
    made.corrects_id, made.reason = before.id, reason.strip()
    _add(made)
    matter.moved_at = clock.now()
    facts = {"work": made.id, "corrects": before.id, "minutes": minutes}
    remember(Did.LEGAL_WORK_CORRECTED, room, matter, by=by, **facts)
    return made


def book_missed(
    matter: LegalMatter, appointment: LegalAppointment, rules: LegalHours, *, by: Actor
) -> LegalWork | None:
    """Count what a missed appointment costs the group, never more than it lasted or than is left."""
    help_ = held(matter.help_id)
    minutes = min(rules.missed_minutes, appointment.minutes, help_.left)
    if minutes <= 0:
        return None
    _book(help_.id, minutes)
    made = _row(matter, Work(clock.today(), minutes, "missed"), by=by)
    # Whoever of the group called it off did not work.
    made.person_id = appointment.officer_id
    made.appointment_id = appointment.id
    _add(made)
    return made


def confirm(room: Room, matter: LegalMatter, work: LegalWork, *, by: Actor) -> None:
    """Confirm, as the group, that the work was done; whole hours are given by that."""
    policy.check(by, Can.LEGAL_ASK, room)
    _answer(matter, work, "confirmed", by=by)
    remember(Did.LEGAL_WORK_CONFIRMED, room, matter, by=by, work=work.id)


def object_to(room: Room, matter: LegalMatter, work: LegalWork, why: str, *, by: Actor) -> None:
    """Object, as the group, to a row of work; the official then corrects it, or says why it stays."""
    policy.check(by, Can.LEGAL_ASK, room)
    if not why.strip():
        raise Invalid(_NO_OBJECTION, field="objection")
    if len(why.strip()) > LONGEST_OBJECTION:
        raise Invalid(_TOO_LONG, field="objection")
    _answer(matter, work, "objected", by=by, objection=why.strip())
    matter.waits_on, matter.moved_at = "city", clock.now()
    remember(Did.LEGAL_WORK_OBJECTED, room, matter, by=by, work=work.id)


def confirm_by_silence(work_id: int) -> None:
    """Let work stand to which the group did not object in the days that the profile gives; twice is once."""
    session = db.session()
    work = session.get_one(LegalWork, work_id)
    matter = session.get_one(LegalMatter, work.matter_id)
    help_ = session.get_one(LegalHelp, work.help_id, with_for_update=True, populate_existing=True)
    if work.answer or help_.settled_at is not None or _is_corrected(work):
        return
    _answer(matter, work, "silent", by=SYSTEM)


def settle(room: Room, help_: LegalHelp, *, rules: LegalHours, by: Actor) -> int:
    """End the help of a pact: what is left of an hour is rounded as the profile says; return the hours given.

    Hours that were given before a correction took them back go to the pool again, once. Refuses with
    WrongState while work waits for the group, or a matter is open.
    """
    policy.check(by, Can.LEGAL_ADVISE, room)
    help_ = held(help_.id)
    matters = db.session().scalars(queries.matters_of(room.key)).all()
    mine = [one for one in matters if one.help_id == help_.id]
    if (why := not_yet(help_, mine)) is not None:
        raise WrongState(why)
    help_.settled_at = clock.now()
    allocation = db.session().get_one(Allocation, help_.allocation_id)
    total = min(hours.settled(help_.confirmed, rules.rounding), allocation.amount)
    _give(allocation, max(total - allocation.delivered, 0))
    _take_back(allocation, max(allocation.kept - total, 0), by=by)
    db.session().flush()
    remember(Did.LEGAL_SETTLED, room, mine[0], by=by, hours=total, minutes=help_.confirmed)
    return total


def not_yet(help_: LegalHelp, matters: Iterable[LegalMatter]) -> W | None:
    """Return why the hours of a help cannot be settled yet, or nothing where they can."""
    if help_.confirmed < help_.booked:
        return _UNCONFIRMED
    return _STILL_OPEN if any(one.help_id == help_.id and one.state == "open" for one in matters) else None


def _check(matter: LegalMatter, work: Work) -> None:
    if not 0 < work.minutes <= MOST_MINUTES:
        raise Invalid(_MINUTES, field="minutes")
    if work.done_on > clock.today():
        raise Invalid(_DAY, field="done_on")
    if work.done_on < clock.local(matter.opened_at).date():
        raise Invalid(_BEFORE, field="done_on")
    if work.kind not in KINDS:
        raise Invalid(_NO_KIND, field="kind")


def _hold(appointment: LegalAppointment) -> None:
    if appointment.state == State.HELD:
        return
    appointment.state = APPOINTMENT.after(appointment.state, Verb.HOLD).value
    if not appointment.is_over(clock.now()):
        raise WrongState(W("The appointment has not begun yet."))
    appointment.quarters.clear()
    appointment.changed_at = clock.now()


def _row(matter: LegalMatter, work: Work, *, by: Actor) -> LegalWork:
    return LegalWork(
        help_id=matter.help_id,
        matter_id=matter.id,
        done_on=work.done_on,
        minutes=work.minutes,
        kind=work.kind,
        person_id=by.person_id,
        entered_at=clock.now(),
    )


def _add(row: LegalWork) -> None:
    try:
        with db.session().begin_nested():
            db.session().add(row)
            db.session().flush()
    except IntegrityError as error:
        raise Stale(_FASTER) from error


def _book(help_id: int, minutes: int) -> None:
    """Count minutes as used where the promise has them; two at once for the last ones: one gets them."""
    fits = LegalHelp.booked + minutes <= LegalHelp.promised
    if _move(help_id, {"booked": LegalHelp.booked + minutes}, fits):
        return
    left = db.session().get_one(LegalHelp, help_id).left
    raise Invalid(
        W("Only %(left)s of the promised help is left. Enter that much or less.", left=hours.said(left)),
        field="minutes",
    )


def _unconfirm(help_id: int, minutes: int) -> None:
    _move(help_id, {"confirmed": LegalHelp.confirmed - minutes}, LegalHelp.confirmed >= minutes)


def _move(help_id: int, figures: dict[str, Any], holds: ColumnElement[bool]) -> bool:
    session = db.session()
    moved = session.scalar(
        update(LegalHelp)
        .where(LegalHelp.id == help_id, LegalHelp.settled_at.is_(None), holds)
        .values(figures)
        .returning(LegalHelp.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(session.get_one(LegalHelp, help_id), ("booked", "confirmed"))
    return moved is not None


def _is_corrected(work: LegalWork) -> bool:
    later = select(LegalWork.id).where(LegalWork.corrects_id == work.id)
    return db.session().scalar(later) is not None


def _answer(matter: LegalMatter, work: LegalWork, answer: str, *, by: Actor, objection: str = "") -> None:
    held(matter.help_id)
    del by
    told = db.session().scalar(
        update(LegalWork)
        .where(LegalWork.id == work.id, LegalWork.answer == "", queries.stands())
        .values(answer=answer, answered_at=clock.now(), objection=objection)
        .returning(LegalWork.id)
        .execution_options(synchronize_session=False)
    )
    if told is None:
        raise Stale(_FASTER)
    db.session().refresh(work)
    if answer in STANDING:
        fits = LegalHelp.confirmed + work.minutes <= LegalHelp.booked
        _move(matter.help_id, {"confirmed": LegalHelp.confirmed + work.minutes}, fits)
        _give_whole_hours(matter.help_id)


def _give_whole_hours(help_id: int) -> None:
    session = db.session()
    help_ = session.get_one(LegalHelp, help_id)
    allocation = session.get_one(Allocation, help_.allocation_id)
    _give(allocation, min(hours.to_give(help_.confirmed, allocation.delivered), allocation.rest))


def _give(allocation: Allocation, whole_hours: int) -> None:
    # The group's word makes it a delivery; the pool's ledger is moved by the same verb as for all support.
    if whole_hours > 0 and allocation.state == Given.COMMITTED:
        giving.deliver(allocation, whole_hours, clock.today(), say(_EVIDENCE, home_language()), by=SYSTEM)


def _take_back(allocation: Allocation, hours_back: int, *, by: Actor) -> None:
    """Let others have the hours that were given too early; that they were given stays on record."""
    if not hours_back:
        return
    allocation.returned += hours_back
    db.session().flush()
    books.take_back(allocation, hours_back, by=by, reason=say(_TOO_EARLY, home_language()))
