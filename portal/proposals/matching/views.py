"""The pages of matchfunding for everybody and for the group: a call's projects, one campaign, its pledges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.money import currency_code, plain
from portal.people import limits
from portal.policy import Can
from portal.proposals.calls import queries as calls
from portal.proposals.calls.lifecycle import Phase, phase
from portal.proposals.calls.views import shown
from portal.proposals.codes import tidy_code
from portal.proposals.matching import actions, queries, said
from portal.proposals.matching.forms import PledgeForm, RowsForm
from portal.proposals.matching.rows import read
from portal.proposals.matching.sharing import WORDS, Reason
from portal.proposals.models import Call
from portal.proposals.views.room import held
from portal.typed import whole
from portal.web import Form, invalid, me, needs, one_or_404, public, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.sheets import sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

matching = Blueprint("matching", __name__)
MOST_ENTRIES = 60


@matching.get("/calls/<ref>/match")
@public
def match(ref: str) -> ResponseReturnValue:
    call = matched(ref)
    return render("proposals/matching/match.html", **shown(call, clock.now()), **said_of(call))


@matching.get("/calls/<ref>/match.csv")
@public
def match_csv(ref: str) -> ResponseReturnValue:
    call = matched(ref)
    heads = ["code", *(str(one) for one in said.HEADS), "currency", "why"]
    return sheet(f"match-{call.ref.lower()}", heads, said.cells(said.standing(call)["projects"]))


@matching.get("/proposals/<code>/campaign")
@public
def campaign(code: str) -> ResponseReturnValue:
    proposal, call = _public(code)
    award = db.session().scalar(queries.award_of(proposal.id))
    rows = said.standing(call)["projects"]
    mine = next((row for row in rows if row["code"] == proposal.code), None)
    return render(
        "proposals/matching/campaign.html",
        **shown(call, clock.now()),
        proposal=proposal,
        mine=mine,
        award=award,
        why=WORDS[Reason(award.reason)] if award else mine["why"] if mine else "",
        may_record=policy.allows(me(), Can.PLEDGE_RECORD, proposal),
        **_ledger(proposal, "matching.campaign"),
    )


@matching.get("/proposals/<code>/campaign.csv")
@public
def campaign_csv(code: str) -> ResponseReturnValue:
    proposal, _ = _public(code)
    rows = db.session().execute(queries.of_project(proposal.id)).all()
    heads = ("day", "amount", "arrived", "currency", "name", "taken back")
    return sheet(f"campaign-{proposal.code.lower()}", heads, [_cells(*row) for row in rows])


def _cells(pledge: Any, backer: Any, check: Any, is_back: int) -> list[object]:
    arrived = plain(check.received_cents) if check else ""
    name = backer.name if backer.is_named else ""
    return [
        pledge.pledged_on.isoformat(),
        plain(pledge.amount_cents),
        arrived,
        currency_code(),
        name,
        is_back,
    ]


@matching.get("/track/<code>/pledges")
@needs(Can.PLEDGE_RECORD)
def pledges(code: str) -> ResponseReturnValue:
    return render("proposals/matching/pledges.html", **_room(*_project(held(code))))


@matching.post("/track/<code>/pledges")
@needs(Can.PLEDGE_RECORD)
def enter(code: str) -> ResponseReturnValue:
    form = PledgeForm()
    return _enter(code, form, "one", lambda proposal: actions.enter(proposal, [form.row], by=me()))


@matching.post("/track/<code>/pledges/rows")
@needs(Can.PLEDGE_RECORD)
def enter_rows(code: str) -> ResponseReturnValue:
    form = RowsForm()
    return _enter(
        code, form, "many", lambda proposal: actions.enter(proposal, read(form.rows.data or ""), by=me())
    )


@matching.post("/track/<code>/pledges/<int:number>/withdrawal")
@needs(Can.PLEDGE_RECORD)
def withdraw(code: str, number: int) -> ResponseReturnValue:
    proposal, _ = _project(held(code))
    actions.withdraw(proposal, one_or_404(queries.pledge(proposal.id, number)), by=me())
    return see_other("matching.pledges", code=proposal.code)


def _enter(code: str, form: Form, name: str, act: Callable[[Proposal], object]) -> ResponseReturnValue:
    limits.spend("pledges", me().pseudonym or code, most=MOST_ENTRIES, seconds=limits.HOUR)
    proposal, call = _project(held(code))
    if form.validate():
        try:
            act(proposal)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
        else:
            return see_other("matching.pledges", code=proposal.code)
    return invalid("proposals/matching/pledges.html", **_room(proposal, call, **{name: form}))


def _room(proposal: Proposal, call: Call, **typed: Form) -> dict[str, Any]:
    is_open = phase(call, clock.now()) is Phase.OPEN and proposal.state not in queries.GONE
    return {
        **shown(call, clock.now()),
        "proposal": proposal,
        "may_enter": is_open and not call.settled_at,
        "one": typed.get("one") or PledgeForm(formdata=None),
        "many": typed.get("many") or RowsForm(formdata=None),
        "form": next(iter(typed.values()), None),
        **_ledger(proposal, "matching.pledges"),
    }


def _ledger(proposal: Proposal, endpoint: str) -> dict[str, Any]:
    before = whole(request.args.get("before")) or 0
    rows = db.session().execute(queries.of_project(proposal.id, before=before)).all()
    is_more = len(rows) > queries.PAGE
    last = rows[queries.PAGE - 1].Pledge.id if is_more else 0
    return {
        "rows": rows[: queries.PAGE],
        "older": url_for(endpoint, code=proposal.code, before=last) if is_more else "",
        "newest": url_for(endpoint, code=proposal.code) if before else "",
        "sources": said.SOURCES,
    }


def matched(ref: str) -> Call:
    """Return a call with matchfunding that the visitor may see; refuses anything else with NotFound."""
    call = one_or_404(calls.by_ref(calls.visible_to(me()), ref))
    if call.track != "matchfunding":
        raise NotFound(NO_SUCH_PAGE)
    return call


def said_of(call: Call) -> dict[str, Any]:
    """Return the projects and the pot of a call, without the call itself."""
    return {name: value for name, value in said.standing(call).items() if name != "call"}


def _public(code: str) -> tuple[Proposal, Call]:
    found = db.session().execute(queries.project_by(tidy_code(code))).first()
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return found[0], found[1]


def _project(proposal: Proposal) -> tuple[Proposal, Call]:
    call = db.session().get(Call, proposal.call_id) if proposal.call_id else None
    if call is None or call.track != "matchfunding" or proposal.submitted_at is None:
        raise NotFound(NO_SUCH_PAGE)
    return proposal, call
