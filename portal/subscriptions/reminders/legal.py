"""An appointment with the legal office is said again on the day before, to the group and to the official."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select

from portal import clock, db
from portal.front.legal_calendar import path_of
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.subscriptions import about_legal
from portal.subscriptions.recipients import end_of, pact_of
from portal.support.legal import queries
from portal.support.legal.lifecycle import State
from portal.words import W


def due() -> Select[int]:
    """Select the appointments of the rest of today and of tomorrow."""
    return queries.booked_between(clock.now(), end_of(clock.today() + timedelta(days=1)))


def remind_of(appointment_id: int, base_url: str) -> None:
    """Remind both sides, once for each time that it was moved to."""
    with db.writing() as session:
        one = session.scalars(queries.appointment(appointment_id)).one()
        if one.state != State.BOOKED or one.matter is None:
            return
        matter, pact = one.matter, pact_of(one.matter.code)
        for to in (*about_legal.of_group(pact), *about_legal.office(matter, one)):
            text = Text(
                W("Do not forget: legal help"),
                list(about_legal.sentences(one, to.language)),
                f"{base_url}/{to.language}{path_of(one, matter)}",
                pact.title,
                one.begins_at,
            )
            key = f"{about_legal.EVENT}:{one.id}:{one.begins_at:%Y%m%dT%H%M}:{to.mark}"
            tell(about_legal.EVENT, key, to, text, about=pact.key)
