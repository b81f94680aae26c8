"""An appointment with the legal office as an entry for a calendar: its id stays, its sequence grows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal import clock
from portal.front import ical
from portal.pacts.standing import profile_of
from portal.support.legal.lifecycle import State
from portal.words import W, say

if TYPE_CHECKING:
    from portal.pacts.models import Pact
    from portal.support.legal.models import LegalAppointment, LegalMatter

OFF = frozenset({State.CANCELLED, State.MISSED})


def path_of(one: LegalAppointment, matter: LegalMatter) -> str:
    """Return the address of an appointment's page, without language."""
    return f"/pacts/{matter.code}/legal/{matter.number}/appointments/{one.id}"


def calendar_of(one: LegalAppointment, matter: LegalMatter, pact: Pact, base_url: str, language: str) -> str:
    """Return the appointment as a calendar; it says with whom and where, never what was asked."""
    is_off = one.state in OFF
    name = say(W("Legal help: %(code)s", code=pact.code), language)
    entry = ical.Entry(
        f"{pact.code}-legal-{one.id}@{urlsplit(base_url).hostname}",
        name,
        one.begins_at,
        one.ends_at,
        f"{base_url}/{language}{path_of(one, matter)}",
        one.changed_at,
        one.sequence,
        place=one.place,
        organiser=profile_of(pact).contact.mail,
        is_cancelled=is_off,
    )
    method = "CANCEL" if is_off else "PUBLISH"
    return ical.calendar(name, [entry], clock.zone(), on=clock.today(), method=method)
