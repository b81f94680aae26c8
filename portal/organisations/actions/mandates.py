"""Mandates: an organisation authorises one of its members to bind it, and takes that back at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.organisations import queries
from portal.organisations.actions.members import hold, member
from portal.organisations.models import Mandate, Organisation, Scope
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.documents.store import Store
    from portal.organisations.evidence import Document
    from portal.people.models import Person
    from portal.policy import Actor

_NO_SCOPE = W("Say for what the mandate is")
_NO_CASE = W("Enter the code of the pact or proposal, like BO-2026-041")
_NO_DECISION = W("Say who decided and where it is written, like “Assembly of 12 May 2026, minutes no. 4”")
_NO_END = W("Enter until when: a legal representative has to be confirmed from time to time")
_WRONG_ORDER = W("The last day must come after the first")
_NO_MANDATE = W("This mandate has ended already.")


@dataclass(frozen=True, slots=True)
class Given:
    """What a mandate says: for what, from when until when (instants, half-open), by whose decision."""

    scope: str
    starts_at: datetime
    until: datetime | None
    decided_by: str
    subject: str = ""
    purpose: str = ""
    document: Document | None = None


def give_mandate(
    organisation: Organisation, pseudonym: str, given: Given, *, store: Store | None = None, by: Actor
) -> Mandate:
    """Authorise a member to bind the organisation. Refuses with Invalid, and NotFound who is no member."""
    policy.check(by, Can.ORGANISATION_MANDATE, organisation)
    _check(given)
    held = hold(organisation)
    _, person = member(held, pseudonym)
    file_hash = store.put(given.document.content) if given.document and store else ""
    mandate = _new(held, person, given, given_by_id=by.person_id)
    if file_hash and given.document:
        mandate.file_hash, mandate.media_type = file_hash, given.document.media_type
        mandate.byte_size = len(given.document.content)
    db.session().add(mandate)
    db.session().flush()
    _note(Did.MANDATE_GIVEN, held, mandate, person, by=by)
    return mandate


def name_in_proposal(organisation: Organisation, person: Person, subject: str, *, by: Actor) -> Mandate:
    """Enter the mandate that a group gives by naming somebody in the proposal it sends."""
    words = f"Named in {subject.removeprefix('proposal:')}"
    given = Given(Scope.CASE.value, clock.now(), None, decided_by=words, subject=subject)
    mandate = _new(organisation, person, given, given_by_id=None)
    db.session().add(mandate)
    db.session().flush()
    _note(Did.MANDATE_GIVEN, organisation, mandate, person, by=by)
    return mandate


def end_mandate(organisation: Organisation, number: int, *, by: Actor) -> None:
    """Let a mandate end at this instant; what was signed under it stands."""
    policy.check(by, Can.ORGANISATION_MANDATE, organisation)
    held = hold(organisation)
    mandate = db.session().scalar(
        queries.mandates.one(held.id, number).execution_options(populate_existing=True)
    )
    if mandate is None or mandate.ended_at is not None:
        raise NotFound(_NO_MANDATE)
    mandate.ended_at = clock.now()
    record(Did.MANDATE_ENDED, held.key, by=by, mandate=mandate.id)


def _new(organisation: Organisation, person: Person, given: Given, *, given_by_id: int | None) -> Mandate:
    return Mandate(
        organisation_id=organisation.id,
        person_id=person.id,
        scope=given.scope,
        subject=given.subject,
        purpose=given.purpose,
        starts_at=given.starts_at,
        until=given.until,
        given_at=clock.now(),
        given_by_id=given_by_id,
        decided_by=given.decided_by,
    )


def _check(given: Given) -> None:
    if given.scope not in set(Scope):
        raise Invalid(_NO_SCOPE, field="scope")
    if (given.scope == Scope.CASE) != bool(given.subject):
        raise Invalid(_NO_CASE, field="case")
    if given.scope == Scope.LEGAL_REPRESENTATIVE and given.until is None:
        raise Invalid(_NO_END, field="ends_on")
    if given.until is not None and given.until <= given.starts_at:
        raise Invalid(_WRONG_ORDER, field="ends_on")
    if not given.decided_by:
        raise Invalid(_NO_DECISION, field="decided_by")


def _note(did: Did, organisation: Organisation, mandate: Mandate, person: Person, *, by: Actor) -> None:
    record(
        did,
        organisation.key,
        by=by,
        mandate=mandate.id,
        member=person.pseudonym,
        scope=mandate.scope,
        about=mandate.subject,
        has_document=bool(mandate.file_hash),
    )
