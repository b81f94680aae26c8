"""A booked space is said again on the day before, to the group."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.telling import tell
from portal.subscriptions import about_spaces
from portal.subscriptions.recipients import end_of, group, pact_of
from portal.support.spaces import queries
from portal.support.spaces.lifecycle import State
from portal.words import W


def due() -> Select[int]:
    """Select the bookings of the rest of today and of tomorrow."""
    return queries.begin_between(clock.now(), end_of(clock.today() + timedelta(days=1)))


def remind_of(booking_id: int, base_url: str) -> None:
    """Remind the group, once."""
    with db.writing() as session:
        one = session.scalars(queries.booking(booking_id)).one()
        if one.state != State.BOOKED:
            return
        pact = pact_of(one.allocation.code)
        for to in group(pact):
            text = Text(
                W("Do not forget: a space is booked"),
                list(about_spaces.sentences(one, to.language)),
                f"{base_url}/{to.language}{about_spaces.path_of(one)}",
                pact.title,
                one.begins_at,
            )
            key = f"{about_spaces.EVENT}:{one.id}:soon:{to.mark}"
            tell(about_spaces.EVENT, key, to, text, about=pact.key)
