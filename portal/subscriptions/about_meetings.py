"""Who is told of a meeting: both sides, with an entry for their calendars that changes as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.front.meeting_calendar import calendar_of, path_of
from portal.pacts.meetings import queries
from portal.pacts.meetings.lifecycle import State
from portal.proposals.models import Proposal
from portal.record import Did
from portal.subscriptions.recipients import group, holder, pact_of, people
from portal.subscriptions.telling import Mail, News, tell
from portal.web.chrome import instant
from portal.words import W, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.notices.actions import Recipient
    from portal.pacts.meetings.models import Meeting
    from portal.pacts.models import Pact

TITLES = {
    Did.MEETING_CALLED: W("You are invited to a meeting"),
    Did.MEETING_CHANGED: W("A meeting has changed"),
    Did.MEETING_CANCELLED: W("A meeting is cancelled"),
}


def told(news: News) -> None:
    """Invite both sides, or tell them that the meeting moved or is off; as it stands now, and once."""
    pact = pact_of(news.code)
    meeting = _meeting(pact, news)
    if meeting.sequence != news.act.facts["sequence"]:
        return  # it changed again meanwhile: the newer act tells of it
    verb = Did(news.act.verb)
    for to in invited(pact):
        entry = calendar_of(meeting, pact, news.base_url, to.language)
        body = tuple(sentences(meeting, to.language))
        path = path_of(meeting, pact)
        mail = Mail("E06", TITLES[verb], body, path, pact.title, deadline=meeting.begins_at, calendar=entry)
        tell(news, [to], mail)


def minuted(news: News) -> None:
    """Tell both sides that the minutes can be read and, by the other side, confirmed."""
    pact = pact_of(news.code)
    meeting = _meeting(pact, news)
    body = (
        W("The minutes of the meeting “%(title)s” are written.", title=meeting.title),
        W("The other side confirms them, or writes what is missing."),
    )
    tell(
        news, invited(pact), Mail("E06", W("The minutes are there"), body, path_of(meeting, pact), pact.title)
    )


def _meeting(pact: Pact, news: News) -> Meeting:
    number = int(str(news.act.facts["meeting"]))
    return db.session().scalars(queries.one(pact.id, number)).one()


def invited(pact: Pact) -> list[Recipient]:
    """Return everybody who is asked to come: the group, who writes along, and the officer of the case."""
    proposal = db.session().get_one(Proposal, pact.proposal_id)
    found = [*group(pact), *holder(proposal), *people([pact.owner_id])]
    return list({to.mark: to for to in found}.values())


def sentences(meeting: Meeting, language: str) -> Iterator[W]:
    """Yield what a mail says of a meeting: about what, when, where, and why it is off."""
    with in_language(language):
        begins = instant(meeting.begins_at)
    if meeting.state == State.CANCELLED:
        yield W("The meeting “%(title)s” of %(at)s does not take place.", title=meeting.title, at=begins)
        yield W("The reason: %(reason)s", reason=meeting.reason)
        return
    yield W("The meeting “%(title)s” begins on %(at)s.", title=meeting.title, at=begins)
    yield W("Where: %(place)s", place=meeting.place)
    if meeting.agenda:
        yield W("To speak about: %(agenda)s", agenda=meeting.agenda)
    yield W("The page asks whether you come. The entry for your calendar goes along.")
