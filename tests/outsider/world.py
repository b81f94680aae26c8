"""A small city in every state, built once: each private word in it can be recognised wherever it turns up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from portal import city, clock, crypto, db, models
from portal.documents.models import Edition, Key, Paper
from portal.observations import actions as observation_actions
from portal.pacts import actions as pacts
from portal.pacts.models import Pact, Party
from portal.policy import VISITOR
from portal.proposals import actions, checklist
from portal.proposals.assessment.actions import state_interest
from portal.proposals.models import Proposal
from portal.proposals.shapes import Group
from tests.observations import steps
from tests.outsider import around, filling, paying
from tests.outsider.around import AROUND, Around
from tests.outsider.paying import PAYING
from tests.pacts import journey

BASE = "http://127.0.0.1:8000"
# What must reach nobody but the two sides; each word stands nowhere else in the portal.
OBSERVED = {
    "neighbour": "Ginevra Nascosta",
    "neighbour_email": "ginevra.nascosta@example.org",
    "held": "Osservazione canarina in attesa",
    "insult": "Insulto canarino da nascondere",
    "hidden_why": "Spiegazione canarina a chi ha scritto",
    "contest": "Ricorso canarino di chi ha scritto",
}
CANARIES = {
    "contact_name": "Zelmira Canarina",
    "contact_email": "zelmira.canarina@example.org",
    "contact_phone": "+39 051 987 6543",
    "contact_postal": "Piazzetta Canarina 9",
    "adult_name": "Ottavia Garante",
    "alone_name": "Norberto Solingo",
    "address": "Vicolo Canarino 77",
    "tax_code": "CNRZLM80A41A944X",
    "draft_title": "Bozza canarina segreta",
    "note": "Nota interna canarina",
    "request": "Richiesta canarina di integrazione",
    "notice": "Preavviso canarino di diniego",
    "prepared": "Decisione canarina non ancora pubblica",
    "reply": "Replica canarina del gruppo",
    "suggestion": "Commento canarino sulla clausola",
    "sent_report": "Relazione canarina non ancora pubblica",
    "returned": "Rinvio canarino della relazione",
    **PAYING,
    **OBSERVED,
    **AROUND,
}
# What the account names of people are: never public, though staff and the sides see some of them.
NAMES = (
    "Rosa Neri", "rosa@example.org", "Giulia Bassi", "Nuria Vidal", "Tina Sala", "Teo Galli",
    "teo@example.org", "Carla Gatti", "Dario Pozzi", "Aldo Pini", "Ada Monti", "Lea Conti", "Marco Riva",
)  # fmt: skip


@dataclass
class World:
    """The codes of everything in the city, and the secrets of the draft and of the proposal sent by link."""

    people: dict[str, Any]
    proposals: dict[str, str] = field(default_factory=dict)
    pacts: dict[str, str] = field(default_factory=dict)
    observations: dict[str, str] = field(default_factory=dict)
    suggestion: int = 0
    token: str = ""
    word: str = ""
    around: Around = field(default_factory=Around)

    @property
    def codes(self) -> list[str]:
        """Return every code there is."""
        return [*self.proposals.values(), *self.pacts.values()]

    @property
    def secrets(self) -> dict[str, str]:
        """Return what must not be told to a stranger."""
        return {**CANARIES, "token": self.token, "word": self.word}


def build(cast: Any, store: Any) -> World:
    """Build the city through the actions, in the open database."""
    for name in (
        "rosa",
        "eve",
        "nina",
        "giulia",
        "marco",
        "lea",
        "ivan",
        "tina",
        "nuria",
        "aldo",
        "ada",
        "carla",
    ):
        cast.person(name)
    world = World(cast._people)
    _draft(world)
    for state in ("submitted", "supplement_asked", "refusal_noticed", "refused", "withdrawn"):
        world.proposals[state] = _sent(cast, state)
    _observed(cast, world)
    world.pacts["co_design"] = _co_design(cast, world)
    world.pacts["signing"] = journey.signing(cast, "software", title="Pronto da firmare").code
    world.pacts["signed"] = _signed(cast)
    world.pacts["alone"] = _alone(cast)
    world.pacts["of_nina"] = journey.accepted(cast, "data_set", holder="nina", title="Dati di Nina").code
    _issue(world, store)
    world.around = around.build(cast, store, world.proposals["submitted"], world.proposals["draft"])
    world.around.numbers |= paying.build(cast, store, world.pacts["signed"])
    world.proposals |= {f"helped_{name}": code for name, code in world.around.cases.items()}
    return world


def _draft(world: World) -> None:
    by = replace(VISITOR, pseudonym="visitor")
    with db.writing():
        begun = actions.start(by=by, profile=city.profile("bologna"), language="it")
        holder = replace(by, keys=frozenset({begun.proposal.key}))
        fill(begun.proposal, holder, title=CANARIES["draft_title"])
    world.proposals["draft"], world.token, world.word = begun.proposal.code, begun.token, begun.word


def fill(
    proposal: Proposal, by: Any, *, kind: str = "place", title: str = "Orto", alone: bool = False, **told: Any
) -> None:
    """Write a whole draft whose private answers are all recognisable."""
    filling.fill(proposal, by, group=private_group(alone=alone), kind=kind, title=title, **told)


def private_group(*, alone: bool) -> Group:
    """Return who proposes: a minor's group with an adult, or somebody alone who named a group before."""
    private = (CANARIES["contact_name"], CANARIES["contact_email"], CANARIES["contact_phone"])
    if alone:
        # The name of a group stays behind when somebody chooses to propose alone.
        return Group("citizen", CANARIES["alone_name"], *private, is_adult=True)
    postal = f"{CANARIES['contact_postal']}\n40100 Bologna"
    private = (*private, postal)
    return Group(
        "informal_group", "Amici dell'orto", *private, is_adult=False, adult_name=CANARIES["adult_name"]
    )


