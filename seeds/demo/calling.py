"""The calls of the demonstration: one open with matchfunding, one that opens soon, one decided long ago."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.proposals.calls import actions
from portal.proposals.calls.actions import Notice
from portal.proposals.models import Call
from seeds.demo.cast import SIGNATORY, actor
from seeds.demo.finding import day_of_seeding
from seeds.demo.story import EURO, GIULIA, MARCO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STREETS, COOPERATIVES, DIGITAL = "streets", "cooperatives", "digital"
# From its first draft to its publication.
DAYS_TO_PUBLISH = 10
WHY_DECIDED = (
    "Sono arrivate proposte di gruppi e associazioni. Tutte quelle ammesse sono passate alla coprogettazione."
)


def tell_calls() -> tuple[Iterator[int], ...]:
    """Return the lives of the calls; each yields the day of a step before it is done."""
    return (
        _open(STREETS, _streets, first=-30, last=25),
        _open(COOPERATIVES, _cooperatives, first=14, last=75),
        _decided(),
    )


def call_named(name: str) -> Call | None:
    """Return the call that a story answers, or None for none."""
    if not name:
        return None
    return db.session().scalars(select(Call).where(Call.ref == _refs[name])).one()


_refs: dict[str, str] = {}


def _open(
    name: str, notice: Callable[[datetime, datetime], Notice], *, first: int, last: int
) -> Iterator[int]:
    yield min(first, 0) - DAYS_TO_PUBLISH - 2
    written = notice(_at(first, time(9)), _at(last, time(12)))
    call = actions.draft(written, by=actor(GIULIA))
    _refs[name] = call.ref
    yield min(first, 0) - 2
    actions.publish(_call(name), by=actor(SIGNATORY, is_fresh=True))


def _decided() -> Iterator[int]:
    yield from _open(DIGITAL, _digital, first=-420, last=-360)
    yield -330
    actions.decide(_call(DIGITAL), WHY_DECIDED, by=actor(MARCO))


def _call(name: str) -> Call:
    found = call_named(name)
    assert found is not None  # noqa: S101 - drafted a step before
    return found


def _at(day: int, hour: time) -> datetime:
    return datetime.combine(day_of_seeding() + timedelta(days=day), hour, tzinfo=clock.zone())


def _streets(opens_at: datetime, closes_at: datetime) -> Notice:
    return Notice(
        title={"it": "Strade da abitare", "en": "Streets to live in"},
        summary={
            "it": "Panchine, ombra, biciclette: piccoli luoghi di strada curati da chi li usa.",
            "en": "Benches, shade, bicycles: small places in the street, looked after by those who use them.",
        },
        terms={
            "it": "Ogni gruppo raccoglie da sé una parte del denaro, anche in piccole somme. La città la"
            " raddoppia quando il patto è firmato.\n\nIl denaro raccolto resta del gruppo, che ne rende conto"
            " nelle relazioni.",
            "en": "Each group raises a part of the money itself, in small sums too. The city doubles it when"
            " the pact is signed.\n\nThe money that was raised stays with the group, which accounts for it in"
            " its reports.",
        },
        track="matchfunding",
        themes=["squares", "green", "climate"],
        kinds=["place"],
        opens_at=opens_at,
        closes_at=closes_at,
        budget_cents=30_000 * EURO,
        match_ratio_bp=10_000,
        match_cap_cents=4_000 * EURO,
        match_threshold_cents=300 * EURO,
        source=f"Determinazione dirigenziale 118/{opens_at.year}",
    )


def _cooperatives(opens_at: datetime, closes_at: datetime) -> Notice:
    return Notice(
        title={"it": "Nascono cooperative di piattaforma", "en": "New platform cooperatives"},
        summary={
            "it": "Un percorso per chi vuole fondare una cooperativa che possiede la sua piattaforma.",
            "en": "A path for those who want to found a cooperative that owns its platform.",
        },
        terms={
            "it": "Il percorso ha quattro tappe: idea, statuto, prova, avvio. A ogni tappa ci sono ore legali"
            " e un piccolo server.\n\nPassa alla tappa dopo chi ha fatto ciò che aveva promesso.",
            "en": "The path has four stages: idea, statute, trial, start. Each stage comes with legal hours"
            " and a small server.\n\nWho has done what they had promised goes on to the next stage.",
        },
        track="incubation",
        themes=["work", "digital"],
        kinds=["software", "data_set"],
        leads=["informal_group", "association", "cooperative"],
        opens_at=opens_at,
        closes_at=closes_at,
        source=f"Delibera di Giunta 74/{opens_at.year}",
    )


def _digital(opens_at: datetime, closes_at: datetime) -> Notice:
    return Notice(
        title={"it": "Dati e programmi in comune", "en": "Data and programs in common"},
        summary={
            "it": "Programmi liberi e raccolte di dati che servono a più quartieri.",
            "en": "Free programs and collections of data that serve several districts.",
        },
        terms={"it": "Licenza aperta, e un gruppo che se ne prende cura.", "en": ""},
        themes=["digital"],
        kinds=["software", "data_set"],
        opens_at=opens_at,
        closes_at=closes_at,
        source=f"Determinazione dirigenziale 31/{opens_at.year}",
    )
