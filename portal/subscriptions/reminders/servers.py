"""Both sides are told in time that a server ends, and once that its end has passed and it still runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal import clock, db
from portal.notices.actions import Text
from portal.notices.kinds import Kind
from portal.notices.telling import tell
from portal.pacts.standing import profile_named
from portal.policy import Role
from portal.subscriptions.about_servers import ends_soon
from portal.subscriptions.recipients import group, holding, nearest, pact_of
from portal.support.servers import queries
from portal.support.servers.lifecycle import State
from portal.words import W

if TYPE_CHECKING:
    from sqlalchemy import Select

# No city reminds earlier; which days it chose stands in its profile.
EARLIEST = timedelta(days=366)


def due() -> Select[int]:
    """Select the servers in use whose end is near or has passed."""
    return queries.ending(clock.today() + EARLIEST)


def remind_of(server_id: int, base_url: str) -> None:
    """Tell the group and whoever runs the machines, on the days of the profile and once afterwards."""
    with db.writing() as session:
        server = session.scalars(queries.by_id(server_id)).one()
        pact = pact_of(server.code)
        left = (server.ends_on - clock.today()).days
        marks = profile_named(pact.profile_version).servers.remind_days_before
        mark = -1 if left < 0 else nearest(left, marks)
        if mark is None or server.state == State.WINDING_DOWN:
            return
        title = W("A server is about to end") if left >= 0 else W("A server runs beyond its end")
        places = [(to, f"pacts/{pact.code}/server") for to in group(pact)]
        places += [(to, f"desk/servers/{server.ref}") for to in holding(Role.INFRASTRUCTURE)]
        for to, place in places:
            text = Text(title, ends_soon(server, to), f"{base_url}/{to.language}/{place}", pact.title)
            key = f"E16:{server.ref}:{server.ends_on}:before-{mark}:{to.mark}"
            tell("E16", key, to, text, about=pact.key, kind=Kind.ACT)
