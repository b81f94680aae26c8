"""How neighbours speak about a proposal of the demonstration, and how the city answers them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from portal import clock, db
from portal.observations import actions, queries
from portal.observations.actions.writing import Told
from portal.observations.subjects import Concerned
from portal.observations.suspicion import Signs
from portal.organisations.actors import visitor
from portal.proposals import observed
from seeds.demo.cast import actor
from seeds.demo.finding import proposal_of
from seeds.demo.story import Story, Upto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.policy import Actor

# The period opens so many days after the sending, and lasts as long as the rules ask at least.
OPENS, DAYS = 4, 15
CALM = Signs(seconds=90)


class Said(NamedTuple):
    """What a neighbour says, and what the city answers to it."""

    kind: str
    text: str
    outcome: str
    answer: str


USUAL = (
    Said(
        "support",
        "Passo di qui ogni giorno: finalmente qualcuno se ne prende cura. Vengo volentieri ad aiutare.",
        "accepted",
        "Grazie: il gruppo si ritrova il primo sabato del mese, chi vuole partecipa.",
    ),
    Said(
        "worry",
        "La sera c'è già rumore. Chi controlla che alle 22 finisca tutto?",
        "accepted",
        "Il patto fissa la fine delle attività alle 22 e un numero da chiamare.",
    ),
    Said(
        "idea",
        "Mettete una seduta con lo schienale e i braccioli: chi è anziano si alza meglio.",
        "partly",
        "Una seduta su due avrà schienale e braccioli; le altre restano quelle che ci sono.",
    ),
    Said(
        "objection",
        "Così si perde il passaggio che usiamo per arrivare alla fermata.",
        "declined",
        "Il passaggio resta largo due metri e mezzo: lo abbiamo misurato con chi abita lì.",
    ),
    Said(
        "problem",
        "Il tombino vicino all'ingresso è rotto da mesi. Sistematelo prima.",
        "accepted",
        "Il tombino è stato riparato: la segnalazione è passata alla manutenzione.",
    ),
    Said(
        "worry",
        "E se tra due anni il gruppo si scioglie, chi resta a occuparsene?",
        "partly",
        "Il patto dice che cosa succede alla fine: il Comune riprende la cura e gli attrezzi restano lì.",
    ),
    Said(
        "idea",
        "Scrivete gli orari anche in arabo e in bengalese, qui abitano tante famiglie.",
        "accepted",
        "Il cartello sarà in quattro lingue, tradotto con la scuola di italiano del quartiere.",
    ),
    Said(
        "support",
        "Bene. Era ora.",
        "passed_over",
        "Non chiede risposta: grazie.",
    ),
)
# Said about the proposals that are open for observations now; nothing of it is answered yet but the first.
NOW = (
    USUAL[2],
    Said("worry", "Il giovedì lì passano i furgoni del mercato: avete sentito chi ci lavora?", "", ""),
    Said("problem", "Due rastrelliere sono divelte da prima di Natale.", "", ""),
)
# Verified residents, who stand behind what is open for observations now.
NEIGHBOURS = ("rosa@example.org", "teo@example.org", "bruno@ruota.example", "dora@pixel.example")
OBJECTION = (
    "Abito al piano terra, proprio accanto. Chiedo che non si lavori sotto le finestre prima delle nove: "
    "mio padre è malato e riposa di mattina."
)
HELD = "Guardate come hanno fatto qui: https://example.org/ciclofficina"
RUDE = "Siete tutti dei buffoni e dei ladri."
TOLD_WHY = "Le offese non restano sulla pagina. La critica, senza insulti, è benvenuta."
CONTEST = "Ero arrabbiato, ma il problema dei posti è vero: leggetelo."


def hear(story: Story, code: str) -> Iterator[int]:
    """Yield the days of a proposal's period for observations, where it has come so far."""
    is_open_now = story.is_open_to_all
    if story.upto < Upto.CO_DESIGN and not is_open_now:
        return
    opens = max(story.sent + OPENS, -DAYS // 2) if is_open_now else story.sent + OPENS
    yield opens
    _publish(story, code)
    if is_open_now:
        yield from _speak_now(story, code, opens)
        return
    chance = Random(story.what.title)
    said = chance.sample(USUAL, chance.choice((0, 1, 1, 1, 2, 2, 3)))
    codes = []
    for turn, one in enumerate(said):
        yield opens + 2 + 3 * turn
        codes.append(_say(code, one.kind, one.text))
    if codes:
        yield opens + DAYS
    for said_code, one in zip(codes, said, strict=True):
        _answer(story, said_code, one)


def _publish(story: Story, code: str) -> None:
    first = clock.today()
    last = first + timedelta(days=DAYS - 1)
    actions.open_period(observed.subject(proposal_of(code)), first, last, by=actor(story.officer))


def _say(code: str, kind: str, text: str, by: Actor | None = None, *, name: str = "") -> str:
    # Who objects tells the city a name; in the demonstration it is the neighbour's own, never shown.
    told = Told(kind, text, "it", name=name or ("Nina Costa" if kind == "objection" else ""))
    return actions.write(observed.subject(proposal_of(code)), told, CALM, by=by or visitor([])).code


def _answer(story: Story, said_code: str, one: Said) -> None:
    _with(said_code, partial(actions.answer, outcome=one.outcome, text=one.answer, by=actor(story.officer)))


def _with(said_code: str, verb: Callable[[Concerned], None]) -> None:
    found = db.session().scalars(queries.by_code(said_code)).one()
    verb(Concerned(found, observed.subject(proposal_of(found.subject_key.partition(":")[2]))))
    db.session().flush()


def _speak_now(story: Story, code: str, opens: int) -> Iterator[int]:
    officer = actor(story.officer)
    yield opens + 1
    first = _say(code, NOW[0].kind, NOW[0].text)
    yield opens + 2
    _say(code, "objection", OBJECTION, actor("nina@example.org"))
    # Whoever proposes needs no endorsement of their own.
    for email in (one for one in NEIGHBOURS if one != story.by.holder):
        actions.endorse(observed.subject(proposal_of(code)), by=actor(email))
    yield opens + 3
    for one in NOW[1:]:
        _say(code, one.kind, one.text)
    rude, held = _say(code, "worry", RUDE), _say(code, "idea", HELD)
    del held
    yield opens + 4
    _answer(story, first, NOW[0])
    _with(rude, partial(actions.hide, reason="insult", why=TOLD_WHY, by=officer))
    yield opens + 5
    found = db.session().scalars(queries.by_code(rude)).one()
    actions.contest(found, CONTEST, by=replace(visitor([]), keys=frozenset({found.key})))
