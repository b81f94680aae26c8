"""Questions about meetings: those of a pact, one whole, the clauses they touched, and what is near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from portal.pacts.meetings.lifecycle import State
from portal.pacts.meetings.models import Meeting, MeetingClause
from portal.pacts.models import Pact, Suggestion
from portal.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def of_pact(pact_id: int) -> Select[Meeting]:
    """Select the meetings of a pact, the latest first."""
    return select(Meeting).where(Meeting.pact_id == pact_id).order_by(Meeting.begins_at.desc(), Meeting.id)


def one(pact_id: int, number: int) -> Select[Meeting]:
    """Select one meeting of this pact and no other, with who comes, who came and what was spoken of."""
    whole = (selectinload(Meeting.answers), selectinload(Meeting.present), selectinload(Meeting.clauses))
    return select(Meeting).options(*whole).where(Meeting.pact_id == pact_id, Meeting.number == number)


def last_number(pact_id: int) -> Select[int | None]:
    """Select the highest number that a meeting of this pact bears."""
    return select(func.max(Meeting.number)).where(Meeting.pact_id == pact_id)


def touching(pact_id: int, clause_id: str) -> Select[int, datetime]:
    """Select (number, beginning) of the meetings whose minutes name a clause, the latest first."""
    found = select(Meeting.number, Meeting.begins_at).join(
        MeetingClause, Meeting.id == MeetingClause.meeting_id
    )
    found = found.where(Meeting.pact_id == pact_id, MeetingClause.clause_id == clause_id)
    return found.order_by(Meeting.begins_at.desc(), Meeting.id)


def came_of(meeting: Meeting, until: datetime | None) -> Select[str, int | None]:
    """Select (clause id, version) of what changed in the clauses of a meeting before the next one."""
    clauses = [row.clause_id for row in meeting.clauses]
    found = select(Suggestion.clause_id, Suggestion.made_version).where(
        Suggestion.pact_id == meeting.pact_id,
        Suggestion.clause_id.in_(clauses),
        Suggestion.made_version.is_not(None),
        Suggestion.answered_at >= meeting.begins_at,
    )
    if until is not None:
        found = found.where(Suggestion.answered_at < until)
    return found.order_by(Suggestion.made_version)


def next_begins(meeting: Meeting) -> Select[datetime | None]:
    """Select when the meeting after this one begins."""
    later = (Meeting.pact_id == meeting.pact_id, Meeting.begins_at > meeting.begins_at)
    return select(func.min(Meeting.begins_at)).where(*later, Meeting.state != State.CANCELLED.value)


def planned_between(first: datetime, last: datetime) -> Select[int]:
    """Select the ids of the meetings that are planned to begin from the first instant on, before the last."""
    near = (Meeting.begins_at >= first, Meeting.begins_at < last)
    return select(Meeting.id).where(Meeting.state == State.PLANNED.value, *near).order_by(Meeting.id)


def with_pact(meeting_id: int) -> Select[Meeting, str]:
    """Select a meeting with its answers, and the code of its pact."""
    found = select(Meeting, Pact.code).join(Pact, Pact.id == Meeting.pact_id)
    return found.options(selectinload(Meeting.answers)).where(Meeting.id == meeting_id)


def names(person_ids: Iterable[int]) -> Select[int, str]:
    """Select the public names of people."""
    return select(Person.id, Person.name).where(Person.id.in_(list(person_ids)))
