"""A receipt as it is told from every other: by its file, and by who issued it, its number, day and amount."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from portal.canonical import canonical, sha256_hex
from portal.errors import Invalid
from portal.organisations import evidence
from portal.organisations.evidence import Document
from portal.words import W

# Forms of companies say nothing of who it is: the same shop is written with and without them.
_FORMS = frozenset({"srl", "srls", "spa", "snc", "sas", "sl", "sa", "coop", "soc", "ltd", "gmbh", "di"})
_ONLY_PAPER = W("Send the receipt as PDF, JPEG, PNG or WebP")
_NO_FILE = W("Add the receipt: a scan or a photo of it")


def mark(supplier: str, number: str, spent_on: date, cents: int) -> str:
    """Return what is the same for the same receipt, however its names were typed."""
    facts = [_plain_name(supplier), plain_number(number), spent_on.isoformat(), cents]
    # No key: it must stay the same for ever, whichever secret the portal has by then.
    return sha256_hex(canonical(facts))


def _plain_name(text: str) -> str:
    # S.r.l. and Srl are one word before the dots become blanks.
    words = re.sub(r"[^a-z0-9가-힣]+", " ", _bare(text).replace(".", "")).split()
    return " ".join(one for one in words if one not in _FORMS) or " ".join(words)


def plain_number(text: str) -> str:
    """Return the number of a receipt without blanks, marks and leading noughts."""
    return re.sub(r"[^a-z0-9]+", "", _bare(text)).lstrip("0")


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", "".join(one for one in split if not unicodedata.combining(one)))


def read(content: bytes) -> Document:
    """Return the file as it is kept: taken by what it is, a picture without what the camera wrote into it."""
    if not content:
        raise Invalid(_NO_FILE, field="receipt")
    try:
        found = evidence.read(content)
    except Invalid as refused:
        raise Invalid(refused.words, field="receipt") from refused
    if found.media_type == evidence.ODT:
        raise Invalid(_ONLY_PAPER, field="receipt")
    return found
