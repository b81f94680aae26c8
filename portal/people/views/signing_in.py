"""Pages on which people sign in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, session

from portal.people import actions, limits, sessions
from portal.people.forms import SignInForm
from portal.people.views import blueprint
from portal.people.views.blueprint import QUARTER, people
from portal.policy import Can
from portal.web import invalid, needs, onward, public, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

WRONG = W("The address or the password is not right. Check both and try again.")


@people.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    return render("people/sign_in.html", form=SignInForm(), next=request.args.get("next", ""))


@people.post("/sign-in")
@needs(Can.SIGN_IN)
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
    limits.spend("sign-in", f"{email.lower()} {network}", most=blueprint.TRIES_PER_ACCOUNT, seconds=QUARTER)
    limits.spend("sign-in-network", network, most=blueprint.TRIES_PER_NETWORK, seconds=QUARTER)


@people.post("/sign-out")
@needs(Can.SIGN_IN)
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    sessions.end(session)  # type: ignore[arg-type]
    return see_other("front.home")
