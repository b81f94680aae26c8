"""What the life of a pact does to its spaces: suspended or over, nothing is booked or takes place."""

from __future__ import annotations

from portal import clock, db
from portal.policy import Actor
from portal.support.spaces import queries
from portal.support.spaces.actions.booking import LONGEST_REASON, call_off
from portal.support.spaces.models import SpaceBooking


def let_go_on(subject: str) -> None:
    """Let a pact book again. Who may is asked by the verb that leads here."""
    db.session().execute(queries.stopping(subject, is_stopped=False))


def cancel_coming(subject: str, reason: str, *, by: Actor) -> None:
    """Cancel what is booked for a pact and has not begun, in the transaction of its suspension or its end.

    The city cancels, so nothing is late: spaces and hours are free again, and the group is told of each
    weekly row once. What has begun is still for the office to confirm. Who may is asked by that verb itself.
    """
    # Stopped first: whoever books at the same moment waits for this, and is refused, or is found below.
    db.session().execute(queries.stopping(subject, is_stopped=True))
    rows: dict[int, list[SpaceBooking]] = {}
    for one in db.session().scalars(queries.coming(subject, clock.now())).all():
        rows.setdefault(one.series or one.id, []).append(one)
    short = reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"
    for row in rows.values():
        call_off(row, short, late_hours=None, by=by)
