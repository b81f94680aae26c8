"""Signing in with the city's or the state's service: there, back, and connecting an account."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app, g, redirect, request, url_for
from flask_login import current_user

from portal import clock, db
from portal.errors import NotAllowed, NotFound, WrongState
from portal.people import actions, sessions
from portal.people.actions import elsewhere
from portal.people.forms import ElsewhereForm
from portal.people.held import look
from portal.people.limits import NETWORK, Tries
from portal.people.provider import NOT_THE_ANSWER, Identity, Provider
from portal.people.second_step import begin_half
from portal.people.views.blueprint import browser, network, outside, people
from portal.policy import Can
from portal.web import invalid, me, needs, public, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.answers import signed_path
from portal.words import W, set_language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.people.models import Person

BACK = "/sign-in/elsewhere/back"
# As long as the way there and back may take, and as long as a new identity waits to be connected.
WAITING = timedelta(minutes=15)
_SUSPENDED = W("This account is suspended. Ask the city's help desk.")
_NOT_WAITING = W("There is nothing to connect any more. Begin once more.")


def service() -> Provider:
    """Return the provider of this city; refuses with NotFound where there is none."""
    found: Provider | None = current_app.extensions["provider"]
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return found


@people.app_template_global("service_name")
def service_name() -> str:
    """Return what the button says, or nothing where the city has no such service."""
    return str(current_app.config["PORTAL"].oidc_name) if current_app.extensions["provider"] else ""


@people.get("/sign-in/elsewhere")
@public
def go_elsewhere() -> ResponseReturnValue:
    """Send the browser to the service; only its session remembers that it went."""
    return _go("sign_in")


@people.get("/account/elsewhere/there")
@needs(Can.ACCOUNT_OWN)
def go_to_connect() -> ResponseReturnValue:
    return _go("connect")


def _go(purpose: str) -> ResponseReturnValue:
    Tries("elsewhere", network(), NETWORK).spend()
    address, kept = service().begin(outside(BACK))
    browser()["elsewhere"] = {
        **kept,
        "purpose": purpose,
        "language": g.language,
        "next": request.args.get("next", ""),
        "until": _until(),
    }
    return redirect(address, 302)


def _until() -> str:
    return (clock.real() + WAITING).isoformat()


def _waiting(name: str) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = browser().get(name)
    return kept if kept and datetime.fromisoformat(kept["until"]) > clock.real() else None


@people.get(BACK)
@public
def come_back() -> ResponseReturnValue:
    """Believe or refuse the answer, once; sign in whom it names, or ask what to do with a new identity.

    A GET, because the service sends the browser here; the state it brings was given to this browser alone.
    """
    kept = _waiting("elsewhere")
    browser().pop("elsewhere", None)
    if kept is None:
        raise NotAllowed(NOT_THE_ANSWER)
    # The service knows one address of ours, without a language: the person goes on in theirs.
    g.language = kept["language"]
    set_language(g.language)
    identity = service().finish(kept, request.args, back=outside(BACK))
    if kept["purpose"] == "connect" and current_user.is_authenticated:
        return _keep(identity, "people.elsewhere_page")
    person = elsewhere.whose(identity)
    if person is None:
        return _keep(identity, "people.new_from_elsewhere")
    return _enter(person, kept["next"])


def _keep(identity: Identity, endpoint: str) -> ResponseReturnValue:
    browser()["identity"] = {**asdict(identity), "signed_in_at": "", "until": _until()}
    return see_other(endpoint)


def _kept_identity() -> Identity | None:
    kept = _waiting("identity")
    if kept is None:
        return None
    return Identity(**{name: kept[name] for name in ("issuer", "subject", "name", "email", "assurance")})


def _enter(person: Person, onto: str) -> ResponseReturnValue:
    if not person.is_active:
        raise NotAllowed(_SUSPENDED)
    if look(person.id).any:
        # The service stands for the password; the second factor is asked here all the same.
        begin_half(browser(), person)
        return see_other("people.second_step", next=onto or None)
    sessions.begin(browser(), person)
    with db.aside():
        actions.note_sign_in(person, known=browser().known, named=browser().browser)
    return redirect(signed_path(onto) or url_for("people.account"), 303)


@people.get("/join/elsewhere")
@public
def new_from_elsewhere() -> ResponseReturnValue:
    identity = _kept_identity()
    if identity is None:
        return see_other("people.sign_in")
    form = ElsewhereForm(formdata=None)
    form.name.data = identity.name
    return render("people/elsewhere_new.html", form=form, identity=identity)


@people.post("/join/elsewhere")
@needs(Can.JOIN)
def join_from_elsewhere() -> ResponseReturnValue:
    """Make an account for the identity that waits in this browser's session."""
    identity, form = _kept_identity(), ElsewhereForm()
    if identity is None or not identity.email:
        raise WrongState(_NOT_WAITING)
    if not form.validate():
        return invalid("people/elsewhere_new.html", form=form, identity=identity)
    person = elsewhere.join_elsewhere(identity, form.name.data, language=g.language)
    sessions.begin(browser(), person)
    return see_other("people.account")


@people.get("/account/elsewhere")
@needs(Can.ACCOUNT_OWN)
def elsewhere_page() -> ResponseReturnValue:
    """Show the connected identities, and one that waits to be connected."""
    service()
    rows = elsewhere.connected(current_user.id)
    return render("people/elsewhere.html", rows=rows, waiting=_kept_identity())


@people.post("/account/elsewhere")
@needs(Can.ACCOUNT_SECURE)
def connect() -> ResponseReturnValue:
    """Connect the identity that waits in this browser's session with the account signed in here."""
    identity = _kept_identity()
    if identity is None:
        raise WrongState(_NOT_WAITING)
    elsewhere.connect(current_user, identity, by=me())
    browser().pop("identity", None)
    return see_other("people.elsewhere_page")


@people.post("/account/elsewhere/<int:number>/removal")
@needs(Can.ACCOUNT_SECURE)
def disconnect(number: int) -> ResponseReturnValue:
    elsewhere.disconnect(current_user, number, by=me())
    return see_other("people.elsewhere_page")
