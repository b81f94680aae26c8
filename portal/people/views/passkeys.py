"""Pages on which people add and remove passkeys; the browser's part is static/passkey.js."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_login import current_user

from portal.errors import Invalid
from portal.people.actions import passkeys as actions
from portal.people.forms import PasskeyForm
from portal.people.held import look
from portal.people.second_step import For, ask, asked
from portal.people.views.blueprint import browser, people
from portal.people.views.confirming import site
from portal.people.views.factors import after_removal, check_secure, kept_session, proved
from portal.policy import Can
from portal.web import invalid, me, needs, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@people.post("/account/passkeys/new")
@needs(Can.ACCOUNT_SECURE)
def begin_passkey() -> ResponseReturnValue:
    """Ask who this is where that was long ago, then lead to the page on which a passkey is made."""
    check_secure()
    return see_other("people.passkey_page")


@people.get("/account/passkeys/new")
@needs(Can.ACCOUNT_OWN)
def passkey_page() -> ResponseReturnValue:
    if site() is None:
        return see_other("people.factors")
    return render("people/factor_passkey.html", form=PasskeyForm(formdata=None))


@people.post("/account/passkeys/options")
@needs(Can.ACCOUNT_SECURE)
def passkey_options() -> ResponseReturnValue:
    """Ask the browser of whoever is signed in to make a passkey."""
    check_secure()
    place = site()
    if place is None:
        return {"title": str(actions.NOT_TAKEN)}, 404
    text = actions.registration_options(
        current_user,
        look(current_user.id).passkeys,
        site=place,
        question=ask(browser(), For.REGISTER),
    )
    return current_app.response_class(text, mimetype="application/json")


@people.post("/account/passkeys")
@needs(Can.ACCOUNT_SECURE)
def add_passkey() -> ResponseReturnValue:
    """Bind the passkey that the browser made to the account of whoever is signed in."""
    check_secure()
    form, place = PasskeyForm(), site()
    question = asked(browser(), For.REGISTER)
    if place is None or question is None:
        form.refuse("", actions.NOT_TAKEN)
    elif form.validate():
        try:
            codes = actions.add_passkey(
                current_user,
                form.name.data or "",
                form.passkey.data or "",
                question=question,
                site=place,
                by=me(),
                keep=kept_session(),
            )
        except Invalid as refused:
            form.refuse("", refused.words)
        else:
            return proved(codes)
    return invalid("people/factor_passkey.html", form=form)


@people.post("/account/passkeys/<int:passkey_id>/removal")
@needs(Can.ACCOUNT_SECURE)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    check_secure()
    actions.remove_passkey(current_user, passkey_id, by=me())
    return after_removal()
