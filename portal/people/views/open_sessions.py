"""The page of open sessions: which browsers are signed in, and the buttons that end them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_login import current_user

from portal import clock, crypto, db
from portal.people import actions, queries
from portal.people.lifetimes import is_alive
from portal.people.views.blueprint import browser, people
from portal.policy import Can
from portal.web import needs, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@people.get("/account/sessions")
@needs(Can.ACCOUNT_OWN)
def open_sessions() -> ResponseReturnValue:
    """Show where this person is signed in."""
    rows = db.session().scalars(queries.open_sessions_of(current_user.id)).all()
    now, is_staff = clock.real(), any(grant.is_valid(clock.now()) for grant in current_user.grants)
    alive = [row for row in rows if is_alive(row.created_at, row.seen_at, now, is_staff=is_staff)]
    alive.sort(key=lambda row: (row.token_hash == _this(), row.seen_at), reverse=True)
    return render("people/sessions.html", sessions=alive, this=_this(), is_staff=is_staff)


def _this() -> str:
    return crypto.token_hash(browser().token)


@people.post("/account/sessions/end")
@needs(Can.ACCOUNT_OWN)
def end_all() -> ResponseReturnValue:
    """End every session of this person; this one too, unless only the others are named."""
    if request.form.get("which") == "others":
        actions.end_sessions(current_user, but=_this())
        return see_other("people.open_sessions")
    actions.end_sessions(current_user)
    return see_other("front.home")


@people.post("/account/sessions/<handle>/end")
@needs(Can.ACCOUNT_OWN)
def end_one(handle: str) -> ResponseReturnValue:
    actions.end_session(current_user, handle)
    return see_other("people.open_sessions")
