"""What a server takes from its pool: more where a change needs it, and given back where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db
from portal.errors import Stale
from portal.support import actions as giving
from portal.support.actions import books
from portal.support.ledger import Movement
from portal.support.lifecycle import LIFE, Verb
from portal.support.lifecycle import State as AllocationState
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.support.servers.models import Server

LONGEST_REASON = 500
_TOO_LITTLE = W("The fund has too little left for this size. Choose a smaller one, or another end.")


def adapt(server: Server, vcpu: int, *, by: Actor) -> None:
    """Take what a larger size needs from the pool of the allocation; refuses with Stale where it lacks.

    One conditional UPDATE decides, as when it was first approved.
    """
    more = vcpu - server.vcpu
    if more <= 0:
        return
    allocation = server.allocation
    pool = books.pool_of(allocation)
    if not books.move(pool, Movement.RESERVED, allocation, more, by=by):
        raise Stale(_TOO_LITTLE)
    books.must_move(allocation, Movement.COMMITTED, more, by=by)
    allocation.amount += more
    # What was wholly given is to be given once more, by so much.
    allocation.state = AllocationState.COMMITTED.value
    db.session().flush()
    giving.deliver(allocation, more, clock.today(), f"{server.ref}: {vcpu} vCPU", by=by)


def give_back(server: Server, *, by: Actor) -> None:
    """Let others have what the server took, once it is over; the promise is closed and stays on record."""
    allocation = server.allocation
    if LIFE.allows(allocation.state, Verb.CLOSE):
        allocation.state = LIFE.after(allocation.state, Verb.CLOSE).value
        db.session().flush()
    if allocation.delivered:
        books.take_back(allocation, allocation.delivered, by=by, reason=server.ref)
