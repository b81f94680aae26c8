"""Invite somebody by mail to take part in a thing; the link is taken up once, or called back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal import clock, crypto, db
from portal.errors import Invalid, NotFound
from portal.people.models import Invitation, Person
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

LASTING = timedelta(days=14)
OVER = W("This invitation is over or was answered already. Ask whoever invited you for a new one.")
OTHER_ADDRESS = W(
    "This invitation went to another address than your account's. Tick the box to take it up all the same."
)
YOURSELF = W("This is your own address.")


def invite(subject: str, email: str, *, decides: bool, by: Actor) -> str:
    """Keep an invitation to this address by its hash and return its secret; an older one leads nowhere now.

    Whoever calls has asked whether the person may. Refuses with Invalid (one's own address).
    """
    email = email.strip().lower()
    own = db.session().scalar(select(Person.email).where(Person.id == by.person_id))
    if email == own:
        raise Invalid(YOURSELF, field="email")
    _close(Invitation.subject == subject, Invitation.email == email, outcome="replaced")
    token, now = crypto.new_token(), clock.real()
    made = Invitation(
        subject=subject,
        token_hash=crypto.token_hash(token),
        email=email,
        decides=decides,
        invited_by_id=by.person_id,
        made_at=now,
        expires_at=now + LASTING,
    )
    db.session().add(made)
    db.session().flush()
    return token


def find(token: str) -> Invitation:
    """Return an invitation that is still good; refuses with NotFound. Changes nothing."""
    found = db.session().scalar(
        select(Invitation).where(
            Invitation.token_hash == crypto.token_hash(token),
            Invitation.outcome == "",
            Invitation.expires_at > clock.real(),
        )
    )
    if found is None:
        raise NotFound(OVER)
    return found


def to_address(email: str) -> list[Invitation]:
    """Return the open invitations to an address, for the page of the account that has it."""
    wanted = select(Invitation).where(
        Invitation.email == email.strip().lower(),
        Invitation.outcome == "",
        Invitation.expires_at > clock.real(),
    )
    return list(db.session().scalars(wanted.order_by(Invitation.id)))


def take_up(token: str, person: Person, *, is_other_account: bool = False) -> Invitation:
    """Take the invitation up with an account, once; the database lets one of two through.

    Refuses with Invalid where it went to another address and that was not said to be meant, with NotFound.
    """
    invitation = find(token)
    if invitation.email != person.email and not is_other_account:
        raise Invalid(OTHER_ADDRESS, field="other_account")
    _answer(invitation.id, "accepted", person.id)
    return invitation


def take_up_own(number: int, person: Person) -> Invitation:
    """Take up an invitation to the account's own address, without its link: the address is proved already."""
    found = _own(number, person)
    _answer(found.id, "accepted", person.id)
    return found


def decline(token: str) -> Invitation:
    """Say no; whoever has the link may, signed in or not."""
    invitation = find(token)
    _answer(invitation.id, "declined", None)
    return invitation


def decline_own(number: int, person: Person) -> Invitation:
    """Say no to an invitation to the account's own address."""
    found = _own(number, person)
    _answer(found.id, "declined", person.id)
    return found


def call_back(subject: str, number: int) -> Invitation:
    """Let an open invitation to this thing lead nowhere; refuses with NotFound what is not open there."""
    found = db.session().scalar(
        select(Invitation).where(Invitation.id == number, Invitation.subject == subject)
    )
    if found is None:
        raise NotFound(OVER)
    _answer(found.id, "taken_back", None, is_expired_too=True)
    return found


def call_back_all(subject: str, invited_by_id: int) -> None:
    """Let all open invitations of one person to a thing lead nowhere: they no longer speak for it."""
    _close(Invitation.subject == subject, Invitation.invited_by_id == invited_by_id, outcome="taken_back")


def _own(number: int, person: Person) -> Invitation:
    found = next((one for one in to_address(person.email) if one.id == number), None)
    if found is None:
        raise NotFound(OVER)
    return found


def _answer(number: int, outcome: str, person_id: int | None, *, is_expired_too: bool = False) -> None:
    one = update(Invitation).where(Invitation.id == number, Invitation.outcome == "")
    if not is_expired_too:
        one = one.where(Invitation.expires_at > clock.real())
    values = {"outcome": outcome, "answered_at": clock.real(), "person_id": person_id}
    done = db.session().execute(one.values(values).execution_options(synchronize_session="fetch"))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(OVER)


def _close(*which: object, outcome: str) -> None:
    old = update(Invitation).where(*which, Invitation.outcome == "")  # type: ignore[arg-type]
    values = {"outcome": outcome, "answered_at": clock.real()}
    db.session().execute(old.values(values).execution_options(synchronize_session="fetch"))
