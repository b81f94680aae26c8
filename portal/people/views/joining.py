"""Pages on which people make an account: a form, a mailed link, one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, redirect, request, session, url_for

from portal import clock, crypto, db
from portal.notices.actions import Recipient, Text, post
from portal.people import actions, limits, sessions
from portal.people.forms import JoinForm
from portal.people.views import blueprint
from portal.people.views.blueprint import QUARTER, outside, people
from portal.policy import Can
from portal.web import invalid, needs, public, render, see_other
from portal.web.answers import signed_path
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@people.get("/join")
@public
def join() -> ResponseReturnValue:
    """Show the form for a new account."""
    return render("people/join.html", form=JoinForm(), next=request.args.get("next", ""))


@people.post("/join")
@needs(Can.JOIN)
def ask_to_join() -> ResponseReturnValue:
    """Send the link that makes the account; the answer is the same for a known address."""
    form = JoinForm()
    if not form.validate():
        return invalid("people/join.html", form=form, next=request.form.get("next", ""))
    limits.spend("join", request.remote_addr or "", most=blueprint.TRIES_PER_NETWORK, seconds=QUARTER)
    # Nobody's letter box is filled by a stranger; known and unknown addresses are counted alike.
    limits.spend("join-address", form.email.data.lower(), most=blueprint.LETTERS_PER_ADDRESS, seconds=QUARTER)
    onto = signed_path(request.form.get("next", "")) or ""
    token = actions.invite(
        form.name.data, form.email.data, form.password.data, language=g.language, next_path=onto
    )
    _write_to(form.email.data.strip().lower(), token)
    return see_other("people.link_sent")


def _write_to(address: str, token: str | None) -> None:
    to = Recipient(None, address, g.language)
    if token is None:
        sentences = [
            W("Somebody asked for an account with this address, but you have one already. Just sign in.")
        ]
        text = Text(W("You have an account already"), sentences, outside(url_for("people.sign_in")))
        post("E01", f"known:{crypto.token_hash(address)}:{clock.now():%Y-%m-%d}", to, text)
        return
    sentences = [
        W("Open this link within three days, and your account is ready."),
        W("If it was not you: do nothing."),
    ]
    link = outside(url_for("people.confirm", token=token))
    key = f"join:{crypto.token_hash(token)}"
    post("E01", key, to, Text(W("Confirm your address"), sentences, link))


@people.get("/join/sent")
@public
def link_sent() -> ResponseReturnValue:
    """Say that the link is on its way."""
    return render("people/link_sent.html")


@people.get("/join/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """Show one button, so that a mail scanner that opens links does not use the link up."""
    return render("people/confirm.html", token=token)


@people.post("/join/<token>")
@needs(Can.JOIN)
def accept(token: str) -> ResponseReturnValue:
    """Make the account and sign in."""
    person, onto = actions.accept_invitation(token)
    db.session().flush()
    sessions.begin(session, person)  # type: ignore[arg-type]
    return redirect(onto or url_for("people.account"), 303)
