"""The spaces for everybody, with their calendars; and a pact's own page, where its group books."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from portal import clock, db, policy
from portal.errors import Invalid, NotFound
from portal.people import limits
from portal.policy import Can
from portal.support.handing.showing import giving_of
from portal.support.lifecycle import State as Given
from portal.support.spaces import actions, queries, said
from portal.support.spaces.actions.booking import MOST_WEEKS
from portal.support.spaces.forms import CancelForm, booking_form
from portal.support.spaces.lifecycle import State
from portal.typed import YEARS
from portal.web import invalid, me, needs, one_or_404, public, render, see_other
from portal.web.access import NO_SUCH_PAGE
from portal.web.sheets import sheet

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.support.models import Allocation
    from portal.support.spaces.forms import BookingForm
    from portal.support.spaces.models import SpaceBooking
    from portal.web import Form

spaces = Blueprint("spaces", __name__)
MOST_A_MINUTE, MOST_CLOSINGS = 30, 10
WEEK = timedelta(weeks=1)
LATE_HOURS = 24


@spaces.get("/spaces")
@public
def listed() -> ResponseReturnValue:
    """Show which spaces the city has, where, and how large they are."""
    return render("support/spaces/list.html", spaces=db.session().scalars(queries.spaces()).all(), **words())


@spaces.get("/spaces/<slug>")
@public
def calendar(slug: str) -> ResponseReturnValue:
    """Show a week of a space: what is free, when it is closed, and which pact has the rest."""
    space = one_or_404(queries.space(slug))
    first, begins, ends = _week()
    taken = db.session().scalars(queries.taken(space.id, begins, ends)).all()
    coming = db.session().scalars(queries.closed(space.id, min(begins, clock.now()))).all()
    closed = [one for one in coming if one.ends_at > begins and one.begins_at < ends]
    return render(
        "support/spaces/calendar.html",
        space=space,
        days=said.days(space, taken, closed, first),
        closings=said.together([one for one in coming if one.ends_at > clock.now()])[:MOST_CLOSINGS],
        week=said.week_of(space),
        first=first,
        before=first - WEEK,
        after=first + WEEK,
        today=clock.today(),
        now=clock.now(),
        **words(),
    )


@spaces.get("/spaces/<slug>/hours.csv")
@public
def hours_csv(slug: str) -> ResponseReturnValue:
    """Give the same week as a table for a spreadsheet."""
    space = one_or_404(queries.space(slug))
    first, begins, ends = _week()
    taken = db.session().scalars(queries.taken(space.id, begins, ends)).all()
    closed = db.session().scalars(queries.closed(space.id, begins, ends)).all()
    found = said.days(space, taken, closed, first)
    return sheet(f"{space.slug}-{first}", said.HEADS, said.cells(found, g.language, clock.now()))


def _week() -> tuple[date, datetime, datetime]:
    """Return the first day of the week that is asked for, and the instants between which it lies."""
    first = said.monday_of(_day(request.args.get("week")))
    begins, ends = (clock.end_of(day - timedelta(days=1)) for day in (first, first + WEEK))
    return first, begins, ends


def _day(text: str | None) -> date:
    """Return the day that an address names; today where it names none that is."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return clock.today()
    return found if found.year in YEARS else clock.today()


@spaces.get("/pacts/<code>/spaces")
@needs(Can.SPACE_BOOK)
def room(code: str) -> ResponseReturnValue:
    return render("support/spaces/room.html", **_room(code))


@spaces.post("/pacts/<code>/spaces")
@needs(Can.SPACE_BOOK)
def book(code: str) -> ResponseReturnValue:
    spend()
    mine = _mine(code)
    form = _form(mine)
    if form.validate():
        try:
            _book(mine, form)
        except Invalid as refused:
            db.session().rollback()
            form.refuse(refused.field, refused.words)
        else:
            return see_other("spaces.room", code=mine[0].code)
    return invalid("support/spaces/room.html", **_room(code, form))


def _book(mine: list[Allocation], form: BookingForm) -> None:
    which, chosen = form.chosen("promise"), form.chosen("space")
    promise = next(one for one in mine if one.id == which)
    space = next(one for one in db.session().scalars(queries.spaces()) if one.id == chosen)
    actions.book(promise, space, form.wish(), by=me())


