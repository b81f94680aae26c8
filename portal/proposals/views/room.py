"""The blueprint of proposing, and how its pages find a proposal that the visitor may open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request, url_for

from portal.errors import NotFound
from portal.observations import subjects
from portal.proposals import codes, observed, queries
from portal.proposals.actions.taking_along import take_along
from portal.proposals.forms.answers_to_city import WordForm
from portal.proposals.lifecycle import State
from portal.proposals.profiles import profile_of
from portal.web import me, one_or_404, render
from portal.web.answers import sign_path
from portal.web.chrome import profile as city_profile
from portal.web.chrome import tone_of
from portal.words import W

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

__all__ = [
    "city_profile",
    "closed",
    "held",
    "origin",
    "proposals",
    "standing",
    "task_list_address",
    "visible",
    "way_back_in",
]
proposals = Blueprint("proposals", __name__)
# The public words of each state.
STATE_WORDS = {
    State.DRAFT: W("Draft"),
    State.SUBMITTED: W("Checking"),
    State.SUPPLEMENT_ASKED: W("Waiting for you"),
    State.REFUSAL_NOTICED: W("Waiting for you"),
    State.ACCEPTED: W("Accepted"),
    State.REFUSED: W("Not accepted"),
    State.WITHDRAWN: W("Withdrawn"),
    State.LAPSED: W("Lapsed"),
    State.MERGED: W("Merged"),
}


class Closed(NotFound):
    """The proposal is a stranger's, or there is none: the answer is the same page, with a way in."""


def held(code: str) -> Proposal:
    """Return the proposal that the visitor holds, with its parts; anything else is Closed."""
    try:
        return one_or_404(queries.by_code(queries.held_by(me()), codes.tidy_code(code)))
    except NotFound as refusal:
        raise Closed(refusal.words) from refusal


def visible(code: str) -> Proposal:
    """Return a proposal that the visitor may see, at least its public part; anything else is Closed."""
    try:
        return one_or_404(queries.by_code(queries.visible_to(me()), codes.tidy_code(code)))
    except NotFound as refusal:
        raise Closed(refusal.words) from refusal


@proposals.errorhandler(Closed)
def closed(_refusal: Closed) -> ResponseReturnValue:
    """Say that nothing can be opened here, and ask for the word; the same for every code."""
    typed = str((request.view_args or {}).get("code", ""))
    code = codes.tidy_code(typed)
    return render("proposals/closed.html", form=WordForm(), code=code if codes.is_code(code) else ""), 404


def origin() -> str:
    """Return where the request came from, for counting tries; only its hash is kept."""
    return request.remote_addr or ""


def way_back_in() -> dict[str, str]:
    """Return the way to sign-in that leads back to this page (Modello Comuni C.SE.1.1)."""
    return {"sign_in_href": url_for("people.sign_in", next=sign_path(request.full_path))}


def standing(proposal: Proposal) -> dict[str, Any]:
    """Return what every page of a proposal shows of its state."""
    state = State(proposal.state)
    return {
        "proposal": proposal,
        "profile": profile_of(proposal),
        "state_words": STATE_WORDS[state],
        "state_tone": tone_of(state),
        "language": g.language,
        **way_back_in(),
    }


def task_list_address(proposal: Proposal, **values: Any) -> str:
    """Return the address of the task list."""
    return url_for("proposals.tasks", code=proposal.code, **values)


def _offer_subjects(state: BlueprintSetupState) -> None:
    # What people may speak about is found from below, so the way up is handed down.
    state.app.extensions["take_along"] = take_along
    subjects.offer(state.app, observed.PLACE, observed.find)


proposals.record_once(_offer_subjects)
