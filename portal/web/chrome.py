"""What every page is given: the city, the languages, the navigation, dates and money in words."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import current_app, g, request

from portal import charts, clock, db, words
from portal.money import currency_name, currency_symbol, euro, share_of_hundred
from portal.policy import VISITOR, Actor, Can, may_ever
from portal.web import parts
from portal.web.addresses import address
from portal.web.languages import switches
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Flask

    from portal.city import Profile

PUBLIC_NAV = (
    (W("Pacts"), "front.pacts"),
    (W("Commons"), "front.commons"),
    (W("Proposals"), "front.proposals"),
    (W("Calls"), "calls.listed"),
    (W("Groups"), "front.organisations"),
    (W("Propose"), "proposals.start"),
    (W("Search"), "front.search"),
    (W("Check a document"), "front.verify"),
)
KINDS = {"place": W("Place"), "software": W("Software"), "data_set": W("Data set")}
TONES = {
    "submitted": "blue",
    "supplement_asked": "ochre",
    "refusal_noticed": "ochre",
    "accepted": "green",
    "refused": "red",
    "co_design": "plum",
    "agreed": "blue",
    "resourced": "blue",
    "signing": "ochre",
    "signed": "green",
    "in_force": "green",
    "suspended": "red",
    "holding": "green",
    "close": "ochre",
    "breached": "red",
    "overdue": "red",
    "kept": "green",
    "late": "ochre",
    "not_done": "red",
    "approved": "blue",
    "committed": "green",
    "delivered": "green",
    "proposed": "ochre",
}
DESK_NAV = (
    (W("My desk"), "pacts_desk.desk", Can.DESK_READ),
    (W("Opinions"), "opinions_desk.waiting", Can.OPINION_GIVE),
    (W("Calls"), "calls_desk.calls", Can.DESK_READ),
    (W("Observations"), "observations_desk.queue", Can.OBSERVATIONS_READ),
    (W("Ratings"), "proposals.ratings", Can.RATINGS_READ),
    (W("Pools"), "support_desk.pools", Can.POOL_READ),
    (W("Servers"), "servers_desk.servers", Can.SERVER_READ),
    (W("Spaces"), "spaces_desk.overview", Can.POOL_READ),
    (W("Payments"), "payments_desk.payments", Can.PAYMENTS_READ),
    (W("Legal help"), "pacts_desk.legal_desk", Can.LEGAL_DESK),
    (W("Groups"), "organisations_desk.register", Can.ORGANISATION_DESK),
    (W("People"), "people_desk.found", Can.PEOPLE_READ),
    (W("Counter"), "counter.here", Can.COUNTER_HELP),
    (W("Letters"), "letters_desk.queue", Can.LETTERS_READ),
    (W("Residents"), "residents_desk.overview", Can.RESIDENCE_READ),
    (W("Use of the counter"), "counter.uses", Can.COUNTER_AUDIT),
    (W("Jobs"), "operations.jobs", Can.JOBS_READ),
)

# Rooms whose pages stand at other addresses than the entry they belong to.
INSIDE = {"support_desk": "support_desk.pools", "surplus_desk": "support_desk.pools"}


def init(app: Flask, *, city: Profile, demo: bool) -> None:
    """Give templates their words, formats and surroundings."""
    app.extensions["profile"] = city
    app.jinja_env.add_extension(parts.Kept)
    app.jinja_env.add_extension(parts.Standing)
    app.jinja_env.globals.update(
        said=said,
        tone_of=tone_of,
        kind_words=kind_words,
        district_name=district_name,
        language_name=language_name,
        rules_day=rules_day,
        page_language=words.spoken,
        currency_symbol=currency_symbol,
        currency_name=currency_name,
        share_of_hundred=share_of_hundred,
    )
    app.jinja_env.globals.update(
        _=_say,
        ngettext=_say_number,
        euro=euro,
        date=day,
        weekday=weekday,
        instant=instant,
        time=time_of_day,
        number=number,
    )
    app.jinja_env.globals.update(
        url_for=address,
        charts=charts,
        filled=filled,
        speaks_for_others=lambda: bool(_actor().speaks_for),
        acted_for=lambda: str(_actor().acting_for or ""),
        asset=lambda name: _asset(app, name),
        has_asset=lambda name: _has_asset(app, name),
    )
    app.context_processor(lambda: _surroundings(city, demo=demo))


def filled(heads: Sequence[Any], rows: Sequence[Sequence[Any]]) -> tuple[list[Any], list[list[Any]]]:
    """Return a table without the columns in which no row says anything; a table without rows stays whole."""
    places = [
        place for place in range(len(heads)) if not rows or any(row[place] not in {"", None} for row in rows)
    ]
    return [heads[place] for place in places], [[row[place] for place in places] for row in rows]


def _actor() -> Actor:
    actor: Actor = g.get("actor", VISITOR)
    return actor


def _say(message: W | str, /, **parameters: object) -> str:
    if isinstance(message, W):
        return words.say(message)
    return words.say(W(message, **parameters) if parameters else message)


def _say_number(one: str, many: str, num: int, **parameters: object) -> str:
    return words.say_number(one, many, num, None, **parameters)


def language_name(code: str) -> str:
    """Return the name of a language in the language of the page."""
    return str(Locale.parse(code).get_display_name(words.spoken()))


def day(value: date | datetime | None) -> str:
    """Return the day in words, in the city's zone."""
    if value is None:
        return ""
    if hasattr(value, "tzinfo"):
        value = clock.local(value).date()  # type: ignore[arg-type]
    return _day_words(value, words.spoken())


