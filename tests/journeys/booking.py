"""A group books a room of the city week after week: staff enter the room, a stranger reads its calendar.

It follows upon the journey of support, with the same signed pact and the same windows.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal import clock, db
from portal.policy import SYSTEM
from portal.support import actions as support
from portal.support import queries
from portal.support.models import Allocation
from tests.journeys.supporting import TITLE, Supporting, Town

if TYPE_CHECKING:
    from datetime import date

HOURS, ROOM = 12, "Sala dei Mulini"
SLUG = "sala-dei-mulini"


def promise(job: Supporting) -> None:
    """The city promises hours of spaces beside what it gave: two persons, and bound."""
    town = Town()
    with job.live.inside():
        giulia, marco = town.giulia, town.fresh("marco")
        facts = {"kind": "spaces", "what": "Assemblies", "amount": HOURS, "unit": "hour"}
        with db.writing() as session:
            pool = support.open_pool(clock.today().year, "rooms", "spaces", "Rooms", 100, by=SYSTEM)
            first = session.scalars(queries.current(f"pact:{job.code}")).first()
            assert first is not None
            more = support.ask_more(first, "r1", facts, by=giulia)
            support.propose(more, pool, "Assemblies need a roof", by=giulia)
        with db.writing() as session:
            mine = session.get_one(Allocation, more.id)
            support.approve(mine, by=marco)
            support.commit_row(mine, by=giulia)


def enter(job: Supporting) -> None:
    """The treasurer enters a room, after a first try without hours."""
    tina = job.window("tina")
    tina.open("/en/desk/spaces")
    tina.press("Enter a space")
    said = {"Name (Italian)": ROOM, "Name (English)": "Mill room", "Address": "Via dei Mulini 3"}
    tina.write(said | {"How many people it holds": "40", "It can be reached and used without steps": True})
    tina.press("Save", status=422)
    tina.sees("Enter the opening hours of at least one day")
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    tina.write(dict.fromkeys(days, "9:00-22:00"))
    tina.keep("a space on the desk, refused")
    tina.press("Save")
    tina.sees("Mill room")
    tina.keep("the desk's spaces")


def book(job: Supporting) -> None:
    """The group books three Mondays, is told why a fourth try does not fit, and cancels one."""
    rosa = job.at("rosa", "/pacts/{code}/support")
    rosa.press("Book a space")
    wish = {"Space": "Mill room (40)", "Day": f"{_monday(job):%d/%m/%Y}", "From": "18:00", "Until": "20:00"}
    rosa.write(wish | {"In how many weeks, this one included (optional)": "3"})
    rosa.press("Book it")
    rosa.sees("6 booked", "6 still to be booked")
    rosa.keep("the bookings of a group")
    rosa.write(wish)
    rosa.press("Book it", status=422)
    rosa.sees("is taken by")
    rosa.keep("a booking that is refused")
    rosa.open(f"/en/pacts/{job.code}/spaces")
    rosa.follow(rosa.page.locator("main ul.results a").first)
    rosa.keep("one booking")
    rosa.write({"Why (public)": "We are away"})
    rosa.press("Cancel the booking")
    rosa.sees("4 booked", "8 still to be booked", "Cancelled")


def read(job: Supporting) -> None:
    """A stranger sees which pact has the room, and takes the calendar along."""
    week = _monday(job) + timedelta(weeks=1)
    stranger = job.window("nobody")
    stranger.open(f"/en/spaces/{SLUG}?week={week}")
    stranger.sees("09:00–18:00 free", f"18:00–20:00 taken {TITLE}", "20:00–22:00 free")
    stranger.does_not_see("Rosa")
    stranger.keep("the calendar of a space")
    feed = stranger.fetch(f"/calendars/spaces/{SLUG}.ics").decode()
    assert feed.count("BEGIN:VEVENT") == 3
    assert feed.count("STATUS:CANCELLED") == 1


def use(job: Supporting) -> None:
    """Weeks later the office says what was used, and the group confirms it."""
    job.live.pass_days(22)
    tina = job.window("tina")
    tina.open("/en/desk/spaces")
    tina.follow(tina.page.locator("main table a").first)
    tina.keep("what became of a booking")
    tina.write(
        {"How many people came (optional)": "23", "What shows it (public) (optional)": "List at the door"}
    )
    tina.press("Enter the hours as given")
    rosa = job.at("rosa", "/pacts/{code}/support")
    rosa.sees("Given so far 2 h", "List at the door")
    rosa.keep("hours of a space that were given")


def _monday(job: Supporting) -> date:
    today = job.live.today()
    return today + timedelta(days=14 - today.weekday())


STEPS = (promise, enter, book, read, use)
