"""The pages of spaces: the calendar that everybody reads, the group's bookings, and the office's word."""

from __future__ import annotations

import re
from typing import Any

import pytest

from portal import db
from portal.support.spaces import actions, queries
from tests.counting import counting
from tests.support.conftest import PACT
from tests.support.spaces.conftest import Rooms, at, monday, stretch
from tests.support.test_desk import browse, plain  # noqa: F401 - a fixture

CODE = PACT.removeprefix("pact:")
ROOM, SPACE, DESK = f"/en/pacts/{CODE}/spaces", "/en/spaces/sala-dei-mulini", "/en/desk/spaces"


def wish(rooms: Rooms, slug: str = "sala-dei-mulini", **more: str) -> dict[str, str]:
    with db.reading() as session:
        space = session.scalars(queries.space(slug)).one()
    day = f"{monday():%d/%m/%Y}"
    typed = {"promise": str(rooms.promise_id), "space": str(space.id), "day": day}
    return typed | {"begins": "18:00", "until": "20:00"} | more


def test_staff_enter_a_space_and_everybody_sees_it(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    tina = browse("tina")
    tina.get(f"{DESK}/new")
    typed = {"name_it": "Sala dei Mulini", "name_en": "Mill room", "about_en": "Chairs, a projector"}
    typed |= {
        "address": "Via dei Mulini 3",
        "district": "",
        "capacity": "40",
        "is_step_free": "y",
        "is_open": "y",
    }
    for wrong in (
        {"name_it": "", "name_en": ""},
        {"address": ""},
        {"capacity": "-1"},
        {"hours_0": "soon"},
        {},
    ):
        hours = {} if not wrong else {"hours_0": "9:00-22:00"}
        assert tina.post(f"{DESK}/new", typed | hours | wrong).status_code == 422
        assert "Via dei Mulini" in tina.page or "address" in wrong
    tina.post(f"{DESK}/new", typed | {"hours_0": "9:00-22:00", "hours_6": "10:00-12:00"})
    assert tina.post(f"{DESK}/new", typed | {"hours_0": "9:00-22:00"}).status_code == 422, (
        "twice the same name"
    )
    tina.get(SPACE)
    assert "Mill room" in tina.page
    assert "Chairs, a projector" in tina.page
    assert plain(tina.page).count("Closed") == 10
    tina.get(f"{DESK}/sala-dei-mulini")
    tina.post(f"{DESK}/sala-dei-mulini", typed | {"hours_0": "9:00-18:00", "is_open": ""})
    tina.get("/en/spaces")
    assert "Takes no bookings" in tina.page
    assert browse("eve").get(f"{DESK}/new").status_code == 403


def test_a_group_books_cancels_and_sees_its_hours(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    rooms.space()
    rosa = browse("rosa")
    rosa.get(ROOM)
    rosa.post(ROOM, wish(rooms, weeks="2", people="12"))
    assert rooms.figures() == (4, 0)
    rosa.get(f"{SPACE}?week={monday()}")
    page = plain(rosa.page)
    assert "18:00–20:00 taken Air-data commons" in page
    assert "09:00–18:00 free" in page
    rosa.get(f"{SPACE}?week=2020-01-06")
    assert "09:00–22:00" in plain(rosa.page)
    assert "22:00 free" not in plain(rosa.page), "nobody books what is over"
    rosa.get(ROOM)
    which = re.findall(r"/spaces/(\d+)", rosa.page)[0]
    rosa.get(f"{ROOM}/{which}")
    assert rosa.post(f"{ROOM}/{which}/cancellation", {"reason": ""}).status_code == 422
    rosa.post(f"{ROOM}/{which}/cancellation", {"reason": "We are away", "with_later": "y"})
    assert rooms.figures() == (0, 0)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": "31/02/2027"}, "Enter a day"),
        ({"begins": "25:00"}, "Enter an hour"),
        ({"until": ""}, "Enter an hour"),
        ({"until": "19:30"}, "whole hours"),
        ({"until": "17:00"}, "whole hours"),
        ({"space": "999"}, "Choose from the list"),
        ({"promise": "x' OR 1=1"}, "Choose from the list"),
        ({"people": "1e3"}, "whole number"),
        ({"people": "٤"}, "whole number"),
        ({"weeks": "0"}, "at most 26 weeks"),
        ({"weeks": "99999999999999"}, "whole number"),
        ({"weeks": "9"}, "are left, and this takes 18 h"),
    ],
)
def test_what_cannot_be_booked_is_said_and_kept(
    rooms: Rooms,
    browse: Any,  # noqa: F811
    typed: dict[str, str],
    sentence: str,
) -> None:
    rooms.space()
    rosa = browse("rosa")
    rosa.get(ROOM)
    answer = rosa.post(ROOM, wish(rooms) | typed)
    assert answer.status_code == 422
    assert sentence in plain(rosa.page)
    assert 'value="18:00"' in rosa.page or "begins" in typed
    assert rooms.figures() == (0, 0)