@spaces.get("/pacts/<code>/spaces/<int:which>")
@needs(Can.SPACE_BOOK)
def booking(code: str, which: int) -> ResponseReturnValue:
    _mine(code)
    return render("support/spaces/booking.html", **_booking(code, which, CancelForm(formdata=None)))


@spaces.post("/pacts/<code>/spaces/<int:which>/cancellation")
@needs(Can.SPACE_BOOK)
def cancel(code: str, which: int) -> ResponseReturnValue:
    spend()
    mine, form = _mine(code), CancelForm()
    found = _one(mine[0].code, which)
    if form.validate():
        try:
            later = db.session().scalars(queries.later_in_series(found)).all() if form.with_later.data else ()
            hours = late_hours(found.allocation)
            actions.cancel(found, form.reason.data or "", late_hours=hours, by=me(), also=later)
        except Invalid as refused:
            form.refuse(refused.field, refused.words)
        else:
            return see_other("spaces.room", code=found.allocation.code)
    return invalid("support/spaces/booking.html", **_booking(code, which, form))


def spend() -> None:
    """Count an act before anything is read; whoever comes by a secret link is counted by what it opens."""
    who = str(me().person_id or " ".join(sorted(me().keys)))
    limits.spend("spaces", who, most=MOST_A_MINUTE, seconds=limits.MINUTE)


def late_hours(promise: Allocation) -> int:
    """Return how long before its time the rules of a pact let a booking be cancelled freely."""
    giving = giving_of(promise)
    return giving.space_late_hours if giving else LATE_HOURS


def _mine(code: str) -> list[Allocation]:
    """Return the promises of a pact for whoever may book from them; for everybody else it is not there."""
    found = db.session().scalars(queries.promises(f"pact:{code.strip().upper()}")).all()
    mine = [one for one in found if policy.allows(me(), Can.SPACE_BOOK, one)]
    if not mine:
        raise NotFound(NO_SUCH_PAGE)
    return mine


def _one(code: str, which: int) -> SpaceBooking:
    return one_or_404(queries.booking_of(f"pact:{code}", which))


def _form(mine: list[Allocation], *, blank: bool = False) -> BookingForm:
    open_ones = [one for one in db.session().scalars(queries.spaces()) if one.is_open]
    promised = [one for one in mine if one.state == Given.COMMITTED]
    return booking_form(promised, open_ones, g.language, blank=blank)


def _room(code: str, typed: BookingForm | None = None) -> dict[str, Any]:
    mine = _mine(code)
    found = db.session().scalars(queries.bookings_of([one.id for one in mine])).all()
    to_come = [one for one in found if one.state == State.BOOKED and not one.is_over(clock.now())]
    form = typed or _form(mine, blank=True)
    stopped = any(one.is_stopped for one in mine)
    return {
        "code": mine[0].code,
        "title": mine[0].title or mine[0].code,
        "promises": mine,
        "closings": _closings() if form.promise.choices and not stopped else [],
        "to_come": to_come[::-1],
        "past": [one for one in found if one not in to_come],
        "form": form if form.promise.choices and not stopped else None,
        "stopped": actions.STOPPED if stopped else None,
        "late_hours": late_hours(mine[0]),
        "typed": typed,
        **words(),
    }


def _closings() -> list[said.Closed]:
    """Return when spaces that can be booked are closed, of the next weeks."""
    now = clock.now()
    found = db.session().scalars(queries.closed_anywhere(now, now + MOST_WEEKS * WEEK))
    return said.together(found)[:MOST_CLOSINGS]


def _booking(code: str, which: int, form: Form) -> dict[str, Any]:
    one = _one(code.strip().upper(), which)
    may_cancel = one.state == State.BOOKED and not one.has_begun(clock.now())
    later = db.session().scalars(queries.later_in_series(one)).all() if one.series and may_cancel else []
    return {
        "one": one,
        "code": one.allocation.code,
        "title": one.allocation.title or one.allocation.code,
        "may_cancel": may_cancel,
        "late_hours": late_hours(one.allocation),
        "later": later,
        "form": form,
        **words(),
    }


def words() -> dict[str, Any]:
    """Return the words that every page of spaces shows."""
    return {"spaces_said": said, "name_of": lambda space: said.name_in(space.name, g.language)}
