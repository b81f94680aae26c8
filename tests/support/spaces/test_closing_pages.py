"""The pages on which hours are closed: first what that cancels, then the word; and where everybody reads why."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from portal import clock, db
from portal.support.spaces import queries
from tests.counting import counting
from tests.support.conftest import PACT
from tests.support.spaces.conftest import Rooms, at, monday, stretch
from tests.support.spaces.test_ending import DAY, states
from tests.support.spaces.test_pages import DESK, ROOM, SPACE, wish
from tests.support.test_desk import browse, plain  # noqa: F401 - a fixture

CLOSINGS = f"{DESK}/sala-dei-mulini/closings"
REASON = {"reason_it": "Caldaia rotta", "reason_en": "The boiler is broken"}


def hours(**more: str) -> dict[str, str]:
    return {"first": f"{monday():%d/%m/%Y}", "last": "", "hours": "17:00-19:00"} | REASON | more


def typed(page: str) -> dict[str, str]:
    """Return the hidden values of the form that closes: what was typed, and what was seen."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.partition("<main")[2])
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def closed(rooms: Rooms) -> list[Any]:
    with db.reading() as session:
        space = session.scalars(queries.space("sala-dei-mulini")).one()
        return list(session.scalars(queries.closed(space.id, clock.now())))


def test_the_office_sees_what_is_cancelled_before_it_confirms(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    (one,) = rooms.book(rooms.space(), stretch(at(monday(), 18)))
    tina = browse("tina")
    tina.get(CLOSINGS)
    assert tina.post(CLOSINGS, hours()).status_code == 200
    page = plain(tina.page)
    assert "Close these hours?" in page
    assert "1 booking is cancelled" in page
    assert "18:00 – 20:00: Air-data commons" in page
    assert (rooms.figures(), closed(rooms)) == ((2, 0), [])
    assert tina.post(CLOSINGS, typed(tina.page)).status_code == 200
    assert "The boiler is broken" in tina.page
    assert states(rooms.promise_id) == {one.id: ("cancelled", "Caldaia rotta")}
    tina.post(f"{CLOSINGS}/{closed(rooms)[0].series}/opening")
    assert "Nothing is closed in the time to come" in tina.page
    assert rooms.quarters() == (0, 0)


def test_what_was_booked_in_the_meantime_is_shown_before_it_is_cancelled(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    space = rooms.space()
    tina = browse("tina")
    tina.get(CLOSINGS)
    tina.post(CLOSINGS, hours())
    assert "Nothing is booked in these hours" in tina.page
    first = typed(tina.page)
    (one,) = rooms.book(space, stretch(at(monday(), 18)))
    assert tina.post(CLOSINGS, first).status_code == 409
    page = plain(tina.page)
    assert "has changed in the meantime" in page
    assert "1 booking is cancelled" in page
    assert states(rooms.promise_id)[one.id][0] == "booked"
    again = typed(tina.page)
    assert again["first"] == first["first"]
    assert tina.post(CLOSINGS, again).status_code == 200
    assert states(rooms.promise_id)[one.id][0] == "cancelled"
    # Whoever confirms twice closes once.
    assert tina.post(CLOSINGS, again).status_code == 422
    assert len(closed(rooms)) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first": "31/02/2027"}, "Enter a day"),
        ({"first": ""}, "Enter a day"),
        ({"last": "x"}, "Enter a day"),
        ({"last": "01/01/2020"}, "comes before the first"),
        ({"first": "01/01/2020"}, "What is past cannot be closed"),
        ({"first": "01/01/2199"}, "at most a year ahead"),
        ({"hours": "19:00-17:00"}, "Enter hours by quarters"),
        ({"hours": "17:10-19:00"}, "Enter hours by quarters"),
        ({"hours": "١٧:00-19:00"}, "Enter hours by quarters"),
        ({"hours": "evening"}, "Enter hours by quarters"),
        ({"weeks": "0"}, "at most 26 weeks"),
        ({"weeks": "٤"}, "whole number"),
        ({"weeks": "99999999999999"}, "whole number"),
        ({"reason_it": "", "reason_en": ""}, "Say why"),
        ({"reason_en": "x" * 151}, "150 characters or fewer"),
    ],
)
def test_what_cannot_be_closed_is_said_and_kept(
    rooms: Rooms,
    browse: Any,  # noqa: F811
    wrong: dict[str, str],
    sentence: str,
) -> None:
    rooms.space()
    tina = browse("tina")
    tina.get(CLOSINGS)
    for seen in ({}, {"seen": "0"}):
        assert tina.post(CLOSINGS, hours() | wrong | seen).status_code == 422
        assert sentence in plain(tina.page)
        assert 'value="17:00-19:00"' in tina.page or "hours" in wrong
    assert 'name="seen" value="0"' not in tina.page, "what is typed anew is shown anew"
    assert closed(rooms) == []


@pytest.mark.parametrize("seen", ["999", "x' OR 1=1", "0", "0,0,7"])
def test_made_up_numbers_of_bookings_close_nothing(rooms: Rooms, browse: Any, seen: str) -> None:  # noqa: F811
    rooms.book(rooms.space(), stretch(at(monday(), 18)))
    tina = browse("tina")
    tina.get(CLOSINGS)
    assert tina.post(CLOSINGS, hours(seen=seen)).status_code == 409
    assert rooms.figures() == (2, 0)


