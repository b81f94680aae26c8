"""The track of the demonstration: six ideas for a cooperative, of which one was founded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.organisations.models import Organisation
from portal.proposals.calls import actions as calls
from portal.proposals.calls.actions import Notice
from portal.proposals.incubation import actions, hours, interests
from portal.proposals.incubation.actions import Idea, Plan, Step
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.bars import year_needed
from seeds.demo.cast import LEGAL, SIGNATORY, TREASURER, actor
from seeds.demo.groups import BRUNO, CARLO, DORA, NINA, ROSA, TEO
from seeds.demo.story import GIULIA, MARCO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.city import Profile
    from portal.proposals.models import Call, Venture

FIRST = -330
STAGES = (("Formazione", "Training", 4, 60), ("Mentoring", "Mentoring", 2, 60), ("Avvio", "Start", 1, 60))
# Hours of each kind of help by stage: first a course, then somebody at the group's side.
HELP = ({"training": 30}, {"training": 12, "mentoring": 16}, {"mentoring": 10})
GIVEN = {"training": ("Foglio delle presenze", 6), "mentoring": ("Diario degli incontri", 4)}
IDEAS = (
    (DORA, "Pixel", "Programmi liberi per i quartieri, di chi li scrive.", 3),
    (BRUNO, "Consegne di vicinato", "Consegne in bicicletta, decise da chi pedala.", 2),
    (ROSA, "Orto in rete", "Gli orti di quartiere vendono insieme.", 1),
    (TEO, "Ripara qui", "Una piattaforma di chi ripara.", 1),
    (NINA, "Tempo condiviso", "Ore di cura scambiate tra vicini.", 0),
    (CARLO, "Furgoni in comune", "Furgoni usati a turno.", 0),
)
WHY = {True: "Il progetto è chiaro e il gruppo c'è.", False: "I posti sono finiti: altri erano più avanti."}


def tell_track(profile: Profile) -> Iterator[int]:
    """Yield the day of each step of the track before it is done."""
    yield FIRST
    call = calls.draft(_notice(), by=actor(GIULIA))
    calls.publish(call, by=actor(SIGNATORY, is_fresh=True))
    actions.set_stages(call, _plans(), rules=profile, by=actor(GIULIA))
    yield FIRST + 10
    ventures = [(actions.apply(call, Idea(name, what, is_named=True), by=actor(who)), far)
                for who, name, what, far in IDEAS]  # fmt: skip
    interests.state(ventures[3][0], "Un mio parente è nel gruppo.", by=actor(LEGAL))
    for number in range(1, len(STAGES) + 1):
        yield FIRST + 60 * number - 2
        _promise(call, number)
        yield FIRST + 60 * number
        _decide(ventures, number)
    yield FIRST + 280
    _found(ventures[0][0])
    calls.decide(call, "Una cooperativa è nata, un'altra è vicina.", by=actor(MARCO))


def _notice() -> Notice:
    now = clock.now()
    return Notice(
        title={
            "it": "Primo percorso per cooperative di piattaforma",
            "en": "First track for platform cooperatives",
        },
        summary={
            "it": "Formazione, mentoring e avvio per chi fonda una cooperativa.",
            "en": "Training, mentoring and a start for those who found a cooperative.",
        },
        terms={"it": "Ogni tappa ha i suoi posti.", "en": "Each stage has its places."},
        track="incubation",
        themes=["work", "digital"],
        opens_at=now,
        closes_at=now + timedelta(days=50),
        source=f"Delibera di Giunta 12/{now.year}",
    )


def _plans() -> list[Plan]:
    day, found = clock.today() + timedelta(days=50), []
    for (italian, english, places, days), many in zip(STAGES, HELP, strict=True):
        last = day + timedelta(days=days - 1)
        plan = Plan({"it": italian, "en": english}, day, last, places, hours=many)
        found.append(plan)
        day = last + timedelta(days=1)
    return found


def _promise(call: Call, number: int) -> None:
    """Let two officials promise the hours of a stage out of the pool of its year."""
    for kind in HELP[number - 1]:
        row = hours.rows_of(call)[hours.key_of(number, kind)]
        year = year_needed(row.starts_on, clock.today())
        pool = db.session().scalars(support_queries.pools_for({row.kind}, year)).one()
        support.propose(row, pool, "Le ore sono nel piano del percorso", by=actor(TREASURER))
        support.approve(row, by=actor(LEGAL, is_fresh=True))


def _decide(ventures: list[tuple[Venture, int]], number: int) -> None:
    for venture, far in ventures:
        if venture.stage != number - 1 or venture.state not in {"applied", "on_track"}:
            continue
        goes_on = far >= number
        outcome = "goes_on" if goes_on else "not_chosen"
        decision = actions.propose(venture, outcome, WHY[goes_on], by=actor(GIULIA))
        actions.approve(venture, decision, by=actor(MARCO, is_fresh=True))
        for kind in HELP[number - 1] if goes_on else ():
            evidence, many = GIVEN[kind]
            actions.enter_step(venture, Step(kind, clock.today(), evidence, many), by=actor(GIULIA))


def _found(venture: Venture) -> None:
    actions.enter_step(venture, Step("statute", clock.today(), "Bozza dello statuto"), by=actor(DORA))
    pixel = select(Organisation).where(Organisation.name.startswith("Pixel"))
    actions.found(venture, db.session().scalars(pixel).one(), by=actor(GIULIA))
