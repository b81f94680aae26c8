"""Money as integers of the smallest unit: a strict reader of what people type, and a printer per language."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache

from babel.numbers import (
    format_currency,
    get_currency_name,
    get_currency_precision,
    get_currency_symbol,
)

from portal.errors import Invalid
from portal.words import W, spoken

# One million million is more than any city's budget; beyond it somebody mistyped.
MOST_CENTS = 10**14
_NUMBER = (
    # Thousands never follow a zero: 0.001 is a fraction of a cent, not one euro.
    r"(?P<whole>[0-9]{1,12}|[1-9][0-9]{0,2}(?:[.,' ][0-9]{3}){1,4})"
    r"(?:[.,](?P<part>[0-9]{1,2}))?"
)
_OWN_WORDS = {"EUR": ("euro",), "KRW": ("won", "원")}


class _Settings:
    """The city's currency."""

    currency = "EUR"


def set_currency(code: str) -> None:
    """Use the city's currency (ISO 4217) for every amount that is read or written."""
    _Settings.currency = code


def currency_symbol() -> str:
    """Return the sign that stands beside an amount, like €."""
    return get_currency_symbol(_Settings.currency, locale=spoken())


def currency_name() -> str:
    """Return the name of the currency in the language being written, like euro."""
    return get_currency_name(_Settings.currency, count=2, locale=spoken())


class Currency:
    """The currency's name; as text it is in the language being written."""

    def __str__(self) -> str:
        return currency_name()


class Hundred:
    """A round sum to explain a share by; as text it is in the language being written."""

    def __str__(self) -> str:
        return euro(share_of_hundred(10_000))


def share_of_hundred(basis_points: int) -> int:
    """Return what a rate makes of a hundred, in the currency's smallest unit."""
    return int(basis_points * 10 ** decimals() // 100)


def decimals() -> int:
    """Return how many decimals the currency has: euro two, won none."""
    return int(get_currency_precision(_Settings.currency))


@cache
def _amount(currency: str) -> re.Pattern[str]:
    signs = {get_currency_symbol(currency, locale="en"), currency, *_OWN_WORDS.get(currency, ())}
    sign = "|".join(re.escape(one.lower()) for one in sorted(signs))
    return re.compile(rf"(?:(?:{sign})\s*)?{_NUMBER}(?:\s*(?:{sign}))?")


def how_to_write() -> W:
    """Return the sentence that says how an amount is written."""
    if decimals():
        return W("Enter an amount in %(currency)s, like 1,200 or 1200.50", currency=Currency())
    return W("Enter an amount in %(currency)s, like 1,200", currency=Currency())


def parse_cents(text: str, *, field: str = "") -> int:
    """Return an amount in the currency's smallest unit (cents, or whole won), written in any usual way.

    Only ASCII digits, one kind of thousands mark, the decimals of the currency. Refuses with Invalid.
    """
    found = _amount(_Settings.currency).fullmatch(text.strip().lower().replace("\u00a0", " "))
    if found is None or _mixed_marks(found["whole"], found.string[found.end("whole") :]):
        raise Invalid(how_to_write(), field=field)
    places = decimals()
    if found["part"] and not places:
        raise Invalid(how_to_write(), field=field)
    whole = re.sub(r"[^0-9]", "", found["whole"])
    cents = int(whole + (found["part"] or "").ljust(places, "0"))
    if cents > MOST_CENTS:
        raise Invalid(how_to_write(), field=field)
    return cents


def _mixed_marks(whole: str, rest: str) -> bool:
    marks = set(re.sub(r"[0-9]", "", whole))
    return len(marks) > 1 or (bool(marks) and rest[:1] in marks)


def as_typed(cents: int | None) -> str:
    """Return an amount as it stands in a box of a form; nothing for none."""
    return f"{plain(cents):f}".removesuffix(".00") if cents else ""


def plain(cents: int) -> Decimal:
    """Return an amount as every file has it: a point, the currency's decimals, no thousands mark."""
    return Decimal(cents).scaleb(-decimals())


def currency_code() -> str:
    """Return the code of the currency (ISO 4217), as files name it beside an amount."""
    return _Settings.currency


def euro(cents: int, language: str | None = None) -> str:
    """Return the amount in the city's currency as people write it; whole ones without decimals."""
    return _words_of(cents, _Settings.currency, language or spoken())


@lru_cache(4_096)
def _words_of(cents: int, currency: str, language: str) -> str:
    # Babel looks through its tables for every amount, and a page of money has dozens.
    places = decimals()
    is_whole = cents % 10**places == 0
    # A no-break space: the sign never stands alone at a line's end.
    pattern = "¤\u00a0#,##0" if is_whole else "¤\u00a0#,##0." + "0" * places
    amount = Decimal(cents).scaleb(-places)
    return format_currency(amount, currency, pattern, locale=language, currency_digits=False)
