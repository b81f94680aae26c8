"""Show by another service: there, back, and a last look before it is used."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import g, redirect, request
from flask_login import current_user

from portal import clock
from portal.errors import NotAllowed, WrongState
from portal.people.limits import NETWORK, Tries
from portal.people.provider import NOT_THE_ANSWER, SCOPE
from portal.people.views.blueprint import browser, network, outside
from portal.people.views.elsewhere import service, service_name
from portal.policy import Can
from portal.residents import actions
from portal.residents.claims import levels_enough, vouched
from portal.residents.models import Way
from portal.residents.views.blueprint import lead_on, open_way, residents
from portal.web import me, needs, render, see_other
from portal.words import W, set_language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.residents.claims import Vouched

# To be registered with the service beside the address for signing in.
BACK = "/account/residence/elsewhere/back"
WAITING = timedelta(minutes=15)
NOT_WAITING = W("There is nothing to use any more. Go to the service once more.")


@residents.get("/account/residence/elsewhere/there")
@needs(Can.RESIDENCE_SHOW)
def go() -> ResponseReturnValue:
    """Send the browser to the service; only its session remembers that it went."""
    wanted, provider = open_way(Way.ELSEWHERE).claims, service()
    Tries("elsewhere", network(), NETWORK).spend()
    scope, levels = (wanted.scope, " ".join(levels_enough(wanted))) if wanted else ("", "")
    address, kept = provider.begin(outside(BACK), scope=f"{SCOPE} {scope}".strip(), levels=levels)
    browser()["residence"] = {**kept, "language": g.language, "until": _until()}
    return redirect(address, 302)


def _until() -> str:
    return (clock.real() + WAITING).isoformat()


def _waiting(name: str) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = browser().get(name)
    return kept if kept and datetime.fromisoformat(kept["until"]) > clock.real() else None


@residents.get(BACK)
@needs(Can.RESIDENCE_SHOW)
def come_back() -> ResponseReturnValue:
    """Believe or refuse the answer, once; what it says waits sealed, for opening a page changes nothing."""
    kept = _waiting("residence")
    browser().pop("residence", None)
    if kept is None:
        raise NotAllowed(NOT_THE_ANSWER)
    g.language = kept["language"]
    set_language(g.language)
    rules = open_way(Way.ELSEWHERE)
    said = vouched(service().answered(kept, request.args, back=outside(BACK)), rules)
    browser()["vouched"] = {"said": actions.sealed(current_user, said), "until": _until()}
    return see_other("residents.elsewhere")


def _said() -> Vouched | None:
    kept = _waiting("vouched")
    return actions.unsealed(current_user, kept["said"]) if kept else None


@residents.get("/account/residence/elsewhere")
@needs(Can.RESIDENCE_SHOW)
def elsewhere() -> ResponseReturnValue:
    open_way(Way.ELSEWHERE)
    said = _said()
    if said is None:
        return see_other("residents.standing")
    return render("residents/elsewhere.html", said=said, name=service_name())


@residents.post("/account/residence/elsewhere")
@needs(Can.RESIDENCE_SHOW)
def show_by_service() -> ResponseReturnValue:
    rules, said = open_way(Way.ELSEWHERE), _said()
    if said is None:
        raise WrongState(NOT_WAITING)
    issuer = service().issuer
    browser().pop("vouched", None)
    return lead_on(actions.show_by_service(current_user, said, issuer, rules=rules, by=me()))
