"""A measure in its unit: read strictly from what people type, and said in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from babel.numbers import format_decimal

from portal import money
from portal.errors import Invalid
from portal.money import euro, parse_cents
from portal.words import W, say, spoken

# ASCII digits only; a week has 168 hours and no promise counts a million days.
_WHOLE = re.compile(r"[0-9]{1,6}")
_UNITS = {"hours_week": W("%(number)s h"), "percent": W("%(number)s %%"), "days": W("%(number)s days")}
_ONE_DAY = W("1 day")
HOW = {
    "hours_week": W("Enter whole hours a week, like 40"),
    "percent": W("Enter a whole number from 0 to 100, like 60"),
    "days": W("Enter whole days, like 30"),
    "yes_no": W("Choose yes or no"),
}
# The largest value that makes sense; beyond it somebody mistyped.
MOST = {"hours_week": 168, "percent": 100, "days": 100_000, "cents": 10**14, "yes_no": 1}


@dataclass(frozen=True, slots=True)
class Measure:
    """A value in the unit's smallest step; as text it reads "52 h", "62 %", "€ 5", "30 days" or "yes"."""

    value: int
    unit: str

    def __str__(self) -> str:
        if self.unit == "cents":
            return euro(self.value)
        if self.unit == "yes_no":
            return say(W("yes") if self.value else W("no"))
        if self.unit == "days" and self.value == 1:
            return say(_ONE_DAY)
        number = format_decimal(self.value, locale=spoken())
        return say(W(_UNITS[self.unit].id, number=number))


def how_to_write(unit: str) -> W:
    """Return the sentence that says how such a measure is written."""
    return money.how_to_write() if unit == "cents" else HOW[unit]


def read(text: str, unit: str, *, field: str = "value") -> int:
    """Return the typed measure in the unit's smallest step, zero included; refuses the rest with Invalid."""
    typed = text.strip()
    if unit == "cents":
        return parse_cents(typed, field=field)
    value = int(typed) if _WHOLE.fullmatch(typed) else -1
    if not is_possible(value, unit):
        raise Invalid(how_to_write(unit), field=field)
    return value


def is_possible(value: int, unit: str) -> bool:
    """Say whether such a value can be measured at all."""
    return 0 <= value <= MOST[unit]
