"""Check all answers, send them, and read that they have arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, url_for

from portal import db
from portal.errors import Invalid
from portal.policy import Can
from portal.proposals import actions, answers, queries, sections
from portal.proposals.forms.rating import RatingForm
from portal.proposals.lifecycle import State
from portal.proposals.profiles import profile_of
from portal.proposals.sections import TITLES, Section
from portal.proposals.views.questions import licence_advice
from portal.proposals.views.rating import is_rated
from portal.proposals.views.room import held, proposals, standing
from portal.proposals.views.start import answered_call
from portal.web import Form, invalid, me, needs, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal


@proposals.get("/propose/<code>/check")
@needs(Can.PROPOSAL_FILL)
def check(code: str) -> ResponseReturnValue:
    proposal = held(code)
    if proposal.state != State.DRAFT:
        return see_other("proposals.track", code=proposal.code)
    return render("proposals/check.html", **_check_page(proposal, Form()))


@proposals.post("/propose/<code>/submission")
@needs(Can.PROPOSAL_SUBMIT)
def submission(code: str) -> ResponseReturnValue:
    proposal, form = held(code), Form()
    if form.validate_on_submit():
        try:
            actions.submit(proposal, by=me())
            return see_other("proposals.sent", code=proposal.code)
        except Invalid as refusal:
            form.refuse("", refusal.words)
    return invalid("proposals/check.html", **_check_page(proposal, form))


@proposals.get("/propose/<code>/sent")
@needs(Can.PROPOSAL_FILL)
def sent(code: str) -> ResponseReturnValue:
    proposal = held(code)
    if proposal.submitted_at is None:
        return see_other("proposals.tasks", code=proposal.code)
    profile = profile_of(proposal)
    return render(
        "proposals/sent.html",
        **standing(proposal),
        office=profile.interlocutor.name[g.language],
        rating_form=RatingForm(),
        is_rated=is_rated(proposal),
        receipt=db.session().scalars(queries.receipts_of(proposal)).first(),
    )


def _check_page(proposal: Proposal, form: Any) -> dict[str, Any]:
    return {
        **standing(proposal),
        "form": form,
        "groups": groups(proposal),
        "photos": db.session().scalars(queries.photos_of(proposal.id)).all(),
        "open_sections": _open_sections(proposal),
        "advice": licence_advice(proposal),
        **answered_call(proposal),
        "answer_term": profile_of(proposal).clock("examination").term,
    }


def groups(proposal: Proposal, *, public_only: bool = False, changeable: bool = True) -> list[dict[str, Any]]:
    """Return the answers by section, each with the address where it can be changed."""
    rows = answers.told(proposal, profile_of(proposal), g.language)
    found = []
    for section in Section:
        mine = [
            {"told": one, "change": _change(proposal, one.page) if changeable else ""}
            for one in rows
            if one.section is section and (one.is_public or not public_only)
        ]
        found.append({"title": TITLES[section], "rows": mine})
    return found


def _change(proposal: Proposal, page: str) -> str:
    return url_for("proposals.question", code=proposal.code, page=page, to="check")


def _open_sections(proposal: Proposal) -> list[tuple[str, Any]]:
    return [
        (url_for("proposals.question", code=proposal.code, page=_page_of(proposal, section), to="check"), one)
        for section, sentences in sections.open_sections(proposal).items()
        for one in sentences
    ]


def _page_of(proposal: Proposal, section: Section) -> str:
    if section is Section.COMMITMENTS and proposal.commitments:
        return "dates"
    if section is Section.WHERE and proposal.kind and not sections.missing_place(proposal):
        return "particulars"
    if section is Section.ASKS:
        waiting = next((one for one in proposal.asks if sections.missing_of(one)), None)
        return f"asks/{waiting.kind}" if waiting else "asks"
    return section.value
