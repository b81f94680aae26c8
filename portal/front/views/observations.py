"""Where everybody can speak now: all open periods for observations, those that end first at the top."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import request, url_for

from portal import clock, db
from portal.front import queries
from portal.front.views.room import front
from portal.observations import queries as periods
from portal.observations import showing
from portal.observations.subjects import place_of
from portal.web import public, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from portal.observations.models import Period


@front.get("/observations")
@public
def open_for_observations() -> ResponseReturnValue:
    """List what is open for observations, with its counter of days."""
    after = _marker(request.args.get("after", ""))
    found = db.session().scalars(periods.open_now(clock.now(), after=after)).all()
    shown, last = found[: periods.PAGE], found[periods.PAGE - 1] if len(found) > periods.PAGE else None
    following = f"{last.closes_at:%Y%m%dT%H%M%S}-{last.id}" if last else ""
    return render(
        "front/observations.html",
        rows=_rows(shown),
        later=url_for("front.open_for_observations", after=following) if following else "",
        first=url_for("front.open_for_observations") if after else "",
    )


def _marker(text: str) -> tuple[datetime, int] | None:
    """Return where the page before ended; None for the first page. Periods end at whole seconds."""
    instant, _, row_id = text.partition("-")
    try:
        return datetime.strptime(instant, "%Y%m%dT%H%M%S").replace(tzinfo=UTC), showing.number_in(row_id)
    except ValueError:
        return None


def _rows(found: Sequence[Period]) -> list[dict[str, Any]]:
    places = {period.id: place_of(period.subject_key) for period in found}
    titles: dict[str, Any] = {}
    for place, select in (("proposals", queries.proposal_cards), ("pacts", queries.pact_cards)):
        codes = [code for where, code in places.values() if where == place]
        if codes:
            titles |= {row.code: row for row in db.session().execute(select(codes))}
    return [
        {"place": place, "case": titles[code], "counter": showing.counter(period)}
        for period in found
        for place, code in (places[period.id],)
        if code in titles
    ]
