"""A pact's public page and a proposal's."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import segno
from flask import current_app, request, url_for
from markupsafe import Markup

from portal import clock, db, policy
from portal.documents.models import Edition
from portal.errors import NotFound
from portal.fences import queries as fence_queries
from portal.front import pact_facts, queries, showing
from portal.front.views.room import front
from portal.observations import showing as observations
from portal.organisations import queries as groups
from portal.organisations.models import Organisation
from portal.policy import Can
from portal.proposals import queries as proposal_queries
from portal.proposals.lifecycle import State
from portal.proposals.merging import showing as merging
from portal.support import queries as support_queries
from portal.support.legal import hours
from portal.support.legal import queries as legal_queries
from portal.support.legal import said as legal
from portal.support.surplus import said as surplus
from portal.web import me, one_or_404, public, render, sign_path
from portal.web.access import NO_SUCH_PAGE
from portal.web.parts import public_mark
from portal.words import current_language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.front.pact_facts import Facts
    from portal.pacts.models import Pact
    from portal.words import W

ONE_DAY = timedelta(days=1)


@front.get("/pacts/<code>")
@public
def pact(code: str) -> ResponseReturnValue:
    """Show a pact whole: its life line, promises, money, fences and papers."""
    mark = public_mark()
    pictured = db.session().execute(queries.PICTURED, {"code": code.strip().upper()})
    found, photo, helped = pictured.unique().one_or_none() or (None, None, None)
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return render(
        "front/pact.html",
        pact=found,
        mark=mark,
        gather=lambda: pact_facts.gathered(found, photo, helped),
        whole=_whole,
        place="pacts",
        photos=[photo] if photo else [],
        may_enter=policy.allows(me(), Can.PACT_ROOM, found),
        may_legal=policy.allows(me(), Can.LEGAL_READ, found),
        may_sign=found.state == "signing" and policy.may_after_password(me(), Can.PACT_SIGN, found),
        may_report=policy.allows(me(), Can.REPORT_SEND, found),
    )


def _whole(facts: Facts) -> dict[str, Any]:
    """Return all that everybody sees of a pact; nothing of who is looking."""
    found = facts.pact
    text = showing.newest_text(found)
    papers = [paper for paper in facts.papers if paper.edition == Edition.PUBLIC]
    is_sealed = showing.is_sealed(facts.papers)
    spoken = observations.overview_of(facts.spoken)
    agreement = next((p for p in papers if p.kind == "agreement" and p.language == current_language()), None)
    return {
        "text": text,
        "state": showing.public_state(found, has_paper=is_sealed),
        "is_sealed": is_sealed,
        "life": showing.life_line(found, facts.reports, facts.on, spoken.period),
        "spoken": spoken,
        "commitments": showing.commitments(facts.promises, text),
        "money": support_queries.bar(facts.money),
        "financed": surplus.financed_of(facts.money),
        "legal": _legal_help(facts.helped),
        "fences": fence_queries.gauges_of(facts.fences, facts.measures, current_language(), facts.on),
        "reports": [(one.number, one.period_from, one.period_until - ONE_DAY) for one in facts.reports],
        "papers": showing.documents(found, papers),
        "agreement": agreement or next((p for p in papers if p.kind == "agreement"), None),
        "qr": _qr(found),
    }


def _legal_help(helped: str | None) -> list[tuple[W, W, W | None]]:
    """Return topic, hours given and outcome of each question of law, and not a word of what was asked."""
    return [
        (legal.TOPICS[topic], hours.said(minutes), legal.OUTCOMES[outcome] if outcome else None)
        for topic, outcome, minutes in legal_queries.read_helped(helped)
    ]


def _group(organisation_id: int | None) -> Any:
    """Return the public page of the organisation a case is for, where there is one to show."""
    if organisation_id is None:
        return None
    chosen = groups.by_id(organisation_id).where(Organisation.hidden_at.is_(None))
    columns = (Organisation.slug, Organisation.name)
    return db.session().execute(chosen.with_only_columns(*columns)).one_or_none()


@front.get("/proposals/<code>")
@public
def proposal(code: str) -> ResponseReturnValue:
    """Show what was proposed; nothing of who may be reached how."""
    found = one_or_404(proposal_queries.sent(code))
    # Only of an accepted proposal there is a pact.
    is_accepted = found.state == State.ACCEPTED
    became = db.session().scalars(queries.became(found.code)).one_or_none() if is_accepted else None
    spoken = observations.overview(found.key, person_id=me().person_id)
    return render(
        "front/proposal.html",
        proposal=found,
        pact_code=became.code if became else "",
        group=_group(found.organisation_id),
        # An accepted proposal lives on as its pact: one line for both.
        life=showing.life_line(became, (), clock.today(), spoken.period)
        if became
        else showing.proposal_line(found, spoken.period),
        spoken=spoken,
        joined=merging.joined_to(found),
        place="proposals",
        sign_in=url_for("people.sign_in", next=sign_path(request.path)),
        photos=db.session().scalars(proposal_queries.photos_of(found.id)).all(),
        often=showing.often,
        ask_words=showing.ask_words,
        may_open=policy.allows(me(), Can.PROPOSAL_SUPPLY, found),
    )


def _qr(found: Pact) -> Markup:
    return _drawn(f"{current_app.config['PORTAL'].base_url}{url_for('front.plaque', number=found.number)}")


@lru_cache(512)
def _drawn(address: str) -> Markup:
    # Finding the best of eight masks takes longer than the rest of the page.
    svg = segno.make(address, error="q").svg_inline(border=2, dark="#1B2A2F", light="#FFFFFF", omitsize=True)
    return Markup(svg)  # noqa: S704 - drawn by the library from a number
