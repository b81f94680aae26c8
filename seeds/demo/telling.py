"""How a case of the demonstration lives: each step waits for its day, then goes through the actions."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db
from portal.fences import actions as fences
from portal.fences import queries as fence_queries
from portal.organisations.models import Organisation
from portal.pacts import actions as pacts
from portal.pacts import queries as pact_queries
from portal.pacts.actions.reports import periods_of
from portal.pacts.calendar import months_later
from portal.pacts.lint import lint
from portal.pacts.standing import profile_of
from portal.policy import SYSTEM
from portal.proposals import checklist
from portal.proposals import queries as proposal_queries
from portal.proposals.actions import casework, details, drafting, opening, sending
from portal.proposals.shapes import Term
from portal.support import actions as support
from portal.support import queries as support_queries
from seeds.demo.cast import actor
from seeds.demo.story import Story, Upto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.city import Profile
    from portal.pacts.models import Pact
    from portal.proposals.models import Proposal

LAW = "Art. 10-bis, L. 241/1990"
REGULATION = "Regolamento 2023"
LAST_MEASURE = -12
SIGNATORY, TREASURER, LEGAL, SYSTEMS = (
    "nuria@city.example",
    "tina@city.example",
    "lea@city.example",
    "ivan@city.example",
)


def tell_story(story: Story, profile: Profile) -> Iterator[float]:
    """Yield the day of each step before it is done; stops where the story has come to."""
    yield story.sent - 2
    code = _draft(story, profile)
    if story.upto == Upto.DRAFT:
        return
    yield story.sent
    _send(story, code)
    if story.upto >= Upto.TAKEN:
        yield from _decide(story, code)


def _decide(story: Story, code: str) -> Iterator[float]:
    yield story.sent + 3
    casework.assign(_proposal(code), by=actor(story.officer))
    if story.upto == Upto.SUPPLEMENT:
        yield story.sent + 6
        request = "Chi verifica le segnalazioni, e come si può entrare nel gruppo?"
        casework.ask_supplement(_proposal(code), request, by=actor(story.officer))
    if story.upto in (Upto.NOTICED, Upto.REFUSED):
        yield from _refuse(story, code)
    if story.upto >= Upto.CO_DESIGN:
        yield from _write(story, code)


def _refuse(story: Story, code: str) -> Iterator[float]:
    yield story.sent + 15
    casework.notice_refusal(_proposal(code), story.reason, LAW, by=actor(story.officer))
    if story.upto == Upto.REFUSED:
        yield story.sent + 30
        casework.refuse(_proposal(code), story.reason, LAW, by=actor(story.officer))


def _write(story: Story, code: str) -> Iterator[float]:
    yield story.sent + 10
    officer = actor(story.officer)
    found = {item.id: (checklist.Mark.OK, "") for item in checklist.items_for(story.what.kind)}
    casework.save_completeness(_proposal(code), found, by=officer)
    pact = pacts.open_from(_proposal(code), reason=story.reason, pact_class=story.pact_class, by=officer)
    pact_code = pact.code
    if story.upto == Upto.SUGGESTED:
        yield story.sent + 16
        pacts.suggest(
            _pact(pact_code), "governance", OWN_WORDS, "Così decide chi ha donato.", by=actor(story.holder)
        )
    if story.upto >= Upto.AGREED:
        yield story.sent + 18
        _settle(story, pact_code)
        yield story.sent + 20
        _agree(story, pact_code)
        yield from _give(story, pact_code)


OWN_WORDS = {
    "text": {
        "it": "Ogni persona che ha donato un racconto ha un voto. L'assemblea si riunisce due volte l'anno.",
        "en": "Everybody who donated a story has one vote. The assembly meets twice a year.",
    }
}


def _give(story: Story, code: str) -> Iterator[float]:
    if story.upto >= Upto.PROPOSED:
        yield story.sent + 24
        _propose(story, code)
    if story.upto >= Upto.SIGNING:
        yield story.sent + 27
        for row in db.session().scalars(support_queries.current(f"pact:{code}")):
            support.approve(row, by=actor(LEGAL))
        pacts.open_signing(_pact(code), by=actor(story.officer))
    if story.upto >= Upto.SIGNED:
        yield story.sent + 32
        for email in (story.holder, SIGNATORY):
            pact = _pact(code)
            pacts.sign(pact, content_hash=pact.agreed_hash, by=actor(email, is_fresh=True))
    if story.upto >= Upto.RUNNING:
        yield from _run(story, code)


def _run(story: Story, code: str) -> Iterator[float]:
    begin = story.sent + 45
    yield begin + 10
    _deliver(story, code)
    for day, step in sorted(_course(story, code, begin), key=lambda one: one[0]):
        yield day
        step()
    if story.upto == Upto.SUSPENDED:
        yield -20
        pacts.suspend(
            _pact(code),
            "Lavori urgenti alla rete del gas sotto la piazzetta.",
            REGULATION,
            by=actor(SIGNATORY),
        )
    if story.upto == Upto.CONCLUDED:
        yield -15
        pacts.conclude(
            _pact(code), "Il lavoro promesso è fatto e rendicontato.", REGULATION, by=actor(SIGNATORY)
        )


def _course(story: Story, code: str, begin: int) -> Iterator[tuple[float, Callable[[], None]]]:
    most = max((len(values) for values in story.measures.values()), default=0)
    for turn in range(most):
        day = max(begin + 12 + turn, LAST_MEASURE - 30 * (most - 1 - turn))
        yield day, partial(_measure, story, code, turn)
    for number in range(1, story.reports + 1):
        yield _report_day(code, number), partial(_report, story, code, number)


def _proposal(code: str) -> Proposal:
    return db.session().scalars(proposal_queries.by_code(proposal_queries.visible_to(SYSTEM), code)).one()


def _pact(code: str) -> Pact:
    return db.session().scalars(pact_queries.by_code(code)).one()


def _draft(story: Story, profile: Profile) -> str:
    holder = actor(story.holder)
    proposal = opening.start(by=holder, profile=profile, language="it").proposal
    db.session().flush()
    proposal = _proposal(proposal.code)
    drafting.save_what(proposal, story.what, by=holder)
    drafting.save_where(proposal, story.where, by=holder)
    drafting.save_group(proposal, story.group, by=holder, organisation_id=_own_group(story))
    for promise in story.promises:
        details.add_commitment(proposal, promise, by=holder)
    first = clock.today() + timedelta(days=_days_to_start(story))
    drafting.save_term(
        proposal, Term(first, months_later(first, story.months) - timedelta(days=1)), by=holder
    )
    details.choose_asks(proposal, tuple(story.asks), by=holder)
    for kind, need in story.asks.items():
        details.detail_ask(proposal, kind, need, by=holder)
    details.choose_fences(proposal, story.fences, by=holder)
    drafting.save_touched(
        proposal, "Chi abita intorno lo sa: ne abbiamo parlato in una riunione aperta.", by=holder
    )
    return proposal.code


def _days_to_start(story: Story) -> int:
    """Return how long after its first draft a pact begins; one that is not signed yet begins after today."""
    return 47 if story.upto >= Upto.SIGNED else max(47, 30 - story.sent)


def _own_group(story: Story) -> int | None:
    named = select(Organisation.id).where(Organisation.name == story.group.group_name)
    found = db.session().scalar(named)
    return found if found in actor(story.holder).organisations else None


def _send(story: Story, code: str) -> None:
    sending.submit(_proposal(code), by=actor(story.holder))


def _settle(story: Story, code: str) -> None:
    """Fill what the first draft leaves open: the officer suggests, the group accepts."""
    pact = _pact(code)
    text = db.session().scalars(pact_queries.version(pact.id, pact.last_version)).one().text
    open_clauses = {finding.clause_id for finding in lint(text, profile_of(pact)) if finding.clause_id}
    settled = {
        "insurance": {
            "policy": "Polizza RCT e infortuni del Comune per i volontari",
            "covers_from": text["starts_on"],
            "covers_until": text["ends_on"],
        },
    }
    for clause_id in sorted(open_clauses & set(settled)):
        change = {"params": settled[clause_id]}
        made = pacts.suggest(_pact(code), clause_id, change, "Dati della polizza", by=actor(story.officer))
        pacts.answer_suggestion(made, accept=True, pact=_pact(code), by=actor(story.holder))


def _agree(story: Story, code: str) -> None:
    for email in (story.holder, story.officer):
        pact = _pact(code)
        text = db.session().scalars(pact_queries.version(pact.id, pact.last_version)).one()
        pacts.agree(pact, text.number, text.content_hash, by=actor(email))


def _propose(story: Story, code: str) -> None:
    del story
    subject = f"pact:{code}"
    for row in db.session().scalars(support_queries.current(subject)).all():
        year = _year_of(_pact(code))
        pool = db.session().scalars(support_queries.pools_for([row.kind], year)).first()
        assert pool is not None, f"no pool for {row.kind} in {year}"  # noqa: S101 - a fault of the stories
        support.propose(
            row, pool, "Gli impegni lo valgono e nessun altro fondo lo copre.", by=actor(TREASURER)
        )


def _year_of(pact: Pact) -> int:
    return pact.starts_on.year if pact.starts_on is not None else clock.today().year


def _deliver(story: Story, code: str) -> None:
    for row in db.session().scalars(support_queries.current(f"pact:{code}")).all():
        amount = max(1, row.amount * story.delivered // 100)
        by = actor(SYSTEMS if row.kind == "server" else TREASURER)
        support.deliver(row, amount, clock.today(), "Ricevuta agli atti", by=by)


def _measure(story: Story, code: str, turn: int) -> None:
    pact = _pact(code)
    for fence in db.session().scalars(fence_queries.of_subject(pact.key)).all():
        values = story.measures.get(fence.catalogue, ())
        if turn < len(values):
            evidence = "Registro del gruppo, visto dall'ufficio"
            fences.measure(fence, values[turn], clock.today(), evidence, pact, by=actor(story.holder))


def _report_day(code: str, number: int) -> float:
    with db.reading():
        period = periods_of(_pact(code))[number - 1]
    today = clock.local(clock.real()).date()
    return (period.ends_before - today).days + 5


def _report(story: Story, code: str, number: int) -> None:
    pact = _pact(code)
    promises = db.session().scalars(pact_queries.promises(pact.id)).all()
    outcomes = tuple(
        pacts.Outcome(promise.row_key, "late" if place == 1 else "kept", promise.quantity, "")
        for place, promise in enumerate(promises)
    )
    content = pacts.ReportContent(
        objectives="Tenere aperto e curato ciò che il patto affida a tutti, e far entrare persone nuove.",
        actions="Turni settimanali, un incontro aperto al mese, piccole riparazioni, un diario comune.",
        results="Più persone usano e curano il bene comune; chi prima passava soltanto ora partecipa.",
        resources={
            "spent_cents": 86_000,
            "volunteer_hours": 240,
            "people": 18,
            "other": "Attrezzi prestati dal quartiere",
        },
        outcomes=outcomes,
        figures=(
            {
                "label": "Persone che hanno partecipato",
                "value": 132,
                "unit": "persone",
                "source": "fogli presenze",
            },
            {"label": "Incontri aperti", "value": 6, "unit": "incontri", "source": "diario"},
        ),
        next_steps="Allargare i turni e recuperare ciò che è in ritardo.",
        language="it",
    )
    report = pacts.send_report(pact, number, content, by=actor(story.holder))
    pacts.validate_report(report, pact=_pact(code), by=actor(story.officer))
