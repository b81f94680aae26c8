"""What of the city's support somebody wants to see, as it stands in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from portal import clock
from portal.errors import Invalid
from portal.support.actions.pools import YEARS
from portal.support.ledger import Kind
from portal.typed import clean_text
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

_YEAR, _DAY = re.compile("[0-9]{4}"), re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST = 60
# How the address says that a pact is for the whole city, or that a fund names no office.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters, and the day at whose end the ledger is read; without one it is read as it is now."""

    year: int | None = None
    kind: str = ""
    district: str = ""
    office: str = ""
    pact: str = ""
    as_of: date | None = None

    def takes(self, year: int, kind: str, district: str, office: str) -> bool:
        """Say whether the filters let this through."""
        return (
            self.year in {None, year}
            and self.kind in {"", kind}
            and self.district in {"", district or NONE}
            and self.office in {"", office or NONE}
        )

    def args(self, **others: Any) -> dict[str, Any]:
        """Return the filters for an address, some of them changed; what is not chosen is left out."""
        changed = replace(self, **others)
        as_of = changed.as_of.isoformat() if changed.as_of else None
        chosen = (changed.kind, changed.district, changed.office, changed.pact)
        names = ("year", "kind", "district", "office", "pact", "as_of")
        return dict(zip(names, (changed.year, *(one or None for one in chosen), as_of), strict=True))

    @property
    def until(self) -> datetime | None:
        """Return the instant at which the day ends in the city, or None where no day is chosen."""
        return None if self.as_of is None else clock.end_of(self.as_of)


def read(args: Mapping[str, str]) -> Wanted:
    """Return what an address asks for; refuses with Invalid what is no year, kind or day."""
    kind = args.get("kind", "")
    if kind and kind not in set(Kind):
        raise Invalid(W("There is no such kind of support. Choose one from the list."), field="kind")
    return Wanted(
        year=read_year(args.get("year", "")),
        kind=kind,
        district=clean_text(args.get("district", ""))[:LONGEST],
        office=clean_text(args.get("office", ""))[:LONGEST],
        pact=clean_text(args.get("pact", ""))[:LONGEST].upper(),
        as_of=read_day(args.get("as_of", "")),
    )


def read_year(text: str) -> int | None:
    """Return the year of an address, or None where it names none."""
    if not text:
        return None
    if not _YEAR.fullmatch(text) or int(text) not in YEARS:
        raise Invalid(W("Enter a year like %(year)s", year=clock.today().year), field="year")
    return int(text)


def read_day(text: str) -> date | None:
    """Return the day at whose end figures are wanted; refuses with Invalid what is none, and days to come."""
    if not text:
        return None
    today = clock.today()
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise Invalid(W("Enter a day like %(day)s", day=today.isoformat()), field="as_of")
    if found > today:
        raise Invalid(W("Nobody knows yet what will be booked. Choose a day that has begun."), field="as_of")
    return found
