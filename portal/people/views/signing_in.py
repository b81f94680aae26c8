"""Pages on which people sign in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from portal import clock, crypto, db
from portal.people import actions, limits, queries, sessions
from portal.people.actions.passkeys import NOT_TAKEN
from portal.people.forms import SignInForm
from portal.people.held import look
from portal.people.second_step import begin_half
from portal.people.views.blueprint import browser, network, people
from portal.people.views.confirming import site
from portal.policy import Can
from portal.web import invalid, needs, onward, public, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person

WRONG = W("The address or the password is not right. Check both and try again.")


@people.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    form = SignInForm()
    if request.args.get("failed") == "passkey":
        form.form_errors.append(str(NOT_TAKEN))
    onto, done = request.args.get("next", ""), request.args.get("done", "")
    return render("people/sign_in.html", form=form, next=onto, done=done, has_passkeys=site() is not None)


@people.post("/sign-in")
@needs(Can.SIGN_IN)
def open_account() -> ResponseReturnValue:
    """Ask the password, then the second factor of whoever has one, and lead back to where they came from."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_again(form)
    tries = _tries(form.email.data.strip().lower())
    limits.spend_all(tries)
    person = actions.identify(form.email.data, form.password.data)
    if person is None:
        form.form_errors.append(str(WRONG))
        return _sign_in_again(form)
    limits.give_back_all(tries)
    if stronger := actions.stronger_hash(person, form.password.data):
        actions.keep_hash(person, stronger)
    if look(person.id).any:
        begin_half(browser(), person)
        return see_other("people.second_step", next=request.form.get("next") or None)
    return _enter(person)


def _sign_in_again(form: SignInForm) -> ResponseReturnValue:
    onto = request.form.get("next", "")
    return invalid("people/sign_in.html", form=form, next=onto, has_passkeys=site() is not None)


def _tries(email: str) -> tuple[limits.Tries, ...]:
    known = browser().known
    with db.reading() as own:
        person_id = own.scalar(queries.knows(crypto.token_hash(known), email, clock.real()))
    return limits.signing_in(email, network(), known if person_id is not None else "")


def _enter(person: Person) -> ResponseReturnValue:
    sessions.begin(browser(), person)
    actions.note_sign_in(person, known=browser().known, named=browser().browser)
    return onward("people.account")


@people.post("/sign-out")
@needs(Can.SIGN_IN)
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    sessions.end(browser())
    return see_other("front.home")
