"""How the groups of the demonstration report: by the calendar, some late, one sent back, one missing."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from portal import db
from portal.pacts import actions as pacts
from portal.pacts import queries as pact_queries
from portal.pacts.actions.reports import periods_of
from seeds.demo.cast import actor
from seeds.demo.finding import days_from_today, pact_of
from seeds.demo.story import Story, Upto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.pacts.calendar import Period
    from portal.pacts.models import Pact, Report

LATE_DAYS, DAYS_TO_READ = 37, 3
OBJECTIVES = (
    "Tenere aperto e curato ciò che il patto affida a tutti, e far entrare persone nuove.",
    "Passare dai pochi che hanno cominciato a un gruppo che regge anche d'inverno.",
    "Fare quanto promesso e lasciare traccia di come si fa, perché altri possano continuare.",
)
ACTIONS = (
    "Turni settimanali, un incontro aperto al mese, piccole riparazioni, un diario comune.",
    "Due giornate aperte, una visita con l'ufficio, attrezzi riordinati e prestati a chi ne ha bisogno.",
    "Cura ordinaria secondo il calendario, un laboratorio con la scuola, un'assemblea con verbale pubblico.",
)
RESULTS = (
    "Più persone usano e curano il bene comune; chi prima passava soltanto ora partecipa.",
    "Le segnalazioni sono diminuite e tre persone nuove tengono un turno.",
    "Gli orari promessi sono stati rispettati quasi sempre; la pioggia ha fermato due giornate.",
)
NEXT = (
    "Allargare i turni e recuperare ciò che è in ritardo.",
    "Proporre all'assemblea un orario d'estate.",
    "Cercare chi insegni a riparare gli attrezzi.",
)
UNREAD = "Mancano le presenze di ottobre: basta il totale, senza nomi."


def reports(story: Story, pact: Pact) -> Iterator[tuple[int, Callable[[], None]]]:
    """Yield the day and the step of every report that was sent by today, and of what the officer did."""
    due = [one for one in periods_of(pact) if _sent_on(story, one) < 0]
    if story.upto == Upto.TERMINATED:
        due = [one for one in due if days_from_today(one.ends_before) < story.ended]
    told = due[: len(due) - story.unsent]
    for period in told:
        day = _sent_on(story, period)
        yield day, partial(_send, story, pact.code, period.number)
        fate = story.last_report if period is told[-1] else "published"
        if fate != "sent" and day + DAYS_TO_READ < 0:
            yield day + DAYS_TO_READ, partial(_read, story, pact.code, period.number, fate)


def _sent_on(story: Story, period: Period) -> int:
    ended = days_from_today(period.ends_before)
    is_late = len(story.what.title) % 8 == 0 and ended + LATE_DAYS < 0
    return ended + (LATE_DAYS if is_late else 4 + (7 * period.number + len(story.what.title)) % 12)


def _read(story: Story, code: str, number: int, fate: str) -> None:
    pact, officer = pact_of(code), actor(story.officer)
    report = _report(pact, number)
    if fate == "returned":
        pacts.return_report(report, UNREAD, pact=pact, by=officer)
    else:
        pacts.validate_report(report, pact=pact, by=officer)


def _report(pact: Pact, number: int) -> Report:
    return db.session().scalars(pact_queries.report(pact.id, number, published_only=False)).one()


def _send(story: Story, code: str, number: int) -> None:
    pact = pact_of(code)
    chance = Random(f"{story.what.title} {number}")
    promises = db.session().scalars(pact_queries.promises(pact.id)).all()
    outcomes = tuple(
        pacts.Outcome(promise.row_key, *_outcome(chance, promise.quantity, is_first=place == 0))
        for place, promise in enumerate(promises)
    )
    pacts.send_report(pact, number, _content(story, chance, outcomes), by=actor(story.by.holder))


def _outcome(chance: Random, quantity: int, *, is_first: bool) -> tuple[str, int, str]:
    lot = chance.random()
    if is_first or lot < 0.75:
        return "kept", quantity, ""
    if lot < 0.93:
        return "late", quantity // 2, "Si recupera nel prossimo periodo."
    return "not_done", 0, "Non è stato possibile: mancavano i permessi."


def _content(story: Story, chance: Random, outcomes: tuple[pacts.Outcome, ...]) -> pacts.ReportContent:
    money = story.asks["funding"].amount if "funding" in story.asks else 0
    people = chance.randint(6, 60)
    return pacts.ReportContent(
        objectives=chance.choice(OBJECTIVES),
        actions=chance.choice(ACTIONS),
        results=chance.choice(RESULTS),
        resources={
            "spent_cents": money * chance.randint(10, 45) // 10_000 * 100,
            "volunteer_hours": people * chance.randint(5, 14),
            "people": people,
            "other": "Attrezzi prestati dal quartiere",
        },
        outcomes=outcomes,
        figures=(
            _figure(
                "Persone che hanno partecipato", people * chance.randint(2, 7), "persone", "fogli presenze"
            ),
            _figure("Incontri aperti", chance.randint(3, 9), "incontri", "diario"),
        ),
        next_steps=chance.choice(NEXT),
        language="it",
    )


def _figure(label: str, value: int, unit: str, source: str) -> dict[str, object]:
    return {"label": label, "value": value, "unit": unit, "source": source}
