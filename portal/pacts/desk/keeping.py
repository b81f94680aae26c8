"""What a person keeps of the desk: views by name, and the secret address of their calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import current_app, redirect, request, url_for

from portal import clock, db
from portal.errors import Invalid
from portal.pacts import actions
from portal.pacts.desk import chosen as views
from portal.pacts.desk.doors import pacts_desk
from portal.pacts.desk.forms import ViewForm
from portal.pacts.desk.table import desk_page, offered
from portal.pacts.models import DeskCalendar
from portal.pacts.queries.kept import own_view
from portal.policy import Can
from portal.web import me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pacts_desk.post("/desk/views")
@needs(Can.DESK_KEEP)
def keep_view() -> ResponseReturnValue:
    form = ViewForm()
    if form.validate_on_submit():
        query = _tidy(request.query_string.decode("ascii", "replace"))
        try:
            actions.keep_view(form.name.data, query, by=me())
        except Invalid as error:
            form.refuse(error.field, error.words)
        else:
            return redirect(_there(query), 303)
    db.session().rollback()
    return desk_page(kept=form, status=422)


def _tidy(query: str) -> str:
    """Return the address that stands for the same view, with nothing in it that means nothing."""
    known = {name: {key for key, _ in found} for name, found in offered().items()}
    return urlencode(views.read(dict(parse_qsl(query)), offered=known).address())


def _there(query: str) -> str:
    path = url_for("pacts_desk.desk")
    return f"{path}?{query}" if query else path


@pacts_desk.post("/desk/views/<int:number>/removal")
@needs(Can.DESK_KEEP)
def drop_view(number: int) -> ResponseReturnValue:
    actions.drop_view(one_or_404(own_view(number, me().person_id)), by=me())
    return see_other("pacts_desk.desk")


@pacts_desk.get("/desk/calendar")
@needs(Can.DESK_KEEP)
def calendar() -> ResponseReturnValue:
    kept = db.session().get(DeskCalendar, me().person_id)
    return render("desk/calendar.html", kept=kept, address="", today=clock.today())


@pacts_desk.post("/desk/calendar")
@needs(Can.DESK_KEEP)
def new_calendar() -> ResponseReturnValue:
    token = actions.new_calendar(by=me())
    base = str(current_app.config["PORTAL"].base_url)
    kept = db.session().get(DeskCalendar, me().person_id)
    address = f"{base}/calendars/desk/{token}.ics"
    return render("desk/calendar.html", kept=kept, address=address, today=clock.today())
