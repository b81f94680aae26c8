"""Call a meeting, move it, cancel it, say whether one comes, write down what was said, confirm that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, WrongState
from portal.pacts.actions.held import hold, newest
from portal.pacts.lifecycle import State as PactState
from portal.pacts.meetings import queries
from portal.pacts.meetings.lifecycle import LIFE, State, Verb
from portal.pacts.meetings.models import Meeting, MeetingAnswer, MeetingClause, MeetingPresence
from portal.pacts.standing import side_of
from portal.pacts.terms import TERMS
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from portal.pacts.models import Pact
    from portal.policy import Actor

LONGEST_HOURS = 12
MOST_PRESENT = 100
_OVER = W("The text is settled, so no meeting about it is called. Open the text again first.")
_PAST = W("A meeting is called for a moment to come.")
_LENGTH = W("The end comes after the beginning, and at most 12 hours later.")
_NOT_YET = W("The minutes are written once the meeting has begun.")
_OWN = W("Your own side wrote the minutes, so the other side confirms them.")
_NO_CLAUSE = W("This pact has no such clause.")
_NO_MINUTES = W("Write down what was said.")
_NO_REASON = W("Say why the meeting does not take place.")


@dataclass(frozen=True)
class Plan:
    """When, where and about what the two sides meet; instants in UTC."""

    title: str
    begins_at: datetime
    ends_at: datetime
    place: str
    agenda: str = ""


@dataclass(frozen=True)
class Minutes:
    """What was said, who was there per side, and the ids of the clauses it was about."""

    text: str
    present: Collection[tuple[str, str]]
    clauses: Collection[str] = ()


def call(pact: Pact, plan: Plan, *, by: Actor) -> Meeting:
    """Call a meeting while the text is being written; everybody of both sides is invited.

    Refuses with WrongState once the text is settled, with Invalid a moment that is past.
    """
    policy.check(by, Can.MEETING_CALL, pact)
    pact = hold(pact)
    if pact.state != PactState.CO_DESIGN:
        raise WrongState(_OVER)
    _check(plan)
    now = clock.now()
    made = Meeting(
        pact_id=pact.id,
        number=(db.session().scalar(queries.last_number(pact.id)) or 0) + 1,
        called_by=side_of(pact, by),
        called_at=now,
        changed_at=now,
    )
    _take(made, plan)
    db.session().add(made)
    db.session().flush()
    _remember(Did.MEETING_CALLED, made, pact, by=by)
    return made


def change(meeting: Meeting, plan: Plan, *, pact: Pact, by: Actor) -> None:
    """Move a meeting or change what it is about; those who had answered are asked again if it moved."""
    policy.check(by, Can.MEETING_CALL, pact)
    meeting.state = LIFE.after(meeting.state, Verb.CHANGE).value
    _check(plan)
    if (meeting.begins_at, meeting.place) != (plan.begins_at, plan.place):
        meeting.answers.clear()
    _take(meeting, plan)
    meeting.sequence += 1
    meeting.changed_at = clock.now()
    _remember(Did.MEETING_CHANGED, meeting, pact, by=by)


def cancel(meeting: Meeting, reason: str, *, pact: Pact, by: Actor) -> None:
    """Cancel a meeting; everybody is told why, and it leaves their calendars."""
    policy.check(by, Can.MEETING_CALL, pact)
    target = LIFE.after(meeting.state, Verb.CANCEL)
    if not reason:
        raise Invalid(_NO_REASON, field="reason")
    meeting.state, meeting.reason = target.value, reason
    meeting.sequence += 1
    meeting.changed_at = clock.now()
    _remember(Did.MEETING_CANCELLED, meeting, pact, by=by)


def answer(meeting: Meeting, *, is_coming: bool, pact: Pact, by: Actor) -> None:
    """Say whether one comes; the last answer counts. Refuses with WrongState once the meeting began."""
    policy.check(by, Can.MEETING_ANSWER, pact)
    if meeting.state != State.PLANNED or meeting.is_over(clock.now()):
        raise WrongState(W("The meeting is over or cancelled, so nothing is answered any more."))
    who = f"p{by.person_id}" if by.person_id else "link"
    mine = next((one for one in meeting.answers if one.who == who), None)
    if mine is None:
        mine = MeetingAnswer(who=who, person_id=by.person_id, side=side_of(pact, by))
        meeting.answers.append(mine)
    mine.is_coming, mine.answered_at = is_coming, clock.now()


def write_minutes(meeting: Meeting, minutes: Minutes, *, pact: Pact, by: Actor) -> None:
    """Write down what was said and who was there; either side may, until the other one has confirmed it.

    Refuses with WrongState before the meeting began, with Invalid without words or with a clause that the
    text does not have.
    """
    policy.check(by, Can.MEETING_CALL, pact)
    pact = hold(pact)
    target = LIFE.after(meeting.state, Verb.WRITE_MINUTES)
    if not meeting.is_over(clock.now()):
        raise WrongState(_NOT_YET)
    if not minutes.text:
        raise Invalid(_NO_MINUTES, field="minutes")
    _check_clauses(pact, minutes.clauses)
    meeting.state, meeting.minutes = target.value, minutes.text
    meeting.minuted_by, meeting.minuted_at = side_of(pact, by), clock.now()
    _take_present(meeting, minutes.present)
    _take_clauses(meeting, minutes.clauses)
    _remember(Did.MEETING_MINUTED, meeting, pact, by=by, clauses=sorted(minutes.clauses))


def confirm_minutes(meeting: Meeting, *, pact: Pact, by: Actor) -> None:
    """Confirm what the other side wrote down; from then on it stays as it is."""
    policy.check(by, Can.MEETING_CALL, pact)
    target = LIFE.after(meeting.state, Verb.CONFIRM)
    if side_of(pact, by) == meeting.minuted_by:
        raise NotAllowed(_OWN)
    meeting.state = target.value
    _remember(Did.MEETING_CONFIRMED, meeting, pact, by=by)


def _check(plan: Plan) -> None:
    if plan.begins_at <= clock.now():
        raise Invalid(_PAST, field="day")
    hours = (plan.ends_at - plan.begins_at).total_seconds() / 3600
    if not 0 < hours <= LONGEST_HOURS:
        raise Invalid(_LENGTH, field="until")


def _take(meeting: Meeting, plan: Plan) -> None:
    meeting.title, meeting.place, meeting.agenda = plan.title, plan.place, plan.agenda
    meeting.begins_at, meeting.ends_at = plan.begins_at, plan.ends_at


def _check_clauses(pact: Pact, clause_ids: Iterable[str]) -> None:
    known = {TERMS, *(clause["id"] for clause in newest(pact).text["clauses"])}
    if not set(clause_ids) <= known:
        raise Invalid(_NO_CLAUSE, field="clauses")


def _take_present(meeting: Meeting, present: Collection[tuple[str, str]]) -> None:
    asked = [one.person_id for one in meeting.answers if one.person_id is not None]
    rows = db.session().execute(queries.names(asked)).all() if asked else []
    people = {row.name: row.id for row in rows}
    meeting.present.clear()
    for side, name in list(present)[:MOST_PRESENT]:
        meeting.present.append(MeetingPresence(side=side, name=name, person_id=people.get(name)))


def _take_clauses(meeting: Meeting, clause_ids: Iterable[str]) -> None:
    wanted = set(clause_ids)
    meeting.clauses[:] = [one for one in meeting.clauses if one.clause_id in wanted]
    kept = {one.clause_id for one in meeting.clauses}
    for clause_id in sorted(wanted - kept):
        meeting.clauses.append(MeetingClause(clause_id=clause_id))


def _remember(did: Did, meeting: Meeting, pact: Pact, *, by: Actor, **facts: object) -> None:
    side = side_of(pact, by)
    record(did, pact.key, by=by, meeting=meeting.number, side=side, sequence=meeting.sequence, **facts)
