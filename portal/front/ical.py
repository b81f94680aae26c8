"""Write a calendar as RFC 5545 asks for it: zone, folded lines, ids that stay, a sequence that grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LONGEST_LINE = 75
_ESCAPED = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n"))


@dataclass(frozen=True)
class Entry:
    """Something with a day, or with an instant and its end; `uid` never changes, `sequence` never falls.

    `organiser` is the mail address that a meeting is called from (RFC 5546 asks for one).
    """

    uid: str
    title: str
    begins: date | datetime
    ends: datetime | None
    link: str
    changed_at: datetime
    sequence: int
    place: str = ""
    about: str = ""
    organiser: str = ""
    is_cancelled: bool = False


def calendar(
    name: str, entries: Iterable[Entry], zone: ZoneInfo, *, on: date, method: str = "PUBLISH"
) -> str:
    """Return the calendar as text on a day, lines ended by CRLF and folded at 75 octets.

    `method` is PUBLISH, or CANCEL for what is taken out of the readers' calendars.
    """
    found = list(entries)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Commons Portal//Calendar//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        f"X-WR-CALNAME:{_text(name)}",
        *_zone_lines(zone, [on.year, *(entry.begins.year for entry in found)]),
        *(line for entry in found for line in _entry_lines(entry, zone)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _entry_lines(entry: Entry, zone: ZoneInfo) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_utc(entry.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(entry.changed_at)}"
    if isinstance(entry.begins, datetime):
        yield f"DTSTART;TZID={zone.key}:{_local(entry.begins, zone)}"
        yield f"DTEND;TZID={zone.key}:{_local(entry.ends or entry.begins, zone)}"
    else:
        # A whole day of the city; the end is the day after it.
        yield f"DTSTART;VALUE=DATE:{entry.begins:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.begins + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(entry.title)}"
    yield f"URL:{entry.link}"
    yield from _more_lines(entry)
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _more_lines(entry: Entry) -> Iterator[str]:
    if entry.place:
        yield f"LOCATION:{_text(entry.place)}"
    if entry.about:
        yield f"DESCRIPTION:{_text(entry.about)}"
    if entry.organiser:
        yield f"ORGANIZER:mailto:{entry.organiser}"
        yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"


def _zone_lines(zone: ZoneInfo, years: list[int]) -> Iterator[str]:
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    changes = list(_changes(zone, min(years) - 1, max(years) + 1))
    for at, before, after in changes:
        kind = "DAYLIGHT" if at.astimezone(zone).dst() else "STANDARD"
        yield from _observance(kind, at + before, before, after, at.astimezone(zone).tzname())
    if not changes:
        first = datetime(min(years) - 1, 1, 1, tzinfo=UTC).astimezone(zone)
        offset = first.utcoffset() or timedelta()
        yield from _observance("STANDARD", datetime(1970, 1, 1), offset, offset, first.tzname())  # noqa: DTZ001
    yield "END:VTIMEZONE"


def _observance(
    kind: str, onset: datetime, before: timedelta, after: timedelta, name: str | None
) -> Iterator[str]:
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{onset:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(before)}"
    yield f"TZOFFSETTO:{_offset(after)}"
    yield f"TZNAME:{name or kind}"
    yield f"END:{kind}"


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """Yield (instant, offset before, offset after) of every change of the zone's clocks in these years."""
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    before = _offset_at(at, zone)
    while at < end:
        following = at + timedelta(days=1)
        after = _offset_at(following, zone)
        if after != before:
            yield _moment(at, following, before, zone), before, after
        at, before = following, after


def _moment(low: datetime, high: datetime, before: timedelta, zone: ZoneInfo) -> datetime:
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        middle = middle.replace(second=0, microsecond=0)
        low, high = (middle, high) if _offset_at(middle, zone) == before else (low, middle)
    return high


def _offset_at(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y%m%dT%H%M%S}"


def _text(text: str) -> str:
    for plain, escaped in _ESCAPED:
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets; all but the first begin with a space, no letter is cut."""
    piece, room = "", LONGEST_LINE
    for sign in line:
        size = len(sign.encode())
        if size > room:
            yield piece
            piece, room = " ", LONGEST_LINE - 1
        piece += sign
        room -= size
    yield piece
