"""Accounts: checked by their digits, sealed where they are kept, hidden but for their end on every page."""

from __future__ import annotations

import re
import unicodedata

from stdnum import iban
from stdnum.exceptions import ValidationError

from portal import crypto
from portal.errors import Invalid
from portal.words import W

PURPOSE = "payee account"
ENDING = 4
# How many signs whoever confirms an account reads back from the group.
READ_BACK = 6
LONGEST_NAME, LONGEST_TEXT = 70, 140
_WRONG = W("This is no IBAN, or one sign is wrong. It looks like IT60 X054 2811 1010 0000 0123 456")
_OUTSIDE = W("This account is outside SEPA, where the city cannot pay. Enter an account of a SEPA country.")
_PLAIN = re.compile(r"[0-9A-Za-z -]{4,40}")
# Countries and territories of SEPA by the first letters of their IBAN (EPC409-09).
_SEPA = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL "
    "PT RO RS SE SI SK SM VA"
)
SEPA = frozenset(_SEPA.split())
# What banks take everywhere in SEPA (EPC217-08); everything else is written with the nearest of these.
_TAKEN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_FROM = "æÆøØłŁđĐ&’‘–—"
_LETTERS = str.maketrans(dict(zip(_FROM, "aAoOlLdD+''--", strict=True)) | {"ß": "ss", "€": "EUR"})


def read(text: str, *, is_sepa: bool) -> str:
    """Return the account without blanks; refuse with Invalid a wrong digit and a country outside SEPA."""
    typed = " ".join(text.split())
    if not _PLAIN.fullmatch(typed):
        raise Invalid(_WRONG if is_sepa else W("Enter the number of the account"), field="account")
    if not is_sepa:
        return typed.upper()
    try:
        found = iban.validate(typed)
    except ValidationError as error:
        raise Invalid(_WRONG, field="account") from error
    if found[:2] not in SEPA:
        raise Invalid(_OUTSIDE, field="account")
    return str(found)


def sealed(account: str) -> str:
    """Return the account as it may stand in the database."""
    return crypto.seal(account, PURPOSE)


def opened(sealed_account: str) -> str:
    """Return a sealed account; it is never empty, because without the key nothing is paid."""
    found = crypto.unseal(sealed_account, PURPOSE)
    if found is None:
        raise Invalid(W("This account cannot be read with the present key. Enter it again."), field="account")
    return found


def plain(text: str, most: int = LONGEST_NAME) -> str:
    """Return a name or text in the signs that every bank in SEPA takes, without a slash at its ends."""
    split = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(one for one in split if not unicodedata.combining(one))
    kept = " ".join(_TAKEN.sub(" ", bare).split())
    while "//" in kept:
        kept = kept.replace("//", "/")
    return kept[:most].strip("/ ")
