"""What is looked for: typed words with filters, read from an address and written into it in one way only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

from portal.errors import Invalid
from portal.search import stems
from portal.typed import clean_text
from portal.words import W

LONGEST = 200
MOST_WORDS = 12
# Fewer letters before the star would name half the dictionary.
SHORTEST_BEGINNING = 3
LANGUAGES = tuple(stems.STEMMED)
_TOO_LONG = W("Search for %(most)s characters or fewer: a few words of the title are enough.", most=LONGEST)
_TOO_MANY = W("Search for %(most)s words or fewer: those that say what it is about.", most=MOST_WORDS)


class Kind(StrEnum):
    """What can be found; the word before the colon of its key."""

    PROPOSAL = "proposal"
    PACT = "pact"
    COMMONS = "commons"
    ORGANISATION = "organisation"
    CALL = "call"
    MONEY = "money"


class Form(NamedTuple):
    """A form of a word as the index keeps it; or the beginning of one."""

    text: str
    is_beginning: bool = False


# One of these must be there.
Term = tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search: the words as they were typed, and what is chosen of each filter ("" takes all).

    `sort` is the kind of the shared thing: place, software, data_set.
    """

    words: str = ""
    kind: str = ""
    district: str = ""
    language: str = ""
    sort: str = ""

    def terms(self) -> tuple[Term, ...]:
        """Return what must all be there; nothing where only particles were typed."""
        return terms_of(self.words)

    def without(self, name: str) -> Wanted:
        """Return the same search with one filter taken away."""
        return replace(self, **{name: ""})

    def as_given(self) -> dict[str, str]:
        """Return the names and values of the address, in a fixed order; what takes all is left out."""
        return {_NAMES[name]: value for name in _NAMES if (value := getattr(self, name))}

    def canonical(self) -> str:
        """Return the query string: the same for every way to type the same search."""
        return urlencode(self.as_given())


LONGEST_DISTRICT = 60
_OFFERED: dict[str, frozenset[str]] = {
    "kind": frozenset(Kind),
    "language": frozenset({*LANGUAGES, "ko"}),
    "sort": frozenset({"place", "software", "data_set"}),
}
_NAMES = {"words": "q", "kind": "kind", "district": "district", "language": "language", "sort": "sort"}


def read(given: Mapping[str, str], *, districts: Collection[str] | None = None) -> Wanted:
    """Return the search that an address names; a choice that does not exist counts as none.

    Refuses with Invalid, field q, what is too long. `districts` are the city's own; None takes any.
    """
    found = {name: clean_text(given.get(key, "")) for name, key in _NAMES.items()}
    offered = {**_OFFERED, **({} if districts is None else {"district": frozenset(districts)})}
    for name, known in offered.items():
        found[name] = found[name] if found[name] in known else ""
    found["district"] = found["district"][:LONGEST_DISTRICT]
    return Wanted(**{**found, "words": tidy(found["words"])})


def tidy(typed: str) -> str:
    """Return what was typed with single blanks; refuses with Invalid what is too long to look for."""
    plain = " ".join(clean_text(typed).split())
    if len(plain) > LONGEST:
        raise Invalid(_TOO_LONG, field="q")
    if len(set(stems.words_in(plain))) > MOST_WORDS:
        raise Invalid(_TOO_MANY, field="q")
    return plain


def terms_of(typed: str) -> tuple[Term, ...]:
    """Return the typed words as terms: each with its forms in every language, cooper* as a beginning."""
    found: dict[Term, None] = {}
    for piece in typed.split():
        words = stems.words_in(piece)
        for place, word in enumerate(words, start=1):
            is_beginning = piece.endswith("*") and place == len(words)
            found |= dict.fromkeys(_terms(word, is_beginning=is_beginning))
    return tuple(found)


def _terms(word: str, *, is_beginning: bool) -> list[Term]:
    if stems.is_paired(word):
        return [(Form(pair, is_beginning=len(pair) == 1),) for pair in stems.pairs(stems.folded(word))]
    whole = stems.folded(word)
    if is_beginning and len(whole) >= SHORTEST_BEGINNING:
        return [(Form(whole, is_beginning=True),)]
    if stems.is_common(word):
        return []
    forms = tuple(Form(form) for form in stems.forms(word, LANGUAGES))
    return [forms] if forms else []
