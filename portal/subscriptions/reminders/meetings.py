"""A meeting is said again on the day before; whoever said that they do not come is left in peace."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select

from portal import clock, db
from portal.front.meeting_calendar import path_of
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.pacts.meetings import queries
from portal.pacts.meetings.lifecycle import State
from portal.subscriptions import about_meetings
from portal.subscriptions.recipients import end_of, pact_of
from portal.words import W


def due() -> Select[int]:
    """Select the meetings of the rest of today and of tomorrow."""
    return queries.planned_between(clock.now(), end_of(clock.today() + timedelta(days=1)))


def remind_of(meeting_id: int, base_url: str) -> None:
    """Remind everybody invited, once for each time that it was moved to."""
    with db.writing() as session:
        meeting, code = session.execute(queries.with_pact(meeting_id)).one()
        pact = pact_of(code)
        away = {f"p{one.person_id}" for one in meeting.answers if not one.is_coming}
        if meeting.state != State.PLANNED:
            return
        for to in about_meetings.invited(pact):
            if to.mark in away:
                continue
            text = Text(
                W("Do not forget: you meet"),
                list(about_meetings.sentences(meeting, to.language))[:-1],
                f"{base_url}/{to.language}{path_of(meeting, pact)}",
                pact.title,
                meeting.begins_at,
            )
            key = f"E06:{pact.code}:{meeting.number}:{meeting.begins_at:%Y%m%dT%H%M}:{to.mark}"
            tell("E06", key, to, text, about=pact.key)
