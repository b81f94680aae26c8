"""Changes of funds that wait for a second person, as they stand on the desk of those who decide on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.policy import Can
from portal.support import following, queries, said
from portal.support.amounts import Amount
from portal.support.changes import Change
from portal.web import me
from portal.words import W

if TYPE_CHECKING:
    from portal.support.models import PoolRequest


@dataclass(frozen=True, slots=True)
class Waiting:
    """One change that waits: of which fund, what and whose, for how many days, and until when."""

    number: int
    fund: str
    year: int | None
    slug: str
    what: W
    amount: Amount
    whose: W | None
    days: int
    until: datetime
    is_own: bool


def changes_waiting() -> list[Waiting]:
    """Return what the reader may decide on or asked for, the oldest first; nothing is asked for others."""
    if not any(policy.may_after_password(me(), one) for one in (Can.POOL_DECIDE, Can.POOL_CHANGE)):
        return []
    found = db.session().scalars(queries.asked_changes(clock.now())).all()
    return [_waiting(one) for one in found if _is_mine(one)]


def _is_mine(asked: PoolRequest) -> bool:
    return asked.asked_by_id == me().person_id or (
        policy.may_after_password(me(), Can.POOL_DECIDE, asked) and following.may_be_corrected(asked, by=me())
    )


def _waiting(asked: PoolRequest) -> Waiting:
    pool = asked.pool
    return Waiting(
        number=asked.id,
        fund=pool.title if pool else f"{asked.facts['name']} {asked.facts['year']}",
        year=pool.year if pool else None,
        slug=pool.slug if pool else "",
        what=said.CHANGES[Change(asked.change)],
        amount=Amount(asked.amount, said.unit_of(asked)),
        whose=following.in_words(asked),
        days=(clock.today() - clock.local(asked.asked_at).date()).days,
        until=asked.until,
        is_own=asked.asked_by_id == me().person_id,
    )
