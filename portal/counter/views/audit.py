"""What the auditor sees of the counter: who helped, how often and how long, and what was entered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import request

from portal import clock, db
from portal.counter import queries
from portal.counter.views.room import counter
from portal.policy import Can
from portal.typed import whole
from portal.web import needs, render
from portal.words import W

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

A_PAGE = 50
COUNTED = timedelta(days=30)
ENDS = {
    "": W("still open"),
    "finished": W("finished"),
    "time": W("ended by the clock"),
    "another": W("ended by helping somebody else"),
}


@counter.get("/desk/counter")
@needs(Can.COUNTER_AUDIT)
def uses() -> ResponseReturnValue:
    session, before = db.session(), whole(request.args.get("before"))
    rows = session.execute(queries.uses(A_PAGE + 1, before=before)).all()
    entered: dict[str, list[tuple[str, str]]] = {}
    for whom, code, clerk in session.execute(queries.entered({row[2] for row in rows[:A_PAGE]})):
        entered.setdefault(whom, []).append((code, clerk))
    return render(
        "counter/audit.html",
        rows=rows[:A_PAGE],
        older=rows[A_PAGE - 1][0].id if len(rows) > A_PAGE else None,
        counts=session.execute(queries.counts(clock.real() - COUNTED)).all(),
        entered=entered,
        ends=ENDS,
    )
