"""All fences in force in the city, the worst first: whoever wants to know which are breached looks here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, db
from portal.fences import queries as fence_queries
from portal.fences.monitors import STATES, TONES, State
from portal.front import queries
from portal.front.views.room import front
from portal.web import public, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

# What needs a look comes first.
ORDER = (State.BREACHED, State.OVERDUE, State.CLOSE, State.NOT_MEASURED, State.HOLDING)


@front.get("/fences")
@public
def fences() -> ResponseReturnValue:
    """Show how the fences stand today, and of those that do not hold which they are."""
    standing = fence_queries.standing(clock.today())
    groups = [
        (str(STATES[state]), TONES[state], [one for one in standing if one.status.state == state])
        for state in ORDER
    ]
    codes = {one.fence.subject.removeprefix("pact:") for one in standing}
    titles = {row.code: row.title for row in db.session().execute(queries.titles(codes))}
    return render("front/fences.html", groups=groups, titles=titles)
