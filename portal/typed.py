"""What people type, made clean: no invisible characters, no lone surrogates, one kind of line end."""

from __future__ import annotations

import unicodedata

# Kept although they are "format" or "control" characters: line feed and tab.
_KEPT = {"\n", "\t"}
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean_text(text: str | None) -> str:
    """Return the text composed (NFC), without control, invisible and unassigned characters, trimmed."""
    if not text:
        return ""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in composed if c in _KEPT or unicodedata.category(c) not in _DROPPED)
    return "".join(kept).strip()
