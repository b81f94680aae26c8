"""How long a text may be: no verb takes more than its column holds."""

from __future__ import annotations

from portal.errors import Invalid
from portal.words import W


def fits(text: str, most: int, *, field: str) -> None:
    """Refuse a text that its column would not hold."""
    if len(text) > most:
        raise Invalid(W("Shorten this to %(most)s characters or fewer", most=most), field=field)
