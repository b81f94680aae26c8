"""Since when the public pages stand as they are: one read tells that nothing happened since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portal import clock, db
from portal.record.models import IS_SHOWN

# No transaction of the portal lasts longer. While the newest act is younger, an older one may still appear.
SETTLED_AFTER = timedelta(minutes=1)
UNSETTLED_SECONDS = 5

# Asked at every view of a public page, so it goes straight to the driver. Ordered by their numbers alone,
# both databases would walk back over every sign-in since; in this order only one index can serve.
_NEWEST = f"WHERE {IS_SHOWN.text} ORDER BY at DESC, id DESC LIMIT 1"
NEWEST = {
    "sqlite": f"SELECT id, at FROM act INDEXED BY ix_act_shown {_NEWEST}",  # noqa: S608 - constants
    "postgresql": f"SELECT id, at FROM act {_NEWEST}",  # noqa: S608 - constants
}


def version() -> str:
    """Return a text that changes with everything that happens to what is public.

    Instants are taken before a transaction commits, so that an act may appear before the newest one: within a
    minute of the newest act the text also changes every five seconds, and such an act is not missed for good.
    So it does while the newest act lies in the future, which a demonstration's clock makes possible.
    """
    database = db.database()
    newest = database.first_row(NEWEST["sqlite" if database.is_sqlite else "postgresql"])
    if newest is None:
        return "0"
    act_id, at = newest
    # The whole instant: a database that was set up anew counts from one again.
    return f"{act_id}.{at}.{_beat(_instant(at), clock.now())}"


def _instant(at: datetime | str) -> datetime:
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _beat(newest_at: datetime, now: datetime) -> str:
    if newest_at + SETTLED_AFTER < now:
        return "settled"
    return str(int(now.timestamp()) // UNSETTLED_SECONDS)
