"""Pages on which people look after their second step, and on which an administrator takes a lost one away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from flask import current_app, session
from flask_login import current_user

from portal import crypto, policy
from portal.city import Profile
from portal.errors import Invalid, NotFresh
from portal.people import queries, sessions
from portal.people.actions import factors as actions
from portal.people.factors import address_for_app, readable
from portal.people.forms import AppForm, FactorsRemovalForm
from portal.people.held import held_by, look
from portal.people.limits import Tries
from portal.people.second_step import begin_enrolling, enrolling, forget, prove
from portal.people.views.blueprint import browser, people
from portal.people.views.confirming import STEPS, site
from portal.people.views.second_step import owes
from portal.policy import FRESH_FIRST, Can
from portal.web import invalid, me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person


@people.get("/account/factors")
@needs(Can.ACCOUNT_OWN)
def factors() -> ResponseReturnValue:
    """Show what is asked of this person after the password."""
    return render(
        "people/factors.html",
        held=look(current_user.id),
        owes=owes(current_user),
        is_proved=sessions.is_proved(session),
        can_have_passkeys=site() is not None,
    )


def check_secure() -> None:
    """Refuse changes to the account of whoever was not asked just now, with everything there is to ask."""
    policy.check(me(), Can.ACCOUNT_SECURE)
    # A second step that was added elsewhere while this session was being opened holds here too.
    if not sessions.is_proved(session) and look(current_user.id).any:
        raise NotFresh(FRESH_FIRST)


def kept_session() -> str:
    """Return the hash under which this browser's session is stored."""
    return crypto.token_hash(browser().token)


def proved(codes: list[str]) -> ResponseReturnValue:
    """Count the factor just added as shown; show its recovery codes once, where there are new ones."""
    prove(browser())
    onto = session.pop("onward", "")
    if not codes:
        return see_other("people.factors")
    return render("people/factor_codes.html", codes=codes, onto=onto)


@people.post("/account/factors/app")
@needs(Can.ACCOUNT_SECURE)
def begin_app() -> ResponseReturnValue:
    """Make a secret for an app and keep it in this browser's session until it is confirmed."""
    check_secure()
    begin_enrolling(browser(), current_user, actions.new_secret())
    return see_other("people.app_page")


@people.get("/account/factors/app")
@needs(Can.ACCOUNT_OWN)
def app_page() -> ResponseReturnValue:
    secret = enrolling(browser(), current_user)
    if secret is None:
        return see_other("people.factors")
    return render("people/factor_app.html", form=AppForm(formdata=None), **_picture(secret))


def _picture(secret: str) -> dict[str, Any]:
    profile: Profile = current_app.extensions["profile"]
    address = address_for_app(secret, current_user.email, profile.body)
    code = segno.make(address, error="m", micro=False)
    return {"picture": code.svg_data_uri(scale=5, border=4, light="#fff"), "secret": readable(secret)}


@people.post("/account/factors/app/code")
@needs(Can.ACCOUNT_SECURE)
def confirm_app() -> ResponseReturnValue:
    """Bind the app to the account of whoever is signed in, once it shows the right code."""
    check_secure()
    secret = enrolling(browser(), current_user)
    if secret is None:
        return see_other("people.factors")
    form = AppForm()
    if form.validate():
        tries = Tries("enrol", str(current_user.id), STEPS)
        tries.spend()
        try:
            codes = actions.add_app(
                current_user, secret, form.one_time_code.data or "", by=me(), keep=kept_session()
            )
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            session.pop("enrolling", None)
            return proved(codes)
    return invalid("people/factor_app.html", form=form, **_picture(secret))


@people.post("/account/factors/app/removal")
@needs(Can.ACCOUNT_SECURE)
def remove_app() -> ResponseReturnValue:
    check_secure()
    actions.remove_app(current_user, by=me())
    return after_removal()


def after_removal() -> ResponseReturnValue:
    """Show what is left; with the last factor the session is one of the password again."""
    if not held_by(current_user.id).any:
        forget(browser())
    return see_other("people.factors")


@people.post("/account/factors/recovery")
@needs(Can.ACCOUNT_SECURE)
def renew_codes() -> ResponseReturnValue:
    """Make ten new recovery codes and show them, this once."""
    check_secure()
    return render("people/factor_codes.html", codes=actions.renew_codes(current_user, by=me()), onto="")


@people.get("/desk/people/<pseudonym>/factors")
@needs(Can.FACTORS_REMOVE)
def removal(pseudonym: str) -> ResponseReturnValue:
    return render(
        "people/factor_removal.html", **_of(_somebody(pseudonym), FactorsRemovalForm(formdata=None))
    )


@people.post("/desk/people/<pseudonym>/factors")
@needs(Can.FACTORS_REMOVE)
def remove_all(pseudonym: str) -> ResponseReturnValue:
    """Take the second step from somebody who lost the device; they add a new one at the next sign-in."""
    person, form = _somebody(pseudonym), FactorsRemovalForm()
    policy.check(me(), Can.FACTORS_REMOVE, person)
    if not form.validate():
        return invalid("people/factor_removal.html", **_of(person, form))
    actions.remove_all(person, form.reason.data, by=me())
    return see_other("people_desk.person", pseudonym=pseudonym)


def _somebody(pseudonym: str) -> Person:
    return one_or_404(queries.by_pseudonym(pseudonym))


def _of(person: Person, form: FactorsRemovalForm) -> dict[str, Any]:
    refusal = policy.refusal(me(), Can.FACTORS_REMOVE, person)
    return {
        "person": person,
        "form": form,
        "held": look(person.id),
        "refusal": refusal if refusal != FRESH_FIRST else None,
    }
