"""Show by another service: what it said is kept sealed until the person says that it is to be used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from portal import crypto, policy
from portal.policy import Can
from portal.residents.actions.standing import Proof, settle
from portal.residents.claims import Vouched
from portal.residents.models import Way

if TYPE_CHECKING:
    from portal.city import Residents
    from portal.people.models import Person
    from portal.policy import Actor
    from portal.residents.models import Conflict, Residency


def show_by_service(
    person: Person, said: Vouched, issuer: str, *, rules: Residents, by: Actor
) -> Residency | Conflict:
    """Give the status to whoever a service vouches for; issuer and level are kept, nothing else of it."""
    policy.check(by, Can.RESIDENCE_SHOW)
    proof = Proof(Way.ELSEWHERE, issuer=issuer, assurance=said.assurance)
    return settle(person, said.number, proof, months=rules.valid_months, by=by)


def sealed(person: Person, said: Vouched) -> str:
    """Return what was said as it may wait in a session's row: readable by this portal, for this person."""
    return crypto.seal(json.dumps([said.number, said.assurance]), f"vouched:{person.id}")


def unsealed(person: Person, text: str) -> Vouched | None:
    """Return what was sealed for this person; None for another's."""
    found = crypto.unseal(text, f"vouched:{person.id}")
    return Vouched(*json.loads(found)) if found else None
