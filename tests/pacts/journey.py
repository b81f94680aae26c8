"""Bring a case to any stage through the actions, quickly: what the tests of several features start from.

Every step returns the pact as the database holds it, whole (parties, agreements, signatures loaded).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from portal import city, clock, db
from portal.pacts import actions, queries
from portal.pacts.actions.reports import Outcome, ReportContent
from portal.pacts.lint import lint
from portal.pacts.models import Pact, PactVersion
from portal.pacts.standing import profile_of
from portal.policy import SYSTEM, Actor
from portal.proposals import actions as proposals
from portal.proposals import checklist
from portal.proposals import queries as proposal_queries
from portal.proposals.assessment import actions as assessment
from portal.proposals.models import Proposal
from portal.proposals.shapes import Group, Need, Promise, Term, What, Where
from portal.support import actions as support
from portal.support import queries as support_queries
from tests.again import again
from tests.observations import steps

REASON = "It serves everybody and can be checked."


@dataclass(frozen=True, slots=True)
class Asked:
    """What the group of the journey asks for; zero leaves a kind out. Money in integer cents."""

    funding_cents: int = 300_000
    legal_hours: int = 4
    server_months: int = 0


WHERE = {
    "place": Where(address="Via Larga 12", district="", latitude_e6=44_494_900, longitude_e6=11_342_600),
    "software": Where(
        repository="https://code.example/ruota", licence="AGPL-3.0-or-later", about="Deliveries"
    ),
    "data_set": Where(about="Air measured at school gates", licence="ODbL-1.0", holds_personal_data=False),
}
PARTICULARS = {
    "place": {"owner": "city"},
    "software": {"maintainers": "few"},
    "data_set": {"access": "members"},
}
TITLES = {
    "place": "Giardino di Via Larga",
    "software": "Consegne in comune",
    "data_set": "Aria delle scuole",
}


def submitted(
    cast: Any, kind: str = "place", *, holder: str = "rosa", asked: Asked | None = None, title: str = ""
) -> Proposal:
    """Return a sent proposal of a group, held by a member of the cast."""
    actor = getattr(cast, holder)
    with db.writing():
        draft = proposals.start(by=actor, profile=city.profile("bologna"), language="it").proposal
        proposals.save_what(draft, What(kind, title or TITLES[kind], "Prendersene cura insieme."), by=actor)
        proposals.save_where(draft, WHERE[kind], by=actor)
        proposals.save_particulars(draft, PARTICULARS[kind], by=actor)
        name = "Orti di Via Larga" if holder == "rosa" else f"Gruppo di {holder}"
        group = Group("informal_group", name, "Rosa Neri", "rosa@example.org", is_adult=True)
        proposals.save_group(draft, group, by=actor)
        proposals.add_commitment(
            draft, Promise("Aprire il cancello", 5, "giorni", "week", "Registro delle aperture"), by=actor
        )
        starts_on = clock.today() + timedelta(days=30)
        proposals.save_term(draft, Term(starts_on, starts_on + timedelta(days=729)), by=actor)
        _ask(draft, asked or Asked(), actor)
        recommended = [one.id for one in city.profile("bologna").fences_for(kind)][:2]
        proposals.choose_fences(draft, recommended, by=actor)
        proposals.save_touched(draft, "I vicini", by=actor)
        proposals.submit(draft, by=actor)
    return reload_proposal(draft.code)


def _ask(draft: Proposal, asked: Asked, actor: Actor) -> None:
    wanted = {
        "funding": Need("Attrezzi e semi", asked.funding_cents),
        "legal": Need("Scelta della licenza", asked.legal_hours),
        "server": Need("Sito del gruppo", months=asked.server_months, plan="small"),
    }
    amounts = {"funding": asked.funding_cents, "legal": asked.legal_hours, "server": asked.server_months}
    kinds = [kind for kind, amount in amounts.items() if amount]
    proposals.choose_asks(draft, kinds, by=actor)
    for kind in kinds:
        proposals.detail_ask(draft, kind, wanted[kind], by=actor)


def reload_proposal(code: str) -> Proposal:
    """Return the proposal as the database holds it, with its parts."""
    with db.reading() as session:
        return session.scalars(proposal_queries.with_parts(proposal_queries.by_any_code(code))).one()


def checked(cast: Any, kind: str = "place", **options: Any) -> Proposal:
    """Return a proposal that Giulia has taken and found complete; neighbours had their say."""
    giulia = cast.giulia
    proposal = submitted(cast, kind, **options)
    with db.writing() as session:
        found = session.merge(proposal)
        proposals.assign(found, by=giulia)
        marks = {item.id: ("ok", "") for item in checklist.items_for(found.kind)}
        proposals.save_completeness(found, marks, by=giulia)
        steps.hear_out(found, giulia)
    return reload_proposal(proposal.code)


CLASSES = {"place": "ordinary", "software": "digital", "data_set": "data"}


@again
def accepted(cast: Any, kind: str = "place", **options: Any) -> Pact:
    """Return the pact in co-design that came of an accepted proposal."""
    giulia = cast.giulia
    proposal = checked(cast, kind, **options)
    with db.writing() as session:
        found = session.merge(proposal)
        pact = actions.open_from(found, reason=REASON, pact_class=CLASSES[kind], by=giulia)
    _advise(cast, pact)
    return reload(pact)


ADVISERS = {"it": "ivan", "legal": "lea", "privacy": "lea"}


def _advise(cast: Any, pact: Pact) -> None:
    """Let the offices whose opinion the class requires be in favour."""
    profile = profile_of(pact)
    required = profile.pact_class(pact.pact_class).opinions
    for office in profile.offices_for_opinions() if required else ():
        if office.opinion in required:
            adviser = getattr(cast, ADVISERS[office.opinion])
            with db.writing() as session:
                found = session.merge(reload_proposal(pact.proposal_code))
                made, _ = assessment.ask(found, office.id, "May it be done?", by=cast.giulia)
                assessment.state_interest(found, "", has_conflict=False, by=adviser)
                assessment.give(found, made, assessment.Answer("favourable", "It may."), by=adviser)


def reload(pact: Pact) -> Pact:
    """Return the pact as the database holds it."""
    with db.reading() as session:
        return session.scalars(queries.by_code(pact.code)).one()


def version_of(pact: Pact, number: int | None = None) -> PactVersion:
    """Return a version of the text, the newest unless another is named."""
    with db.reading() as session:
        return session.scalars(queries.version(pact.id, number or pact.last_version)).one()


def here(pact: Pact) -> Pact:
    """Return the pact inside the open unit of work."""
    return db.session().scalars(queries.by_code(pact.code)).one()


@again
def settled(cast: Any, kind: str = "place", **options: Any) -> Pact:
    """Return a pact whose text lacks nothing any more, still in co-design."""
    return settle(cast, accepted(cast, kind, **options))


def settle(cast: Any, pact: Pact) -> Pact:
    """Let both sides fill whatever the text still lacks."""
    for _ in range(40):
        finding = next(iter(lint(version_of(pact).text, profile_of(pact))), None)
        if finding is None:
            return pact
        pact = _mend(cast, pact, finding.clause_id)
    raise AssertionError(lint(version_of(pact).text, profile_of(pact)))


FILLERS = {"integer": 2, "hours": 2, "money": 50_000, "licence": "AGPL-3.0-or-later"}


def _mend(cast: Any, pact: Pact, clause_id: str) -> Pact:
    text, profile = version_of(pact).text, profile_of(pact)
    row = next(one for one in text["clauses"] if one["id"] == clause_id)
    values = {
        one.name: _filler(one.kind, one.name, text)
        for one in profile.clause(clause_id).parameters
        if one.needed and not row["params"].get(one.name)
    }
    return change(cast, pact, clause_id, {"params": values})


def _filler(kind: str, name: str, text: dict[str, Any]) -> Any:
    if kind == "date":
        return text["starts_on"] if "from" in name else text["ends_on"]
    return FILLERS.get(kind, "Secondo il programma concordato")


def change(cast: Any, pact: Pact, clause_id: str, wanted: dict[str, Any]) -> Pact:
    """Let Giulia suggest a change and Rosa accept it."""
    giulia = cast.giulia
    rosa = cast.rosa
    with db.writing():
        made = actions.suggest(here(pact), clause_id, wanted, by=giulia)
    with db.writing() as session:
        actions.answer_suggestion(session.merge(made), accept=True, pact=here(pact), by=rosa)
    return reload(pact)


def agree(pact: Pact, by: Actor) -> Pact:
    """Let somebody agree to the newest version."""
    version = version_of(pact)
    with db.writing():
        actions.agree(here(pact), version.number, version.content_hash, by=by)
    return reload(pact)


@again
def agreed(cast: Any, kind: str = "place", **options: Any) -> Pact:
    """Return a pact whose text both sides agreed to; its support is asked for."""
    pact = settled(cast, kind, **options)
    agree(pact, cast.rosa)
    return agree(pact, cast.giulia)


CAPACITIES = {"funding": 100_000_000, "server": 1000, "legal": 1000}


def pools(cast: Any, year: int) -> dict[str, Any]:
    """Return one large pool of each kind for a year, opened when first asked for."""
    found = {}
    for kind, capacity in CAPACITIES.items():
        with db.reading() as session:
            pool = session.scalar(support_queries.pool(year, f"test-{kind}"))
        if pool is None:
            with db.writing():
                pool = support.open_pool(year, f"test-{kind}", kind, f"Fondo {kind}", capacity, by=SYSTEM)
        found[kind] = pool
    return found


def resource(cast: Any, pact: Pact) -> Pact:
    """Let Giulia propose and Tina approve all the support of the agreed version."""
    giulia = cast.giulia
    tina = cast.fresh("tina")
    with db.reading() as session:
        rows = session.scalars(support_queries.current(pact.key)).all()
    year = rows[0].starts_on.year if rows else clock.today().year
    funds = pools(cast, year)
    for row in rows:
        with db.writing() as session:
            one = session.scalars(support_queries.row(pact.key, row.row_key)).one()
            support.propose(one, session.merge(funds[one.kind]), REASON, by=giulia)
        with db.writing() as session:
            support.approve(session.scalars(support_queries.row(pact.key, row.row_key)).one(), by=tina)
    return reload(pact)


@again
def resourced(cast: Any, kind: str = "place", **options: Any) -> Pact:
    """Return an agreed pact whose support two officials approved."""
    return resource(cast, agreed(cast, kind, **options))


@again
def signing(cast: Any, kind: str = "place", **options: Any) -> Pact:
    """Return a pact that is ready to sign; Nuria may sign for the city."""
    giulia = cast.giulia
    pact = resourced(cast, kind, **options)
    cast.person("nuria")
    with db.writing():
        actions.open_signing(here(pact), by=giulia)
    return reload(pact)


def sign(pact: Pact, by: Actor) -> Pact:
    """Let somebody sign, freshly signed in."""
    with db.writing():
        actions.sign(here(pact), content_hash=pact.agreed_hash, by=replace(by, is_fresh=True))
    return reload(pact)


@again
def signed(cast: Any, kind: str = "place", **options: Any) -> Pact:
    """Return a signed pact: support promised, promises and fences alive; its papers are still due."""
    pact = signing(cast, kind, **options)
    sign(pact, cast.rosa)
    return sign(pact, cast.nuria)


def told(pact: Pact, **changes: Any) -> ReportContent:
    """Return a whole report on the promises of a signed pact."""
    with db.reading() as session:
        promises = session.scalars(queries.promises(pact.id)).all()
    content = ReportContent(
        objectives="Un giardino aperto",
        actions="Cinque aperture la settimana",
        results="Più vicini di prima",
        resources={"spent_cents": 120_000, "volunteer_hours": 80, "people": 12, "other": ""},
        outcomes=tuple(Outcome(one.row_key, "kept", 1, "Registro") for one in promises),
        figures=({"label": "Visitatori", "value": 300, "unit": "persone", "source": "Registro"},),
    )
    return replace(content, **changes)


def reported(cast: Any, pact: Pact, number: int = 1) -> Pact:
    """Let Rosa send a report and Giulia find it in order."""
    giulia = cast.giulia
    rosa = cast.rosa
    content = told(pact)
    with db.writing():
        actions.send_report(here(pact), number, content, by=rosa)
    with db.writing() as session:
        report = session.scalars(queries.report(pact.id, number, published_only=False)).one()
        actions.validate_report(report, pact=here(pact), by=giulia)
    return reload(pact)
