"""The same for somebody who is signed in: what the account follows, and how often news come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request, url_for
from flask_login import current_user

from portal import db
from portal.notices import actions, queries
from portal.policy import Can
from portal.subscriptions.views import blueprint
from portal.subscriptions.views.blueprint import DONE, following
from portal.web import needs, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.notices.models import Reader


@following.get("/account/following")
@needs(Can.ACCOUNT_OWN)
def own() -> ResponseReturnValue:
    reader, notice = _known(), DONE.get(request.args.get("done", ""), "")
    return blueprint.show(reader, blueprint.choice_form(reader), back=_here(), notice=notice)


@following.post("/account/following")
@needs(Can.ACCOUNT_OWN)
def choose_own() -> ResponseReturnValue:
    """Keep how often; the language of an account is chosen with its name."""
    form = blueprint.sent_choice()
    if not form.validate():
        return blueprint.show(_known(), form, back=_here())
    form.language.data = ""
    blueprint.choose(_made(), form)
    return see_other("following.own", done="chosen")


@following.post("/account/following/removal")
@needs(Can.ACCOUNT_OWN)
def remove_own() -> ResponseReturnValue:
    blueprint.remove(_made())
    return see_other("following.own", done="removed")


@following.post("/account/following/on")
@needs(Can.ACCOUNT_OWN)
def go_on_own() -> ResponseReturnValue:
    actions.go_on(_made())
    return see_other("following.own", done="on")


def _known() -> Reader | None:
    found: Reader | None = db.session().scalar(queries.with_follows(queries.reader(current_user.id, None)))
    return found


def _made() -> Reader:
    return actions.reader_of(current_user.id, "", g.language)


def _here() -> str:
    return url_for("following.own")
