"""Pages on which people make an account or find the way back into theirs: an address, and a mailed link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, redirect, request, url_for

from portal import db
from portal.people import actions, letters, limits, queries, sessions
from portal.people.forms import AcceptForm, ChoiceForm, ForgottenForm, JoinForm
from portal.people.models import Purpose
from portal.people.views.blueprint import browser, guessed, network, outside, people
from portal.policy import Can
from portal.web import invalid, needs, public, render, see_other
from portal.web.answers import sign_path, signed_path

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
    _write_to(form.email.data, name=form.name.data)
    return see_other("people.link_sent")


@people.get("/sign-in/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Ask for the address of whoever forgot the password."""
    return render("people/forgotten.html", form=ForgottenForm(), next=request.args.get("next", ""))


@people.post("/sign-in/forgotten")
@needs(Can.ACCOUNT_RECOVER)
def ask_for_link() -> ResponseReturnValue:
    """Send the link that chooses a new password; the answer is the same for an unknown address."""
    form = ForgottenForm()
    if not form.validate():
        return invalid("people/forgotten.html", form=form, next=request.form.get("next", ""))
    _write_to(form.email.data)
    return see_other("people.link_sent")


def _write_to(email: str, *, name: str = "") -> None:
    """Mail a link to the address: it joins where there is no account, else it chooses a new password."""
    email = email.strip().lower()
    limits.spend_all(limits.letters(email, network()))
    onto = signed_path(request.form.get("next", "")) or ""
    asked = actions.ask(email, language=g.language, name=name, next_path=onto)
    is_known = asked.person is not None
    endpoint = "people.choose_password" if is_known else "people.confirm"
    language = asked.person.language if asked.person else g.language
    link = outside(url_for(endpoint, token=asked.token, language=language))
    write = letters.to_reset if is_known else letters.to_join
    letters.send_link(asked.token, email, language, write(link, was_joining=bool(name)))


@people.get("/join/sent")
@public
def link_sent() -> ResponseReturnValue:
    """Say that the link is on its way."""
    return render("people/link_sent.html")


@people.get("/join/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """Ask for the password; a mail scanner that opens the link does not use it up."""
    link = actions.find_link(token, Purpose.JOIN)
    form = AcceptForm(formdata=None, name=link.name)
    return render("people/confirm.html", form=form, email=link.email)


@people.post("/join/<token>")
@needs(Can.JOIN)
def accept(token: str) -> ResponseReturnValue:
    """Make the account with the password of whoever holds the link, and sign in."""
    with db.reading():
        email = actions.find_link(token, Purpose.JOIN).email
    form = AcceptForm()
    form.context = guessed(email)
    if not form.validate():
        return invalid("people/confirm.html", form=form, email=email)
    person, onto = actions.accept_invitation(token, form.name.data, form.password.data)
    sessions.begin(browser(), person)
    return redirect(onto or url_for("people.account"), 303)


@people.get("/account/reset/<token>")
@public
def choose_password(token: str) -> ResponseReturnValue:
    """Ask for a new password; a mail scanner that opens the link does not use it up."""
    actions.find_link(token, Purpose.RESET)
    return render("people/reset.html", form=ChoiceForm(formdata=None))


@people.post("/account/reset/<token>")
@needs(Can.ACCOUNT_RECOVER)
def reset_password(token: str) -> ResponseReturnValue:
    """Set the new password and lead to signing in, where a second factor is asked as always."""
    with db.reading() as session:
        person = session.scalars(queries.by_id(actions.find_link(token, Purpose.RESET).person_id or 0)).one()
    form = ChoiceForm()
    form.context = guessed(person.name, person.email)
    if not form.validate():
        return invalid("people/reset.html", form=form)
    person, onto = actions.reset_password(token, form.password.data)
    # Whoever reads the account's mail is no stranger: the tries of others must not keep them waiting.
    browser().known_to = person.id
    return see_other("people.sign_in", done="reset", next=sign_path(onto) if onto else None)