@lru_cache(4_096)
def _day_words(value: date, language: str) -> str:
    return format_date(value, "d MMM y", locale=language)


def rules_day(version: str) -> str:
    """Return the first day of a version of the rules, in words."""
    return day(date.fromisoformat(version))


def weekday(value: date) -> str:
    """Return the short name of the day of the week."""
    return format_date(value, "EEE", locale=words.current_language())


def instant(value: datetime | None) -> str:
    """Return day and time in the city's zone."""
    if value is None:
        return ""
    return format_datetime(clock.local(value), "d MMM y, HH:mm", locale=words.spoken())


def time_of_day(value: datetime | None) -> str:
    """Return the time in the city's zone."""
    return "" if value is None else format_datetime(clock.local(value), "HH:mm", locale=words.spoken())


def number(value: int) -> str:
    """Return the number with the language's thousands mark."""
    return format_decimal(value, locale=words.spoken())


@cache
def _stamp(path: Path) -> str:
    return format(path.stat().st_mtime_ns // 1_000_000, "x") if path.exists() else ""


def _has_asset(app: Flask, name: str) -> bool:
    return _stamp(Path(app.static_folder or "") / name) != ""


def _asset(app: Flask, name: str) -> str:
    # The stamp changes with the file, so that browsers may keep it for a year.
    return address("static", filename=name, v=_stamp(Path(app.static_folder or "") / name))


def _surroundings(city: Profile, *, demo: bool) -> dict[str, Any]:
    actor = _actor()
    return {
        "city": city,
        "demo": demo,
        "unwritable": db.database().condition.trouble() is not None,
        "languages": switches(),
        "nav": _entries(PUBLIC_NAV),
        "desk_nav": _entries(tuple((label, to) for label, to, can in DESK_NAV if may_ever(actor, can)))
        if actor.is_staff
        else (),
        "me": actor,
        "person_name": g.get("person_name", ""),
        "today": clock.today(),
    }


def profile() -> Profile:
    """Return the rules and words of the city, as they are in force now."""
    found: Profile = current_app.extensions["profile"]
    return found


def said(kind: str, state: str) -> str:
    """Return the public word for a state, like ("pact", "in_force")."""
    return profile().words_for(words.current_language(), f"state.{kind}.{state}")


def tone_of(state: str) -> str:
    """Return the colour that goes with a state; the word says it too."""
    return TONES.get(state, "")


def kind_words(kind: str) -> str:
    """Return what is shared, in words."""
    return words.say(KINDS[kind])


def district_name(district_id: str) -> str:
    """Return a district's name; an unknown id is shown as it is."""
    return next((d.name for d in profile().districts if d.id == district_id), district_id)


class Entry(NamedTuple):
    """One entry of a navigation."""

    label: str
    href: str
    current: bool


def _entries(rooms: tuple[tuple[W, str], ...]) -> tuple[Entry, ...]:
    where = (rooms, words.current_language(), request.script_root)
    # One address may begin another: the longest that fits is where we are.
    room = INSIDE.get(request.blueprint or "")
    path = address(room) if room else request.path
    here = max((href for _, href in _known(*where) if path.startswith(href)), key=len, default="")
    return _entries_at(here, *where)


@lru_cache(256)
def _known(rooms: tuple[tuple[W, str], ...], _language: str, _root: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(label), address(endpoint)) for label, endpoint in rooms)


@lru_cache(1_024)
def _entries_at(here: str, rooms: tuple[tuple[W, str], ...], language: str, root: str) -> tuple[Entry, ...]:
    return tuple(Entry(label, href, href == here) for label, href in _known(rooms, language, root))
