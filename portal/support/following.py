"""What a corrected row of a ledger means for the surplus that arrived with it; other rows mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, select, update
from sqlalchemy.orm import aliased

from portal import db, policy
from portal.errors import Invalid, Stale
from portal.policy import Can
from portal.support.models.surplus import Surplus, SurplusArrival
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

MORE_THAN_DECLARED = W("The group declared less than this for the fund.")
CHANGED = W("The group corrected this at the same moment, or the money was entered already. Look again.")


def may_correct(entry_id: int | None, *, by: Actor) -> None:
    """Refuse with NotAllowed whoever belongs to the group whose money came with this row."""
    found = _declared(entry_id)
    if found is not None:
        policy.check(by, Can.SURPLUS_CORRECT, found)


def check(entry_id: int, cents: int) -> None:
    """Refuse with Invalid a correction by which more would have arrived than the group declared."""
    found = _declared(entry_id)
    if found is not None and cents > found.rest_cents:
        raise Invalid(MORE_THAN_DECLARED, field="amount")


def follow(entry_id: int, cents: int, *, by: Actor) -> None:
    """Let what arrived of a surplus follow the row that was just put right by so many cents.

    Refuses with Stale where the group declared something else at the same moment.
    """
    found = _declared(entry_id)
    if found is None:
        return
    policy.check(by, Can.SURPLUS_CORRECT, found)
    count(found, cents)


def count(surplus: Surplus, cents: int) -> None:
    """Count what arrived; one conditional UPDATE decides, and refuses with Stale what was not declared."""
    arrived = Surplus.arrived_cents + cents
    counted = (
        update(Surplus)
        .where(Surplus.id == surplus.id, Surplus.is_current)
        .where(arrived.between(0, Surplus.transferred_cents))
        .values(arrived_cents=arrived)
        .returning(Surplus.id)
        .execution_options(synchronize_session=False)
    )
    if db.session().scalar(counted) is None:
        raise Stale(CHANGED)
    db.session().refresh(surplus, ("arrived_cents",))


def behind(entry_id: int) -> Select[Surplus]:
    """Select what the group now says of the year whose money came with this row of a ledger."""
    then = aliased(Surplus)
    same = Surplus.organisation_id == then.organisation_id, Surplus.year == then.year, Surplus.is_current
    of_row = (
        select(Surplus).join(then, and_(*same)).join(SurplusArrival, SurplusArrival.surplus_id == then.id)
    )
    return of_row.where(SurplusArrival.entry_id == entry_id)


def _declared(entry_id: int | None) -> Surplus | None:
    return db.session().scalar(behind(entry_id)) if entry_id else None
