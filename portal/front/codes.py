"""Codes that people type into the search: of a proposal, of a pact, or the number on a plaque."""

from __future__ import annotations

import re
from typing import NamedTuple

from portal.proposals.codes import is_code, tidy_code

_PACT = re.compile(r"([A-Z]{2})[\s-]*(\d{4})[\s-]*(\d{1,6})")
# As a plaque has it: 41, n. 41, № 41, #41.
_PLAQUE = re.compile(r"(?:n\.?°?|nr\.?|no\.?|№|#)?\s*(\d{1,6})", re.IGNORECASE)


class Code(NamedTuple):
    """What the typed text names, if it exists: the code of a proposal or pact, or a plaque's number."""

    kind: str
    text: str


def read(typed: str) -> Code | None:
    """Return the code that was typed, however it was spaced; None where these are words."""
    plain = typed.strip().upper()
    if is_code(tidy_code(plain)):
        return Code("proposal", tidy_code(plain))
    pact = _PACT.fullmatch(plain)
    if pact:
        return Code("pact", f"{pact[1]}-{pact[2]}-{pact[3].zfill(3)}")
    plaque = _PLAQUE.fullmatch(plain)
    return Code("plaque", str(int(plaque[1]))) if plaque else None
