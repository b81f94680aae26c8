"""What did not arrive, for staff: how much, of which case, and what becomes a letter; no addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from portal import db
from portal.notices import queries
from portal.notices.kinds import WORDS, Kind
from portal.policy import Can
from portal.web import needs, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

subscriptions_desk = Blueprint("subscriptions_desk", __name__)


@subscriptions_desk.get("/desk/undelivered")
@needs(Can.JOBS_READ)
def undelivered() -> ResponseReturnValue:
    """Show the messages that no mail could deliver, the newest first."""
    session = db.session()
    rows = [
        {
            "code": one.subject_key.rpartition(":")[2],
            "kind": WORDS[Kind(one.kind)],
            "day": one.unreached_at,
            "is_legal": one.kind == Kind.LEGAL,
        }
        for one in session.scalars(queries.unreached())
    ]
    return render("following/undelivered.html", rows=rows, lost=session.scalar(queries.how_many_bounce()))
