"""How people come in: invited by one who speaks for the group, or asking one who does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db, policy
from portal.errors import NotFound, WrongState
from portal.organisations import queries
from portal.organisations.actions.members import admit, hold
from portal.organisations.models import MembershipRequest, Organisation
from portal.people.actions import invitations
from portal.people.models import Invitation, Person
from portal.policy import Can
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

KEY_PREFIX = "organisation:"
_IN_ALREADY = W("You belong to this group already.")
_HIDDEN = W("This group is off the public pages now. It takes no requests until the city shows it again.")
_ASKED_ALREADY = W("You have asked already. Somebody who speaks for the group will answer.")
_NO_REQUEST = W("This request was answered or taken back already.")


def invite(organisation: Organisation, email: str, *, speaks_for_it: bool = False, by: Actor) -> str:
    """Invite an address to belong to the group, and return the secret of the link that is mailed."""
    may = policy.allows(by, Can.ORGANISATION_MEMBERS, organisation)
    if not may and not (organisation.entered_by_id and policy.allows(by, Can.ORGANISATION_ENTER)):
        policy.check(by, Can.ORGANISATION_MEMBERS, organisation)
    token = invitations.invite(organisation.key, email, decides=speaks_for_it, by=by)
    record(Did.MEMBER_INVITED, organisation.key, by=by, speaks_for_it=speaks_for_it)
    return token


def call_back(organisation: Organisation, number: int, *, by: Actor) -> None:
    """Let an invitation lead nowhere."""
    policy.check(by, Can.ORGANISATION_MEMBERS, organisation)
    invitations.call_back(organisation.key, number)
    record(Did.INVITATION_ENDED, organisation.key, by=by, outcome="taken_back")


def accept(token: str, person: Person, *, is_other_account: bool = False, by: Actor) -> Organisation:
    """Belong to the group from now on, by the link of an invitation. Refuses with Invalid, NotFound."""
    policy.check(by, Can.INVITATION_ANSWER)
    return _come_in(invitations.take_up(token, person, is_other_account=is_other_account), person, by=by)


def accept_own(number: int, person: Person, *, by: Actor) -> Organisation:
    """Belong to the group from now on, by an invitation to the account's own address."""
    policy.check(by, Can.INVITATION_ANSWER)
    return _come_in(invitations.take_up_own(number, person), person, by=by)


def _come_in(invitation: Invitation, person: Person, *, by: Actor) -> Organisation:
    organisation = hold(of_invitation(invitation))
    admit(organisation, person, speaks_for_it=invitation.decides, by=by)
    return organisation


def of_invitation(invitation: Invitation) -> Organisation:
    """Return the organisation of an invitation; refuses with NotFound where it is to something else."""
    slug = invitation.subject.removeprefix(KEY_PREFIX)
    found = db.session().scalar(queries.by_slug(select(Organisation), slug))
    if found is None or not invitation.subject.startswith(KEY_PREFIX):
        raise NotFound(invitations.OVER)
    return found


def decline(token: str, *, by: Actor) -> None:
    """Say no to an invitation by its link."""
    record(Did.INVITATION_ENDED, invitations.decline(token).subject, by=by, outcome="declined")


def decline_own(number: int, person: Person, *, by: Actor) -> None:
    """Say no to an invitation to the account's own address."""
    record(Did.INVITATION_ENDED, invitations.decline_own(number, person).subject, by=by, outcome="declined")


def ask_to_join(organisation: Organisation, message: str, *, by: Actor) -> MembershipRequest:
    """Ask to belong to the group. Refuses with WrongState (hidden, in already, asked already)."""
    policy.check(by, Can.ORGANISATION_JOIN)
    if organisation.hidden_at is not None:
        raise WrongState(_HIDDEN)
    if organisation.id in by.organisations:
        raise WrongState(_IN_ALREADY)
    if db.session().scalar(queries.open_request(organisation.id, by.person_id or 0)) is not None:
        raise WrongState(_ASKED_ALREADY)
    asked = MembershipRequest(
        organisation_id=organisation.id, person_id=by.person_id, message=message[:600], asked_at=clock.now()
    )
    db.session().add(asked)
    db.session().flush()
    record(Did.MEMBERSHIP_ASKED, organisation.key, by=by)
    return asked


def take_back_request(organisation: Organisation, *, by: Actor) -> None:
    """Take one's own request back."""
    policy.check(by, Can.ORGANISATION_JOIN)
    asked = db.session().scalar(queries.open_request(organisation.id, by.person_id or 0))
    if asked is None:
        raise NotFound(_NO_REQUEST)
    asked.outcome, asked.answered_at = "taken_back", clock.now()
    record(Did.MEMBERSHIP_ANSWERED, organisation.key, by=by, outcome="taken_back")


def answer_request(organisation: Organisation, number: int, *, accept: bool, by: Actor) -> None:
    """Answer a request to belong to the group; the first answer counts. Refuses with NotFound."""
    policy.check(by, Can.ORGANISATION_MEMBERS, organisation)
    held = hold(organisation)
    wanted = queries.requests_to(held.id).where(MembershipRequest.id == number)
    one = wanted.with_only_columns(MembershipRequest).execution_options(populate_existing=True)
    asked = db.session().scalars(one).one_or_none()
    if asked is None:
        raise NotFound(_NO_REQUEST)
    person = db.session().get_one(Person, asked.person_id)
    asked.outcome = "accepted" if accept else "declined"
    asked.answered_at, asked.answered_by_id = clock.now(), by.person_id
    if accept:
        admit(held, person, by=by)
    record(Did.MEMBERSHIP_ANSWERED, held.key, by=by, outcome=asked.outcome, member=person.pseudonym)
