"""Tax numbers of organisations by country: tidied, and refused where the check digit does not fit.

Italy: eleven digits, the last by the rule of the partita IVA (D.M. 23 December 1976), which organisations'
codici fiscali share. Spain: NIF of legal persons (Real Decreto 1065/2007, article 22). Korea: business
registration number of ten digits. Elsewhere only the shape is looked at.
"""

from __future__ import annotations

import re

_SPANISH = re.compile(r"([ABCDEFGHJNPQRSUVW])(\d{7})([0-9A-J])")
_ANYWHERE = re.compile(r"[A-Z0-9]{4,20}")
_KOREAN_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
# Of these kinds the last sign is a letter, of those a digit; of the others either.
_LETTER_KINDS, _DIGIT_KINDS = frozenset("PQRSNW"), frozenset("ABEH")


def tidy(text: str, country: str) -> str:
    """Return the number without spaces, marks, and the country's letters before it."""
    plain = re.sub(r"[\s./-]", "", text).upper()
    return plain[2:] if country in _RULES and plain.startswith(country) else plain


def is_valid(number: str, country: str) -> bool:
    """Say whether a tidy number can be one of this country: its length, its signs, its check digit."""
    rule = _RULES.get(country)
    if not number.isascii():
        return False
    return rule(number) if rule else bool(_ANYWHERE.fullmatch(number))


def _italian(number: str) -> bool:
    if not re.fullmatch(r"\d{11}", number) or int(number) == 0:
        return False
    return _luhn(number[:10]) == int(number[10])


def _luhn(digits: str) -> int:
    # Of ten digits every second one counts double, the digits of the double added up.
    return -(_sum(digits[0::2]) + _sum_of_doubles(digits[1::2])) % 10


def _sum(digits: str) -> int:
    return sum(int(digit) for digit in digits)


def _sum_of_doubles(digits: str) -> int:
    return sum(_sum(str(2 * int(digit))) for digit in digits)


def _spanish(number: str) -> bool:
    found = _SPANISH.fullmatch(number)
    if found is None:
        return False
    kind, digits, last = found.groups()
    check = -(_sum(digits[1::2]) + _sum_of_doubles(digits[0::2])) % 10
    fits_digit, fits_letter = last == str(check), last == "JABCDEFGHI"[check]
    if kind in _LETTER_KINDS:
        return fits_letter
    return fits_digit if kind in _DIGIT_KINDS else fits_digit or fits_letter


def _korean(number: str) -> bool:
    if not re.fullmatch(r"\d{10}", number):
        return False
    digits = [int(sign) for sign in number]
    total = sum(weight * digit for weight, digit in zip(_KOREAN_WEIGHTS, digits, strict=False))
    total += digits[8] * 5 // 10
    return -total % 10 == digits[9]


_RULES = {"IT": _italian, "ES": _spanish, "KR": _korean}
