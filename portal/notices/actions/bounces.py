"""Note an address where no mail arrives, and forget it as soon as one did, or its owner says so."""

from __future__ import annotations

from sqlalchemy import delete

from portal import clock, db
from portal.notices.models import Bounce


def note_bounce(address: str, status: str) -> None:
    """Remember that mail to this address came back for good; `status` like 5.1.1 (RFC 3463)."""
    now = clock.now()
    values = {
        "address": address.strip().lower(),
        "status": status[:12],
        "times": 1,
        "first_at": now,
        "last_at": now,
    }
    again = {"times": Bounce.times + 1, "last_at": now, "status": values["status"]}
    insert = db.insert(Bounce).values(values)
    db.session().execute(insert.on_conflict_do_update(index_elements=["address"], set_=again))


def forget_bounce(address: str) -> None:
    """Write to this address again."""
    db.session().execute(delete(Bounce).where(Bounce.address == address.strip().lower()))
