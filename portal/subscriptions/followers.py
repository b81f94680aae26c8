"""Whoever follows a case, its place, its district, a circle around it, or a search that finds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select

from portal import db
from portal.commons.models import Commons
from portal.notices import near
from portal.notices.actions import Recipient
from portal.notices.kinds import Kind
from portal.notices.models import Follow, Reader, What
from portal.people.models import Person
from portal.subscriptions.telling import tell

if TYPE_CHECKING:
    from portal.pacts.models import Pact
    from portal.proposals.models import Proposal
    from portal.subscriptions.telling import Mail, News


@dataclass(frozen=True)
class Case:
    """By what a case can be followed."""

    kind: str
    district: str
    topic: str
    proposal_code: str
    pact_code: str = ""
    commons: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None


def case_of_proposal(proposal: Proposal) -> Case:
    """Return by what a proposal can be followed."""
    return Case(
        proposal.kind,
        proposal.district,
        proposal.title,
        proposal.code,
        latitude_e6=proposal.latitude_e6,
        longitude_e6=proposal.longitude_e6,
    )


def case_of_pact(pact: Pact) -> Case:
    """Return by what a pact can be followed."""
    place = db.session().get_one(Commons, pact.commons_id)
    return Case(
        pact.kind,
        pact.district,
        pact.title,
        pact.proposal_code,
        pact_code=pact.code,
        commons=place.slug,
        latitude_e6=place.latitude_e6,
        longitude_e6=place.longitude_e6,
    )


def tell_followers(news: News, case: Case, mail: Mail, *, widely: bool = False) -> None:
    """Tell whoever follows the case; `widely` also who follows its district, a circle or a search.

    It is news for them whatever it is for the parties, and who was told as a party is not told again.
    """
    tell(news, _followers(news, case, widely=widely), replace(mail, kind=Kind.NEWS, topic=case.topic))


def _followers(news: News, case: Case, *, widely: bool) -> list[Recipient]:
    found = (
        select(Reader.person_id, Reader.address, Reader.language, Person.language, Follow)
        .join(Follow, Follow.reader_id == Reader.id)
        .outerjoin(Person, Person.id == Reader.person_id)
        .where(Follow.confirmed_at.is_not(None), Person.suspended_at.is_(None))
        .where(or_(*_by_case(case), *(_by_area(case) if widely else ())))
        .order_by(Reader.id)
    )
    told = _addresses_of(news.told)
    return [
        Recipient(person_id, address or "", own or language)
        for person_id, address, language, own, follow in db.session().execute(found)
        if address not in told and _is_inside(follow, case)
    ]


def _by_case(case: Case) -> list[ColumnElement[bool]]:
    targets = [
        (What.PACT, case.pact_code),
        (What.PROPOSAL, case.proposal_code),
        (What.COMMONS, case.commons),
    ]
    return [and_(Follow.what == what.value, Follow.target == target) for what, target in targets if target]


def _by_area(case: Case) -> list[ColumnElement[bool]]:
    found = [
        and_(
            Follow.what == What.SEARCH.value,
            Follow.kind.in_(("", case.kind)),
            Follow.district.in_(("", case.district)),
        )
    ]
    if case.district:
        found.append(and_(Follow.what == What.DISTRICT.value, Follow.target == case.district))
    if case.latitude_e6 is not None and case.longitude_e6 is not None:
        south, north = near.band(case.latitude_e6)
        found.append(and_(Follow.what == What.POINT.value, Follow.latitude_e6.between(south, north)))
    return found


def _is_inside(follow: Follow, case: Case) -> bool:
    if follow.what != What.POINT or case.latitude_e6 is None or case.longitude_e6 is None:
        return True
    here, there = (follow.latitude_e6, follow.longitude_e6), (case.latitude_e6, case.longitude_e6)
    return near.metres(here, there) <= follow.radius_m  # type: ignore[arg-type] # a CHECK says so


def _addresses_of(told: set[str]) -> set[str]:
    # Whoever follows by an address that is an account's, and was told in that account, is one person.
    ids = [int(who[1:]) for who in told if who.startswith("p")]
    return set(db.session().scalars(select(Person.email).where(Person.id.in_(ids)))) if ids else set()
