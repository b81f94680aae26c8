"""Since when the public pages stand as they are: one read tells that nothing happened since."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal import clock, db
from portal.record.models import IS_SHOWN, Act

# No transaction of the portal lasts longer. While the newest act is younger, an older one may still appear.
SETTLED_AFTER = timedelta(minutes=1)
UNSETTLED_SECONDS = 5

NEWEST = (
    select(Act.id, Act.at)
    .where(IS_SHOWN)
    .order_by(Act.id.desc())
    .limit(1)
    # Without statistics SQLite walks back over every sign-in since.
    .with_hint(Act, "INDEXED BY ix_act_shown", "sqlite")
)


def version() -> str:
    """Return a text that changes with everything that happens to what is public.

    Numbers are given before a transaction commits, so that an act may appear below the newest one: within a
    minute of the newest act the text also changes every five seconds, and such an act is not missed for good.
    """
    newest = db.session().execute(NEWEST).one_or_none()
    if newest is None:
        return "0"
    now = clock.now()
    # The whole instant: a database that was set up anew counts from one again.
    stamp = f"{newest.id}.{newest.at.timestamp()}"
    if newest.at + SETTLED_AFTER < now:
        return stamp
    return f"{stamp}.{now.timestamp() // UNSETTLED_SECONDS:.0f}"
