"""The calendar of a space, for everybody's own calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Response, current_app

from portal import clock, db
from portal.front.space_calendar import calendar_of
from portal.front.views.feeds import feeds
from portal.support.spaces import queries
from portal.web import one_or_404, public
from portal.web.chrome import profile
from portal.web.languages import best

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PAST = timedelta(days=31)


@feeds.get("/calendars/spaces/<slug>.ics")
@public
def space_calendar(slug: str) -> ResponseReturnValue:
    """Give what is booked in a space and when it is closed, from a month ago on, in the city's own time."""
    space = one_or_404(queries.space(slug))
    since, session = clock.now() - PAST, db.session()
    found = session.scalars(queries.feed(space.id, since)).all()
    closed = session.scalars(queries.closing_feed(space.id, since)).all()
    base = str(current_app.config["PORTAL"].base_url)
    text = calendar_of(space, found, closed, base_url=base, language=best(), mail=profile().contact.mail)
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'inline; filename="{space.slug}.ics"'
    answer.vary.add("Accept-Language")
    return answer
