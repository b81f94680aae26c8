"""Bring what was entered at the counter into one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.counter import actions
from portal.counter.forms.people import ConnectForm
from portal.counter.views.room import counter
from portal.errors import NotFound
from portal.policy import Can
from portal.web import invalid, me, needs, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@counter.get("/connect")
@needs(Can.COUNTER_CONNECT)
def connect() -> ResponseReturnValue:
    return render("counter/connect.html", form=ConnectForm())


@counter.post("/connect")
@needs(Can.COUNTER_CONNECT)
def do_connect() -> ResponseReturnValue:
    form = ConnectForm()
    if form.validate_on_submit():
        try:
            found = actions.connect(form.code.data, form.secret.data, by=me())
            return see_other("proposals.track", code=found[0]) if found else see_other("proposals.start")
        except NotFound as refusal:
            form.refuse(refusal.field, refusal.words)
    return invalid("counter/connect.html", form=form)
