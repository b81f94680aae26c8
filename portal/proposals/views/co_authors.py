"""Who writes a proposal along: invited by the holder, joined by a link, leaving, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request, url_for
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from portal import clock, db, policy
from portal.errors import Invalid
from portal.people import limits
from portal.people import queries as people
from portal.people.actions import invitations
from portal.people.forms import is_address
from portal.people.models import Invitation, Person
from portal.people.views.blueprint import network, outside
from portal.policy import Can, Rel
from portal.proposals import letters
from portal.proposals.actions import co_authors
from portal.proposals.views.room import held, proposals, standing
from portal.web import Form, invalid, me, needs, public, render, see_other, sign_path
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.proposals.models import Proposal

MOST_OPENED = 60


class InviteForm(Form):
    """An address to be invited to write along."""

    email = StringField(
        W("E-mail address"), [InputRequired(W("Enter an e-mail address")), Length(max=254), is_address]
    )
    decides = BooleanField(W("They may also send the proposal and take it back"))


class JoinForm(Form):
    """An invitation taken up."""

    other_account = BooleanField(W("Take it up with this account"))


@proposals.get("/propose/<code>/co-authors")
@needs(Can.PROPOSAL_FILL)
def co_author_list(code: str) -> ResponseReturnValue:
    return render("proposals/co_authors.html", **_page(held(code), InviteForm(formdata=None)))


def _page(proposal: Proposal, form: InviteForm) -> dict[str, Any]:
    relations = proposal.relations(me())
    shares = policy.allows(me(), Can.PROPOSAL_SHARE, proposal)
    waiting = db.session().scalars(_open_invitations(proposal)).all() if shares else []
    return {
        **standing(proposal),
        "form": form,
        "co_authors": co_authors.co_authors_of(proposal),
        "shares": shares,
        "may_leave": Rel.CO_AUTHOR in relations,
        "invitations": waiting,
        "now": clock.real(),
    }


def _open_invitations(proposal: Proposal) -> Any:
    return people.invitations_to(proposal.key)


@proposals.post("/propose/<code>/co-authors")
@needs(Can.PROPOSAL_SHARE)
def invite_co_author(code: str) -> ResponseReturnValue:
    """Invite an address; nothing says whether it has an account."""
    limits.spend("invitation", str(me().person_id or network()), most=40, seconds=limits.DAY)
    proposal, form = held(code), InviteForm()
    if not form.validate_on_submit():
        return invalid("proposals/co_authors.html", **_page(proposal, form))
    try:
        token = co_authors.invite_co_author(proposal, form.email.data, decides=form.decides.data, by=me())
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.words)
        return invalid("proposals/co_authors.html", **_page(proposal, form))
    person = db.session().scalar(people.by_email(form.email.data))
    language = person.language if person else g.language
    link = outside(url_for("proposals.co_author_invitation", token=token, language=language))
    letters.send_invitation(proposal, token, form.email.data, link, language)
    return see_other("proposals.co_author_list", code=proposal.code)


@proposals.post("/propose/<code>/co-authors/invitations/<int:number>/recall")
@needs(Can.PROPOSAL_SHARE)
def call_back_co_author(code: str, number: int) -> ResponseReturnValue:
    proposal = held(code)
    co_authors.call_back_co_author(proposal, number, by=me())
    return see_other("proposals.co_author_list", code=proposal.code)


@proposals.post("/propose/<code>/co-authors/<pseudonym>/rights")
@needs(Can.PROPOSAL_SHARE)
def co_author_rights(code: str, pseudonym: str) -> ResponseReturnValue:
    proposal = held(code)
    co_authors.let_decide(proposal, pseudonym, decides=request.form.get("decides") == "yes", by=me())
    return see_other("proposals.co_author_list", code=proposal.code)


@proposals.post("/propose/<code>/co-authors/<pseudonym>/removal")
@needs(Can.PROPOSAL_SHARE)
def remove_co_author(code: str, pseudonym: str) -> ResponseReturnValue:
    proposal = held(code)
    co_authors.remove_co_author(proposal, pseudonym, by=me())
    return see_other("proposals.co_author_list", code=proposal.code)


@proposals.post("/propose/<code>/co-authors/leaving")
@needs(Can.PROPOSAL_LEAVE)
def leave_proposal(code: str) -> ResponseReturnValue:
    co_authors.leave_proposal(held(code), by=me())
    return see_other("proposals.start")


@proposals.get("/propose/invitations/<token>")
@public
def co_author_invitation(token: str) -> ResponseReturnValue:
    """Show who invites to what; a mail scanner that opens the link does not use it up."""
    return render("proposals/invitation.html", **_invitation(token, JoinForm()))


def _invitation(token: str, form: JoinForm) -> dict[str, Any]:
    found: Invitation = invitations.find(token)
    here = db.session()
    person = here.get(Person, me().person_id) if me().is_signed_in else None
    return {
        "form": form,
        "token": token,
        "invitation": found,
        "proposal": co_authors.of_invitation(found),
        "inviter": here.get_one(Person, found.invited_by_id).name,
        "person": person,
        "is_other": person is not None and person.email != found.email,
        "next": sign_path(request.full_path),
    }


@proposals.post("/propose/invitations/<token>/acceptance")
@needs(Can.INVITATION_ANSWER)
def join_as_co_author(token: str) -> ResponseReturnValue:
    """Write the proposal along from now on."""
    limits.spend("invitation-opened", network(), most=MOST_OPENED, seconds=limits.QUARTER)
    form = JoinForm()
    if not form.validate_on_submit():
        return invalid("proposals/invitation.html", **_invitation(token, form))
    person = db.session().get_one(Person, me().person_id)
    try:
        proposal = co_authors.join_as_co_author(
            token, person, is_other_account=form.other_account.data, by=me()
        )
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.words)
        return invalid("proposals/invitation.html", **_invitation(token, form))
    return see_other("proposals.tasks", code=proposal.code)


@proposals.post("/propose/invitations/<token>/refusal")
@needs(Can.ACCOUNT_RECOVER)
def decline_co_author(token: str) -> ResponseReturnValue:
    """Say no; whoever holds the mailed link may, without an account."""
    limits.spend("invitation-opened", network(), most=MOST_OPENED, seconds=limits.QUARTER)
    co_authors.decline_co_author(token, by=me())
    return see_other("proposals.start")
