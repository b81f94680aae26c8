"""A clerk looks at a document at the counter; kept are its kind and what it showed, never its number."""

from __future__ import annotations

from portal import policy
from portal.city import Residents
from portal.errors import Invalid
from portal.people.actions.keys import person_key
from portal.people.models import Person
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.residents.actions.standing import Proof, settle
from portal.residents.documents import RULES
from portal.residents.models import Conflict, Residency, Way
from portal.words import W

NO_KIND = W("Choose what you were shown")


def check_in_person(
    person: Person, kind: str, typed: str, *, rules: Residents, by: Actor
) -> Residency | Conflict:
    """Give the status to somebody whose document shows them and an address in the city.

    Refuses with Invalid an unknown kind or a mistyped number, and with NotAllowed clerks' own accounts.
    """
    policy.check(by, Can.RESIDENCE_CHECK, person)
    _known(kind, rules)
    number = RULES[rules.document](typed)
    proof = Proof(Way.IN_PERSON, document_kind=kind, checked_by_id=by.person_id)
    return settle(person, number, proof, months=rules.valid_months, by=by)


def note_not_shown(person: Person, kind: str, *, rules: Residents, by: Actor) -> None:
    """Remember that a document did not show it; nothing changes for the account."""
    policy.check(by, Can.RESIDENCE_CHECK, person)
    _known(kind, rules)
    record(Did.RESIDENCE_NOT_SHOWN, person_key(person), by=by, kind=kind)


def _known(kind: str, rules: Residents) -> None:
    if kind not in {one.id for one in rules.shown}:
        raise Invalid(NO_KIND, field="kind")