def test_who_does_not_keep_the_spaces_closes_and_opens_nothing(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    made = rooms.close(rooms.space(), stretch(at(monday(), 18)))
    other = rooms.space("Altra sala")
    for name in ("eve", "rosa"):
        person = browse(name)
        assert person.get(CLOSINGS).status_code == 403
        for path in (CLOSINGS, f"{CLOSINGS}/{made.series}/opening"):
            assert person.post(path, hours(seen="0")).status_code == 403
    tina = browse("tina")
    tina.get(CLOSINGS)
    # A closing of another space is not there, whoever asks.
    assert tina.post(f"{DESK}/{other.slug}/closings/{made.series}/opening").status_code == 404
    assert tina.post(f"{CLOSINGS}/999/opening").status_code == 404
    assert rooms.quarters() == (0, 8)


def test_everybody_reads_when_it_is_closed_and_why(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    rooms.close(rooms.space(), stretch(at(monday(), 17)), it="Caldaia <rotta>")
    eve = browse("eve")
    eve.get(f"{SPACE}?week={monday()}")
    page = plain(eve.page)
    for part in ("09:00–17:00 free", "17:00–19:00 closed Caldaia &lt;rotta&gt;", "19:00–22:00 free"):
        assert part in page
    assert '<span lang="it">Caldaia &lt;rotta&gt;</span>' in eve.page
    text = eve.client.get(f"{SPACE}/hours.csv?week={monday()}").get_data(as_text=True)
    rows = [row for row in csv.reader(io.StringIO(text)) if row[0].startswith(f"{monday()}")]
    assert [row[2:] for row in rows] == [
        ["free", "", "", ""],
        ["closed", "", "", "Caldaia <rotta>"],
        ["free", "", "", ""],
    ]
    assert rows[1][:2] == [f"{monday()} 17:00:00", f"{monday()} 19:00:00"]
    assert browse("eve").client.get("/en/spaces/none/hours.csv").status_code == 404


def test_whole_days_are_shown_within_the_opening_hours_of_each(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    rooms.space()
    tina, last = browse("tina"), monday() + 6 * DAY
    tina.get(CLOSINGS)
    tina.post(CLOSINGS, hours(hours="", last=f"{last:%d/%m/%Y}"))
    tina.post(CLOSINGS, typed(tina.page))
    assert "all day" in tina.page
    tina.get(f"{SPACE}?week={monday()}")
    page = plain(tina.page)
    assert page.count("09:00–22:00 closed The boiler is broken") == 6
    assert not re.search(r"\d free", page)


def test_the_feed_tells_of_closed_hours_and_of_those_taken_back(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    space = rooms.space()
    first, second = (rooms.close(space, stretch(at(monday(), hour))) for hour in (10, 14))
    rooms.reopen(second)
    eve = browse("eve").client
    feed = eve.get("/calendars/spaces/sala-dei-mulini.ics", headers={"Accept-Language": "en"})
    text = feed.get_data(as_text=True)
    assert text.count("SUMMARY:Closed: The boiler is broken") == 2
    assert f"UID:sala-dei-mulini-closed-{first.id}@" in text
    assert re.findall(r"STATUS:(\w+)", text) == ["CONFIRMED", "CANCELLED"]
    assert re.findall(r"SEQUENCE:(\d)", text) == ["0", "1"]


def test_who_books_sees_the_closed_hours_and_is_refused_in_these_words(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    space = rooms.space()
    (one,) = rooms.book(space, stretch(at(monday(), 18)))
    rooms.close(space, stretch(at(monday(), 17), 3))
    rosa = browse("rosa")
    rosa.get(ROOM)
    page = plain(rosa.page)
    assert "17:00–20:00 · The boiler is broken" in page
    assert "The city closed the space: The boiler is broken" in page
    rosa.get(f"{ROOM}/{one.id}")
    assert "The city closed the space: The boiler is broken" in plain(rosa.page)
    rosa.get(ROOM)
    assert rosa.post(ROOM, wish(rooms)).status_code == 422
    assert "the space is closed in these hours (The boiler is broken)" in plain(rosa.page)
    assert 'value="18:00"' in rosa.page
    assert rooms.figures() == (0, 0)


def test_a_space_of_many_closings_takes_as_few_questions(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    space, week = rooms.space(), timedelta(weeks=1)
    rooms.book(space, *(stretch(at(monday() + n * DAY, 18), 1) for n in range(5)))
    eve, rosa, tina = (browse(name) for name in ("eve", "rosa", "tina"))
    pages = ((eve, f"{SPACE}?week={monday()}"), (rosa, ROOM), (tina, CLOSINGS), (tina, DESK))

    def asked() -> list[int]:
        found = []
        for person, path in pages:
            with counting() as statements:
                person.get(path)
            found.append(len(statements))
        return found

    rooms.close(space, stretch(at(monday(), 10)))
    before = asked()
    assert before[0] <= 6
    for hour in (12, 14):
        rooms.close(space, *(stretch(at(monday() + n * week, hour)) for n in range(6)))
    assert asked() == before


def test_a_pact_reads_of_its_own_bookings_only(rooms: Rooms, browse: Any) -> None:  # noqa: F811
    space = rooms.space()
    other = rooms.promised("pact:BO-2026-042", 5, party_person_id=rooms.cast.eve.person_id)
    rooms.book(space, stretch(at(monday(), 18)), promise=other, by=rooms.cast.eve)
    (mine,) = rooms.book(space, stretch(at(monday(), 16)))
    rooms.close(space, stretch(at(monday(), 15), 6))
    rosa = browse("rosa")
    rosa.get(f"/en/pacts/{PACT.removeprefix('pact:')}/spaces")
    assert re.findall(r"/spaces/(\d+)", rosa.page) == [str(mine.id)]
