"""Stop all news with one press, from a mail program or from a page; RFC 8058, without login or session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, g, request
from werkzeug.exceptions import BadRequest

from portal import words
from portal.notices import actions
from portal.notices.links import Purpose
from portal.policy import Can
from portal.subscriptions.views.blueprint import page_of
from portal.web import needs, public, render
from portal.web.access import from_anywhere

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.notices.models import Reader

# The address stands in mails of years ago, so it names no language.
stopping = Blueprint("stopping", __name__)
FIELD, VALUE = "List-Unsubscribe", "One-Click"


@stopping.get("/unsubscribe/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    """Show one button: a mail scanner that opens links stops nothing."""
    reader = _reader(token)
    return render("following/stop.html", token=token, field=FIELD, value=VALUE, page_href=page_of(reader))


@stopping.post("/unsubscribe/<token>")
@needs(Can.FOLLOW)
@from_anywhere
def stop(token: str) -> ResponseReturnValue:
    """Send no news from now on; what is legal comes all the same."""
    if request.form.get(FIELD) != VALUE:
        raise BadRequest
    reader = _reader(token)
    actions.stop(reader)
    return render("following/stopped.html", page_href=page_of(reader))


def _reader(token: str) -> Reader:
    reader = actions.reader_by_link(token, Purpose.STOP)
    if reader.language in current_app.config["LANGUAGES"]:
        g.language = reader.language
        words.set_language(reader.language)
    return reader
