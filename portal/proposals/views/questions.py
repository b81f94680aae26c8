"""The questions of a proposal: one page each, saved at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, redirect, request, url_for

from portal import crypto
from portal.commons import licences
from portal.errors import Invalid, NotFound
from portal.policy import Can
from portal.proposals import actions, answers, particulars, sections
from portal.proposals.lifecycle import State
from portal.proposals.profiles import profile_of
from portal.proposals.sections import Section
from portal.proposals.views.others import is_next
from portal.proposals.views.pages import Question, asked_on
from portal.proposals.views.room import held, proposals, standing, task_list_address
from portal.web import invalid, me, needs, render, see_other
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

LATER = "later"
ANOTHER = "another"
# Buttons that save what is there and lead to a page beside the question.
ASIDE = {
    "map": "proposals.map_page",
    "outline": "proposals.question",
    "publiccode": "proposals.publiccode_page",
}


@proposals.get("/propose/<code>/<path:page>")
@needs(Can.PROPOSAL_FILL)
def question(code: str, page: str) -> ResponseReturnValue:
    proposal = held(code)
    asked = asked_on(proposal, page)
    if proposal.state != State.DRAFT:
        return see_other("proposals.track", code=proposal.code)
    if page == "outline" and proposal.kind != "place":
        raise NotFound(NO_SUCH_PAGE)
    if sections.status(proposal, asked.section) is sections.Status.BLOCKED:
        return redirect(url_for("proposals.question", code=proposal.code, page="what"), 303)
    return render(asked.template, **_page(proposal, asked, page, asked.make(proposal)))


@proposals.post("/propose/<code>/<path:page>")
@needs(Can.PROPOSAL_FILL)
def save(code: str, page: str) -> ResponseReturnValue:
    proposal = held(code)
    asked = asked_on(proposal, page)
    form = asked.make(proposal)
    if page == "commitments" and form.is_blank and _may_pass(proposal):
        return redirect(_onward(proposal, page), 303)
    # A commitment that was begun is added whole or not at all.
    form.is_partial = _then() in {LATER, *ASIDE} and page != "commitments"
    if _is_outdated(proposal, asked, page):
        return _both(proposal, asked, page, form)
    if form.validate_on_submit():
        try:
            asked.save(proposal, form, me())
            return redirect(_onward(proposal, page), 303)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid(asked.template, **_page(proposal, asked, page, form))


@proposals.post("/propose/<code>/commitments/<int:number>/removal")
@needs(Can.PROPOSAL_FILL)
def removal(code: str, number: int) -> ResponseReturnValue:
    proposal = held(code)
    actions.remove_commitment(proposal, number, by=me())
    return see_other("proposals.question", code=proposal.code, page="commitments")


def _rows(proposal: Proposal, asked: Question, page: str) -> list[answers.Told]:
    """Return what the draft says now on this page, as the check page shows it."""
    told = answers.told(proposal, profile_of(proposal), g.language)
    here = [one for one in told if one.page == page]
    return here or [one for one in told if one.section is asked.section]


def _mark(proposal: Proposal, asked: Question, page: str) -> str:
    """Return a mark of what the draft says on this page; it changes when somebody else changes that."""
    said = [[one.question.id, one.answer] for one in _rows(proposal, asked, page)]
    return crypto.sha256_hex(crypto.canonical({"page": page, "says": said}))[:16]


def _is_outdated(proposal: Proposal, asked: Question, page: str) -> bool:
    # Each commitment is added by itself, so two people add two.
    seen = request.form.get("seen", "")
    return bool(seen) and page != "commitments" and seen != _mark(proposal, asked, page)


def _both(proposal: Proposal, asked: Question, page: str, form: Any) -> ResponseReturnValue:
    theirs = _rows(proposal, asked, page)
    return render(asked.template, **_page(proposal, asked, page, form), theirs=theirs), 409


def _may_pass(proposal: Proposal) -> bool:
    return _then() == LATER or (_then() != ANOTHER and bool(proposal.commitments))


def _then() -> str:
    return request.form.get("then", "")


def _onward(proposal: Proposal, page: str) -> str:
    then = _then()
    if then == LATER:
        return task_list_address(proposal, saved="1")
    if page in {"where", "outline"} and (aside := _aside(proposal, page, then)):
        return aside
    if then == ANOTHER:
        return url_for("proposals.question", code=proposal.code, page="commitments")
    if is_next(proposal, page):
        return url_for("proposals.shown_others", code=proposal.code)
    following = _following(proposal, page)
    to_check = request.args.get("to") == "check"
    if following:
        # A value of None leaves the word out of the address.
        to = "check" if to_check else None
        return url_for("proposals.question", code=proposal.code, page=following, to=to)
    return url_for("proposals.check", code=proposal.code) if to_check else task_list_address(proposal)


def _aside(proposal: Proposal, page: str, then: str) -> str:
    """Return where a button beside the question leads, and the way back from there."""
    if page == "outline":
        return url_for("proposals.question", code=proposal.code, page="where")
    if then not in ASIDE:
        return ""
    return url_for(ASIDE[then], code=proposal.code, page=then if then == "outline" else None)


def _following(proposal: Proposal, page: str) -> str:
    """Return the next page of the same section that still asks something, or nothing."""
    if page == "where" and particulars.missing(proposal.kind, proposal.particulars):
        return "particulars"
    if page == "commitments" and not (proposal.starts_on and proposal.ends_on):
        return "dates"
    if page.startswith("asks"):
        waiting = next((one for one in proposal.asks if sections.missing_of(one)), None)
        return f"asks/{waiting.kind}" if waiting else ""
    if page == "fences" and _has_limits(proposal):
        return "limits"
    return ""


def _has_limits(proposal: Proposal) -> bool:
    profile = profile_of(proposal)
    return any(profile.fence(one.catalogue).unit != "yes_no" for one in proposal.fences)


def _page(proposal: Proposal, asked: Question, page: str, form: Any) -> dict[str, Any]:
    form.seen.data = _mark(proposal, asked, page)
    number = list(Section).index(asked.section) + 1
    profile = profile_of(proposal)
    return {
        **standing(proposal),
        "form": form,
        "page_name": page,
        "section_line": {"n": number, "all": len(Section), "name": sections.TITLES[asked.section]},
        "sentence_of": answers.commitment_sentence,
        "asked": particulars.asked_of(proposal.kind),
        "supports": {one.id: one for one in profile.support_kinds},
        "plans": profile.server_plans,
        "catalogue": {one.id: one for one in profile.fences_for(proposal.kind)} if proposal.kind else {},
        "advice": licence_advice(proposal),
    }


def licence_advice(proposal: Proposal) -> Any:
    """Return what to think about the licence, or nothing; it never stops anybody."""
    try:
        licence = licences.read(proposal.licence)
    except Invalid:
        return None
    return licence.advice if licence else None
