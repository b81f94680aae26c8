"""Two neighbours without internet whom Carla helps at the counter: one has sent a proposal, one has begun."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal import clock, db
from portal.counter import actions as counter
from portal.counter.actions.people import Newcomer
from portal.pacts.calendar import months_later
from portal.proposals.actions import casework, details, drafting, opening, sending
from portal.proposals.shapes import Contact, Group, Need, Promise, Term, What, Where
from seeds.demo.cast import actor
from seeds.demo.finding import proposal_of
from seeds.demo.particulars import ANSWERS
from seeds.demo.story import MARCO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.city import Profile
    from portal.policy import Actor

CARLA = "carla@city.example"


@dataclass(frozen=True)
class Visit:
    """Who came to the counter, so many days before today, and with what."""

    day: int
    newcomer: Newcomer
    what: What
    where: Where
    is_sent: bool


VISITS = (
    Visit(
        -5,
        Newcomer(
            Contact("Anna Verdi", "Via San Donato 118\nscala B\n40127 Bologna BO", "051 000 118"),
            date(1941, 4, 3),
            "it",
        ),
        What(
            "place",
            "Panchine all'ombra in via San Donato",
            "Teniamo puliti e curati i posti dove ci si siede.",
        ),
        Where(address="Via San Donato 118", latitude_e6=44_507_000, longitude_e6=11_377_000),
        is_sent=True,
    ),
    Visit(
        -2,
        Newcomer(Contact("Ugo Bianchi", "", "051 000 226", "phone"), date(1938, 11, 20), "it"),
        What("place", "Il campo da bocce di via Libia", "Lo teniamo aperto ogni pomeriggio."),
        Where(address="Via Libia 60"),
        is_sent=False,
    ),
)


def tell_visit(visit: Visit, profile: Profile) -> Iterator[int]:
    """Yield the day of each step before it is done."""
    yield visit.day
    carla = actor(CARLA)
    helped = counter.meet(visit.newcomer, by=carla)
    help_id = counter.begin(helped, by=carla).id
    for_them = replace(carla, helps=helped.pseudonym, behalf=helped.pseudonym)
    code = _draft(visit, for_them, profile)
    if visit.is_sent:
        for_them = replace(for_them, keys=frozenset({f"proposal:{code}"}))
        sending.submit(proposal_of(code), by=for_them)
    counter.finish(help_id, by=carla)
    if visit.is_sent:
        yield visit.day + 2
        casework.assign(proposal_of(code), by=actor(MARCO))


def _draft(visit: Visit, by: Actor, profile: Profile) -> str:
    contact = visit.newcomer.contact
    begun = opening.start(by=by, profile=profile, language="it", contact=contact).proposal
    db.session().flush()
    proposal = proposal_of(begun.code)
    holding = replace(by, keys=frozenset({proposal.key}))
    drafting.save_what(proposal, visit.what, by=holding)
    drafting.save_where(proposal, visit.where, by=holding)
    if visit.is_sent:
        _fill(visit, proposal.code, holding)
    return proposal.code


def _fill(visit: Visit, code: str, by: Actor) -> None:
    proposal, contact = proposal_of(code), visit.newcomer.contact
    told = {"contact_phone": contact.phone, "contact_postal": contact.postal}
    group = Group("citizen", contact_name=contact.name, is_adult=True, **told)
    drafting.save_particulars(proposal, ANSWERS["place"][0], by=by)
    drafting.save_group(proposal, group, by=by)
    details.add_commitment(proposal, Promise("Giro di pulizia", 2, "volte", "week", "diario"), by=by)
    first = clock.today() + timedelta(days=60)
    drafting.save_term(proposal, Term(first, months_later(first, 12) - timedelta(days=1)), by=by)
    details.choose_asks(proposal, ("funding",), by=by)
    details.detail_ask(proposal, "funding", Need("Vernice e attrezzi", 30_000), by=by)
    details.choose_fences(proposal, ("open_door",), by=by)
    drafting.save_touched(proposal, "Chi abita nel palazzo lo sa.", by=by)
