"""What a licence is called and whether it keeps something open: read from a list, not from memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from license_expression import get_spdx_licensing

from portal.errors import Invalid
from portal.words import W

# The categories of the licence list under which everybody may use, study, share and improve.
OPEN = frozenset({"Copyleft", "Copyleft Limited", "Permissive", "Public Domain"})
RECIPROCAL = frozenset({"Copyleft", "Copyleft Limited"})
LONGEST = 120
_CLOSED = W("It can be read or tried, but some uses are forbidden.")
_OWNED = W("It belongs to somebody, and others may use it only as its owner allows.")
MEANINGS: Mapping[str, W] = {
    "Copyleft": W("Everybody may use and change it, and whoever passes on a better version keeps it open."),
    "Copyleft Limited": W(
        "Everybody may use and change it. Changes to it stay open; it may stand beside closed things."
    ),
    "Permissive": W("Everybody may use and change it, also inside something closed."),
    "Public Domain": W("Everybody may do with it whatever they like."),
    "Source-available": _CLOSED,
    "Free Restricted": _CLOSED,
    "Proprietary Free": _OWNED,
    "Commercial": _OWNED,
    "": W("The list of licences does not say what it allows. Ask us."),
}
# The parts of the names of the Creative Commons licences that forbid something.
FORBIDDEN = (
    ("-NC", W("Nobody may earn money with it.")),
    ("-ND", W("Nobody may pass on a changed version.")),
)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence expression in its SPDX spelling; `advice` says what to think about, or is None."""

    expression: str
    is_open: bool
    is_reciprocal: bool
    categories: tuple[str, ...] = ()

    @property
    def meanings(self) -> tuple[W, ...]:
        """Return what it lets others do and what it forbids, a sentence for each category in it."""
        found = [MEANINGS.get(one, MEANINGS[""]) for one in dict.fromkeys(self.categories)]
        forbidden = [words for mark, words in FORBIDDEN if mark in self.expression]
        return (*found, *forbidden)

    @property
    def advice(self) -> W | None:
        """Return what to do about a licence that is not open."""
        if self.is_open:
            return None
        return W(
            "%(name)s forbids some uses, so it is not an open licence. Choose another or ask for help.",
            name=self.expression,
        )


def read(text: str) -> Licence | None:
    """Return the licence of a typed expression, None for no text; refuse with Invalid what nobody knows."""
    if not text.strip():
        return None
    parsed = _parsed(text.strip())
    if parsed is None:
        raise Invalid(
            W(
                "We do not know the licence “%(name)s”. Write its short name, like AGPL-3.0-or-later or "
                "CC-BY-SA-4.0, or leave the box empty and ask for help.",
                name=text.strip()[:60],
            ),
            field="licence",
        )
    categories = [_categories().get(symbol, "") for symbol in parsed[1]]
    return Licence(
        expression=parsed[0],
        # "A or B" leaves the choice: strictly read, each part must be open.
        is_open=all(category in OPEN for category in categories),
        is_reciprocal=any(category in RECIPROCAL for category in categories),
        categories=tuple(categories),
    )


@cache
def _licensing() -> Any:
    return get_spdx_licensing()


def _parsed(text: str) -> tuple[str, list[str]] | None:
    if len(text) > LONGEST:
        return None
    try:
        found = _licensing().validate(text)
    except (AttributeError, ValueError):
        return None  # the library stumbles over some broken expressions instead of naming the fault
    if found.errors or not found.normalized_expression:
        return None
    normal = str(found.normalized_expression)
    return normal, [str(key) for key in _licensing().license_keys(normal)]


@cache
def _categories() -> dict[str, str]:
    index = resources.files("license_expression") / "data" / "scancode-licensedb-index.json"
    entries = json.loads(index.read_text(encoding="utf-8"))
    # An exception adds a permission to the licence before it.
    return {
        key: "Permissive" if entry["is_exception"] else entry["category"]
        for entry in entries
        if (key := entry.get("spdx_license_key"))
    }
