"""Count tries per stretch of time, in the database, so that all web nodes count together."""

from __future__ import annotations

from portal import clock, crypto, db
from portal.errors import TooMany
from portal.people.models import Tally
from portal.words import W


def spend(what: str, who: str, *, most: int, seconds: int) -> None:
    """Count one try of `what` by `who`; refuse with TooMany beyond `most` in the current stretch.

    Runs in a short transaction of its own, because the count must survive a refusal.
    """
    key = f"{what}:{crypto.token_hash(who)[:32]}"
    window = int(clock.real().timestamp()) // seconds * seconds // 60
    insert = db.insert(Tally).values(key=key, window=window, count=1)
    counted = insert.on_conflict_do_update(
        index_elements=[Tally.key, Tally.window], set_={"count": Tally.count + 1}
    ).returning(Tally.count)
    with db.aside() as session:
        count = session.execute(counted).scalar_one()
    if count > most:
        raise TooMany(W("That was too many tries. Wait a quarter of an hour, then try again."))
