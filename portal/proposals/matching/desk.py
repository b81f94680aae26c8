"""The officials' page of a match: which pledges arrived, and the settlement by somebody else."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request

from portal import clock, db, policy
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals.calls.lifecycle import Phase
from portal.proposals.calls.views import shown
from portal.proposals.matching import actions, queries
from portal.proposals.matching.forms import ReturnForm, SeenForm
from portal.proposals.matching.views import matched, said_of
from portal.proposals.models import Pledge, Proposal
from portal.typed import whole
from portal.web import invalid, me, needs, one_or_404, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Call

matching_desk = Blueprint("matching_desk", __name__)
MOST_TICKED = 100


@matching_desk.get("/desk/calls/<ref>/match")
@needs(Can.DESK_READ)
def match(ref: str) -> ResponseReturnValue:
    return render("proposals/matching/desk.html", **_page(matched(ref)))


@matching_desk.post("/desk/calls/<ref>/match/checks")
@needs(Can.PLEDGE_CONFIRM)
def confirm(ref: str) -> ResponseReturnValue:
    call, form = matched(ref), SeenForm()
    if form.validate():
        try:
            with db.session().begin_nested():
                _confirm(call, form)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            return see_other("matching_desk.match", ref=call.ref)
    return invalid("proposals/matching/desk.html", **_page(call, form))


def _confirm(call: Call, form: SeenForm) -> None:
    found = db.session().scalars(queries.ticked(call, _ticked())).all()
    if not found:
        raise Invalid(W("Tick the pledges that you looked at."))
    for proposal_id, some in groupby(found, key=lambda pledge: pledge.proposal_id):
        proposal = db.session().get_one(Proposal, proposal_id)
        actions.confirm(
            proposal, [(one, form.cents_of(one.amount_cents)) for one in some], form.seen, by=me()
        )


def _ticked() -> list[int]:
    numbers = (whole(one) for one in request.form.getlist("pledge")[:MOST_TICKED])
    return [one for one in numbers if one]


@matching_desk.post("/desk/calls/<ref>/match/settlement")
@needs(Can.MATCH_SETTLE)
def settle(ref: str) -> ResponseReturnValue:
    call = matched(ref)
    actions.settle(call, by=me())
    return see_other("matching_desk.match", ref=call.ref)


@matching_desk.post("/desk/calls/<ref>/match/return")
@needs(Can.MATCH_SETTLE)
def give_back(ref: str) -> ResponseReturnValue:
    call, form = matched(ref), ReturnForm()
    if form.validate():
        actions.give_back(call, form.return_reason.data or "", by=me())
        return see_other("matching_desk.match", ref=call.ref)
    return invalid("proposals/matching/desk.html", **{**_page(call), "form": form, "returning": form})


@matching_desk.get("/desk/calls/<ref>/match/pledges/<int:number>")
@needs(Can.DESK_READ)
def pledge(ref: str, number: int) -> ResponseReturnValue:
    call = matched(ref)
    found: Pledge = one_or_404(queries.pledge_under(call, number))
    proposal = db.session().get_one(Proposal, found.proposal_id)
    checks = db.session().scalars(queries.checks_of(found.id)).all()
    return render(
        "proposals/matching/pledge.html",
        call=call,
        pledge=found,
        proposal=proposal,
        checks=checks,
        form=SeenForm(formdata=None) if _may_check(call, proposal) else None,
    )


def _may_check(call: Call, proposal: Proposal | None = None) -> bool:
    return call.settled_at is None and policy.allows(me(), Can.PLEDGE_CONFIRM, proposal)


def _may_return(call: Call, now: Phase, pot: actions.Pot) -> bool:
    is_over = now in {Phase.DECIDED, Phase.CANCELLED} and call.match_pool_id is not None
    return is_over and policy.may_after_password(me(), Can.MATCH_SETTLE, pot)


def _page(call: Call, form: SeenForm | None = None) -> dict[str, Any]:
    page = shown(call, clock.now())
    pot = actions.pot_of(call)
    is_due = page["phase"] in {Phase.CLOSED, Phase.DECIDED} and not call.settled_at
    waiting = db.session().execute(queries.unchecked(call, MOST_TICKED)).all()
    return {
        **page,
        **said_of(call),
        "form": form,
        "waiting": waiting,
        "not_mine": {one.code for one in pot.projects if not policy.allows(me(), Can.PLEDGE_CONFIRM, one)},
        "ticked": set(_ticked()) if form else set(),
        "checking": (form or SeenForm(formdata=None)) if waiting and _may_check(call) else None,
        "is_due": is_due,
        "may_carry": policy.allows(me(), Can.POOL_CHANGE),
        "returning": ReturnForm(formdata=None) if _may_return(call, page["phase"], pot) else None,
        "why_not_settle": None
        if policy.may_after_password(me(), Can.MATCH_SETTLE, pot)
        else policy.refusal(me(), Can.MATCH_SETTLE, pot),
    }
