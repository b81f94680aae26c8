"""What a licence is called and whether it keeps something open: read from a list, not from memory."""

from __future__ import annotations

import json
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


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence expression in its SPDX spelling; `advice` says what to think about, or is None."""

    expression: str
    is_open: bool
    is_reciprocal: bool

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
