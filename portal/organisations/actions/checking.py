"""What the city does with the register: looks at who represents an organisation, hides what is none."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portal import clock, db, policy, search
from portal.errors import Invalid, NotFound, WrongState
from portal.organisations import queries
from portal.organisations.actions.members import hold
from portal.organisations.findable import card_of
from portal.organisations.models import Check, Organisation
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

_NO_SOURCE = W("Say what you looked at, like “Extract of the register, 12 May 2026”")
_PAST = W("Enter a day that is still to come")
_TOO_LONG = W("The mandate ends before that day. Enter a day on which it still holds.")
_NOT_VALID = W("This mandate does not hold today, so there is nothing to confirm.")
_NO_REASON = W("Say why, in a sentence that the group may read")


def check_representative(
    organisation: Organisation, number: int, source: str, until: datetime, *, by: Actor
) -> Check:
    """Confirm that the person of this mandate represents the organisation, until an instant.

    Never by whoever entered the organisation, nor by one of its members. Refuses with Invalid, WrongState.
    """
    policy.check(by, Can.ORGANISATION_CHECK, organisation)
    now, held = clock.now(), hold(organisation)
    mandate = db.session().scalar(
        queries.mandates.one(held.id, number).execution_options(populate_existing=True)
    )
    if mandate is None:
        raise NotFound(_NOT_VALID)
    if not mandate.is_valid(now):
        raise WrongState(_NOT_VALID)
    if not source:
        raise Invalid(_NO_SOURCE, field="source")
    if until <= now:
        raise Invalid(_PAST, field="holds_until")
    if mandate.until is not None and until > mandate.until:
        raise Invalid(_TOO_LONG, field="holds_until")
    found = Check(
        organisation_id=held.id,
        mandate_id=mandate.id,
        source=source,
        checked_at=now,
        checked_by_id=by.person_id,
        holds_until=until,
    )
    db.session().add(found)
    record(Did.ORGANISATION_CHECKED, held.key, by=by, mandate=mandate.id, until=until.date().isoformat())
    return found


def hide(organisation: Organisation, reason: str, *, by: Actor) -> None:
    """Take an organisation off the public pages, with a reason its members read."""
    policy.check(by, Can.ORGANISATION_CHECK, organisation)
    if not reason:
        raise Invalid(_NO_REASON, field="reason")
    held = hold(organisation)
    held.hidden_at, held.hidden_reason = clock.now(), reason[:300]
    search.drop(held.key)
    record(Did.ORGANISATION_HIDDEN, held.key, by=by)


def show(organisation: Organisation, *, by: Actor) -> None:
    """Put it back."""
    policy.check(by, Can.ORGANISATION_CHECK, organisation)
    held = hold(organisation)
    held.hidden_at, held.hidden_reason = None, ""
    search.put(card_of(held))
    record(Did.ORGANISATION_SHOWN, held.key, by=by)
