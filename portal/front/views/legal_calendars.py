"""The calendar entry of an appointment with the legal office, for the two sides alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app

from portal.front.legal_calendar import calendar_of
from portal.front.views.feeds import feeds
from portal.pacts.legal_room import doors
from portal.policy import Can
from portal.web import needs
from portal.web.languages import best

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@feeds.get("/calendars/pacts/<code>/legal/<int:number>/<int:which>.ics")
@needs(Can.LEGAL_READ)
def legal_calendar(code: str, number: int, which: int) -> ResponseReturnValue:
    pact = doors.room(code)
    matter = doors.matter(pact, number)
    base = str(current_app.config["PORTAL"].base_url)
    text = calendar_of(doors.appointment(matter, which), matter, pact, base, best())
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{pact.code}-legal-{which}.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
