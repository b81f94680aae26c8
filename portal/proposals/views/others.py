"""Others like yours: shown once before a draft goes on, with a way to join one of them instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, url_for

from portal import db
from portal.errors import Invalid, NotFound
from portal.people import limits
from portal.policy import Can
from portal.proposals import actions, others, particulars, queries
from portal.proposals.actions.joining import SEEN_OTHERS
from portal.proposals.forms.answers_to_city import JoinForm
from portal.proposals.lifecycle import State
from portal.proposals.others import Other
from portal.proposals.sections import Section
from portal.proposals.views.room import held, origin, proposals, standing, task_list_address
from portal.web import Form, invalid, me, needs, render, see_other
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

MOST_OWN, MOST_ASKED, WINDOW_SECONDS = 50, 10, 3600


def like(proposal: Proposal) -> list[Other]:
    """Return up to five others that are not the person's own."""
    mine = db.session().scalars(queries.newest_first(queries.held_by(me())).limit(MOST_OWN)).all()
    pacts_of = current_app.extensions["pacts_of"]
    own_codes = [one.code for one in mine]
    own = {f"proposal:{code}" for code in own_codes} | {
        f"pact:{code}" for code in pacts_of(own_codes).values()
    }
    shown = others.found(proposal, own, {})
    became = pacts_of([one.code for one in shown if not one.is_pact])
    return others.found(proposal, own, became) if became else shown


def is_next(proposal: Proposal, page: str) -> bool:
    """Say whether the others are to be shown after this page: once, when it is known what and where."""
    known = proposal.title and Section.WHERE.value in proposal.saved_sections
    return (
        page in {"what", "where"}
        and bool(known)
        and SEEN_OTHERS not in proposal.saved_sections
        and bool(like(proposal))
    )


@proposals.get("/propose/<code>/others")
@needs(Can.PROPOSAL_FILL)
def shown_others(code: str) -> ResponseReturnValue:
    proposal = held(code)
    if proposal.state != State.DRAFT:
        return see_other("proposals.track", code=proposal.code)
    return render("proposals/others.html", **standing(proposal), others=_rows(proposal), form=Form())


def _rows(proposal: Proposal) -> list[dict[str, Any]]:
    return [{"other": one, "href": _public_page(one)} for one in like(proposal)]


def _public_page(one: Other) -> str:
    return url_for("front.pact" if one.is_pact else "front.proposal", code=one.code)


@proposals.post("/propose/<code>/others")
@needs(Can.PROPOSAL_FILL)
def is_different(code: str) -> ResponseReturnValue:
    proposal = held(code)
    actions.call_it_different(proposal, by=me())
    if proposal.kind and particulars.missing(proposal.kind, proposal.particulars):
        return see_other("proposals.question", code=proposal.code, page="particulars")
    return see_other("proposals.tasks", code=proposal.code)


@proposals.get("/propose/<code>/others/<other>")
@needs(Can.PROPOSAL_FILL)
def join_page(code: str, other: str) -> ResponseReturnValue:
    proposal = held(code)
    return render("proposals/join.html", **_join_page(proposal, _one(proposal, other), JoinForm()))


@proposals.post("/propose/<code>/others/<other>")
@needs(Can.PROPOSAL_FILL)
def join(code: str, other: str) -> ResponseReturnValue:
    limits.spend("proposal_join", origin(), most=MOST_ASKED, seconds=WINDOW_SECONDS)
    proposal, form = held(code), JoinForm()
    asked = _one(proposal, other)
    if form.validate_on_submit():
        try:
            actions.ask_to_join(proposal, asked.key, form.message.data, form.contact.data, by=me())
            return render("proposals/joined.html", **_join_page(proposal, asked, form))
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("proposals/join.html", **_join_page(proposal, asked, form))


def _one(proposal: Proposal, code: str) -> Other:
    # Only what was shown: nobody's group is written to by guessing a code.
    for one in like(proposal):
        if one.code == code:
            return one
    raise NotFound(NO_SUCH_PAGE)


def _join_page(proposal: Proposal, other: Other, form: JoinForm) -> dict[str, Any]:
    return {
        **standing(proposal),
        "other": other,
        "href": _public_page(other),
        "form": form,
        "go_on": task_list_address(proposal),
    }
