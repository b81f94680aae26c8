"""Feeds and calendars say what the pages say: well formed, cheap to ask again, and nobody's name in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.front import ical
from tests.conftest import CAST
from tests.counting import counting
from tests.front.conftest import World

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = [
    "/feeds/pacts.atom",
    "/feeds/proposals.atom",
    "/feeds/proposals.atom?kind=place",
    "/feeds/fences-breached.atom",
]
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def visitor(app: Any, world: World) -> Any:
    clock.set_offset(timedelta(hours=2))
    return app.test_client(use_cookies=False)


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_whole_and_names_nobody(visitor: Any, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    for part in [feed, *entries]:
        for name in ("id", "title", "updated"):
            assert part.findtext(f"{ATOM}{name}"), name
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(set(ids)) == len(ids)
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith(path)
    assert entries or "breached" in path
    text = answer.get_data(as_text=True)
    assert not [one for name, email, _ in CAST.values() for one in (name, email) if one in text]


@pytest.mark.parametrize("path", [*FEEDS, "/calendars/pacts/{in_force}.ics"])
def test_asking_again_costs_one_read(visitor: Any, world: World, path: str) -> None:
    path = path.format(**world.codes) if "{" in path else path
    mark = visitor.get(path).headers["ETag"]
    with counting() as asked:
        answer = visitor.get(path, headers={"If-None-Match": mark})
    assert (answer.status_code, len(asked)) == (304, 1)


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/proposals.atom?kind=x",
        "/feeds/proposals.atom?colour=red",
        "/feeds/districts/x.atom",
        "/feeds/pacts/BO-2026-999.atom",
        "/calendars/pacts/BO-2026-999.ics",
    ],
)
def test_a_slip_is_not_there(visitor: Any, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_pacts_calendar_has_its_reports_and_its_end(visitor: Any, world: World) -> None:
    answer = visitor.get(f"/calendars/pacts/{world.codes['in_force']}.ics")
    assert answer.mimetype == "text/calendar"
    lines = answer.get_data(as_text=True).split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids) >= 2
    assert any("-end@" in uid for uid in uids)
    assert "TZID:Europe/Rome" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(uids)


def _entry(title: str, begins: date | datetime, ends: datetime | None = None) -> ical.Entry:
    return ical.Entry("a@x", title, begins, ends, "https://x.example", datetime(2026, 1, 1, tzinfo=UTC), 3)


@given(st.text(max_size=300).filter(lambda text: "\r" not in text))
def test_lines_are_folded_at_75_octets_and_unfold_to_what_was_said(title: str) -> None:
    text = ical.calendar("A", [_entry(title, date(2026, 11, 28))], ROME, on=date(2026, 11, 28))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    summary = next(line for line in unfolded.split("\r\n") if line.startswith("SUMMARY:"))
    said = summary.removeprefix("SUMMARY:")
    plain = said.replace("\\\\", "\0").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
    assert plain.replace("\0", "\\") == title.replace("\0", "\\")


def test_a_timed_entry_stands_in_the_citys_zone_whose_changes_are_told() -> None:
    begins = datetime(2026, 3, 29, 8, tzinfo=UTC)
    text = ical.calendar("A", [_entry("x", begins, begins + timedelta(hours=1))], ROME, on=date(2026, 3, 1))
    assert "DTSTART;TZID=Europe/Rome:20260329T100000\r\nDTEND;TZID=Europe/Rome:20260329T110000" in text
    spring = (
        "BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST"
    )
    assert spring in text
    assert "DTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET" in text
    assert "SEQUENCE:3" in text


def test_a_zone_without_changes_has_its_one_offset() -> None:
    text = ical.calendar("A", [], ZoneInfo("Asia/Seoul"), on=date(2026, 3, 1))
    assert "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900" in text
