"""A reader's own page behind the secret link of every news mail: no login, and nobody else's list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from portal.notices import actions
from portal.notices.links import Purpose
from portal.policy import Can
from portal.subscriptions.views import blueprint
from portal.subscriptions.views.blueprint import DONE, following
from portal.web import needs, public, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.notices.models import Reader


@following.get("/following/<token>")
@public
def page(token: str) -> ResponseReturnValue:
    reader = _reader(token)
    notice = DONE.get(request.args.get("done", ""), "")
    return blueprint.show(reader, blueprint.choice_form(reader), back=_here(token), notice=notice)


@following.post("/following/<token>")
@needs(Can.FOLLOW)
def choose(token: str) -> ResponseReturnValue:
    """Keep how often and in which language."""
    reader, form = _reader(token), blueprint.sent_choice()
    if not form.validate():
        return blueprint.show(reader, form, back=_here(token))
    blueprint.choose(reader, form)
    return _back(token, "chosen")


@following.post("/following/<token>/removal")
@needs(Can.FOLLOW)
def remove(token: str) -> ResponseReturnValue:
    blueprint.remove(_reader(token))
    return _back(token, "removed")


@following.post("/following/<token>/on")
@needs(Can.FOLLOW)
def go_on(token: str) -> ResponseReturnValue:
    actions.go_on(_reader(token))
    return _back(token, "on")


@following.post("/following/<token>/end")
@needs(Can.FOLLOW)
def end(token: str) -> ResponseReturnValue:
    """Forget the address and what it followed."""
    actions.forget_reader(_reader(token))
    return render("following/ended.html")


def _reader(token: str) -> Reader:
    return actions.reader_by_link(token, Purpose.PAGE)


def _here(token: str) -> str:
    return url_for("following.page", token=token)


def _back(token: str, done: str) -> ResponseReturnValue:
    return redirect(url_for("following.page", token=token, done=done), 303)
