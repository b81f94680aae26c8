"""What a case of the demonstration is: who proposes what, and how far it has come by today."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from portal.proposals.shapes import Need, Promise, What, Where

if TYPE_CHECKING:
    from seeds.demo.groups import Proponent

EURO = 100
MARCO, GIULIA = "marco@city.example", "giulia@city.example"
OPEN_TO_ALL = "Il progetto è aperto a tutti, gli impegni si possono verificare e il luogo è disponibile."


class Upto(IntEnum):
    """The last step of a story."""

    DRAFT = 0
    SENT = 1
    WITHDRAWN = 2
    TAKEN = 3
    SUPPLEMENT = 4
    SUPPLIED = 5
    LAPSED = 6
    NOTICED = 7
    REPLIED = 8
    REFUSED = 9
    CO_DESIGN = 10
    SUGGESTED = 11
    AGREED = 12
    PROPOSED = 13
    SIGNING = 14
    HALF_SIGNED = 15
    RUNNING = 16
    SUSPENDED = 17
    CONCLUDED = 18
    TERMINATED = 19


@dataclass(frozen=True)
class Story:
    """One case; days count from the day of seeding, negative is the past.

    `ended` is the day of its end or suspension. `is_open_to_all` says that a proposal is open for
    observations now; those that became pacts were so in their time. `joins` names the one it becomes a part
    of. Reports come by the pact's calendar: the last `unsent` of them do not, and `last_report` says what
    became of the last one that was sent. Fences are measured in time; `measures` names the values of one,
    none at all for a fence that nobody measured.
    """

    by: Proponent
    what: What
    where: Where
    promises: tuple[Promise, ...]
    upto: Upto
    sent: int
    theme: str
    scene: str
    pact_class: str = "ordinary"
    asks: dict[str, Need] = field(default_factory=dict)
    fences: tuple[str, ...] = ()
    officer: str = GIULIA
    measures: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unsent: int = 0
    last_report: str = "published"
    delivered: int = 100
    months: int = 24
    ended: int = -15
    reason: str = OPEN_TO_ALL
    why_ended: str = "Il lavoro promesso è fatto e rendicontato."
    is_taken_up_again: bool = False
    is_sent_back: bool = False
    call: str = ""
    is_open_to_all: bool = False
    joins: str = ""


def place(
    by: Proponent,
    title: str,
    summary: str,
    at: tuple[str, float, float],
    promises: tuple[Promise, ...],
    **more: Any,
) -> Story:
    """Return the story of a place; `at` is its address and its point in degrees north and east."""
    address, north, east = at
    where = Where(address=address, latitude_e6=round(north * 1_000_000), longitude_e6=round(east * 1_000_000))
    return _story(by, What("place", title, summary), where, promises=promises, **more)


def digital(
    by: Proponent,
    what: What,
    about: tuple[str, str, str],
    promises: tuple[Promise, ...],
    *,
    has_people: bool = False,
    **more: Any,
) -> Story:
    """Return the story of a program or of data; `about` is what it holds, its licence and its repository."""
    text, licence, repository = about
    is_data = what.kind == "data_set"
    where = Where(
        about=text,
        licence=licence,
        repository=f"https://code.example.org/{repository}" if repository else "",
        holds_personal_data=has_people if is_data else None,
    )
    common = {"theme": "digital", "officer": MARCO, "pact_class": "data" if is_data else "digital"}
    return _story(by, what, where, promises=promises, **{**common, **more})


def _story(by: Proponent, what: What, where: Where, *, euro: int = 0, **more: Any) -> Story:
    asks: dict[str, Need] = dict(more.pop("asks", {}))
    spent_on = more.pop("spent_on", "Materiali, attrezzi, assicurazione")
    if euro:
        asks["funding"] = Need(spent_on, euro * EURO)
    return Story(by=by, what=what, where=where, asks=asks, **more)
