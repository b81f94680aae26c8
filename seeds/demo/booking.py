"""Spaces of the demonstration: four rooms, one closed for two days, and a library that reads in another."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from portal import clock, db
from portal.support.handing import actions as handing
from portal.support.models import Delivery
from portal.support.spaces import actions, queries
from portal.support.spaces.lifecycle import State
from portal.support.spaces.opening import Stretch
from seeds.demo.cast import TREASURER, actor
from seeds.demo.giving import LENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.city import Profile
    from portal.support.spaces.models import SpaceBooking
    from portal.support.spaces.opening import Week
    from seeds.demo.giving import Days
    from seeds.demo.story import Story

Step = tuple[int, "Callable[[], None]"]
DAILY: Week = ((9 * 60, 22 * 60),) * 6 + (None,)
AFTERNOONS: Week = ((15 * 60, 20 * 60),) * 5 + ((10 * 60, 20 * 60), (10 * 60, 18 * 60))
# The name and what is there, in the city's words and in English; address, how many people, steps, hours.
SPACES = (
    ("Sala dei Mulini", "Mill room", "Sedie, proiettore, cucina", "Via dei Mulini 3", 60, True, DAILY),
    (
        "Sala del Pratello",
        "Pratello room",
        "Tavoli grandi, lavagna",
        "Via del Pratello 53",
        25,
        True,
        AFTERNOONS,
    ),
    ("Cortile coperto", "Covered courtyard", "Panche, luce, acqua", "Via Saliceto 5", 120, True, DAILY),
    (
        "Saletta al secondo piano",
        "Room on the second floor",
        "Tavolo per dodici",
        "Via Libia 21",
        12,
        False,
        AFTERNOONS,
    ),
)
READING_ROOM, SATURDAY, WEEKS = "sala-del-pratello", 5, 9
BOOKED_ON, CANCELLED_ON, CLOSED_ON = -31, -12, -2
PAINTED, PAINTED_DAYS = "sala-dei-mulini", (10, 12)
WHY_CLOSED = ("Si imbiancano le pareti", "The walls are being painted")


def add_spaces(profile: Profile) -> None:
    """Enter the rooms, named in the languages of the city."""
    for name, english, about, address, capacity, is_step_free, week in SPACES:
        words = {code: english if code == "en" else name for code in profile.languages}
        there = {code: about for code in profile.languages if code != "en"}
        plan = actions.Plan(words, address, capacity, week, there, is_step_free=is_step_free)
        actions.add(plan, by=actor(TREASURER))


def book(story: Story, life: Days) -> Iterator[Step]:
    """Yield how a group reads every Saturday: some were used, one was called off, the rest are to come."""
    if story.what.title != LENT:
        return
    yield BOOKED_ON, partial(_book, life.code, story.by.holder)
    yield CANCELLED_ON, partial(_cancel, life.code, story.by.holder)
    for day in (-17, -3):
        yield day, partial(_confirm, life.code, story.by.holder)
    yield CLOSED_ON, _close


def _bookings(code: str) -> list[SpaceBooking]:
    session = db.session()
    promises = session.scalars(queries.promises(f"pact:{code}")).all()
    found = session.scalars(queries.bookings_of([one.id for one in promises])).all()
    return [one for one in reversed(found) if one.state == State.BOOKED]


def _book(code: str, holder: str) -> None:
    session = db.session()
    promise = session.scalars(queries.promises(f"pact:{code}")).first()
    space = session.scalars(queries.space(READING_ROOM)).one()
    assert promise is not None  # noqa: S101 - the story asks for hours of spaces
    first = clock.today() + timedelta(days=(SATURDAY - clock.today().weekday()) % 7 or 7)
    days = [first + timedelta(weeks=number) for number in range(WEEKS)]
    hours = [[datetime.combine(day, time(hour), clock.zone()) for hour in (16, 18)] for day in days]
    wish = actions.Wish([Stretch(*one) for one in hours], people=20)
    actions.book(promise, space, wish, by=actor(holder))


def _cancel(code: str, holder: str) -> None:
    coming = [one for one in _bookings(code) if not one.has_begun(clock.now())]
    actions.cancel(coming[1], "Festa di strada: leggiamo all'aperto", late_hours=24, by=actor(holder))


def _close() -> None:
    space = db.session().scalars(queries.space(PAINTED)).one()
    begins, ends = (clock.end_of(clock.today() + timedelta(days=number)) for number in PAINTED_DAYS)
    own, english = WHY_CLOSED
    reason = {code: english if code == "en" else own for code in space.name}
    wish = actions.Closure([Stretch(begins, ends)], reason)
    actions.close(space, wish, seen=(), by=actor(TREASURER))


def _confirm(code: str, holder: str) -> None:
    """Enter what was used since; the group confirms the very first."""
    over = [one for one in _bookings(code) if one.is_over(clock.now())]
    for one in over:
        actions.use(one, 14, "Foglio presenze", by=actor(TREASURER))
    if over and over[0].allocation.delivered == sum(one.hours for one in over):
        given = db.session().get_one(Delivery, over[0].delivery_id)
        handing.accept(over[0].allocation, given, by=actor(holder))
