"""A space as a calendar to subscribe to: which pact has it when, why it is closed, and nobody's name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal import clock
from portal.front import ical
from portal.support.spaces.lifecycle import State
from portal.support.spaces.said import name_in
from portal.words import W, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.support.spaces.models import Space, SpaceBooking, SpaceClosing

KEPT = frozenset({State.BOOKED, State.USED})


def calendar_of(
    space: Space,
    bookings: Iterable[SpaceBooking],
    closings: Iterable[SpaceClosing],
    *,
    base_url: str,
    language: str,
    mail: str,
) -> str:
    """Return the calendar of a space; what does not take place any more is told as cancelled."""
    host = urlsplit(base_url).hostname
    entries = [
        ical.Entry(
            f"{space.slug}-{one.id}@{host}",
            one.allocation.title or one.allocation.code,
            one.begins_at,
            one.ends_at,
            f"{base_url}/{language}/pacts/{one.allocation.code}",
            one.changed_at,
            one.sequence,
            place=space.address,
            organiser=mail,
            is_cancelled=one.state not in KEPT,
        )
        for one in bookings
    ]
    entries += [
        ical.Entry(
            f"{space.slug}-closed-{one.id}@{host}",
            say(W("Closed: %(why)s", why=name_in(one.reason, language)), language),
            one.begins_at,
            one.ends_at,
            f"{base_url}/{language}/spaces/{space.slug}",
            one.changed_at,
            one.sequence,
            place=space.address,
            organiser=mail,
            is_cancelled=one.freed_at is not None,
        )
        for one in closings
    ]
    return ical.calendar(name_in(space.name, language), entries, clock.zone(), on=clock.today())
