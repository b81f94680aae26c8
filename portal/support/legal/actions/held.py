"""The pact as this floor knows it, the side somebody speaks for, and the help held still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from sqlalchemy.exc import IntegrityError

from portal import db
from portal.errors import NotAllowed, WrongState
from portal.policy import SIGN_IN_FIRST, Rel
from portal.record import Did, record
from portal.support.legal import hours, queries
from portal.support.legal.models import LegalHelp, LegalMatter
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

Side = Literal["community", "city"]
NOTHING_PROMISED = W("The city has promised no legal help to this pact, so nothing can be asked for here.")
SETTLED = W("The legal help of this pact is settled. Its hours are counted, and nothing more is entered.")


class Room(Protocol):
    """What the verbs ask of a pact, which stands upstairs."""

    @property
    def key(self) -> str:
        """Return the subject key."""

    @property
    def code(self) -> str:
        """Return the code."""

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to it."""


def side_of(room: Room, actor: Actor) -> Side:
    """Return the side the actor speaks for; an official who belongs to the group speaks for the group."""
    return "community" if {Rel.PARTY, Rel.CO_AUTHOR} & room.relations(actor) else "city"


def other(side: Side) -> Side:
    """Return the side across the table."""
    return "city" if side == "community" else "community"


def person_of(by: Actor) -> int:
    """Return who acts, with an account; refuses with NotAllowed who has none."""
    if by.person_id is None:
        raise NotAllowed(SIGN_IN_FIRST)
    return by.person_id


def help_for(subject: str) -> LegalHelp:
    """Return the help that a pact was promised, begun where nobody has yet; or refuse with WrongState."""
    session = db.session()
    allocation = session.scalars(queries.promised_to(subject).limit(1)).first()
    if allocation is None:
        raise WrongState(NOTHING_PROMISED)
    found = session.scalars(queries.help_of(allocation.id)).first()
    if found is not None:
        return held(found.id)
    begun = LegalHelp(
        allocation_id=allocation.id, subject=subject, promised=hours.promised(allocation.amount)
    )
    try:
        with session.begin_nested():
            session.add(begun)
            session.flush()
    except IntegrityError:
        # Somebody else began it at the same moment: theirs it is.
        return session.scalars(queries.help_of(allocation.id)).one()
    return begun


def held(help_id: int) -> LegalHelp:
    """Return the help, locked until the unit of work ends, as the last writer left it."""
    found = db.session().get_one(LegalHelp, help_id, with_for_update=True, populate_existing=True)
    if found.settled_at is not None:
        raise WrongState(SETTLED)
    return found


def remember(did: Did, room: Room, matter: LegalMatter, *, by: Actor, **facts: object) -> None:
    """Remember an act under the matter's own key: what a group asks is between it and the legal office."""
    record(did, f"legal:{room.code}:{matter.number}", by=by, side=side_of(room, by), **facts)
