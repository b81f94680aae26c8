"""Numbers of documents as people write them, made one and the same, and the Italian tax code's own check."""

from __future__ import annotations

import re
import unicodedata

from portal.errors import Invalid
from portal.words import W

LONGEST_NUMBER = 40
SHORTEST_NUMBER = 5
NO_NUMBER = W("Enter the number of your document, with its letters and digits")
NO_TAX_CODE = W("Enter your tax code: 16 letters and digits, like RSSMRA80A01H501U")
MISTYPED = W("One of the signs of this tax code is not right. Compare it with your card.")

# D.M. 23 December 1976: what each sign counts at the odd places (the first is odd); at the even ones its own
# number. The last sign is the sum modulo 26, as a letter.
_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        ),
        strict=True,
    )
)
# Where two people would have the same code, digits become letters (omocodia), each its own.
_LETTER_OF_DIGIT = "LMNPQRSTUV"
_TAX_CODE = re.compile(
    r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]"
)


def plain_number(typed: str) -> str:
    """Return the number in capitals, letters and digits only, whatever stands between them.

    Refuses with Invalid what is too short or too long to be a document's number.
    """
    number = _signs(typed)
    if not SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER or not any(map(str.isdigit, number)):
        raise Invalid(NO_NUMBER, field="number")
    return number


def _signs(typed: str) -> str:
    """Return the capitals and digits; nothing where a letter or digit of another script stands between."""
    # Compatibility forms first: full-width digits and letters are the same number.
    signs = [sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum()]
    return "".join(signs) if all(map(str.isascii, signs)) else ""


def tax_code(typed: str) -> str:
    """Return an Italian tax code in capitals; refuses with Invalid another shape or a wrong check letter."""
    code = _signs(typed)
    if not _TAX_CODE.fullmatch(code):
        raise Invalid(NO_TAX_CODE, field="number")
    if code[-1] != check_letter(code[:-1]):
        raise Invalid(MISTYPED, field="number")
    return code


def check_letter(first: str) -> str:
    """Return the last letter of the tax code that begins with these 15 signs."""
    odd = sum(_ODD[sign] for sign in first[::2])
    even = sum(int(sign) if sign.isdigit() else ord(sign) - ord("A") for sign in first[1::2])
    return chr(ord("A") + (odd + even) % 26)


def with_letters(digit: str) -> str:
    """Return the letter that stands for a digit where two people had the same tax code."""
    return _LETTER_OF_DIGIT[int(digit)]


RULES = {"number": plain_number, "codice_fiscale": tax_code}
