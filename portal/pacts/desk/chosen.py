"""What the address of the desk asks for: a view is its address, so whoever keeps or sends it has the view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from portal.words import W

STEPS = (
    ("", W("All steps")),
    ("checking", W("Proposals being checked")),
    ("co_design", W("In co-design")),
    ("agreed", W("Text agreed")),
    ("signing", W("Ready to sign")),
    ("signed", W("Signed and running")),
    ("suspended", W("Suspended")),
)
# The same as heads of narrow columns.
SHORT = {
    "checking": W("Checking"),
    "co_design": W("Co-design"),
    "agreed": W("Text agreed"),
    "signing": W("Ready to sign"),
    "signed": W("Signed"),
    "suspended": W("Suspended"),
}
WHO = (
    ("", W("Everybody's")),
    ("mine", W("Mine")),
    ("unassigned", W("Unassigned")),
    ("mine_and_unassigned", W("Mine and unassigned")),
    ("signature", W("Waiting for my signature")),
)
DUE = (("", W("Any deadline")), ("overdue", W("Overdue")), ("week", W("Due this week")))
WAITS = (("", W("Anybody")), ("city", W("The city")), ("community", W("The group")))
SORTS = (("due", W("The nearest deadline")), ("newest", W("The newest")), ("title", W("Title")))
_KNOWN = {"step": STEPS, "who": WHO, "due": DUE, "waits": WAITS, "sort": SORTS}
LONGEST = 100


@dataclass(frozen=True)
class Chosen:
    """A view of the desk; every field has its word in the address, empty ones stand in none."""

    step: str = ""
    who: str = ""
    due: str = ""
    waits: str = ""
    kind: str = ""
    district: str = ""
    office: str = ""
    on: date | None = None
    q: str = ""
    sort: str = "due"
    view: str = ""
    after: tuple[Any, int] | None = None

    def address(self, **changes: Any) -> dict[str, str]:
        """Return the words of the address, with some changed; the first page where no other is asked for."""
        one = replace(self, **{"after": None, **changes})
        found = {name: value for name, value in asdict(one).items() if value}
        if one.after is not None:
            value, number = one.after
            found["after"] = f"{number}~{value.isoformat() if isinstance(value, date) else value}"
        if found.get("sort") == "due":
            del found["sort"]
        return {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for name, value in found.items()
        }

    @property
    def filters(self) -> dict[str, str]:
        """Return what narrows the view, by its word in the address."""
        return {name: value for name, value in self.address().items() if name not in {"sort", "view"}}


def read(arguments: Mapping[str, str], *, offered: Mapping[str, set[str]]) -> Chosen:
    """Return the view an address asks for; words that mean nothing are as if they were not there.

    `offered` are the kinds, districts and offices of this city.
    """
    known = {name: {key for key, _ in options} for name, options in _KNOWN.items()} | dict(offered)
    found = {name: value for name, value in arguments.items() if value in known.get(name, ())}
    sort = found.pop("sort", "due")
    view = "board" if arguments.get("view") == "board" else ""
    words = " ".join(arguments.get("q", "").lower().split())[:LONGEST]
    return Chosen(
        **found,
        on=_day(arguments.get("on", "")),
        q=words,
        sort=sort,
        view=view,
        after=_after(arguments.get("after", ""), sort),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def _after(text: str, sort: str) -> tuple[Any, int] | None:
    number, _, value = text.partition("~")
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST // 6):
        return None
    if sort == "title":
        return value[: LONGEST * 2], int(number)
    if sort == "due":
        day = _day(value)
        return (day, int(number)) if day else None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC), int(number))
