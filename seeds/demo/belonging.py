"""How groups of the demonstration live: entries, members, mandates, checks; and who writes along."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from stdnum import luhn

from portal import clock, db
from portal.organisations import actions, queries
from portal.organisations.actions import About, Given
from portal.organisations.models import Kind, Mandate, Organisation, Scope
from portal.people import queries as people
from portal.proposals import queries as proposals
from portal.proposals.actions import co_authors
from portal.proposals.lifecycle import State
from portal.proposals.models import Proposal
from seeds.demo.cast import actor, forget
from seeds.demo.finding import day_of_seeding
from seeds.demo.groups import BRUNO, CARLO, DORA, NINA, ROSA, TEO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.pacts.models import Pact
    from portal.people.models import Person

# Of Bologna, in the numbers of legal persons.
PROVINCE = "037"
CARLA = "carla@city.example"
# (speaker, tax number, what it does, how many days after today the city's check runs out)
ENTRIES = (
    (BRUNO, "03999000312", "Consegne in bicicletta, di chi ci lavora.", 20),
    (DORA, "03999000429", "Programmi liberi per chi fa qualcosa insieme.", -30),
    (CARLO, "03999000536", "Consegne in giornata.", None),
)
COMMITTEE = About(
    "Comitato delle panchine",
    Kind.INFORMAL_GROUP.value,
    summary="Vicine e vicini che curano le panchine della piazza.",
    seat="A casa di una di noi",
    contact_email="panchine@example.org",
    is_contact_public=True,
)


def belong() -> Iterator[int]:
    """Yield the days on which groups change."""
    yield -400
    for speaker, tax_id, summary, _ in ENTRIES:
        _enter(speaker, tax_id, summary)
    yield -399
    for speaker, _, _, days in ENTRIES:
        if days is not None:
            _check(speaker, days)
    yield -60
    _committee()
    yield -6
    _write_along()


def number(pact: Pact, *, by: str) -> None:
    """Enter an invented tax number of the group of a new pact, where it has a legal form and none yet."""
    group = db.session().get(Organisation, pact.organisation_id) if pact.organisation_id else None
    if group is None or group.tax_id or group.kind == Kind.INFORMAL_GROUP:
        return
    kept = {one.name: getattr(group, one.name) for one in fields(About)}
    digits = f"9{group.id:06d}{PROVINCE}"
    about = replace(About(**kept), tax_id=digits + luhn.calc_check_digit(digits))
    actions.change(group, about, country="IT", by=actor(by))


def _person(email: str) -> Person:
    return db.session().scalars(people.by_email(email)).one()


def _group(speaker: str) -> Organisation:
    # Whoever speaks for several speaks first for the one that was entered first.
    found = db.session().execute(queries.of_member(_person(speaker).id, clock.now())).all()
    first: Organisation = min((group for group, _ in found), key=lambda group: group.id)
    return first


def _day(days: int) -> datetime:
    return datetime.combine(day_of_seeding() + timedelta(days=days), time.min, tzinfo=clock.zone())


def _enter(speaker: str, tax_id: str, summary: str) -> None:
    by, group = actor(speaker), _group(speaker)
    about = About(group.name, group.kind, summary, tax_id, seat="Bologna", is_seat_public=True)
    actions.change(group, about, country="IT", by=by)
    decided = "Assemblea dei soci, verbale n. 2"
    given = Given(Scope.LEGAL_REPRESENTATIVE.value, clock.now(), _day(330), decided)
    actions.give_mandate(group, _person(speaker).pseudonym, given, by=by)
    actions.show_name(group, is_named=True, by=by)
    forget(speaker)


def _check(speaker: str, days: int) -> None:
    group = _group(speaker)
    wanted = select(Mandate.id).where(
        Mandate.organisation_id == group.id, Mandate.scope == Scope.LEGAL_REPRESENTATIVE.value
    )
    number = db.session().scalars(wanted).one()
    actions.check_representative(group, number, "Visura camerale", _day(days), by=actor(CARLA))


def _committee() -> None:
    group = actions.register(COMMITTEE, _person(ROSA), country="IT", by=actor(ROSA))
    forget(ROSA)
    rosa = actor(ROSA)
    actions.admit(group, _person(TEO), speaks_for_it=True, by=rosa)
    given = Given(Scope.EVERYTHING.value, clock.now(), _day(10), "Riunione in piazza, appunti di quel giorno")
    actions.give_mandate(group, _person(TEO).pseudonym, given, by=rosa)
    actions.ask_to_join(group, "Abito sopra la piazza e ho un trapano.", by=actor(NINA))
    forget(TEO)


def _write_along() -> None:
    """Let teo write a draft of rosa's along, as the cast says."""
    rosa = actor(ROSA)
    drafts = proposals.held_by(rosa).where(Proposal.state == State.DRAFT.value)
    draft = db.session().scalars(drafts.order_by(Proposal.id)).first()
    if draft is not None:
        token = co_authors.invite_co_author(draft, TEO, by=rosa)
        co_authors.join_as_co_author(token, _person(TEO), by=actor(TEO))
        forget(TEO)
