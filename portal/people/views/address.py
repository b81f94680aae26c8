"""Pages on which an account gets another address, and on which the old address undoes that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_login import current_user

from portal.errors import Invalid
from portal.people import actions, letters, limits
from portal.people.actions.addresses import NewAddress
from portal.people.forms import AddressForm
from portal.people.models import Purpose
from portal.people.views.blueprint import NOT_YOURS, is_password_right, network, outside, people
from portal.people.views.confirming import ask_second_again
from portal.policy import Can
from portal.web import invalid, me, needs, public, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@people.get("/account/address")
@needs(Can.ACCOUNT_OWN)
def address() -> ResponseReturnValue:
    ask_second_again()
    return render("people/address.html", form=AddressForm(), email=current_user.email)


@people.post("/account/address")
@needs(Can.ACCOUNT_OWN)
def ask_address() -> ResponseReturnValue:
    """Write to the new address and, with a way to undo it, to the old one; nothing changes yet."""
    ask_second_again()
    form = AddressForm()
    if not form.validate():
        return invalid("people/address.html", form=form, email=current_user.email)
    limits.spend_all(limits.letters(form.email.data.strip().lower(), network()))
    if not is_password_right(current_user, form.password.data):
        form.refuse("password", NOT_YOURS)
        return invalid("people/address.html", form=form, email=current_user.email)
    try:
        asked = actions.ask_address(current_user, form.email.data, by=me())
    except Invalid as refused:
        form.refuse(refused.field, refused.words)
        return invalid("people/address.html", form=form, email=current_user.email)
    _write(asked, form.email.data.strip().lower(), current_user.language)
    return see_other("people.account", done="address")


def _write(asked: NewAddress, email: str, language: str) -> None:
    confirm = outside(url_for("people.confirm_address", token=asked.confirm, language=language))
    undo = outside(url_for("people.undo_address", token=asked.undo, language=language))
    letters.send_link(asked.confirm, email, language, letters.to_confirm(confirm))
    letters.send_link(asked.undo, asked.old, language, letters.to_undo(undo))


@people.get("/account/address/<token>")
@public
def confirm_address(token: str) -> ResponseReturnValue:
    """Show one button, so that a mail scanner that opens links does not use the link up."""
    link = actions.find_link(token, Purpose.NEW_ADDRESS)
    return render("people/new_address.html", token=token, email=link.email)


@people.post("/account/address/<token>")
@needs(Can.ACCOUNT_RECOVER)
def change_address(token: str) -> ResponseReturnValue:
    actions.confirm_address(token)
    return (
        see_other("people.sign_in", done="address") if not me().is_signed_in else see_other("people.account")
    )


@people.get("/account/address/undo/<token>")
@public
def undo_address(token: str) -> ResponseReturnValue:
    """Show one button that undoes the change."""
    link = actions.find_link(token, Purpose.UNDO)
    return render("people/undo_address.html", token=token, email=link.email)


@people.post("/account/address/undo/<token>")
@needs(Can.ACCOUNT_RECOVER)
def restore_address(token: str) -> ResponseReturnValue:
    """Give the old address back and lead on to a new password: whoever asked knew the old one."""
    return see_other("people.choose_password", token=actions.undo_address(token))
