"""How a pact of the demonstration is written, given its support and signed, all through the actions."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from portal import clock, db
from portal.pacts import actions as pacts
from portal.pacts import queries as pact_queries
from portal.pacts.lint import lint
from portal.pacts.standing import profile_of
from portal.proposals import checklist
from portal.proposals.actions import casework
from portal.support import actions as support
from portal.support import queries as support_queries
from portal.support.surplus.queries import FUND
from seeds.demo import giving
from seeds.demo.belonging import number
from seeds.demo.cast import LEGAL, SIGNATORY, TREASURER, actor, forget
from seeds.demo.finding import pact_of, proposal_of
from seeds.demo.judging import judge
from seeds.demo.living import live
from seeds.demo.meeting import meet
from seeds.demo.story import EURO, Story, Upto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.pacts.models import Pact

GUARANTEE = 5_000 * EURO
FEES = "regolamento del canone unico, esenzione per le attività di interesse generale (da verificare)"
OWN_WORDS = {
    "text": {
        "it": "Ogni persona che ha donato un racconto ha un voto. L'assemblea si riunisce due volte l'anno.",
        "en": "Everybody who donated a story has one vote. The assembly meets twice a year.",
    }
}


def write(story: Story, code: str) -> Iterator[int]:
    """Yield the days from the acceptance on."""
    if story.upto < Upto.CO_DESIGN:
        return
    yield story.sent + 20
    pact_code = _open(story, code)
    if story.upto == Upto.SUGGESTED:
        meeting = meet(story, pact_code)
        yield from islice(meeting, 3)
        yield story.sent + 26
        holder = actor(story.by.holder)
        pacts.suggest(pact_of(pact_code), "governance", OWN_WORDS, "Così decide chi ha donato.", by=holder)
        yield from meeting
    if story.upto >= Upto.AGREED:
        yield story.sent + 28
        _settle(story, pact_code)
        yield story.sent + 30
        _agree(story, pact_code)
        yield from _give(story, pact_code)


def _open(story: Story, code: str) -> str:
    officer = actor(story.officer)
    found = {item.id: (checklist.Mark.OK, "") for item in checklist.items_for(story.what.kind)}
    casework.save_completeness(proposal_of(code), found, by=officer)
    judge(story, code)
    pact = pacts.open_from(proposal_of(code), reason=story.reason, pact_class=story.pact_class, by=officer)
    forget(story.by.holder)  # whoever proposed belongs to a group from now on
    number(pact, by=story.by.holder)
    return pact.code


def _settle(story: Story, code: str) -> None:
    """Fill what the first draft leaves open: the officer suggests, the group accepts."""
    pact = pact_of(code)
    text = db.session().scalars(pact_queries.version(pact.id, pact.last_version)).one().text
    open_clauses = {finding.clause_id for finding in lint(text, profile_of(pact)) if finding.clause_id}
    settled = {
        "insurance": {
            "policy": "Polizza RCT e infortuni del Comune per i volontari",
            "covers_from": text["starts_on"],
            "covers_until": text["ends_on"],
        },
        "guarantees": {"amount": GUARANTEE},
        "waivers": {"legal_basis": FEES},
    }
    for clause_id in sorted(open_clauses & set(settled)):
        change = {"params": settled[clause_id]}
        made = pacts.suggest(pact_of(code), clause_id, change, "Manca solo questo", by=actor(story.officer))
        pacts.answer_suggestion(made, accept=True, pact=pact_of(code), by=actor(story.by.holder))


def _agree(story: Story, code: str) -> None:
    for email in (story.by.holder, story.officer):
        pact = pact_of(code)
        text = db.session().scalars(pact_queries.version(pact.id, pact.last_version)).one()
        pacts.agree(pact, text.number, text.content_hash, by=actor(email))


def _give(story: Story, code: str) -> Iterator[int]:
    if story.is_taken_up_again:
        yield story.sent + 33
        _propose(story, code)
        yield story.sent + 35
        _approve(code)
        yield story.sent + 40
        why = "Il gruppo chiede di cambiare gli orari d'inverno: si rilegge e si concorda di nuovo."
        pacts.reopen(pact_of(code), why, by=actor(story.by.holder))
        yield story.sent + 46
        _agree(story, code)
    if story.upto >= Upto.PROPOSED:
        yield story.sent + 34
        _propose(story, code)
    if story.what.title == giving.REFUSED:
        yield story.sent + 36
        giving.refuse(code)
    if story.upto >= Upto.SIGNING:
        yield from _sign(story, code)


def _sign(story: Story, code: str) -> Iterator[int]:
    if story.is_sent_back:
        yield story.sent + 35
        for row in db.session().scalars(support_queries.current(f"pact:{code}")).all():
            support.send_back(row, "Manca il preventivo delle piante.", by=actor(LEGAL))
        yield story.sent + 36
        _propose(story, code)
    yield story.sent + 37
    _approve(code)
    pacts.open_signing(pact_of(code), by=actor(story.officer))
    signers = {Upto.SIGNING: (), Upto.HALF_SIGNED: (story.by.holder,)}
    for email in signers.get(story.upto, (story.by.holder, SIGNATORY)):
        yield story.sent + 42
        pact = pact_of(code)
        pacts.sign(pact, content_hash=pact.agreed_hash, by=actor(email, is_fresh=True))
    yield from live(story, code)


def _approve(code: str) -> None:
    for row in db.session().scalars(support_queries.current(f"pact:{code}")).all():
        support.approve(row, by=actor(LEGAL, is_fresh=True))


def _propose(story: Story, code: str) -> None:
    why = "Gli impegni lo valgono e nessun altro fondo lo copre."
    year = _year_of(pact_of(code))
    for row in db.session().scalars(support_queries.current(f"pact:{code}")).all():
        pools = db.session().scalars(support_queries.pools_for([row.kind], year)).all()
        # What commons gave back is used first, as far as it goes.
        fund = [pool for pool in pools if pool.slug == FUND and pool.left >= row.amount]
        others = [pool for pool in pools if pool.slug != FUND]
        own = [pool for pool in others if ("digitale" in pool.slug) == (story.theme == "digital")]
        support.propose(row, (fund or own or others)[0], why, by=actor(TREASURER))


def _year_of(pact: Pact) -> int:
    return pact.starts_on.year if pact.starts_on is not None else clock.today().year
