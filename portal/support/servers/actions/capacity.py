"""What a server takes from its pool: more by an allocation of its own, and what it frees given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db
from portal.errors import Invalid, Stale, WrongState
from portal.support import actions as giving
from portal.support import bars, returning
from portal.support import queries as support
from portal.support.lifecycle import LIFE, Verb
from portal.support.lifecycle import State as AllocationState
from portal.support.models import Allocation
from portal.support.models.handing import GivenBack
from portal.support.servers import plans, queries
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.city import Profile
    from portal.policy import Actor
    from portal.support.models import Pool
    from portal.support.servers.models import Server, ServerChange

LONGEST_REASON = 500
_NO_POOL = W("No fund of this year gives servers. Ask the treasurer to open one first.")
_OTHER_SIZE = W("This size has changed since it was proposed. Refuse the change and let the group ask again.")
_NOT_APPROVED = W("What this takes more is not proposed any more. Refuse the change, or propose it again.")


def propose(
    server: Server, wish: ServerChange, wanted: Mapping[str, int], profile: Profile, *, by: Actor
) -> None:
    """Propose what a larger size takes more, beside what was promised first; nothing where it takes no more.

    It is worth what the larger plan costs more a month, for the months that are left.

    Refuses with WrongState where the fund has too little left.
    """
    more = _more(server, wanted)
    if not more:
        return
    pool = _open_pool(server.allocation)
    measured = {pool.unit, *(one.unit for one in db.session().scalars(support.parts_of(pool.id)))}
    lead = next((name for name in plans.MEASURES if name in more and name in measured), None)
    if lead is None:
        return  # what a pool does not measure it does not limit
    further = {name: many for name, many in more.items() if name != "vcpu"}
    size = ", ".join(f"+{more[name]} {plans.SHORT[name]}" for name in plans.MEASURES if name in more)
    months = plans.months_left(clock.today(), wish.ends_on)
    facts = {
        "what": f"{server.ref}: {size}",
        "amount": more[lead],
        "unit": lead,
        "plan": wish.plan,
        "months": months,
        "value_cents": months * _more_a_month(server, wish, profile),
        **further,
    }
    asked = giving.ask_more(server.allocation, f"g{wish.id}", facts, by=by)
    try:
        giving.propose(asked, pool, asked.what, by=by)
    except Invalid as refused:
        raise WrongState(refused.words) from refused
    wish.allocation_id = asked.id


def _more_a_month(server: Server, wish: ServerChange, profile: Profile) -> int:
    """Return what the wished plan costs more a month; nothing where the city has no price for one of them."""
    costs = {one.id: one.month_cents for one in profile.server_plans}
    if server.plan not in costs or wish.plan not in costs:
        return 0
    return max(0, costs[wish.plan] - costs[server.plan])


def take(server: Server, wish: ServerChange, wanted: Mapping[str, int], *, by: Actor) -> None:
    """Approve what was proposed as the second person, bind it and count it as given.

    Refuses with Stale where the pool lacks it by now, and where the size is not the proposed one any more.
    """
    if wish.allocation_id is None:
        return
    allocation = db.session().get_one(Allocation, wish.allocation_id)
    if allocation.measures != _more(server, wanted):
        raise Stale(_OTHER_SIZE)
    if allocation.state == AllocationState.PROPOSED:
        giving.approve(allocation, by=by)
    elif allocation.state != AllocationState.APPROVED:
        raise WrongState(_NOT_APPROVED)
    giving.check_running(server.allocation)
    giving.commit_row(allocation, by=by)
    giving.deliver(allocation, allocation.amount, clock.today(), allocation.what, by=by)


def let_go(wish: ServerChange | None, *, by: Actor) -> None:
    """Let go of what an undecided wish would have taken."""
    if wish is None or wish.outcome or wish.allocation_id is None:
        return
    allocation = db.session().get_one(Allocation, wish.allocation_id)
    if LIFE.allows(allocation.state, Verb.RELEASE):
        giving.let_go(allocation, by=by)


def free(server: Server, wanted: Mapping[str, int], *, by: Actor) -> None:
    """Give back exactly what a smaller size does not need, of each measure; what came last goes first."""
    less = {name: server.measures[name] - wanted[name] for name in plans.MEASURES}
    for allocation in _all_of(server) if any(many > 0 for many in less.values()) else ():
        gone = _take_back(server, allocation, less, by=by)
        less = {name: many - gone.get(name, 0) for name, many in less.items()}


def give_back(server: Server, *, by: Actor) -> None:
    """Let others have all that the server took, once it is over; its promises are closed and remembered."""
    for allocation in _all_of(server):
        if LIFE.allows(allocation.state, Verb.CLOSE):
            allocation.state = LIFE.after(allocation.state, Verb.CLOSE).value
            allocation.ended_reason = f"{server.ref}: {server.certificate}"
            allocation.ended_by_id, allocation.ended_at = by.person_id, clock.now()
            db.session().flush()
        _take_back(server, allocation, None, by=by)


def _all_of(server: Server) -> list[Allocation]:
    return [*db.session().scalars(queries.growths(server.id)), server.allocation]


def _more(server: Server, wanted: Mapping[str, int]) -> dict[str, int]:
    more = {name: wanted[name] - server.measures[name] for name in plans.MEASURES}
    return {name: many for name, many in more.items() if many > 0}


def _take_back(
    server: Server, allocation: Allocation, wanted: Mapping[str, int] | None, *, by: Actor
) -> dict[str, int]:
    held = db.session().execute(returning.given_measures(allocation.id)).all()
    is_closed = any(pool.closed_at is not None for _, pool in held)
    into = _open_pool(allocation) if is_closed else None
    booked = giving.take_back_measures(allocation, wanted, into, by=by, reason=server.ref)
    _note(allocation, booked.get(allocation.unit, 0), server.ref, by=by)
    return booked


def _note(allocation: Allocation, part: int, reason: str, *, by: Actor) -> None:
    """Note with the allocation what came back of its own unit."""
    if not part:
        return
    allocation.returned += part
    facts = {"reason": reason, "entered_by_id": by.person_id, "entered_at": clock.now()}
    db.session().add(
        GivenBack(allocation_id=allocation.id, amount=part, back_on=clock.today(), is_lost=False, **facts)
    )
    db.session().flush()


def _open_pool(allocation: Allocation) -> Pool:
    """Return the pool of the allocation, or where its year is over the one of this year like it."""
    mine, today = giving.pool_of(allocation), clock.today()
    if bars.unfit(mine, allocation, today) is None:
        return mine
    year = bars.year_needed(allocation.starts_on, today)
    found = db.session().scalars(support.pools_for([allocation.kind], year)).all()
    if not found:
        raise WrongState(_NO_POOL)
    return next((one for one in found if one.slug == mine.slug), found[0])
