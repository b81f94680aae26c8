"""Who belongs to an organisation: admitted, made to speak for it, gone; the last one who speaks stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal import clock, db, policy
from portal.errors import NotFound, WrongState
from portal.organisations import queries
from portal.organisations.models import Mandate, Membership, Organisation
from portal.people.actions import invitations
from portal.people.models import Person
from portal.policy import SYSTEM, Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

NOT_A_MEMBER = W("This person does not belong to the group any more.")
LAST_ONE = W("Nobody else speaks for the group. First let another member speak for it, then try again.")
ITSELF = W("To leave the group yourself, use “Leave this group”.")


def hold(organisation: Organisation) -> Organisation:
    """Return the same organisation, its row locked: two who leave at once do so one after the other."""
    wanted = queries.by_id(organisation.id).with_for_update()
    return db.session().scalars(wanted.execution_options(populate_existing=True)).one()


def admit(
    organisation: Organisation, person: Person, *, speaks_for_it: bool = False, by: Actor = SYSTEM
) -> Membership:
    """Let a person belong to an organisation from now on; whoever belongs already stays as they are.

    Whoever belonged and is invited to speak for it speaks for it from now on.
    """
    there = _find(organisation, person.id)
    if there is not None:
        if speaks_for_it and not there.speaks_for_it:
            there.speaks_for_it = True
            _note(Did.MEMBER_CHANGED, organisation, person, by=by, speaks_for_it=True)
        return there
    membership = Membership(
        organisation_id=organisation.id,
        person_id=person.id,
        speaks_for_it=speaks_for_it,
        starts_at=clock.now(),
    )
    db.session().add(membership)
    db.session().flush()
    _note(Did.MEMBER_JOINED, organisation, person, by=by, speaks_for_it=speaks_for_it)
    return membership


def set_speaker(organisation: Organisation, pseudonym: str, *, speaks: bool, by: Actor) -> None:
    """Let a member speak for the organisation, or no longer. Refuses with WrongState for the last one."""
    policy.check(by, Can.ORGANISATION_MEMBERS, organisation)
    membership, person = member(hold(organisation), pseudonym)
    if membership.speaks_for_it == speaks:
        return
    if not speaks:
        _refuse_last(organisation, membership)
        invitations.call_back_all(organisation.key, person.id)
    membership.speaks_for_it = speaks
    _note(Did.MEMBER_CHANGED, organisation, person, by=by, speaks_for_it=speaks)


def leave(organisation: Organisation, *, by: Actor) -> None:
    """Belong to it no longer, from this instant; one's mandates end too. The last who speaks cannot leave."""
    policy.check(by, Can.ORGANISATION_LEAVE, organisation)
    person = db.session().get_one(Person, by.person_id)
    membership, _ = member(hold(organisation), person.pseudonym)
    _refuse_last(organisation, membership)
    _end(organisation, membership, person)
    _note(Did.MEMBER_LEFT, organisation, person, by=by)


def remove(organisation: Organisation, pseudonym: str, *, by: Actor) -> None:
    """Let a member belong to it no longer; access ends with the next request, on every machine."""
    policy.check(by, Can.ORGANISATION_MEMBERS, organisation)
    membership, person = member(hold(organisation), pseudonym)
    if person.id == by.person_id:
        raise WrongState(ITSELF)
    _refuse_last(organisation, membership)
    _end(organisation, membership, person)
    _note(Did.MEMBER_REMOVED, organisation, person, by=by)


def show_name(organisation: Organisation, *, is_named: bool, by: Actor) -> None:
    """Say whether one's own name stands on the public page."""
    policy.check(by, Can.ORGANISATION_LEAVE, organisation)
    person = db.session().get_one(Person, by.person_id)
    membership, _ = member(organisation, person.pseudonym)
    if membership.is_named != is_named:
        membership.is_named = is_named
        _note(Did.MEMBER_NAMED, organisation, person, by=by, is_named=is_named)


def member(organisation: Organisation, pseudonym: str) -> tuple[Membership, Person]:
    """Return a member of this moment with the account; refuses with NotFound."""
    wanted = queries.members_of(organisation.id, clock.now()).where(Person.pseudonym == pseudonym)
    one = wanted.with_only_columns(Membership).execution_options(populate_existing=True)
    found = db.session().scalars(one).one_or_none()
    if found is None:
        raise NotFound(NOT_A_MEMBER)
    return found, db.session().get_one(Person, found.person_id)


def _find(organisation: Organisation, person_id: int) -> Membership | None:
    # By what the unique index guards too: a second acceptance at once waits here, then sees the first.
    still_in = select(Membership).where(
        Membership.organisation_id == organisation.id,
        Membership.person_id == person_id,
        Membership.until.is_(None),
    )
    return db.session().scalar(still_in)


def _refuse_last(organisation: Organisation, leaving: Membership) -> None:
    # Whoever left is gone, although at this unit's own instant, which may lie before theirs, they were there.
    speaking = queries.speakers_of(organisation.id, clock.now()).where(Membership.until.is_(None))
    if leaving.speaks_for_it and {one.id for one in db.session().scalars(speaking)} <= {leaving.id}:
        raise WrongState(LAST_ONE)


def _end(organisation: Organisation, membership: Membership, person: Person) -> None:
    now = clock.now()
    membership.until = now
    invitations.call_back_all(organisation.key, person.id)
    theirs = update(Mandate).where(
        Mandate.organisation_id == organisation.id, Mandate.person_id == person.id, Mandate.ended_at.is_(None)
    )
    db.session().execute(theirs.values(ended_at=now).execution_options(synchronize_session="fetch"))


def _note(did: Did, organisation: Organisation, person: Person, *, by: Actor, **facts: bool) -> None:
    record(did, organisation.key, by=by, member=person.pseudonym, **facts)
