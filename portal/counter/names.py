"""Names as they are looked for: without accents, case and signs, so that a clerk finds Łódź by Lodz."""

from __future__ import annotations

import re
import unicodedata

# Letters that no decomposition takes apart.
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})


def name_key(name: str) -> str:
    """Return the words of a name, plain and lower, with a blank around each."""
    lower = unicodedata.normalize("NFKD", name.casefold()).translate(_PLAIN)
    bare = "".join(c for c in lower if not unicodedata.combining(c))
    words = re.findall(r"\w+", bare)
    return f" {' '.join(words)} "[:240] if words else ""
