"""Coming in: an invitation's link, an invitation to one's own address, a request to belong to the group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request, url_for

from portal import db
from portal.errors import Invalid, NotFound
from portal.organisations import actions, letters, queries
from portal.organisations.actions.entering import of_invitation
from portal.organisations.forms import AcceptForm, InviteForm, RequestForm
from portal.organisations.views.blueprint import myself, organisations, shown
from portal.organisations.views.room import again
from portal.people import limits
from portal.people.actions import invitations
from portal.people.models import Person
from portal.people.views.blueprint import network, outside
from portal.policy import Can
from portal.web import Form, invalid, me, needs, public, render, see_other, sign_path

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_OPENED = 60


@organisations.get("/organisations/invitations/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show who invites to what; a mail scanner that opens the link does not use it up."""
    return render("organisations/invitation.html", **_page(token, AcceptForm()))


def _page(token: str, form: AcceptForm) -> dict[str, Any]:
    found = invitations.find(token)
    here = db.session()
    person = here.get(Person, me().person_id) if me().is_signed_in else None
    return {
        "form": form,
        "token": token,
        "invitation": found,
        "group": of_invitation(found),
        "inviter": here.get_one(Person, found.invited_by_id).name,
        "address": hidden(found.email),
        "person": person,
        "is_other": person is not None and person.email != found.email,
        "next": sign_path(request.full_path),
    }


def hidden(email: str) -> str:
    """Return an address as its owner knows it again and a stranger does not."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"


@organisations.post("/organisations/invitations/<token>/acceptance")
@needs(Can.INVITATION_ANSWER)
def accept(token: str) -> ResponseReturnValue:
    """Belong to the group from now on."""
    limits.spend("invitation-opened", network(), most=MOST_OPENED, seconds=limits.QUARTER)
    form = AcceptForm()
    if not form.validate_on_submit():
        return invalid("organisations/invitation.html", **_page(token, form))
    try:
        group = actions.accept(token, myself(), is_other_account=form.other_account.data, by=me())
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.words)
        return invalid("organisations/invitation.html", **_page(token, form))
    return see_other("organisations.members", slug=group.slug, done="joined")


@organisations.post("/organisations/invitations/<token>/refusal")
@needs(Can.ACCOUNT_RECOVER)
def refuse(token: str) -> ResponseReturnValue:
    """Say no; whoever holds the mailed link may, without an account."""
    limits.spend("invitation-opened", network(), most=MOST_OPENED, seconds=limits.QUARTER)
    actions.decline(token, by=me())
    return see_other("front.organisations")


@organisations.post("/account/groups/invitations/<int:number>")
@needs(Can.INVITATION_ANSWER)
def answer_own(number: int) -> ResponseReturnValue:
    """Answer an invitation to the account's own address, without its link."""
    if not Form().validate_on_submit() or request.form.get("decision") not in {"yes", "no"}:
        return see_other("organisations.mine")
    if request.form["decision"] == "no":
        actions.decline_own(number, myself(), by=me())
        return see_other("organisations.mine")
    group = actions.accept_own(number, myself(), by=me())
    return see_other("organisations.members", slug=group.slug, done="joined")


@organisations.post("/organisations/<slug>/invitations")
@needs(Can.ORGANISATION_MEMBERS)
def invite(slug: str) -> ResponseReturnValue:
    """Invite an address; the mail goes out at once, and nothing says whether it has an account."""
    limits.spend_own("invitation", me().person_id, limits.INVITATIONS)
    found, form = shown(slug), InviteForm()
    if not form.validate_on_submit():
        return again(found, form)
    try:
        send(found, form)
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.words)
        return again(found, form)
    return see_other("organisations.members", slug=slug, done="invited")


def send(found: Any, form: InviteForm) -> None:
    """Make the invitation and leave its mail in the outbox."""
    token = actions.invite(found, form.email.data, speaks_for_it=form.decides.data, by=me())
    language = letters.language_of(form.email.data, g.language)
    link = outside(url_for("organisations.invitation", token=token, language=language))
    letters.send_invitation(found, token, form.email.data, link, language)


@organisations.post("/organisations/<slug>/invitations/<int:number>/recall")
@needs(Can.ORGANISATION_MEMBERS)
def call_back(slug: str, number: int) -> ResponseReturnValue:
    actions.call_back(shown(slug), number, by=me())
    return see_other("organisations.members", slug=slug)


@organisations.get("/organisations/<slug>/requests")
@needs(Can.ORGANISATION_JOIN)
def ask(slug: str) -> ResponseReturnValue:
    return render("organisations/ask.html", **_ask_page(slug, RequestForm()))


def _ask_page(slug: str, form: RequestForm) -> dict[str, Any]:
    found = shown(slug)
    return {
        "organisation": found,
        "form": form,
        "open": db.session().scalar(queries.open_request(found.id, me().person_id or 0)),
        "is_in": found.id in me().organisations,
        "is_hidden": found.hidden_at is not None,
    }


@organisations.post("/organisations/<slug>/requests")
@needs(Can.ORGANISATION_JOIN)
def send_request(slug: str) -> ResponseReturnValue:
    """Ask to belong to the group; who speaks for it is told."""
    limits.spend_own("membership-request", me().person_id, limits.JOIN_REQUESTS)
    form = RequestForm()
    if not form.validate_on_submit():
        return invalid("organisations/ask.html", **_ask_page(slug, form))
    actions.ask_to_join(shown(slug), form.message.data, by=me())
    return see_other("organisations.ask", slug=slug)


@organisations.post("/organisations/<slug>/requests/recall")
@needs(Can.ORGANISATION_JOIN)
def take_back(slug: str) -> ResponseReturnValue:
    actions.take_back_request(shown(slug), by=me())
    return see_other("organisations.ask", slug=slug)


@organisations.post("/organisations/<slug>/requests/<int:number>/answer")
@needs(Can.ORGANISATION_MEMBERS)
def answer(slug: str, number: int) -> ResponseReturnValue:
    """Let somebody in, or not."""
    decision = request.form.get("decision")
    if decision not in {"yes", "no"}:
        raise NotFound(invitations.OVER)
    actions.answer_request(shown(slug), number, accept=decision == "yes", by=me())
    return see_other("organisations.members", slug=slug)
