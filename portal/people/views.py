"""Pages on which people join, sign in, sign out, and read their messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, g, redirect, request, session, url_for
from flask_login import current_user

from portal import clock, crypto, db
from portal.notices import queries as notice_queries
from portal.notices.actions import Recipient, Text, post
from portal.people import actions, limits, queries, sessions
from portal.people.forms import JoinForm, SignInForm
from portal.policy import Can
from portal.typed import whole
from portal.web import invalid, needs, onward, public, render, see_other
from portal.web.answers import signed_path
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

people = Blueprint("people", __name__)

# One household, school or office shares an address of the network, so the limit per network is the wider one.
TRIES_PER_ACCOUNT, TRIES_PER_NETWORK, QUARTER = 10, 60, 900
LETTERS_PER_ADDRESS = 5
PAGE = 20
WRONG = W("The address or the password is not right. Check both and try again.")


@people.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    return render("people/sign_in.html", form=SignInForm(), next=request.args.get("next", ""))


@people.post("/sign-in")
@public
def open_account() -> ResponseReturnValue:
    """Sign in and lead back to where the person came from."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_again(form)
    _count_try(form.email.data)
    person = actions.identify(form.email.data, form.password.data)
    if person is None:
        form.form_errors.append(str(WRONG))
        return _sign_in_again(form)
    sessions.begin(session, person)  # type: ignore[arg-type]
    actions.note_sign_in(person)
    return onward("people.account")


def _sign_in_again(form: SignInForm) -> ResponseReturnValue:
    return invalid("people/sign_in.html", form=form, next=request.form.get("next", ""))


def _count_try(email: str) -> None:
    # Account and network together: a stranger who tries my address from elsewhere never locks me out.
    network = request.remote_addr or ""
    limits.spend("sign-in", f"{email.lower()} {network}", most=TRIES_PER_ACCOUNT, seconds=QUARTER)
    limits.spend("sign-in-network", network, most=TRIES_PER_NETWORK, seconds=QUARTER)


@people.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    sessions.end(session)  # type: ignore[arg-type]
    return see_other("front.home")


@people.get("/join")
@public
def join() -> ResponseReturnValue:
    """Show the form for a new account."""
    return render("people/join.html", form=JoinForm(), next=request.args.get("next", ""))


@people.post("/join")
@public
def ask_to_join() -> ResponseReturnValue:
    """Send the link that makes the account; the answer is the same for a known address."""
    form = JoinForm()
    if not form.validate():
        return invalid("people/join.html", form=form, next=request.form.get("next", ""))
    limits.spend("join", request.remote_addr or "", most=TRIES_PER_NETWORK, seconds=QUARTER)
    # Nobody's letter box is filled by a stranger; known and unknown addresses are counted alike.
    limits.spend("join-address", form.email.data.lower(), most=LETTERS_PER_ADDRESS, seconds=QUARTER)
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
        text = Text(W("You have an account already"), sentences, _outside(url_for("people.sign_in")))
        post("E01", f"known:{crypto.token_hash(address)}:{clock.now():%Y-%m-%d}", to, text)
        return
    sentences = [
        W("Open this link within three days, and your account is ready."),
        W("If it was not you: do nothing."),
    ]
    link = _outside(url_for("people.confirm", token=token))
    key = f"join:{crypto.token_hash(token)}"
    post("E01", key, to, Text(W("Confirm your address"), sentences, link))


def _outside(path: str) -> str:
    # Addresses in mail come from the configuration, never from the request's Host.
    return str(current_app.config["PORTAL"].base_url) + path


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
@public
def accept(token: str) -> ResponseReturnValue:
    """Make the account and sign in."""
    person, onto = actions.accept_invitation(token)
    db.session().flush()
    sessions.begin(session, person)  # type: ignore[arg-type]
    return redirect(onto or url_for("people.account"), 303)


@people.get("/account")
@needs(Can.ACCOUNT_OWN)
def account() -> ResponseReturnValue:
    """Show what the person has here; each feature's own pages hold the rest."""
    own = db.session().scalars(notice_queries.newest_of(current_user.id, 5)).all()
    holdings = current_app.extensions.get("holdings", list)()
    return render("people/account.html", person=current_user, messages=own, holdings=holdings)


@people.get("/account/messages")
@needs(Can.ACCOUNT_OWN)
def messages() -> ResponseReturnValue:
    """Show all messages to this person, newest first."""
    before = whole(request.args.get("before"))
    own = db.session().scalars(notice_queries.newest_of(current_user.id, PAGE + 1, before=before)).all()
    older = own[PAGE - 1].id if len(own) > PAGE else None
    return render("people/messages.html", messages=own[:PAGE], older=older)


@people.get("/account/sessions")
@needs(Can.ACCOUNT_OWN)
def open_sessions() -> ResponseReturnValue:
    """Show where this person is signed in."""
    rows = db.session().scalars(queries.open_sessions_of(current_user.id)).all()
    return render("people/sessions.html", sessions=sorted(rows, key=lambda row: row.seen_at, reverse=True))


@people.post("/account/sessions/end")
@needs(Can.ACCOUNT_OWN)
def end_all() -> ResponseReturnValue:
    """End every session of this person, this one too."""
    actions.end_sessions(current_user)
    return see_other("front.home")