def test_the_office_says_what_became_of_it(rooms: Rooms, browse: Any, move_clock: Any) -> None:  # noqa: F811
    day = monday()
    one, two, three = rooms.book(rooms.space(), *(stretch(at(day, hour), 1) for hour in (10, 12, 14)))
    tina = browse("tina")
    tina.get(f"{DESK}/bookings/{one.id}")
    assert "not over yet" in tina.page
    assert tina.post(f"{DESK}/bookings/{one.id}/use").status_code == 409
    move_clock(at(day, 23) - at(day, 0) + (at(day, 0) - at(monday(0), 0)))
    tina = browse("tina")
    tina.get(DESK)
    assert tina.page.count("/desk/spaces/bookings/") == 3
    tina.post(f"{DESK}/bookings/{one.id}/use", {"came": "12", "note": "List at the door"})
    assert tina.post(f"{DESK}/bookings/{two.id}/absence", {"missed-reason": ""}).status_code == 422
    tina.post(f"{DESK}/bookings/{two.id}/absence", {"missed-reason": "Nobody came"})
    tina.post(f"{DESK}/bookings/{three.id}/excuse", {"excused-reason": "No heating"})
    assert rooms.figures() == (0, 2)
    rosa = browse("rosa")
    rosa.get(f"/en/pacts/{CODE}/support")
    assert "List at the door" in rosa.page
    assert "It arrived like this" in rosa.page


def test_who_is_not_of_the_group_finds_nothing(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    (one,) = rooms.book(rooms.space(), stretch(at(monday(), 18)))
    eve = browse("eve")
    assert eve.get(ROOM).status_code in {403, 404}
    assert eve.get(f"{ROOM}/{one.id}").status_code in {403, 404}
    for path, typed in ((ROOM, wish(rooms)), (f"{ROOM}/{one.id}/cancellation", {"reason": "x"})):
        assert eve.post(path, typed).status_code in {403, 404}
    for verb in ("use", "absence", "excuse"):
        assert eve.post(f"{DESK}/bookings/{one.id}/{verb}", {"reason": "x"}).status_code == 403
    assert rooms.figures() == (2, 0)


def test_a_booking_of_another_pact_is_not_there(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    other = rooms.promised("pact:BO-2026-042", 5, party_person_id=rooms.cast.eve.person_id)
    (one,) = rooms.book(rooms.space(), stretch(at(monday(), 18)), promise=other, by=rooms.cast.eve)
    rosa = browse("rosa")
    assert rosa.get(f"{ROOM}/{one.id}").status_code == 404
    assert rosa.post(f"{ROOM}/{one.id}/cancellation", {"reason": "x"}).status_code == 404
    assert rosa.post(ROOM, wish(rooms, promise=str(other))).status_code == 422


def test_the_feed_names_pacts_and_tells_of_what_was_cancelled(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    from portal.support.spaces import actions

    first, second = rooms.book(rooms.space(), *(stretch(at(monday(), hour), 1) for hour in (10, 12)))
    rooms.do(actions.cancel, second, "We are away", late_hours=0, by=rooms.rosa)
    answer = browse("eve").client.get("/calendars/spaces/sala-dei-mulini.ics")
    feed = answer.get_data(as_text=True)
    assert feed.count("BEGIN:VEVENT") == 2
    assert feed.count("STATUS:CANCELLED") == 1
    assert f"UID:sala-dei-mulini-{first.id}@" in feed
    assert "DTSTART;TZID=Europe/Rome:" in feed
    assert "SUMMARY:Air-data commons" in feed
    assert "Rosa" not in feed
    assert browse("eve").client.get("/calendars/spaces/none.ics").status_code == 404


def test_a_full_week_takes_few_questions(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    space = rooms.space()
    promise = rooms.promised("pact:BO-2026-043", 60)
    rooms.book(space, *(stretch(at(monday(), hour), 1) for hour in range(9, 22)), promise=promise)
    eve = browse("eve")
    assert "Rosa" not in eve.page, "the pact, and no person"
    with counting() as asked:
        eve.get(f"{SPACE}?week={monday()}")
    assert len(asked) <= 6, asked


def test_a_suspended_pact_sees_why_it_cannot_book(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    rooms.space()
    rosa = browse("rosa")
    rosa.get(ROOM)
    typed = wish(rooms)
    with db.writing():
        actions.cancel_coming(PACT, "The site is not safe", by=rooms.tina)
    assert rosa.post(ROOM, typed).status_code == 409
    rosa.get(ROOM)
    assert "suspended or over" in rosa.page
    assert "Book a space" not in rosa.page
    with db.writing():
        actions.let_go_on(PACT)
    assert rosa.post(ROOM, typed, at=ROOM).status_code == 200
    assert rooms.figures() == (2, 0)
