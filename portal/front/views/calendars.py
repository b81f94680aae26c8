"""A pact's dates as a calendar to subscribe to: reports that are due, and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, current_app, url_for

from portal import clock
from portal.front import ical
from portal.front.standing import while_public_stands
from portal.front.views.feeds import feeds
from portal.pacts import queries as pact_queries
from portal.pacts.actions.reports import periods_of
from portal.web import one_or_404, public
from portal.web.languages import best
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from portal.pacts.models import Pact


@feeds.get("/calendars/pacts/<code>.ics")
@public
@while_public_stands
def pact_calendar(code: str) -> ResponseReturnValue:
    """Give the dates of a pact: whole days of the city."""
    found = one_or_404(pact_queries.by_code(code.strip().upper()))
    text = ical.calendar(f"{found.code}: {found.title}", _dates(found), clock.zone(), on=clock.today())
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'inline; filename="{found.code}.ics"'
    answer.vary.add("Accept-Language")
    return answer


def _dates(pact: Pact) -> Iterator[ical.Entry]:
    base = str(current_app.config["PORTAL"].base_url)
    link = base + url_for("front.pact", code=pact.code, language=best())

    def entry(name: str, title: W, on: object) -> ical.Entry:
        return ical.Entry(
            f"{pact.code}-{name}@{urlsplit(base).hostname}",
            str(title),
            on,  # type: ignore[arg-type]
            None,
            link,
            pact.ended_at or pact.signed_at or pact.agreed_at or pact.opened_at,
            pact.version_id,
        )

    for period in periods_of(pact) if pact.ended_at is None else ():
        title = W("Progress report %(number)s is due: %(title)s", number=period.number, title=pact.title)
        yield entry(f"report-{period.number}", title, period.due_on)
    if pact.ends_on is not None:
        yield entry("end", W("The pact ends: %(title)s", title=pact.title), pact.ends_on)
