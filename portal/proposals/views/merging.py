"""The holder's answer to the city's offer: to go on as one proposal with another, or alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from portal import db
from portal.people import queries as people
from portal.people.views.blueprint import outside
from portal.policy import Can
from portal.proposals import letters
from portal.proposals.merging import actions, queries
from portal.proposals.merging.forms import AnswerForm
from portal.proposals.models import Proposal
from portal.proposals.views.room import held, proposals
from portal.proposals.views.tracking import track_page
from portal.web import invalid, me, needs, one_or_404, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import MergeOffer


@proposals.post("/track/<code>/merge/<int:number>")
@needs(Can.PROPOSAL_MERGE)
def answer_merge(code: str, number: int) -> ResponseReturnValue:
    """Take a group's yes or no; a holder without an account is invited to write the other along."""
    proposal = held(code)
    offer = one_or_404(queries.offer_of(proposal.id, number))
    form = AnswerForm(prefix=f"m{number}-")
    form.number = number
    if not form.validate_on_submit():
        return invalid("proposals/track.html", **track_page(proposal, form))
    token = actions.answer(offer, proposal, agrees=form.answer.data == "yes", by=me())
    if token:
        _send(offer, token)
    return see_other("proposals.track", code=proposal.code)


def _send(offer: MergeOffer, token: str) -> None:
    joining = db.session().get_one(Proposal, offer.proposal_id)
    receiving = db.session().get_one(Proposal, offer.into_id)
    person = db.session().scalar(people.by_email(joining.contact_email))
    language = person.language if person else joining.language
    link = outside(url_for("proposals.co_author_invitation", token=token, language=language))
    letters.send_invitation(receiving, token, joining.contact_email, link, language)
