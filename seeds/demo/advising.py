"""Legal help of the demonstration: ten hours given, a question waiting, a clinic half filled, free times."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING

from portal import city, clock, db
from portal.pacts.standing import profile_of
from portal.support.legal import actions, assessing, queries
from portal.support.legal.lifecycle import Outcome, State, Topic
from seeds.demo.cast import LEGAL, actor
from seeds.demo.finding import pact_of
from seeds.demo.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.support.legal.models import LegalMatter

GARDEN = "Giardino Scipione, curato da chi ci abita"
RIDES = "Il lavoro in bici, i dati di chi consegna"
# Whose hours are given by what was worked and confirmed, not entered by hand.
HELPED = frozenset({GARDEN, RIDES})
OFFICE = "Sportello legale, piazza Maggiore 6, stanza 12"
STUDY, WRITING, TOO_LONG, REVIEW = 180, 240, 270, 30
MEETINGS = (60, 90)
INSURANCE = "Vogliamo aprire il cancello ogni mattina. Chi risponde se qualcuno si fa male mentre potiamo?"
POLICY = (
    "La polizza del Comune copre i volontari iscritti nel registro. Per il laboratorio del sabato serve una"
    " copertura in più: ne parliamo all'appuntamento.\nPortate il registro delle presenze."
)
DRAFT = "Ecco la bozza del regolamento interno, con chi apre, chi chiude e chi avvisa in caso di danno."
FOUND = "Alcuni di noi vogliono fondare una cooperativa per i lavori a pagamento. Da dove si comincia?"
LOOK = "Abbiamo segnato insieme i primi punti. Rispondete a quelli aperti prima dell'incontro."
RISKS = "Chi consegna dona i tempi dei suoi giri. Dobbiamo fare una valutazione d'impatto prima di aprirli?"
WHY = {"done": "", "open": "Ne parliamo in assemblea", "na": "Non prevediamo soci di questo genere"}
SAID = "Lavori di giardino e di manutenzione per il quartiere, decisi da chi li fa."
Step = tuple[int, "Callable[[], None]"]


def advise(story: Story, code: str, begins: int, until: int) -> Iterator[Step]:
    """Yield the days on which the legal office helps a pact: nothing where the story names no help."""
    if story.what.title == GARDEN and until == 0:
        group = story.by.holder
        yield begins + 16, partial(_ask, code, Topic.CONTRACT, INSURANCE, group)
        yield begins + 18, partial(_write, code, 1, POLICY, LEGAL)
        for turn, minutes in enumerate(MEETINGS):
            day = begins + 20 + 14 * turn
            yield day, partial(_propose, code, 1, minutes)
            yield day + 2, partial(_accept, code, 1, group)
            yield day + 7, partial(_hold, code, minutes)
        yield begins + 42, partial(_work, code)
        yield begins + 45, partial(_answer_all, code, group)
        yield begins + 46, partial(_put_right, code, group)
        yield begins + 50, partial(_finish, code)
        yield -12, partial(_ask, code, Topic.CLINIC, FOUND, group)
        yield -9, partial(_fill, code, "clinic", LEGAL)
        yield -8, partial(_write, code, 2, LOOK, LEGAL)
        yield -3, partial(_propose, code, 2, MEETINGS[0])
    elif story.what.title == RIDES and until == 0:
        yield -4, _offer
        yield -2, partial(_ask, code, Topic.DPIA, RISKS, story.by.holder)
        yield -1, partial(_take, code, story.by.holder)


def _matter(code: str, number: int) -> LegalMatter:
    return db.session().scalars(queries.matter(pact_of(code).key, number)).one()


def _ask(code: str, topic: Topic, question: str, group: str) -> None:
    actions.ask(pact_of(code), topic.value, question, by=actor(group))


def _write(code: str, number: int, words: str, who: str) -> None:
    actions.write(pact_of(code), _matter(code, number), words, by=actor(who))


def _plan(days: int, hour: int, minutes: int) -> actions.Plan:
    """Return a time so many days from now, on a full hour of the city's clock."""
    begins = (clock.local(clock.now()) + timedelta(days=days)).replace(
        hour=hour, minute=0, second=0, microsecond=0
    )
    first = begins.astimezone(UTC)
    return actions.Plan(first, first + timedelta(minutes=minutes), "place", OFFICE)


