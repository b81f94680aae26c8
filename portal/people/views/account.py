"""Pages of a person: the account, the messages, the password, name and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request
from flask_login import current_user
from wtforms.fields import SelectChoice

from portal import crypto, db
from portal.notices import queries as notice_queries
from portal.notices.actions import forget_bounce, mark_read
from portal.notices.kinds import WORDS as KIND_WORDS
from portal.notices.kinds import Kind
from portal.people import actions, sessions
from portal.people.forms import ChangePasswordForm, ProfileForm
from portal.people.views.blueprint import NOT_YOURS, browser, guessed, is_password_right, people
from portal.people.views.confirming import ask_second_again
from portal.policy import Can
from portal.typed import whole
from portal.web import invalid, me, needs, render, see_other
from portal.web.languages import own_name
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PAGE = 20
DONE = {
    "password": W("Your password is changed. Your other sessions have ended."),
    "profile": W("Your name and language are changed."),
    "again": W("We write to this address again."),
    "address": W("We have written to the new address. Open the link in the message within a day."),
}


@people.get("/account")
@needs(Can.ACCOUNT_OWN)
def account() -> ResponseReturnValue:
    """Show what the person has here; each feature's own pages hold the rest."""
    session = db.session()
    own = session.scalars(notice_queries.newest_of(current_user.id, 5)).all()
    holdings = current_app.extensions.get("holdings", list)()
    notice = DONE.get(request.args.get("done", ""), "")
    return render(
        "people/account.html",
        person=current_user,
        messages=own,
        unread=session.scalar(notice_queries.unread_of(current_user.id)),
        bounce=session.scalar(notice_queries.bounce_of(current_user.email)),
        holdings=holdings,
        notice=notice,
    )


@people.post("/account/address/again")
@needs(Can.ACCOUNT_OWN)
def write_again() -> ResponseReturnValue:
    """Write to the address again at which nothing arrived, because its owner says that it works."""
    forget_bounce(current_user.email)
    return see_other("people.account", done="again")


@people.get("/account/messages")
@needs(Can.ACCOUNT_OWN)
def messages() -> ResponseReturnValue:
    """Show all messages to this person, newest first, or those of one kind."""
    before, kind = whole(request.args.get("before")), request.args.get("kind", "")
    kind = kind if kind in set(Kind) else ""
    session = db.session()
    wanted = notice_queries.newest_of(current_user.id, PAGE + 1, before=before, kind=kind)
    own = session.scalars(wanted).all()
    older = own[PAGE - 1].id if len(own) > PAGE else None
    return render(
        "people/messages.html",
        messages=own[:PAGE],
        older=older,
        kind=kind,
        kinds=[("", W("All")), *((one.value, words) for one, words in KIND_WORDS.items())],
        unread=session.scalar(notice_queries.unread_of(current_user.id)),
    )


@people.post("/account/messages/read")
@needs(Can.ACCOUNT_OWN)
def read_messages() -> ResponseReturnValue:
    """Note that everything up to the newest message of the page was read."""
    mark_read(current_user.id, whole(request.form.get("up_to")) or 0)
    return see_other("people.messages")


@people.get("/account/password")
@needs(Can.ACCOUNT_OWN)
def password() -> ResponseReturnValue:
    ask_second_again()
    return render("people/password.html", form=ChangePasswordForm(), email=current_user.email)


@people.post("/account/password")
@needs(Can.ACCOUNT_OWN)
def change_password() -> ResponseReturnValue:
    """Change the password of whoever knows the old one; this browser gets a new secret, others are out."""
    ask_second_again()
    form = ChangePasswordForm()
    form.context = guessed(current_user.name, current_user.email)
    if not form.validate():
        return invalid("people/password.html", form=form, email=current_user.email)
    if not is_password_right(current_user, form.old.data):
        form.refuse("old", NOT_YOURS)
        return invalid("people/password.html", form=form, email=current_user.email)
    this = crypto.token_hash(browser().token)
    person = actions.change_password(current_user, form.password.data, by=me(), this_session=this)
    sessions.renew(browser(), person)
    return see_other("people.account", done="password")


@people.get("/account/profile")
@needs(Can.ACCOUNT_OWN)
def profile() -> ResponseReturnValue:
    form = _profile_form()
    form.name.data, form.language.data = current_user.name, current_user.language
    return render("people/profile.html", form=form)


@people.post("/account/profile")
@needs(Can.ACCOUNT_OWN)
def change_profile() -> ResponseReturnValue:
    form = _profile_form()
    if not form.validate():
        return invalid("people/profile.html", form=form)
    actions.change_profile(current_user, form.name.data, form.language.data, by=me())
    return see_other("people.account", done="profile")


def _profile_form() -> ProfileForm:
    form = ProfileForm()
    form.language.choices = [SelectChoice(code, own_name(code)) for code in current_app.config["LANGUAGES"]]
    return form
