"""A space as a calendar to subscribe to: which pact has it when, why it is closed, and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Told:
    """How what happens in a space is told: at which addresses, in which language, and whom to ask."""

    space: Space
    base_url: str
    language: str
    mail: str

    def booked(self, one: SpaceBooking) -> ical.Entry:
        pact = one.allocation
        title, page = pact.title or pact.code, f"pacts/{pact.code}"
        return self._entry(one, str(one.id), title, page, stands=one.state in KEPT)

    def closed(self, one: SpaceClosing) -> ical.Entry:
        title = say(W("Closed: %(why)s", why=name_in(one.reason, self.language)), self.language)
        page = f"spaces/{self.space.slug}"
        return self._entry(one, f"closed-{one.id}", title, page, stands=one.freed_at is None)

    def _entry(
        self, one: SpaceBooking | SpaceClosing, name: str, title: str, page: str, *, stands: bool
    ) -> ical.Entry:
        return ical.Entry(
            f"{self.space.slug}-{name}@{urlsplit(self.base_url).hostname}",
            title,
            one.begins_at,
            one.ends_at,
            f"{self.base_url}/{self.language}/{page}",
            one.changed_at,
            one.sequence,
            place=self.space.address,
            organiser=self.mail,
            is_cancelled=not stands,
        )


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
    told = _Told(space, base_url, language, mail)
    entries = [*map(told.booked, bookings), *map(told.closed, closings)]
    return ical.calendar(name_in(space.name, language), entries, clock.zone(), on=clock.today())
