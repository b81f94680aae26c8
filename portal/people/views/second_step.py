"""The second step of signing in, and the way to it for everybody whose city role asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, g, request, session

from portal import clock
from portal.people import actions, sessions
from portal.people.actions.factors import WRONG_CODE, use_code
from portal.people.actions.passkeys import NOT_TAKEN, answer_options, use_passkey
from portal.people.factors import is_obliged
from portal.people.forms import SecondForm
from portal.people.held import active, look
from portal.people.limits import Tries
from portal.people.second_step import For, ask, asked, half_person
from portal.people.views.blueprint import browser, people
from portal.people.views.confirming import STEPS, site
from portal.policy import Can
from portal.web import invalid, needs, onward, public, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person
    from portal.people.standing import AccountLike

# What somebody must be able to open who is still to add a second step.
_OPEN_WITHOUT = frozenset(
    {
        "people.factors",
        "people.app_page",
        "people.passkey_page",
        "people.sign_in",
        "people.second_step",
    }
)
_NOTHING = W("Type the code, or use a passkey")


@people.before_app_request
def lead_to_factors() -> ResponseReturnValue | None:
    """Lead whoever holds a city role without a second step to adding one, before any other page."""
    is_page = request.method == "GET" and request.path.startswith(f"/{g.get('language')}/")
    if not is_page or request.endpoint in _OPEN_WITHOUT or sessions.is_proved(session):
        return None
    account = sessions.signed_in()
    if account is None or not owes(account):
        return None
    session["onward"] = request.full_path.removesuffix("?")
    return see_other("people.factors")


def owes(person: AccountLike) -> bool:
    """Say whether a city role, held or still to begin, asks this person for a second step."""
    return is_obliged((grant.until for grant in person.grants), clock.now())


@people.get("/sign-in/second")
@public
def second_step() -> ResponseReturnValue:
    person = half_person(browser())
    onto = request.args.get("next", "")
    if person is None:
        return see_other("people.sign_in", next=onto or None)
    return render("people/factor_second.html", **_shown(person, SecondForm(formdata=None), onto))


def _shown(person: Person, form: SecondForm, onto: str) -> dict[str, Any]:
    held = look(person.id)
    return {
        "form": form,
        "next": onto,
        "held": held,
        "has_passkey": bool(held.passkeys) and site() is not None,
        "email": person.email,
    }


@people.post("/sign-in/second")
@needs(Can.SIGN_IN)
def finish_signing_in() -> ResponseReturnValue:
    """Sign in whoever shows the second factor within five minutes of the password."""
    person = half_person(browser())
    onto = request.form.get("next", "")
    if person is None:
        return see_other("people.sign_in", next=onto or None)
    form = SecondForm()
    tries = Tries("second-step", str(person.id), STEPS)
    tries.spend()
    refused = _refused(person, form) if form.validate() else ("", _NOTHING)
    if refused is not None:
        form.refuse(*refused)
        return invalid("people/factor_second.html", **_shown(person, form, onto))
    tries.give_back()
    return enter(person)


def _refused(person: Person, form: SecondForm) -> tuple[str, W] | None:
    if form.passkey.data:
        question = asked(browser(), For.SECOND)
        whose = use_passkey(form.passkey.data, question=question, site=site())
        return None if whose == person.id else ("", NOT_TAKEN)
    if not form.one_time_code.data:
        return "one_time_code", _NOTHING
    return None if use_code(person, form.one_time_code.data) else ("one_time_code", WRONG_CODE)


def enter(person: Person) -> ResponseReturnValue:
    """Open the session of somebody who showed both factors, and lead on."""
    sessions.begin(browser(), person, is_proved=True)
    actions.note_sign_in(person, known=browser().known, named=browser().browser)
    return onward("people.account")


@people.post("/sign-in/second/options")
@needs(Can.SIGN_IN)
def second_options() -> ResponseReturnValue:
    """Ask the passkeys of whoever typed the right password."""
    person, place = half_person(browser()), site()
    held = look(person.id) if person else None
    if place is None or held is None or not held.passkeys:
        return {"title": str(NOT_TAKEN)}, 404
    text = answer_options(held.passkeys, site=place, question=ask(browser(), For.SECOND))
    return current_app.response_class(text, mimetype="application/json")


@people.post("/sign-in/passkey/options")
@needs(Can.SIGN_IN)
def sign_in_options() -> ResponseReturnValue:
    """Ask any passkey of this site; nothing is said about who has one."""
    place = site()
    if place is None:
        return {"title": str(NOT_TAKEN)}, 404
    text = answer_options((), site=place, question=ask(browser(), For.SIGN_IN))
    return current_app.response_class(text, mimetype="application/json")


@people.post("/sign-in/passkey")
@needs(Can.SIGN_IN)
def sign_in_by_passkey() -> ResponseReturnValue:
    """Sign in by a passkey alone: the device and what unlocks it are two factors."""
    question = asked(browser(), For.SIGN_IN)
    whose = use_passkey(request.form.get("passkey", ""), question=question, site=site())
    person = active(whose) if whose is not None else None
    if person is None:
        return see_other("people.sign_in", failed="passkey", next=request.form.get("next") or None)
    return enter(person)
