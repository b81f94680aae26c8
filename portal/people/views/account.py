"""Pages of a person: the account, the messages, the open sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request
from flask_login import current_user

from portal import db
from portal.notices import queries as notice_queries
from portal.people import actions, queries
from portal.people.views.blueprint import people
from portal.policy import Can
from portal.typed import whole
from portal.web import needs, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PAGE = 20


@people.get("/account")
@needs(Can.ACCOUNT_OWN)
def account() -> ResponseReturnValue:
    """Show what the person has here; each feature's own pages hold the rest."""
    own = db.session().scalars(notice_queries.newest_of(current_user.id, 5)).all()
    holdings = current_app.extensions.get("holdings", list)()
    return render("people/account.html", person=current_user, messages=own, holdings=holdings)


@people.get("/account/messages")
@needs(Can.ACCOUNT_OWN)
def messages() -> ResponseReturnValue:
    """Show all messages to this person, newest first."""
    before = whole(request.args.get("before"))
    own = db.session().scalars(notice_queries.newest_of(current_user.id, PAGE + 1, before=before)).all()
    older = own[PAGE - 1].id if len(own) > PAGE else None
    return render("people/messages.html", messages=own[:PAGE], older=older)


@people.get("/account/sessions")
@needs(Can.ACCOUNT_OWN)
def open_sessions() -> ResponseReturnValue:
    """Show where this person is signed in."""
    rows = db.session().scalars(queries.open_sessions_of(current_user.id)).all()
    return render("people/sessions.html", sessions=sorted(rows, key=lambda row: row.seen_at, reverse=True))


@people.post("/account/sessions/end")
@needs(Can.ACCOUNT_OWN)
def end_all() -> ResponseReturnValue:
    """End every session of this person, this one too."""
    actions.end_sessions(current_user)
    return see_other("front.home")
