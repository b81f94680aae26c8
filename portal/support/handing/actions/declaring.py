"""What the group declares: whether it acts on a market, what else it got."""

from __future__ import annotations

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Actor, Can
from portal.record import Did
from portal.support.actions import books
from portal.support.checks.models import Declaration
from portal.support.models import Allocation
from portal.words import W


def declare(
    allocation: Allocation, *, is_undertaking: bool, other_aid_cents: int, other_funding: str, by: Actor
) -> Declaration:
    """Declare for the group; the newest declaration counts, older ones stay."""
    policy.check(by, Can.SUPPORT_CONFIRM, allocation)
    if other_aid_cents < 0:
        raise Invalid(W("Enter 0 or an amount above zero, like 1,200"), field="other_aid")
    found = Declaration(
        subject=allocation.subject,
        is_undertaking=is_undertaking,
        other_aid_cents=other_aid_cents,
        other_funding=other_funding.strip(),
        made_by_id=by.person_id,
        made_at=clock.now(),
    )
    db.session().add(found)
    db.session().flush()
    books.remember(Did.SUPPORT_DECLARED, allocation, by=by, is_undertaking=is_undertaking)
    return found
