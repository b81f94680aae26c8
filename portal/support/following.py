"""What a corrected row of a ledger means for the surplus that arrived with it; other rows mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, exists, select, update
from sqlalchemy.orm import aliased

from portal import clock, db, policy
from portal.errors import Invalid, Stale
from portal.organisations.models import Organisation
from portal.policy import Can, Rel
from portal.support.models import Pool, PoolEntry
from portal.support.models.surplus import Surplus, SurplusArrival
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.support.models import PoolRequest

MORE_THAN_DECLARED = W("The group declared less than this for the fund.")
CHANGED = W("The group corrected this at the same moment, or the money was entered already. Look again.")


REPLACED = W("This money is entered for another group by now. Correct it there.")


def may_correct(entry_id: int | None, to_id: int | None = None, *, by: Actor) -> None:
    """Refuse with NotAllowed whoever belongs to the group whose money came with this row, or should have."""
    found = [_declared(entry_id), db.session().get(Surplus, to_id) if to_id else None]
    for one in found:
        if one is not None:
            policy.check(by, Can.SURPLUS_CORRECT, one)


def may_be_corrected(asked: PoolRequest, *, by: Actor) -> bool:
    """Say whether the actor belongs to none of the groups whose money a waiting change puts right."""
    entry_id, to_id = (asked.facts.get(name) for name in ("entry", "to"))
    found = [_declared(entry_id), db.session().get(Surplus, to_id) if to_id else None]
    return not any(one and Rel.OWN_ORGANISATION in one.relations(by) for one in found)


def check(entry_id: int, cents: int) -> None:
    """Refuse with Invalid a correction by which more would have arrived than the group declared.

    And one of what stands no more, because it was entered again for another group.
    """
    came = arrival(entry_id)
    if came is not None:
        check_stands(came)
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


def arrival(entry_id: int | None) -> SurplusArrival | None:
    """Return what arrived with this row of a ledger."""
    mine = select(SurplusArrival).where(SurplusArrival.entry_id == entry_id)
    return db.session().scalar(mine) if entry_id else None


def fund_of(found: SurplusArrival) -> Pool:
    """Return the fund of the year for which arrived money counts, wherever its row stands by now."""
    return db.session().get_one(Pool, db.session().get_one(PoolEntry, found.entry_id).counts_in)


def check_stands(found: SurplusArrival) -> None:
    """Refuse with Invalid what was entered again under the same reference of the bank."""
    replaced = select(exists().where(SurplusArrival.replaces_id == found.id))
    if db.session().scalar(replaced):
        raise Invalid(REPLACED)


def as_declared_now(surplus_id: int) -> Select[Surplus]:
    """Select what the group of a declaration says of that year now."""
    then = aliased(Surplus)
    same = Surplus.organisation_id == then.organisation_id, Surplus.year == then.year, Surplus.is_current
    return select(Surplus).join(then, and_(*same)).where(then.id == surplus_id)


def entered_again(before: SurplusArrival, surplus: Surplus, entry: PoolEntry, *, by: Actor) -> SurplusArrival:
    """Return the row of the bank as it is entered once more, for another group; its money keeps its place."""
    assert by.person_id is not None  # noqa: S101 - the permission is a city role's
    return SurplusArrival(
        surplus_id=surplus.id,
        amount_cents=entry.amount,
        arrived_on=before.arrived_on,
        bank_reference=before.bank_reference,
        number=before.number + 1,
        replaces_id=before.id,
        first_entry_id=before.first_entry_id or before.entry_id,
        entry_id=entry.id,
        confirmed_by_id=by.person_id,
        at=clock.now(),
    )


def in_words(asked: PoolRequest) -> W | None:
    """Return whose money a waiting change puts right, and whose it becomes; None where it is nobody's."""
    entry_id, to_id = (asked.facts.get(name) for name in ("entry", "to"))
    came = db.session().execute(_named(behind(entry_id))).first() if entry_id else None
    goes = db.session().execute(_named(as_declared_now(to_id))).first() if to_id else None
    if came is None:
        return None
    whose = {"group": came.name, "year": came.year}
    if goes is None:
        return W("What arrived from %(group)s for %(year)s.", **whose)
    return W(
        "What arrived was entered for %(group)s, %(year)s. It belongs to %(other)s, %(then)s.",
        **whose,
        other=goes.name,
        then=goes.year,
    )


def _named(found: Select[Surplus]) -> Select[*tuple[Any, ...]]:
    named = found.join(Organisation, Organisation.id == Surplus.organisation_id)
    return named.with_only_columns(Organisation.name, Surplus.year)


def _declared(entry_id: int | None) -> Surplus | None:
    return db.session().scalar(behind(entry_id)) if entry_id else None
