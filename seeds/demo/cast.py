"""The people of the demonstration, their roles and groups, and what the city can give this year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.organisations import actions as organisations
from portal.organisations.actors import actor_for
from portal.organisations.models import Kind
from portal.people import actions as people
from portal.people import queries
from portal.people.actions.factors import enter_app
from portal.people.factors import seeded_secret
from portal.policy import SYSTEM, Actor, Role
from portal.residents import actions as residents
from portal.residents.models import Way
from portal.support import actions as support
from portal.support import queries as pool_queries
from portal.support.changes import Change, Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.city import PoolRules, Profile
    from portal.people.models import Person
    from portal.support.models import Pool

PASSWORD = "commons-demo-2026"

PEOPLE = (
    ("rosa@example.org", "Rosa Neri", "it", ()),
    ("teo@example.org", "Teo Galli", "it", ()),
    ("eve@example.org", "Eve Moro", "en", ()),
    ("nina@example.org", "Nina Costa", "it", ()),
    ("giulia@city.example", "Giulia Bassi", "it", (Role.OFFICER,)),
    ("marco@city.example", "Marco Riva", "it", (Role.OFFICER,)),
    ("lea@city.example", "Lea Conti", "it", (Role.LEGAL, Role.ADVISER)),
    ("ivan@city.example", "Ivan Ferri", "it", (Role.INFRASTRUCTURE,)),
    ("tina@city.example", "Tina Sala", "it", (Role.TREASURER,)),
    ("nuria@city.example", "Nuria Vidal", "it", (Role.SIGNATORY,)),
    ("paolo@city.example", "Paolo Serra", "it", (Role.PROCUREMENT,)),
    ("sara@city.example", "Sara Villa", "it", (Role.PROCUREMENT,)),
    ("emma@city.example", "Emma Longo", "it", (Role.COMMITTEE,)),
    ("fabio@city.example", "Fabio Testa", "it", (Role.COMMITTEE,)),
    ("greta@city.example", "Greta Marini", "it", (Role.COMMITTEE,)),
    ("kira@city.example", "Kira Donati", "it", (Role.KEY_HOLDER,)),
    ("leo@city.example", "Leo Barbieri", "it", (Role.KEY_HOLDER,)),
    ("mina@city.example", "Mina Farina", "it", (Role.KEY_HOLDER,)),
    ("carla@city.example", "Carla Gatti", "it", (Role.CLERK,)),
    ("aldo@city.example", "Aldo Pini", "it", (Role.AUDITOR,)),
    ("ada@city.example", "Ada Monti", "it", (Role.ADMINISTRATOR,)),
    ("bruno@ruota.example", "Bruno Sarti", "it", ()),
    ("dora@pixel.example", "Dora Bruni", "it", ()),
    ("carlo@fulmine.example", "Carlo Leone", "it", ()),
)
GROUPS = (
    ("Ruota, consegne in cooperativa", Kind.COOPERATIVE, "bruno@ruota.example"),
    ("Pixel, cooperativa di software", Kind.COOPERATIVE, "dora@pixel.example"),
    ("Fulmine consegne srl", Kind.COMPANY, "carlo@fulmine.example"),
)
# Whose document was seen and how; the tax codes are invented, and only their hashes are kept.
RESIDENTS = (
    ("rosa@example.org", Way.CENSUS, "NRERSO80A41A944R"),
    ("teo@example.org", Way.CENSUS, "GLLTEO75B12A944E"),
    ("nina@example.org", Way.IN_PERSON, "CSTNNI68D55A944E"),
    ("bruno@ruota.example", Way.IN_PERSON, "SRTBRN70A01A944N"),
    ("dora@pixel.example", Way.CENSUS, "BRNDRO72A41A944Q"),
)
CLERK = "carla@city.example"
SIGNATORY, TREASURER, LEGAL, SYSTEMS = (
    "nuria@city.example",
    "tina@city.example",
    "lea@city.example",
    "ivan@city.example",
)
EURO = 100
POOLS = (
    ("fondo-beni-comuni", "funding", "Fondo beni comuni", 120_000 * EURO),
    ("fondo-digitale", "funding", "Fondo digitale", 40_000 * EURO),
    ("server", "server", "Server della città", 120),
    ("sportello-legale", "legal", "Sportello legale", 160),
    ("sale-di-quartiere", "spaces", "Sale di quartiere", 900),
    ("attrezzi", "materials", "Attrezzi in prestito", 140),
    ("formazione", "training", "Formazione", 120),
    ("polizza", "insurance", "Polizza dei patti", 9_000 * EURO),
    ("canoni", "waivers", "Canoni non chiesti", 15_000 * EURO),
    ("ufficio-stampa", "communication", "Ufficio stampa", 80),
)
SERVER_SPACE = {"memory_gb": 480, "storage_gb": 6_000, "traffic_gb": 120_000}


def enter_people(languages: Sequence[str]) -> None:
    """Make the accounts, give the roles, found the groups; whose language the city lacks speaks its first."""
    for email, name, language, roles in PEOPLE:
        spoken = language if language in languages else languages[0]
        person = people.join(name, email, PASSWORD, language=spoken)
        for role in roles:
            people.grant(person, role, by=SYSTEM)
        if roles:
            enter_app(person, seeded_secret(email))
    for name, kind, speaker in GROUPS:
        organisations.found(name, kind, by=SYSTEM, speaker=_person(speaker))


def verify_residents(profile: Profile) -> None:
    """Let some of the citizens show that they live here; eve has not."""
    for email, way, number in RESIDENTS:
        person = _person(email)
        if way is Way.IN_PERSON:
            kind = profile.residents.shown[0].id
            residents.check_in_person(person, kind, number, rules=profile.residents, by=actor(CLERK))
        else:
            proof = residents.Proof(way)
            months = profile.residents.valid_months
            residents.settle(person, number, proof, months=months, by=actor(email))


def open_pools(year: int, rules: PoolRules) -> None:
    """Open what the city can give in a year: the treasurer asks, and who signs for the city approves."""
    for slug, kind, name, capacity in POOLS:
        facts = {"year": year, "slug": slug, "kind": kind, "name": name, "office": ""}
        further = SERVER_SPACE if kind == "server" else {}
        wish = Wish(capacity, f"Bilancio {year}", further)
        asked = support.ask_to_open(facts, wish, by=actor(TREASURER), rules=rules)
        if asked.state == "waiting":
            support.approve_change(asked, by=actor(SIGNATORY, is_fresh=True))


def close_pools(ended: int, rules: PoolRules) -> None:
    """Carry what a year still owes into the next one, and close it."""
    pools = _pools()
    for slug in sorted(one[0] for one in POOLS):
        reason, pool, later = f"Chiusura {ended}", pools[ended, slug], pools[ended + 1, slug]
        _change(Change.CARRY_OVER, pool, Wish(0, reason, other_id=later.id), rules)
        _change(Change.CLOSE, pool, Wish(0, reason), rules)


def _pools() -> dict[tuple[int, str], Pool]:
    return {(one.year, one.slug): one for one in db.session().scalars(pool_queries.pools())}


def change_pools(year: int, rules: PoolRules) -> None:
    """Move something to another pool of the year, and ask for more."""
    pools = _pools()
    common, digital = (pools[year, slug] for slug in ("fondo-beni-comuni", "fondo-digitale"))
    _change(
        Change.TRANSFER,
        common,
        Wish(3_000 * EURO, "Variazione di bilancio, atto 41", other_id=digital.id),
        rules,
    )
    more = Wish(20_000 * EURO, "Avanzo dell'anno, atto 57")
    support.ask(Change.INCREASE, digital, more, by=actor(TREASURER), rules=rules)


def _change(change: Change, pool: Pool, wish: Wish, rules: PoolRules) -> None:
    asked = support.ask(change, pool, wish, by=actor(TREASURER), rules=rules)
    if asked.state == "waiting":
        support.approve_change(asked, by=actor(SIGNATORY, is_fresh=True))


def actor(email: str, *, is_fresh: bool = False) -> Actor:
    """Return a member of the cast as an actor; kept, since a seeding asks a thousand times."""
    key = (email, is_fresh)
    if key not in _actors:
        _actors[key] = actor_for(_person(email), is_proved=True, is_fresh=is_fresh)
    return _actors[key]


_actors: dict[tuple[str, bool], Actor] = {}
_people: dict[str, Person] = {}


def forget(email: str | None = None) -> None:
    """Ask again which groups somebody belongs to; without an address, everybody."""
    for key in [key for key in _actors if email in {None, key[0]}]:
        del _actors[key]
    if email is None:
        _people.clear()


def _person(email: str) -> Person:
    # Nobody of the cast is given another role while the stories are told.
    if email not in _people:
        _people[email] = db.session().scalars(queries.by_email(email)).one()
    return _people[email]
