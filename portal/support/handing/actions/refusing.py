"""Say no to a row of support, or take an approval back before the signature; each with its reason."""

from __future__ import annotations

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Actor, Can
from portal.record import Did
from portal.support.actions import books
from portal.support.ledger import Movement
from portal.support.lifecycle import LIFE, Verb
from portal.support.models import Allocation
from portal.words import W

NO_REASON = W("Say why, in a sentence that everybody may read")


def refuse(allocation: Allocation, reason: str, *, by: Actor) -> None:
    """Refuse what is asked or proposed: the text that holds it cannot be signed, a new one leaves it out.

    Refuses with NotAllowed whoever belongs to the group or proposed it, and with Invalid a missing reason.
    """
    policy.check(by, Can.SUPPORT_REFUSE, allocation)
    state = LIFE.after(allocation.state, Verb.REFUSE)
    _end(allocation, state.value, reason, by=by)
    books.remember(Did.SUPPORT_REFUSED, allocation, by=by)


def let_go(allocation: Allocation, reason: str, *, by: Actor) -> None:
    """Take an approval back before the last signature: what was kept aside goes back to the pool."""
    policy.check(by, Can.SUPPORT_REFUSE, allocation)
    LIFE.after(allocation.state, Verb.COMMIT)  # only what was approved is let go of by hand
    _end(allocation, LIFE.after(allocation.state, Verb.RELEASE).value, reason, by=by)
    books.must_move(allocation, Movement.RELEASED, allocation.amount, by=by)
    books.remember(Did.SUPPORT_RELEASED, allocation, by=by)


def _end(allocation: Allocation, state: str, reason: str, *, by: Actor) -> None:
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    allocation.state = state
    allocation.ended_reason = reason.strip()
    allocation.ended_by_id = by.person_id
    allocation.ended_at = clock.now()
    # Two at once: the version the second one read is gone, before any figure has moved.
    db.session().flush()
