"""How a pact is signed: prepared by the officer, signed by every party, concluded by the last signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import NotAllowed, Stale, WrongState
from portal.fences import actions as fences
from portal.organisations.models import Organisation
from portal.organisations.queries import mandates
from portal.pacts import findable, observed, prescriptions, queries
from portal.pacts.actions.held import hold
from portal.pacts.actions.texts import bind
from portal.pacts.lifecycle import LIFE, Verb
from portal.pacts.lint import lint
from portal.pacts.models import Promise, Signature
from portal.pacts.prescribed import prescribed_for
from portal.pacts.standing import profile_of, side_of
from portal.people import queries as people
from portal.people.models import Person
from portal.policy import NOT_ASSESSED_BY_YOU, OWN_GROUP, Can, Rel, Role
from portal.proposals.assessment import queries as assessment
from portal.proposals.assessment.rules import what_opinions_miss
from portal.record import Did, record
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.handing import queries as handing
from portal.words import W

if TYPE_CHECKING:
    from portal.pacts.models import Pact, Party
    from portal.policy import Actor

_GAVE_IT = W("You decided on the support of this pact, so somebody else must sign for the community.")
NO_MANDATE = W(
    "The group has given you no mandate that holds today, so you cannot sign for it. "
    "Somebody who speaks for the group gives it on the group's page."
)
_OTHER_TEXT = W("The text is no longer the one you read, so nothing was signed. Read it again.")


def open_signing(pact: Pact, *, by: Actor) -> None:
    """Make the agreed text ready to sign. Refuses with WrongState and what is missing, in words."""
    policy.check(by, Can.PACT_OPEN_SIGNING, pact)
    pact = hold(pact)
    state = LIFE.after(pact.state, Verb.OPEN_SIGNING)
    missing = missing_for_signing(pact)
    if missing:
        raise WrongState(missing[0])
    pact.state, pact.signing_opened_at = state.value, clock.now()
    findable.enter(pact, db.session().scalars(queries.version(pact.id, pact.agreed_version or 0)).one().text)
    record(
        Did.PACT_SIGNING_OPENED, pact.key, by=by, version=pact.agreed_version, content_hash=pact.agreed_hash
    )


def missing_for_signing(pact: Pact) -> list[W]:
    """Return what still stands between the agreed text and its signature, each as a sentence."""
    missing = []
    if pact.agreed_version is None:
        return [W("The two sides have not agreed to a text yet.")]
    if not support_queries.is_resourced(pact.key, pact.agreed_version):
        refused = handing.is_refused(pact.key, pact.agreed_version)
        gone = W("The city refused a part of the support. A new text must leave it out.")
        missing.append(gone if refused else W("The support in the text is not approved yet."))
    text = db.session().scalars(queries.version(pact.id, pact.agreed_version)).one()
    missing += [finding.words for finding in lint(text.text, profile_of(pact))]
    community = pact.party_of("community")
    if community.person_id is None and not community.represented_by:
        missing.append(W("The name of the person who signs for the community is missing."))
    required = profile_of(pact).pact_class(pact.pact_class).opinions
    opinions = db.session().scalars(assessment.opinions(pact.proposal_id)).all()
    missing += what_opinions_miss(required, opinions)
    missing += prescriptions.missing(prescribed_for(pact, opinions), profile_of(pact))
    unheard = observed.missing(pact)
    if unheard is not None:
        missing.append(unheard)
    if not _city_signers(pact):
        missing.append(
            W("Nobody who may sign for the city is left: the signatory must not have assessed the case.")
        )
    return missing


def _city_signers(pact: Pact) -> list[Person]:
    holders = db.session().scalars(people.holding(Role.SIGNATORY, clock.now()))
    assessed = {pact.assessor_id, *db.session().scalars(assessment.assessors(pact.proposal_id))}
    return [person for person in holders if person.id not in assessed]


def sign(pact: Pact, *, content_hash: str, by: Actor) -> Signature:
    """Sign the agreed text for one's party, freshly signed in; the last signature concludes the signing.

    With it, in the same transaction, the support is committed, and promises and fences come to life.
    Refuses with NotAllowed (not a party, not fresh, assessed the case), Stale (another text, signed already).
    """
    pact = hold(pact)
    policy.check(by, Can.PACT_SIGN, pact)
    _refuse_assessors(pact, by)
    pact.state = LIFE.after(pact.state, Verb.SIGN).value
    if content_hash != pact.agreed_hash:
        raise Stale(_OTHER_TEXT)
    party = _party_for(pact, by)
    person = db.session().get_one(Person, by.person_id)
    _refuse_twice(pact, party, person)
    if party.side == "community" and support_queries.has_decided(pact.key, person.id):
        raise NotAllowed(_GAVE_IT)
    was_bound = party.person_id is not None
    bind(pact, by)
    _refuse_without_mandate(pact, party, person)
    by = _on_behalf(party, by)
    # Whoever was named stays named, unless another person with a mandate signs instead.
    is_other = was_bound and party.person_id != person.id
    party.person_id = person.id
    if party.side != "community" or not party.represented_by or is_other:
        party.represented_by = person.name
    signature = Signature(
        party_id=party.id,
        person_id=person.id,
        signer_name=person.name,
        content_hash=content_hash,
        signed_at=clock.now(),
    )
    pact.signatures.append(signature)
    record(Did.PACT_SIGNED_BY, pact.key, by=by, party=party.row_key, content_hash=content_hash)
    if {one.party_id for one in pact.signatures} == {one.id for one in pact.parties}:
        _conclude_signing(pact, by=by)
    db.session().flush()
    return signature


def _refuse_assessors(pact: Pact, by: Actor) -> None:
    # Four eyes: whoever wrote any of the scores, not only whoever decided by them.
    if db.session().scalar(assessment.has_assessed(pact.proposal_id, by.person_id or 0)) is not None:
        raise NotAllowed(NOT_ASSESSED_BY_YOU[Rel.ASSESSED])


def lacks_mandate(pact: Pact, by: Actor) -> bool:
    """Say whether whoever would sign for an organisation has no mandate of it that holds now."""
    if side_of(pact, by) != "community":
        return False
    party = pact.party_of("community")
    if party.organisation_id is None or party.person_id is None:
        return False
    return not by.may_bind(party.organisation_id, pact.key, pact.proposal_key)


def _refuse_without_mandate(pact: Pact, party: Party, person: Person) -> None:
    # Asked of the table once more: a mandate may have ended since the page was opened.
    if party.side != "community" or party.organisation_id is None:
        return
    about = (pact.key, pact.proposal_key)
    held = mandates.covering(party.organisation_id, person.id, about, clock.now())
    if db.session().scalar(held) is None:
        raise NotAllowed(NO_MANDATE)


def _on_behalf(party: Party, by: Actor) -> Actor:
    # The record says for whom was signed, whether the page was opened in that role or not.
    if party.side != "community" or party.organisation_id is None:
        return replace(by, behalf="")
    return replace(by, behalf=db.session().get_one(Organisation, party.organisation_id).key)


def _party_for(pact: Pact, by: Actor) -> Party:
    side = side_of(pact, by)
    # A signatory who belongs to the group does not sign for the city, nor for the group unless as its person.
    if side == "community" and Rel.PARTY_PERSON not in pact.relations(by):
        raise NotAllowed(OWN_GROUP[Rel.OWN_ORGANISATION])
    party: Party = pact.party_of(side)
    return party


def _refuse_twice(pact: Pact, party: Party, person: Person) -> None:
    for signature in pact.signatures:
        if signature.party_id == party.id:
            raise Stale(
                W(
                    "This party has signed already, on %(day)s.",
                    day=f"{clock.local(signature.signed_at):%d/%m/%Y, %H:%M}",
                )
            )
        if signature.person_id == person.id:
            raise NotAllowed(
                W("You have signed for the other side, so somebody else must sign for this one.")
            )


def _conclude_signing(pact: Pact, *, by: Actor) -> None:
    pact.state, pact.signed_at = LIFE.after(pact.state, Verb.CONCLUDE_SIGNING).value, clock.now()
    assert pact.agreed_version is not None  # noqa: S101 - a CHECK of the table says so
    text = db.session().scalars(queries.version(pact.id, pact.agreed_version)).one().text
    support.commit(pact.key, pact.agreed_version, by=by)
    for row in text["commitments"]:
        db.session().add(_promise(pact, row))
    fences.set_fences(
        pact.key,
        text["fences"],
        date.fromisoformat(text["starts_on"]),
        date.fromisoformat(text["ends_on"]),
        by=by,
        profile=profile_of(pact),
    )
    record(Did.PACT_SIGNED, pact.key, by=by, version=pact.agreed_version, content_hash=pact.agreed_hash)


def _promise(pact: Pact, row: dict[str, Any]) -> Promise:
    return Promise(
        pact_id=pact.id,
        row_key=row["id"],
        side=row["side"],
        what=row["what"],
        quantity=row["quantity"],
        unit=row["unit"],
        per=row["per"],
        evidence=row["evidence"],
    )
