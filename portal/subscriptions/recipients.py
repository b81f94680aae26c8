"""Whom a message reaches: the holder of a proposal, the group of a pact, the people of a city role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from portal import clock, db
from portal.notices.actions import Recipient
from portal.notices.letters.models import Way
from portal.pacts import queries as pact_queries
from portal.pacts.models import Pact
from portal.people import queries as people_queries
from portal.people.models import Person
from portal.policy import Role
from portal.proposals.models import Proposal
from portal.web.chrome import day
from portal.words import in_language

if TYPE_CHECKING:
    from datetime import date


def pact_of(code: str) -> Pact:
    """Return the pact of a code, with its parties."""
    return db.session().scalars(pact_queries.by_code(code)).one()


def holder(proposal: Proposal) -> list[Recipient]:
    """Return whoever holds the proposal: an account, an address that was left, or paper."""
    if proposal.person_id is not None:
        return people([proposal.person_id])
    if proposal.contact_email:
        return [Recipient(None, proposal.contact_email, proposal.language)]
    return _without_mail(proposal)


def _without_mail(proposal: Proposal) -> list[Recipient]:
    way = proposal.contact_way or (Way.LETTER if proposal.contact_postal else "")
    reached = {
        Way.LETTER.value: proposal.contact_postal,
        Way.PHONE.value: proposal.contact_phone,
        Way.OFFICE.value: proposal.contact_name,
    }
    if not (proposal.contact_name and reached.get(str(way))):
        return []
    lines = tuple(proposal.contact_postal.split("\n")) if proposal.contact_postal else ()
    name, phone = proposal.contact_name, proposal.contact_phone
    return [Recipient(None, "", proposal.language, name=name, postal=lines, phone=phone, way=str(way))]


def people(ids: Iterable[int | None]) -> list[Recipient]:
    """Return the people of these ids."""
    wanted = {person_id for person_id in ids if person_id is not None}
    found: Iterable[Person] = (
        db.session().scalars(people_queries.by_ids(wanted).order_by(Person.id)) if wanted else []
    )
    return [Recipient(person.id, "", person.language) for person in found]


def holding(role: Role, *, without: int | None = None) -> list[Recipient]:
    """Return everybody who holds the role today, without one of them."""
    found = db.session().scalars(people_queries.holding(role, clock.now()))
    return [Recipient(person.id, "", person.language) for person in found if person.id != without]


def group(pact: Pact) -> list[Recipient]:
    """Return who signs for the community, or who proposed, before anybody was named."""
    signers = people(party.person_id for party in pact.parties if party.side == "community")
    return signers or holder(db.session().get_one(Proposal, pact.proposal_id))


def in_words(on: date | None, to: Recipient) -> str:
    """Return a day in the words of the recipient."""
    with in_language(to.language):
        return day(on)


def end_of(on: date) -> datetime:
    """Return the instant at which a day of the city is over."""
    return datetime.combine(on + timedelta(days=1), time(), tzinfo=clock.zone()).astimezone(UTC)


def nearest(days_left: int, marks: Sequence[int]) -> int | None:
    """Return which reminder before a day it is time for: the last one whose day has come, or None."""
    return min((mark for mark in marks if 0 <= days_left <= mark), default=None)