def _sent(cast: Any, state: str) -> str:
    rosa = cast.rosa
    with db.writing():
        begun = actions.start(by=rosa, profile=city.profile("bologna"), language="it").proposal
        fill(begun, rosa, title=f"Proposta {state}")
        actions.submit(begun, by=rosa)
    _further(cast, begun.code, state)
    return begun.code


def _further(cast: Any, code: str, state: str) -> None:
    giulia, rosa = cast.giulia, cast.rosa
    with db.writing() as session:
        found = session.merge(journey.reload_proposal(code))
        actions.assign(found, by=giulia)
        marks = {item.id: ("missing", CANARIES["note"]) for item in checklist.items_for(found.kind)}
        actions.save_completeness(found, marks, by=giulia)
        if state == "supplement_asked":
            actions.ask_supplement(found, CANARIES["request"], by=giulia)
        if state in {"refusal_noticed", "refused"}:
            state_interest(found, "", has_conflict=False, by=giulia)
            actions.notice_refusal(found, CANARIES["notice"], "Regolamento, art. 4", by=giulia)
            actions.reply(found, CANARIES["reply"], by=rosa)
        if state == "refusal_noticed":
            kept = pacts.Prepared("refuse", CANARIES["prepared"], source="Regolamento, art. 4")
            pacts.hold_decision(found, kept, by=giulia)
        if state == "refused":
            actions.refuse(found, "Il posto non è del Comune.", "Regolamento, art. 4", by=giulia)
        if state == "withdrawn":
            actions.withdraw(found, by=rosa)


def _observed(cast: Any, world: World) -> None:
    """Let neighbours speak: answered, held, hidden and contested, an objection; nobody shows a name."""
    code, giulia = world.proposals["submitted"], cast.giulia
    steps.publish(code, giulia)
    who = {"name": CANARIES["neighbour"], "email": CANARIES["neighbour_email"]}
    answered = steps.answer(steps.say(code, "Il cancello è stretto.", **who), giulia)
    held = steps.say(code, f"{CANARIES['held']}: https://example.org", **who)
    hidden = steps.hide(steps.say(code, CANARIES["insult"], **who), giulia, "insult", CANARIES["hidden_why"])
    with db.writing() as session:
        author = replace(VISITOR, keys=frozenset({hidden.key}))
        observation_actions.contest(session.merge(hidden), CANARIES["contest"], by=author)
    objection = steps.say(code, "Sono contraria.", kind="objection", **who)
    world.observations = {
        name: one.code
        for name, one in {
            "answered": answered, "held": held, "hidden": hidden, "objection": objection,
        }.items()
    }  # fmt: skip


def _pact_of(cast: Any, *, alone: bool, title: str) -> Pact:
    rosa, giulia = cast.rosa, cast.giulia
    with db.writing():
        begun = actions.start(by=rosa, profile=city.profile("bologna"), language="it").proposal
        fill(begun, rosa, title=title, alone=alone)
        actions.submit(begun, by=rosa)
    with db.writing() as session:
        found = session.merge(journey.reload_proposal(begun.code))
        actions.assign(found, by=giulia)
        marks = {item.id: ("ok", CANARIES["note"]) for item in checklist.items_for(found.kind)}
        actions.save_completeness(found, marks, by=giulia)
        steps.hear_out(found, giulia)
        pact = pacts.open_from(found, reason=journey.REASON, pact_class="ordinary", by=giulia)
        party = session.scalars(
            select(Party).where(Party.pact_id == pact.id, Party.side == "community")
        ).one()
        party.address, party.tax_code = CANARIES["address"], CANARIES["tax_code"]
    return journey.reload(pact)


