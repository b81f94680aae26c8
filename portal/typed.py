"""What people type, made clean: no invisible characters, no lone surrogates, one kind of line end."""

from __future__ import annotations

import re
import unicodedata

# Kept although they are "format" or "control" characters: line feed and tab.
_KEPT = {"\n", "\t"}
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}


# What else ends a line: carriage returns, and the vertical, next-line, line and paragraph separators.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


_WHOLE = re.compile("[0-9]{1,9}")
# Beyond these years somebody mistyped, and no calendar of ours reckons there.
YEARS = range(1900, 2200)


def whole(text: str | None) -> int | None:
    """Return the whole number of a text, ASCII digits only; None where it is none a database could hold."""
    return int(text) if text and _WHOLE.fullmatch(text) else None


def clean_text(text: str | None) -> str:
    """Return the text composed (NFC), without control, invisible and unassigned characters, trimmed."""
    if not text:
        return ""
    lines = _LINE_ENDS.sub("\n", text)
    kept = "".join(c for c in lines if c in _KEPT or unicodedata.category(c) not in _DROPPED)
    # Composed at the end: an invisible character may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", kept).strip()
