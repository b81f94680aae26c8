"""What the life of a pact does to its support: suspended, nothing is given, and the days promised wait."""

from __future__ import annotations

from datetime import timedelta

from portal import clock, db
from portal.support import lateness
from portal.support.handing import queries
from portal.support.handing.showing import promise_of, usual_days
from portal.support.models import Allocation


def suspend(subject: str) -> None:
    """Let nothing be given from tomorrow on, in the transaction of the suspension, which has asked who may.

    Whoever gives or releases at the same moment either was first or finds the promise changed.
    """
    db.session().execute(queries.suspending(subject, clock.today()))


def go_on(subject: str) -> None:
    """Let support be given again; every day that is still owed comes as many days later as were lost.

    The city is as late as it was before, and no later. Asked by the verb that leads here. Does nothing where
    the pact was not suspended.
    """
    for one in db.session().scalars(queries.suspended(subject)):
        _move_days(one, clock.today() - (one.suspended_on or clock.today()))
        one.suspended_on = None
    db.session().flush()


def _move_days(one: Allocation, lost: timedelta) -> None:
    if not lost or not one.rest:
        return
    parts = list(db.session().scalars(queries.planned(one.id)))
    if not parts:
        if lateness.is_owed_by_a_day(promise_of(one)):
            one.due_on = lateness.due_day(promise_of(one), usual_days(one)) + lost
        return
    owed = sum(part.amount for part in parts) - one.delivered
    # From the last on, so that no two parts ever stand on one day.
    for part in reversed(parts):
        if owed <= 0:
            break
        owed -= part.amount
        part.due_on += lost
        db.session().flush()