def _propose(code: str, number: int, minutes: int) -> None:
    actions.propose(pact_of(code), _matter(code, number), _plan(6, 10, minutes), by=actor(LEGAL))


def _accept(code: str, number: int, group: str) -> None:
    found = _matter(code, number)
    (proposed,) = (one for one in found.appointments if one.state == State.PROPOSED)
    one = db.session().scalars(queries.appointment(proposed.id)).one()
    actions.accept(pact_of(code), found, one, by=actor(group))


def _hold(code: str, minutes: int) -> None:
    found = _matter(code, 1)
    (booked,) = (one for one in found.appointments if one.state == State.BOOKED)
    one = db.session().scalars(queries.appointment(booked.id)).one()
    day = clock.local(one.begins_at).date()
    work = actions.Work(day, minutes, "meeting")
    actions.enter(pact_of(code), found, work, appointment=one, by=actor(LEGAL))


def _work(code: str) -> None:
    for minutes, kind in ((STUDY, "study"), (TOO_LONG, "writing"), (REVIEW, "review")):
        found = _matter(code, 1)
        actions.enter(pact_of(code), found, actions.Work(clock.today(), minutes, kind), by=actor(LEGAL))
    _write(code, 1, DRAFT, LEGAL)


def _answer_all(code: str, group: str) -> None:
    """Confirm what was worked, but for one entry that is too long."""
    found = _matter(code, 1)
    for one in found.work:
        if one.minutes == TOO_LONG:
            why = "La telefonata non riguardava noi: mezz'ora in meno."
            actions.object_to(pact_of(code), found, one, why, by=actor(group))
        else:
            actions.confirm(pact_of(code), found, one, by=actor(group))


def _put_right(code: str, group: str) -> None:
    found = _matter(code, 1)
    (before,) = (one for one in found.work if one.minutes == TOO_LONG)
    why = "Mezz'ora era per un altro gruppo"
    after = actions.correct(pact_of(code), found, before, WRITING, why, by=actor(LEGAL))
    actions.confirm(pact_of(code), found, after, by=actor(group))


def _finish(code: str) -> None:
    actions.note(pact_of(code), _matter(code, 1), "Rivedere la polizza tra un anno.", by=actor(LEGAL))
    actions.close(pact_of(code), _matter(code, 1), Outcome.SOLVED.value, by=actor(LEGAL))


def _fill(code: str, guide_id: str, who: str) -> None:
    """Answer the first half of a guide, as each city wrote it."""
    guides = city.profile(profile_of(pact_of(code)).city).guides
    (guide,) = (one for one in guides if one.id == guide_id)
    for section in guide.sections[: (len(guide.sections) + 1) // 2]:
        answers = {}
        for number, question in enumerate(section.questions):
            answers[question.id] = SAID
            if question.kind == "point":
                answers[question.id] = state = ("done", "open", "na")[number % 3]
                answers[assessing.why(question.id)] = WHY[state]
        actions.answer(pact_of(code), _matter(code, 2), guide, section.id, answers, by=actor(who))


def _offer() -> None:
    for days, hour in ((6, 9), (6, 11), (8, 15), (11, 9)):
        actions.offer(_plan(days, hour, 60), by=actor(LEGAL))


def _take(code: str, group: str) -> None:
    free = db.session().scalars(queries.free_after(clock.now(), most=1)).one()
    one = db.session().scalars(queries.appointment(free.id)).one()
    actions.take(pact_of(code), _matter(code, 1), one, by=actor(group))
