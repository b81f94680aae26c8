"""Money as integer cents: a strict reader of what people type, and a printer per language."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import format_currency

from portal.errors import Invalid
from portal.words import W, current_language

# One million million euro is more than any city's budget; beyond it somebody mistyped.
MOST_CENTS = 10**14
_AMOUNT = re.compile(
    r"(?:€\s*)?"
    # Thousands never follow a zero: 0.001 is a fraction of a cent, not one euro.
    r"(?P<whole>[0-9]{1,12}|[1-9][0-9]{0,2}(?:[.,' ][0-9]{3}){1,4})"
    r"(?:[.,](?P<cents>[0-9]{1,2}))?"
    r"(?:\s*(?:€|euro))?"
)
_HOW = W("Enter an amount in euro, like 1,200 or 1200.50")


def parse_cents(text: str, *, field: str = "") -> int:
    """Return the cents of an amount in euro written the Italian or the English way.

    Only ASCII digits, one kind of thousands mark, at most two decimals. Refuses with Invalid.
    """
    found = _AMOUNT.fullmatch(text.strip().lower().replace("\u00a0", " "))
    if found is None or _mixed_marks(found["whole"], found.string[found.end("whole") :]):
        raise Invalid(_HOW, field=field)
    whole = re.sub(r"[^0-9]", "", found["whole"])
    cents = int(whole) * 100 + int((found["cents"] or "0").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise Invalid(_HOW, field=field)
    return cents


def _mixed_marks(whole: str, rest: str) -> bool:
    marks = set(re.sub(r"[0-9]", "", whole))
    return len(marks) > 1 or (bool(marks) and rest[:1] in marks)


def euro(cents: int, language: str | None = None) -> str:
    """Return the amount as people write it; whole euro without decimals."""
    # A no-break space: the sign never stands alone at a line's end.
    pattern = "¤\u00a0#,##0" if cents % 100 == 0 else "¤\u00a0#,##0.00"
    amount = Decimal(cents) / 100
    return format_currency(
        amount, "EUR", pattern, locale=language or current_language(), currency_digits=False
    )