def _co_design(cast: Any, world: World) -> str:
    pact = _pact_of(cast, alone=False, title="Testo in scrittura")
    rosa, change = cast.rosa, {"text": {"it": "Parole nostre.", "en": "Our words."}}
    with db.writing():
        clause = free_clause(pact)
        world.suggestion = pacts.suggest(
            journey.here(pact), clause, change, CANARIES["suggestion"], by=rosa
        ).id
    return pact.code


def free_clause(pact: Pact) -> str:
    """Return a clause of the text that takes own words."""
    text = journey.version_of(pact).text
    return next(str(row["id"]) for row in text["clauses"] if not row["locked"])


def _signed(cast: Any) -> str:
    pact = journey.settle(cast, _pact_of(cast, alone=False, title="Giardino firmato"))
    rosa, giulia, nuria = cast.rosa, cast.giulia, cast.nuria
    journey.agree(pact, rosa)
    pact = journey.resource(cast, journey.agree(pact, giulia))
    with db.writing():
        pacts.open_signing(journey.here(pact), by=giulia)
    pact = journey.sign(journey.sign(journey.reload(pact), rosa), nuria)
    journey.reported(cast, pact, 1)
    for number, words in ((2, CANARIES["sent_report"]), (3, CANARIES["returned"])):
        with db.writing():
            report = pacts.send_report(journey.here(pact), number, journey.told(pact, results=words), by=rosa)
            if number == 3:
                pacts.return_report(report, CANARIES["returned"], pact=journey.here(pact), by=giulia)
    return pact.code


def _alone(cast: Any) -> str:
    pact = journey.settle(cast, _pact_of(cast, alone=True, title="Panchina da sola"))
    rosa, giulia, nuria = cast.rosa, cast.giulia, cast.nuria
    journey.agree(pact, rosa)
    pact = journey.resource(cast, journey.agree(pact, giulia))
    with db.writing():
        pacts.open_signing(journey.here(pact), by=giulia)
    return journey.sign(journey.sign(journey.reload(pact), rosa), nuria).code


def _issue(world: World, store: Any) -> None:
    for name in ("signed", "alone"):
        with db.reading():
            pact = db.session().scalars(select(Pact).where(Pact.code == world.pacts[name])).one()
        for language, edition in (("it", Edition.ORIGINAL), ("it", Edition.PUBLIC)):
            private = CANARIES["tax_code"] if edition == Edition.ORIGINAL else ""
            content = f"%PDF-1.7 {name} {edition} {private}".encode()
            keep_paper(
                store, Key("agreement", pact.key, pact.agreed_version or 1, language, edition), content
            )
    code = world.proposals["submitted"]
    receipt = f"%PDF-1.7 receipt {CANARIES['contact_name']}".encode()
    keep_paper(store, Key("receipt", f"proposal:{code}", 1, "it", Edition.ORIGINAL), receipt)


def keep_paper(store: Any, key: Key, content: bytes) -> None:
    """Put a sealed paper into the store and the database, as the worker does at the end."""
    file_hash, now = store.put(content), clock.now()
    with db.writing() as session:
        session.add(
            Paper(
                kind=key.kind,
                subject=key.subject,
                version=key.version,
                language=key.language,
                edition=key.edition.value,
                code=key.code,
                state="sealed",
                content_hash=crypto.sha256_hex(content + b"c"),
                json_hash=crypto.sha256_hex(b"json"),
                unsigned_hash=crypto.sha256_hex(content + b"u"),
                file_hash=file_hash,
                byte_size=len(content),
                pages=1,
                created_at=now,
                rendered_at=now,
                sealed_at=now,
            )
        )


def fingerprint() -> dict[str, str]:
    """Return a hash of every table; sessions, counts of tries and denied attempts are left out."""
    found = {}
    with db.database().engine.connect() as connection:
        for table in models.metadata.sorted_tables:
            if table.name in {"open_session", "tally"}:
                continue
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            if table.name == "act":
                rows = [row for row in rows if row.verb != "denied"]
            found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def changed(before: dict[str, str]) -> list[str]:
    """Return the tables that differ from an earlier fingerprint."""
    now = fingerprint()
    return [name for name in now if now[name] != before[name]]
