"""Find a person who came before, enter one who comes for the first time, change how they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.counter import queries
from portal.counter.models import Helped
from portal.counter.names import name_key
from portal.errors import Invalid, NotFound
from portal.people import limits
from portal.policy import Can
from portal.proposals import codes
from portal.proposals import queries as proposal_queries
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.proposals.shapes import Contact

# A clerk meets a few people an hour: whoever asks for more is browsing.
MOST_SEARCHES, WINDOW_SECONDS = 60, 3600
OLDEST_YEARS = 120
_NOBODY = W("Nobody is found by this code and birth date. Check both, or look for the name.")
_NEVER_BORN = W("Check the birth date: it must be a day in the past.")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is at the counter for the first time."""

    contact: Contact
    born_on: date
    language: str


def find_by_case(code: str, born_on: date, *, by: Actor) -> Helped:
    """Return for whom a case was entered, at whatever counter; refuses with NotFound and with TooMany."""
    policy.check(by, Can.COUNTER_HELP)
    _count(by)
    found = db.session().scalar(queries.of_case(codes.tidy_code(code), born_on))
    if found is None:
        raise NotFound(_NOBODY, field="code")
    return found


def find_by_name(name: str, *, by: Actor) -> Sequence[Helped]:
    """Return a few people of this name; refuses with Invalid too short a name, with TooMany who browses."""
    policy.check(by, Can.COUNTER_HELP)
    if len(name_key(name).replace(" ", "")) < 3:  # noqa: PLR2004 - fewer letters would be browsing
        raise Invalid(W("Type at least three letters of the name"), field="name")
    _count(by)
    return db.session().scalars(queries.named(name)).all()


def _count(by: Actor) -> None:
    limits.spend("counter_search", by.pseudonym, most=MOST_SEARCHES, seconds=WINDOW_SECONDS)


def recognise(pseudonym: str, born_on: date, *, by: Actor) -> Helped:
    """Return the person found by name, if this is their birth date; tries are counted before."""
    policy.check(by, Can.COUNTER_HELP)
    _count(by)
    helped = db.session().scalar(queries.by_pseudonym(pseudonym))
    if helped is None or helped.born_on != born_on:
        raise NotFound(W("This is not the birth date we have. Ask again, or see a paper."), field="born_on")
    return helped


def meet(newcomer: Newcomer, *, by: Actor) -> Helped:
    """Enter a person; the same name and birth date again is the same person."""
    policy.check(by, Can.COUNTER_HELP)
    today = clock.today()
    if not today.year - OLDEST_YEARS <= newcomer.born_on.year or newcomer.born_on > today:
        raise Invalid(_NEVER_BORN, field="born_on")
    contact = newcomer.contact
    _check_way(contact)
    session = db.session()
    before = session.scalars(queries.the_same(contact.name, newcomer.born_on)).first()
    if before is not None:
        return before
    helped = Helped(
        name=contact.name,
        name_key=name_key(contact.name),
        born_on=newcomer.born_on,
        postal=contact.postal,
        phone=contact.phone,
        way=contact.way,
        language=newcomer.language,
        met_at=clock.now(),
        met_by_id=by.person_id,
    )
    session.add(helped)
    session.flush()
    record(Did.COUNTER_MET, helped.key, by=by, way=contact.way)
    return helped


def how_to_reach(helped: Helped, contact: Contact, *, by: Actor) -> None:
    """Change where letters and calls go, for the person and every case entered for them."""
    policy.check(by, Can.COUNTER_HELP)
    _must_help(helped, by)
    _check_way(contact)
    helped.postal, helped.phone, helped.way = contact.postal, contact.phone, contact.way
    for proposal in db.session().scalars(proposal_queries.entered_for(helped.pseudonym)):
        proposal.contact_postal, proposal.contact_phone = contact.postal, contact.phone
        proposal.contact_way = contact.way
    record(Did.COUNTER_CHANGED, helped.key, by=by, way=contact.way)


def _must_help(helped: Helped, by: Actor) -> None:
    if by.helps != helped.pseudonym:
        raise NotFound(W("You do not help this person now."))


def _check_way(contact: Contact) -> None:
    if not contact.name or not name_key(contact.name):
        raise Invalid(W("Enter the person's name"), field="name")
    if contact.way == "letter" and not contact.postal:
        raise Invalid(W("Letters need an address: street, postcode and town"), field="postal")
    if contact.way == "phone" and not contact.phone:
        raise Invalid(W("Enter the number to call"), field="phone")
