"""Whom a message reaches: the holder of a proposal, the group of a pact, the people of a city role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.notices.actions import Recipient
from portal.notices.letters.models import Way
from portal.organisations import queries as organisations
from portal.pacts import queries as pact_queries
from portal.pacts.models import Pact
from portal.people import queries as people_queries
from portal.people.models import Person, Share
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
    """Return who holds the proposal: an account, a group, an address or paper; and who writes it along."""
    along = _writing_along(proposal)
    if proposal.organisation_id is not None:
        # A group's proposal is the group's: whoever began it may have left.
        speaking = organisations.speakers_of(proposal.organisation_id, clock.now())
        return people([*(one.person_id for one in db.session().scalars(speaking)), *along])
    if proposal.person_id is not None:
        return people([proposal.person_id, *along])
    return [*_left(proposal), *people(along)]


def _writing_along(proposal: Proposal) -> list[int]:
    along = select(Share.person_id).where(Share.subject == proposal.key, Share.until.is_(None))
    return list(db.session().scalars(along))


def _left(proposal: Proposal) -> list[Recipient]:
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
