"""In public: answer a question through a mailed link; read how a decided proposal was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, make_response, request

from portal import db
from portal.errors import NotFound
from portal.people import limits
from portal.people.views.blueprint import network
from portal.policy import VISITOR, Can
from portal.proposals import codes
from portal.proposals import queries as proposals
from portal.proposals.answers import told_publicly
from portal.proposals.assessment import actions, forms, queries, reading, showing
from portal.proposals.lifecycle import State
from portal.proposals.models import Proposal
from portal.proposals.profiles import profile_of
from portal.web import invalid, me, needs, one_or_404, public, render
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

    from portal.proposals.models import Opinion
    from portal.web import Form

opinions = Blueprint("opinions", __name__)
_FORM = "proposals/assessment/opinion.html"
MOST_OPENED = 30
_DECIDED = frozenset({State.ACCEPTED, State.REFUSED})


def _alone(page: ResponseReturnValue) -> Response:
    """Keep the secret in the address to whoever has it: no cache, no index, no referrer to another site."""
    answer = make_response(page)
    # Not "no-referrer": browsers then post forms without saying from where, and such posts are refused.
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@opinions.get("/opinions/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """Show the question; a mail scanner that opens the link does not use it up."""
    limits.spend("opinion-opened", network(), most=MOST_OPENED, seconds=limits.QUARTER)
    return _alone(render(_FORM, **_page(token, _form(token, typed=False))))


def _form(token: str, *, typed: bool = True) -> forms.OpinionForm:
    proposal = _case(actions.find_by_link(token))
    return forms.opinion_form(forms.OutsideOpinionForm, proposal, g.language, typed=typed)


def _page(token: str, form: Form) -> dict[str, Any]:
    opinion = actions.find_by_link(token)
    proposal = _case(opinion)
    told = told_publicly(proposal, profile_of(proposal), g.language)
    return {
        "proposal": proposal,
        "row": showing.opinion_row(opinion, proposal),
        "told": [one for one in told if one.answer],
        "form": form,
        "token": token,
        "is_outside": True,
    }


def _case(opinion: Opinion) -> Proposal:
    whole = proposals.with_parts(proposals.visible_to(VISITOR))
    return one_or_404(whole.where(Proposal.id == opinion.proposal_id))


@opinions.post("/opinions/<token>")
@needs(Can.OPINION_BY_LINK)
def give(token: str) -> ResponseReturnValue:
    """Take the opinion, once; a conflict of interest ends the link and leaves the question open."""
    limits.spend("opinion-opened", network(), most=MOST_OPENED, seconds=limits.QUARTER)
    form = _form(token)
    if forms.MORE in request.form:
        forms.add_rows(form)
        reading.keep(form, _number(token))
        return _alone(render(_FORM, **_page(token, form)))
    shown = _page(token, form)

    def act() -> None:
        if form.interest.data == forms.SOME:
            actions.decline_by_link(shown["proposal"], token, by=me())
        else:
            told = reading.answer_of(form, _number(token))
            actions.give_by_link(shown["proposal"], token, told, form.name.data, by=me())

    thanks = "proposals/assessment/thanks.html"
    done = form.attempt(act, lambda _: render(thanks, row=shown["row"], form=form))
    if done is None:
        reading.keep(form, _number(token))
    return _alone(done or invalid(_FORM, **_page(token, form)))


def _number(token: str) -> int:
    return actions.find_by_link(token).id


@opinions.get("/proposals/<code>/assessment")
@public
def judged(code: str) -> ResponseReturnValue:
    """Show the scores with their reasons, and what the offices said, once the case is decided."""
    proposal = one_or_404(proposals.sent(codes.tidy_code(code)))
    if State(proposal.state) not in _DECIDED:
        raise NotFound(NO_SUCH_PAGE)
    profile = profile_of(proposal)
    rows = db.session().scalars(queries.opinions(proposal.id)) if profile.opinions_public else ()
    return render(
        "proposals/assessment/judged.html",
        proposal=proposal,
        result=showing.result(proposal, finished_only=True),
        rows=[showing.opinion_row(one, proposal) for one in rows if one.state != "asked"],
        comparisons=db.session().scalars(queries.comparisons(proposal.id)).all(),
    )
