"""The public code of a proposal, and the word that opens it: short enough to be read aloud and noted."""

from __future__ import annotations

import re
import secrets

from portal import crypto

CODE = re.compile(r"PR-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}")
# Two of these and four digits make some 25 bits: enough, because tries are counted.
_NOUNS = (
    "acero", "airone", "alloro", "ambra", "anatra", "ancora", "anguria", "ape", "arancia", "avena",
    "balena", "basilico", "betulla", "bosco", "canneto", "capra", "carota", "castagna", "cedro",
    "cervo", "cicala", "ciliegia", "delfino", "edera", "faggio", "farfalla", "felce", "fico", "fiume",
    "fragola", "gabbiano", "gelso", "ginepro", "girasole", "grano", "istrice", "lago", "larice",
    "lepre", "limone", "lontra", "luna", "mandorla", "mela", "menta", "merlo", "mirto", "mora",
    "nespola", "noce", "nuvola", "oliva", "onda", "orso", "papavero", "pesca", "pettirosso", "pino",
    "prato", "quercia", "riccio", "rondine", "salvia", "tiglio",
)  # fmt: skip
_DIGITS = 10_000


def new_code() -> str:
    """Return a code like PR-7Q4K-29; the database refuses one that exists."""
    return f"PR-{crypto.new_code(4)}-{crypto.new_code(2)}"


def tidy_code(text: str) -> str:
    """Return a typed code as it is stored: capitals, hyphens in their places."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    return f"{plain[:2]}-{plain[2:6]}-{plain[6:8]}" if len(plain) == len("PR7Q4K29") else text.strip().upper()


def is_code(text: str) -> bool:
    """Say whether this has the shape of a proposal's code."""
    return CODE.fullmatch(text) is not None


def new_word() -> str:
    """Return a word like airone-mirto-4821."""
    return f"{secrets.choice(_NOUNS)}-{secrets.choice(_NOUNS)}-{secrets.randbelow(_DIGITS):04d}"


def plain_word(text: str) -> str:
    """Return what of a typed word counts: letters and digits, however it was spaced or written."""
    return re.sub(r"[^0-9a-z]", "", text.casefold())[:60]
