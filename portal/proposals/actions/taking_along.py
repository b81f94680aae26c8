"""Take along, when somebody signs in, the drafts that this browser began before without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.organisations.actors import actor_for
from portal.proposals import queries
from portal.record import Did, record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.people.models import Person
    from portal.proposals.models import Proposal


def take_along(keys: Iterable[str], person: Person) -> None:
    """Make this person the holder of each draft whose secret the browser holds and nobody else has named.

    A draft with another's address or name stays as it is: a browser may be shared. So does what belongs to
    an account, what was entered at the counter, and what was sent: its receipt says how it is opened.
    """
    codes = [code for kind, _, code in (key.partition(":") for key in keys) if kind == "proposal"]
    if not codes:
        return
    for draft in db.session().scalars(queries.begun_by_nobody(codes)):
        if _is_of(draft, person):
            draft.person_id = person.id
            record(Did.PROPOSAL_MOVED_IN, draft.key, by=actor_for(person))


def _is_of(draft: Proposal, person: Person) -> bool:
    named = draft.contact_email.strip().lower(), draft.contact_name.strip().casefold()
    return named[0] in {"", person.email} and named[1] in {"", person.name.strip().casefold()}
