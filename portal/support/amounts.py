"""Amounts of support: read strictly from what people type, said with their unit in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from portal.errors import Invalid
from portal.money import currency_code, euro, parse_cents, plain
from portal.words import W, say, spoken

# ASCII digits only; a million hours or processors is more than any city has.
_WHOLE = re.compile(r"[0-9]{1,6}")
_UNITS = {
    "vcpu": W("%(number)s vCPU"),
    "memory_gb": W("%(number)s GB memory"),
    "storage_gb": W("%(number)s GB storage"),
    "traffic_gb": W("%(number)s GB a month"),
    "hour": W("%(number)s h"),
    "piece": W("%(number)s pc."),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """So many cents, processors, gigabytes, hours or pieces; as text it is in the language being written."""

    count: int
    unit: str

    def __str__(self) -> str:
        if self.unit == "cent":
            return euro(self.count)
        number = format_decimal(self.count, locale=spoken())
        return say(W(_UNITS[self.unit].id, number=number))


def figure(count: int, unit: str) -> int | Decimal:
    """Return a count as every file has it: money with its decimals and a point, all else as it is."""
    return plain(count) if unit == "cent" else count


def named(unit: str) -> str:
    """Return how files name a unit, in a column of its own: the currency's code where it is money."""
    return currency_code() if unit == "cent" else unit


def read(text: str, unit: str, *, field: str = "amount") -> int:
    """Return the typed amount in the unit's smallest step, above zero; refuses anything else with Invalid."""
    if unit == "cent":
        return _above_zero(parse_cents(text, field=field), W("Enter an amount above zero, like 1,200"), field)
    typed = text.strip()
    whole = int(typed) if _WHOLE.fullmatch(typed) else 0
    return _above_zero(whole, W("Enter a whole number above zero, like 12"), field)


def _above_zero(found: int, sentence: W, field: str) -> int:
    if found <= 0:
        raise Invalid(sentence, field=field)
    return found
