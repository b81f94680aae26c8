"""Questions about legal help: what is promised, the matters, the times that are free, and what waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal import db
from portal.people.models import Person
from portal.support.ledger import Kind
from portal.support.legal.lifecycle import MatterState, Outcome, State, Topic
from portal.support.legal.models import (
    LegalAppointment,
    LegalFile,
    LegalHelp,
    LegalMatter,
    LegalMessage,
    LegalSheet,
    LegalWork,
)
from portal.support.lifecycle import State as Given
from portal.support.models import Allocation

# Help can be used where it is promised by signature; whole hours may be given while minutes are still left.
USABLE = (Given.COMMITTED.value, Given.DELIVERED.value)


def promised_to(subject: str) -> Select[Allocation]:
    """Select the legal hours that were promised to a pact by signature, the newest first."""
    found = select(Allocation).where(Allocation.subject == subject, Allocation.kind == Kind.LEGAL.value)
    return found.where(Allocation.state.in_(USABLE)).order_by(Allocation.id.desc())


def help_of(allocation_id: int) -> Select[LegalHelp]:
    """Select the help that an allocation gives."""
    return select(LegalHelp).where(LegalHelp.allocation_id == allocation_id)


def helps_of(subject: str) -> Select[LegalHelp]:
    """Select what help was begun for a pact."""
    return select(LegalHelp).where(LegalHelp.subject == subject).order_by(LegalHelp.id)


def matters_of(subject: str) -> Select[LegalMatter]:
    """Select the matters of a pact, the newest first."""
    return select(LegalMatter).where(LegalMatter.subject == subject).order_by(LegalMatter.number.desc())


def matter(subject: str, number: int) -> Select[LegalMatter]:
    """Select one matter of this pact and no other, whole."""
    parts = (LegalMatter.messages, LegalMatter.files, LegalMatter.work, LegalMatter.appointments)
    loaded = [selectinload(one) for one in parts]
    found = (
        select(LegalMatter)
        .options(joinedload(LegalMatter.help), *loaded)
        .execution_options(populate_existing=True)
    )
    return found.where(LegalMatter.subject == subject, LegalMatter.number == number)


def head(subject: str, number: int) -> Select[LegalMatter]:
    """Select one matter of this pact with its help alone; PARTS asks for what its page shows besides."""
    found = select(LegalMatter).options(joinedload(LegalMatter.help))
    return found.where(LegalMatter.subject == subject, LegalMatter.number == number)


_MATTER, _NOW = bindparam("matter_id", type_=Integer), bindparam("now", type_=db.UtcDateTime)
_NONE, _NOBODY = literal_column("''", String), cast(null(), String)


# Each sort of part has the columns of an appointment, in this order: sort, id, at, until, words, kind, side,
# mode, number, other, done_on, by.
_Part = Select[*tuple[Any, ...]]
_NOUGHT, _NO_DAY = literal_column("0", Integer), cast(null(), Date)


def _sort(name: str) -> ColumnElement[str]:
    return literal_column(f"'{name}'", String)


def _times(name: str) -> _Part:
    one = LegalAppointment
    return select(
        _sort(name).label("sort"),
        one.id.label("id"),
        one.begins_at.label("at"),
        one.ends_at.label("until"),
        cast(one.place, Text).label("words"),
        one.state.label("kind"),
        one.proposed_by.label("side"),
        one.mode.label("mode"),
        _NOUGHT.label("number"),
        _NOUGHT.label("other"),
        _NO_DAY.label("done_on"),
        _NOBODY.label("by"),
    )


def _appointments() -> _Part:
    return _times("appointment").where(LegalAppointment.matter_id == _MATTER)


def _messages() -> _Part:
    one = LegalMessage
    return (
        select(
            *(_sort("message"), one.id, one.at, null(), one.words),
            *(one.kind, _NONE, _NONE, _NOUGHT, _NOUGHT, _NO_DAY, Person.name),
        )
        .join(Person, Person.id == one.person_id, isouter=True)
        .where(one.matter_id == _MATTER)
    )


def _files() -> _Part:
    one = LegalFile
    return select(
        *(_sort("file"), one.id, one.at, null(), cast(one.title, Text)),
        *(one.file_hash, one.side, _NONE, one.size, _NOUGHT, _NO_DAY, _NOBODY),
    ).where(one.matter_id == _MATTER)


def _work() -> _Part:
    one = LegalWork
    return (
        select(
            *(_sort("work"), one.id, one.entered_at, null(), _NONE),
            *(one.kind, one.answer, _NONE, one.minutes, func.coalesce(one.corrects_id, 0)),
            *(one.done_on, Person.name),
        )
        .join(Person, Person.id == one.person_id, isouter=True)
        .where(one.matter_id == _MATTER)
    )


def _guides() -> _Part:
    one = LegalSheet
    return select(
        *(_sort("guide"), one.id, null(), null(), _NONE),
        *(one.guide, _NONE, _NONE, _NOUGHT, _NOUGHT, _NO_DAY, _NOBODY),
    ).where(one.matter_id == _MATTER)


def _slots(most: int = 40) -> _Part:
    free = (LegalAppointment.state == State.FREE.value, LegalAppointment.begins_at > _NOW)
    found = _times("slot").where(*free).order_by(LegalAppointment.begins_at, LegalAppointment.id)
    return select(found.limit(most).subquery())


# Parameters: matter_id, now. What the page of a matter shows, and the times that are free, in one question.
PARTS = union_all(_appointments(), _messages(), _files(), _work(), _guides(), _slots())


def last_number(subject: str) -> Select[int | None]:
    """Select the highest number that a matter of this pact bears."""
    return select(func.max(LegalMatter.number)).where(LegalMatter.subject == subject)


def appointment(appointment_id: int) -> Select[LegalAppointment]:
    """Select one appointment with the time that it takes."""
    loaded = (selectinload(LegalAppointment.quarters), selectinload(LegalAppointment.matter))
    return select(LegalAppointment).options(*loaded).where(LegalAppointment.id == appointment_id)


def appointment_of(matter_id: int, appointment_id: int) -> Select[LegalAppointment]:
    """Select one appointment of this matter and no other."""
    return appointment(appointment_id).where(LegalAppointment.matter_id == matter_id)


def offered(appointment_id: int) -> Select[LegalAppointment]:
    """Select a time that is free, or that somebody else took a moment ago."""
    states = (State.FREE.value, State.BOOKED.value)
    return appointment(appointment_id).where(LegalAppointment.state.in_(states))


def work_of(matter_id: int, work_id: int) -> Select[LegalWork]:
    """Select one row of work of this matter and no other."""
    return select(LegalWork).where(LegalWork.matter_id == matter_id, LegalWork.id == work_id)


def unsettled(subject: str) -> Select[LegalHelp]:
    """Select the oldest help of a pact whose hours are not settled."""
    return helps_of(subject).where(LegalHelp.settled_at.is_(None)).limit(1)


def free_after(now: datetime, most: int = 40) -> Select[LegalAppointment]:
    """Select the times that are free, the next one first."""
    found = select(LegalAppointment).where(
        LegalAppointment.state == State.FREE.value, LegalAppointment.begins_at > now
    )
    return found.order_by(LegalAppointment.begins_at, LegalAppointment.id).limit(most)


def booked_between(first: datetime, last: datetime) -> Select[int]:
    """Select the ids of the appointments that begin from the first instant on, before the last."""
    near = (LegalAppointment.begins_at >= first, LegalAppointment.begins_at < last)
    found = select(LegalAppointment.id).where(LegalAppointment.state == State.BOOKED.value, *near)
    return found.order_by(LegalAppointment.id)


def sheet(matter_id: int, guide: str) -> Select[LegalSheet]:
    """Select the answers to a guide within a matter."""
    return select(LegalSheet).where(LegalSheet.matter_id == matter_id, LegalSheet.guide == guide)


def file(matter_id: int, file_id: int) -> Select[LegalFile]:
    """Select one document of this matter and no other."""
    return select(LegalFile).where(LegalFile.matter_id == matter_id, LegalFile.id == file_id)


def stands() -> ColumnElement[bool]:
    """Return the condition that no later row corrects a row of work."""
    later = aliased(LegalWork)
    return ~exists().where(later.corrects_id == LegalWork.id)


def unanswered() -> Select[int, str, datetime]:
    """Select (id, key of the pact, entered at) of work that stands and was never answered."""
    found = select(LegalWork.id, LegalMatter.subject, LegalWork.entered_at)
    found = found.join(LegalMatter, LegalMatter.id == LegalWork.matter_id)
    return found.where(LegalWork.answer == "", stands()).order_by(LegalWork.id)


_GIVEN = (
    select(func.coalesce(func.sum(LegalWork.minutes), 0))
    .where(
        LegalWork.matter_id == LegalMatter.id, db.among(LegalWork.answer, ("confirmed", "silent")), stands()
    )
    .scalar_subquery()
)
# Parameter: code. What everybody reads of a pact's legal help, as one text, so that its page can ask it along
# with the pact: "number:topic:outcome:minutes" of each matter, and not a word of what was asked.
HELPED = select(
    func.aggregate_strings(
        cast(LegalMatter.number, String)
        + ":"
        + LegalMatter.topic
        + ":"
        + LegalMatter.outcome
        + ":"
        + cast(_GIVEN, String),
        " ",
    )
).where(LegalMatter.subject == literal("pact:") + bindparam("code", type_=String))


def read_helped(text: str | None) -> list[tuple[Topic, Outcome | None, int]]:
    """Return (topic, outcome or none yet, minutes given) of each matter, in the order they were asked."""
    rows = sorted((one.split(":") for one in (text or "").split()), key=lambda row: int(row[0]))
    return [(Topic(row[1]), Outcome(row[2]) if row[2] else None, int(row[3])) for row in rows]


def desk(
    waits: str = "", topic: str = "", now: datetime | None = None
) -> Select[LegalMatter, str, int, datetime]:
    """Select (matter, title of the pact, minutes left, next appointment) by urgency: ours first, then old.

    `waits` is "city", "community" or "closed"; nothing means all that is open.
    """
    coming = (
        select(func.min(LegalAppointment.begins_at))
        .where(LegalAppointment.matter_id == LegalMatter.id, LegalAppointment.state == State.BOOKED.value)
        .where(LegalAppointment.begins_at > (now or bindparam("now")))
        .scalar_subquery()
    )
    left = LegalHelp.promised - LegalHelp.booked
    found = (
        select(LegalMatter, Allocation.title, left.label("left"), coming.label("next_at"))
        .join(LegalHelp, LegalHelp.id == LegalMatter.help_id)
        .join(Allocation, Allocation.id == LegalHelp.allocation_id)
    )
    state = MatterState.CLOSED if waits == "closed" else MatterState.OPEN
    found = found.where(LegalMatter.state == state.value)
    if waits in {"city", "community"}:
        found = found.where(LegalMatter.waits_on == waits)
    if topic:
        found = found.where(LegalMatter.topic == topic)
    ours_first = case((LegalMatter.waits_on == "city", 0), else_=1)
    return found.order_by(ours_first, LegalMatter.moved_at, LegalMatter.id)


def figures_of(subject: str) -> Select[LegalMatter, int]:
    """Select (matter, minutes of work that stand) of a pact: figures only, without a word of the matters."""
    work = and_(LegalWork.matter_id == LegalMatter.id, stands())
    found = select(LegalMatter, func.coalesce(func.sum(LegalWork.minutes), 0)).join(
        LegalWork, work, isouter=True
    )
    return found.where(LegalMatter.subject == subject).group_by(LegalMatter.id).order_by(LegalMatter.number)


def kept_by(person_id: int, now: datetime) -> Select[LegalAppointment]:
    """Select the times to come that an official offers or has agreed, with their matters."""
    kept = (State.FREE.value, State.PROPOSED.value, State.BOOKED.value)
    found = select(LegalAppointment).options(selectinload(LegalAppointment.matter))
    return found.where(
        LegalAppointment.officer_id == person_id,
        LegalAppointment.state.in_(kept),
        LegalAppointment.ends_at > now,
    ).order_by(LegalAppointment.begins_at)
