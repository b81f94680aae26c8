"""Calendars to subscribe to: the dates of a pact; and, behind a secret, the deadlines of one official."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, current_app, url_for

from portal import clock, crypto, db
from portal.front import ical
from portal.front.meeting_calendar import calendar_of
from portal.front.standing import while_public_stands
from portal.front.views.feeds import feeds
from portal.observations import queries as observed
from portal.pacts import queries as pact_queries
from portal.pacts.actions.reports import periods_of
from portal.pacts.meetings import queries as meetings
from portal.pacts.queries import table as desk
from portal.pacts.waiting import action_of
from portal.policy import Can
from portal.web import me, needs, one_or_404, public
from portal.web.languages import best
from portal.words import W, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from flask.typing import ResponseReturnValue

    from portal.pacts.models import DeskCase, Pact


@feeds.get("/calendars/pacts/<code>.ics")
@public
@while_public_stands
def pact_calendar(code: str) -> ResponseReturnValue:
    """Give the dates of a pact, in the city's own time."""
    found = one_or_404(pact_queries.by_code(code.strip().upper()))
    text = ical.calendar(f"{found.code}: {found.title}", _dates(found), clock.zone(), on=clock.today())
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'inline; filename="{found.code}.ics"'
    answer.vary.add("Accept-Language")
    return answer


@feeds.get("/calendars/pacts/<code>/meetings/<int:number>.ics")
@needs(Can.PACT_ROOM)
def meeting_calendar(code: str, number: int) -> ResponseReturnValue:
    """Give one meeting to those who may enter the room."""
    found = one_or_404(pact_queries.room_of(me(), code))
    meeting = one_or_404(meetings.one(found.id, number))
    base = str(current_app.config["PORTAL"].base_url)
    answer = Response(calendar_of(meeting, found, base, best()), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.code}-{number}.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _dates(pact: Pact) -> Iterator[ical.Entry]:
    for period in periods_of(pact) if pact.ended_at is None else ():
        title = W("Progress report %(number)s is due: %(title)s", number=period.number, title=pact.title)
        yield _entry(pact, f"report-{period.number}", title, period.due_on)
    if pact.ends_on is not None:
        yield _entry(pact, "end", W("The pact ends: %(title)s", title=pact.title), pact.ends_on)
    keys = (pact.key, f"proposal:{pact.proposal_code}")
    seen = db.session().scalar(observed.newest_period(keys))
    if seen is not None:
        title = W("Open for observations: %(title)s", title=pact.title)
        entry = _entry(pact, "observations", title, seen.opens_at)
        changed, sequence = seen.extended_at or entry.changed_at, entry.sequence + seen.extensions
        yield replace(entry, ends=seen.closes_at, changed_at=changed, sequence=sequence)


@feeds.get("/calendars/desk/<token>.ics")
@public
def desk_calendar(token: str) -> ResponseReturnValue:
    """Give whoever holds the secret the deadlines of one person's cases: number, title, next action, day."""
    person = one_or_404(desk.calendar_owner(crypto.token_hash(token), clock.now()))
    found = db.session().execute(desk.deadlines_of(person.id, clock.today())).scalars()
    with in_language(person.language):
        entries = [_deadline(row, person.language) for row in found]
        name = str(W("Deadlines of my cases"))
    text = ical.calendar(name, entries, clock.zone(), on=clock.today())
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="desk.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _deadline(row: DeskCase, language: str) -> ical.Entry:
    base = str(current_app.config["PORTAL"].base_url)
    return ical.Entry(
        f"case-{row.proposal_id}@{urlsplit(base).hostname}",
        f"{row.code}: {row.title}. {action_of(row)}",
        row.sort_on,
        None,
        base + url_for("pacts_desk.case", code=row.code, language=language),
        row.changed_at,
        row.sequence,
    )


def _entry(pact: Pact, name: str, title: W, begins: date | datetime) -> ical.Entry:
    base = str(current_app.config["PORTAL"].base_url)
    return ical.Entry(
        f"{pact.code}-{name}@{urlsplit(base).hostname}",
        str(title),
        begins,
        None,
        base + url_for("front.pact", code=pact.code, language=best()),
        pact.ended_at or pact.signed_at or pact.agreed_at or pact.opened_at,
        pact.version_id,
    )
