"""Questions about legal help: what is promised, the matters, the times that are free, and what waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    select,
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


def guides_of(matter_id: int) -> Select[str]:
    """Select which guides were begun within a matter."""
    return select(LegalSheet.guide).where(LegalSheet.matter_id == matter_id)


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


def names(person_ids: set[int]) -> Select[int, str]:
    """Select the public names of people."""
    return select(Person.id, Person.name).where(Person.id.in_(sorted(person_ids)))


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
