"""The page of one's own status: whether one is a verified resident, until when, how, and the ways to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import request
from flask_login import current_user

from portal import clock, db
from portal.people.views.elsewhere import service_name
from portal.policy import Can
from portal.residents import actions, keys, queries
from portal.residents.models import Way
from portal.residents.said import TONES
from portal.residents.views.blueprint import residents, rules
from portal.web import me, needs, render, see_other
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from portal.residents.models import Residency

DONE = {
    "verified": (W("You are a verified resident now."), "green"),
    "waiting": (
        W("This document is in use in another account. The city looks into it and writes to you."),
        "ochre",
    ),
    "letter": (W("The letter goes out with the next post. Type its code here when it has come."), "green"),
    "withdrawn": (W("You are no longer shown as a resident. You can show it again at any time."), "green"),
}


@residents.get("/account/residence")
@needs(Can.RESIDENCE_SHOW)
def standing() -> ResponseReturnValue:
    session = db.session()
    newest = session.scalar(queries.newest_of(current_user.id))
    words, tone = DONE.get(request.args.get("done", ""), ("", ""))
    return render(
        "residents/standing.html",
        newest=newest,
        state=state_of(newest),
        last_day=last_day(newest),
        tones=TONES,
        claim=session.scalar(queries.open_claim_of(current_user.id)),
        ways=_ways(),
        months=rules().valid_months,
        notice=words,
        notice_tone=tone,
    )


@residents.post("/account/residence/withdrawal")
@needs(Can.RESIDENCE_SHOW)
def withdraw() -> ResponseReturnValue:
    actions.withdraw(current_user, by=me())
    return see_other("residents.standing", done="withdrawn")


def _ways() -> list[str]:
    """Return the ways that can be gone just now: the census only where there is one, a service likewise."""
    found: list[str] = list(rules().ways)
    file = db.session().scalar(queries.census_in_use())
    if Way.CENSUS.value in found and (file is None or file.key_name not in keys.names()):
        found.remove(Way.CENSUS.value)
    if Way.ELSEWHERE.value in found and not service_name():
        found.remove(Way.ELSEWHERE.value)
    return found


def state_of(residency: Residency | None) -> str:
    """Return the state in one word; over is what the calendar did to a valid one."""
    if residency is None:
        return ""
    return "over" if residency.state == "valid" and not residency.is_valid(clock.now()) else residency.state


def last_day(residency: Residency | None) -> date | None:
    """Return the last day on which the status holds: it ends at the midnight after it."""
    return clock.local(residency.until - timedelta(microseconds=1)).date() if residency else None
