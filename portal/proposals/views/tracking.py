"""Follow a proposal: the code shows what everybody sees, its holder answers the city here."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import current_app, g, send_file

from portal import db, policy
from portal.errors import Invalid, NotFound
from portal.notices.letters import queries as letter_queries
from portal.observations import queries as observations
from portal.people.models import Person
from portal.policy import Can
from portal.proposals import actions, queries
from portal.proposals.actions.sending import open_supplement
from portal.proposals.answering_clock import reply_day
from portal.proposals.assessment import queries as assessment
from portal.proposals.countdown import of_proposal
from portal.proposals.forms.answers_to_city import ReplyForm, SupplyForm, WordForm
from portal.proposals.life_line import Station, life_line
from portal.proposals.lifecycle import LIFE, State, Verb
from portal.proposals.merging import showing as merging
from portal.proposals.models import Proposal
from portal.proposals.profiles import profile_of
from portal.proposals.views.room import held, proposals, standing, visible
from portal.proposals.views.sending import groups
from portal.web import Form, invalid, me, needs, public, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.chrome import day

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@proposals.get("/track/<code>")
@public
def track(code: str) -> ResponseReturnValue:
    proposal = visible(code)
    return render("proposals/track.html", **track_page(proposal))


def track_page(proposal: Proposal, form: Any = None) -> dict[str, Any]:
    """Return what the page shows to whoever looks; `form` is one that was refused."""
    is_holder = policy.allows(me(), Can.PROPOSAL_SUPPLY, proposal)
    page = {
        **standing(proposal),
        "is_holder": is_holder,
        "stages": [_stage(one) for one in _stations(proposal)],
        "groups": groups(proposal, public_only=not is_holder, changeable=False),
        "photos": db.session().scalars(queries.photos_of(proposal.id)).all(),
        "countdown": of_proposal(proposal, g.language, yours=is_holder),
        **_interlocutor(proposal, named=is_holder),
        "form": form or WordForm(),
        "pact_href": _pact_href(proposal),
        "merged_into": _merged_into(proposal),
        "reply_by": reply_day(proposal),
    }
    return page | (_holder_page(proposal, form) if is_holder else {})


def _interlocutor(proposal: Proposal, *, named: bool) -> dict[str, Any]:
    """Return the one office that answers for the case, and to the group also the officer's name."""
    profile = profile_of(proposal)
    owner = db.session().get(Person, proposal.owner_id) if named and proposal.owner_id else None
    return {
        "office": profile.interlocutor.name[g.language],
        "officer": owner.name if owner else "",
        "contact": profile.contact,
    }


def _stations(proposal: Proposal) -> list[Station]:
    period = db.session().scalars(observations.period_of(proposal.key)).first()
    return life_line(proposal, profile_of(proposal), g.language, period)


def _stage(station: Any) -> dict[str, Any]:
    return {"label": station.name, "when": day(station.at), "note": station.note, "state": station.state}


def _pact_href(proposal: Proposal) -> str:
    # The pact stands above this room: its own room says where it is, once it is there.
    find = current_app.extensions.get("pact_of_proposal")
    return str(find(proposal.code) or "") if find else ""


def _merged_into(proposal: Proposal) -> Proposal | None:
    return db.session().get(Proposal, proposal.merged_into_id) if proposal.merged_into_id else None


def _drafted(proposal: Proposal) -> dict[str, str]:
    """Return the answer that was written by mail since it was asked for: a draft until it is sent here."""
    waiting = open_supplement(proposal)
    mails = db.session().scalars(queries.mails_of(proposal.id)) if waiting else ()
    return next(
        ({"answer": one.text} for one in mails if waiting and one.received_at >= waiting.asked_at), {}
    )


def _holder_page(proposal: Proposal, form: Any) -> dict[str, Any]:
    return {
        "offers": merging.offers_to(proposal, me(), form),
        "supplement": open_supplement(proposal),
        "supply_form": form if isinstance(form, SupplyForm) else SupplyForm(data=_drafted(proposal)),
        "reply_form": form if isinstance(form, ReplyForm) else ReplyForm(),
        "messages": db.session().scalars(queries.messages_of(proposal)).all(),
        "letters": db.session().scalars(letter_queries.gone_out(proposal.key)).all(),
        "receipt": db.session().scalars(queries.receipts_of(proposal)).first(),
        "decision": db.session().scalars(assessment.decisions_of(proposal)).first()
        if proposal.state == State.REFUSED
        else None,
        "may_withdraw": LIFE.allows(proposal.state, Verb.WITHDRAW)
        and policy.allows(me(), Can.PROPOSAL_WITHDRAW, proposal),
    }


@proposals.post("/track/<code>/supplement")
@needs(Can.PROPOSAL_SUPPLY)
def supplement(code: str) -> ResponseReturnValue:
    proposal, form = held(code), SupplyForm()
    if form.validate_on_submit():
        try:
            actions.supply(proposal, form.answer.data, by=me())
            return see_other("proposals.track", code=proposal.code)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("proposals/track.html", **track_page(proposal, form))


@proposals.post("/track/<code>/reply")
@needs(Can.PROPOSAL_SUPPLY)
def reply(code: str) -> ResponseReturnValue:
    proposal, form = held(code), ReplyForm()
    if form.validate_on_submit():
        try:
            actions.reply(proposal, form.reply.data, by=me())
            return see_other("proposals.track", code=proposal.code)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("proposals/track.html", **track_page(proposal, form))


@proposals.get("/track/<code>/withdrawal")
@needs(Can.PROPOSAL_WITHDRAW)
def ask_withdrawal(code: str) -> ResponseReturnValue:
    proposal = held(code)
    policy.check(me(), Can.PROPOSAL_WITHDRAW, proposal)
    if not LIFE.allows(proposal.state, Verb.WITHDRAW):
        return see_other("proposals.track", code=proposal.code)
    return render("proposals/withdrawal.html", **standing(proposal), form=Form())


@proposals.post("/track/<code>/withdrawal")
@needs(Can.PROPOSAL_WITHDRAW)
def withdrawal(code: str) -> ResponseReturnValue:
    proposal = held(code)
    if proposal.state != State.WITHDRAWN:
        actions.withdraw(proposal, by=me())
    return see_other("proposals.track", code=proposal.code)


@proposals.get("/track/<code>/receipt")
@public
def receipt(code: str) -> ResponseReturnValue:
    proposal = visible(code)
    return _served(proposal, queries.receipts_of(proposal))


@proposals.get("/track/<code>/decision")
@public
def decision(code: str) -> ResponseReturnValue:
    proposal = visible(code)
    return _served(proposal, assessment.decisions_of(proposal))


def _served(proposal: Proposal, papers: Any) -> ResponseReturnValue:
    may = any(policy.allows(me(), can, proposal) for can in (Can.PROPOSAL_SUPPLY, Can.CASE_READ))
    paper = db.session().scalars(papers).first() if may else None
    if paper is None:
        raise NotFound(NO_SUCH_PAGE)
    # Read whole and checked against its hash: a damaged file is refused, never served.
    stream = io.BytesIO(current_app.extensions["store"].read(paper.file_hash))
    name = f"{proposal.code}.pdf" if paper.kind == "receipt" else f"{proposal.code}-decision.pdf"
    answer = send_file(stream, mimetype="application/pdf", as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "no-store"  # it holds what only the two sides may read
    return answer
