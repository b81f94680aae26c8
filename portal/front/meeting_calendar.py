"""A meeting as an entry for a calendar, for the mail that invites and for the page it can be fetched from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal import clock
from portal.front import ical
from portal.pacts.meetings.lifecycle import State
from portal.pacts.standing import profile_of
from portal.words import W, say

if TYPE_CHECKING:
    from portal.pacts.meetings.models import Meeting
    from portal.pacts.models import Pact


def path_of(meeting: Meeting, pact: Pact) -> str:
    """Return the address of a meeting's page, without language."""
    return f"/pacts/{pact.code}/meetings/{meeting.number}"


def calendar_of(meeting: Meeting, pact: Pact, base_url: str, language: str) -> str:
    """Return the meeting as a calendar: published as it stands, or taken out where it is cancelled."""
    is_off = meeting.state == State.CANCELLED
    entry = ical.Entry(
        f"{pact.code}-meeting-{meeting.number}@{urlsplit(base_url).hostname}",
        f"{pact.code}: {meeting.title}",
        meeting.begins_at,
        meeting.ends_at,
        f"{base_url}/{language}{path_of(meeting, pact)}",
        meeting.changed_at,
        meeting.sequence,
        place=meeting.place,
        about=meeting.agenda,
        organiser=profile_of(pact).contact.mail,
        is_cancelled=is_off,
    )
    name = say(W("Meetings about %(code)s", code=pact.code), language)
    return ical.calendar(
        name, [entry], clock.zone(), on=clock.today(), method="CANCEL" if is_off else "PUBLISH"
    )
