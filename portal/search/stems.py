"""Words as the index keeps them: lower case, cut to their stem by language, without accents.

The same on every database, because it is done here and not by the database's own dictionaries.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from portal.search.common import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

STEMMED = {"it": "italian", "es": "spanish", "ca": "catalan", "en": "english"}
LONGEST_WORD = 40
# Scripts that do not part words with blanks, or hang particles on them: kept as pairs of signs.
_PAIRED = "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(f"[{_PAIRED}]+|[^\\W_{_PAIRED}]+")
_IS_PAIRED = re.compile(f"[{_PAIRED}]")
# The point between two l of Catalan belongs to the word.
_MIDDLE_POINT = re.compile("(?<=l)[\u00b7\u2027](?=l)")
# Python's stemmers keep the word they are at: each thread has its own.
_own = threading.local()


def words_in(text: str) -> list[str]:
    """Return the words of a text in their order, in lower case, accents kept; apostrophes part words."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(_MIDDLE_POINT.sub("", unicodedata.normalize("NFC", composed)))


@lru_cache(20_000)
def folded(word: str) -> str:
    """Return the word without accents, at most forty signs of it."""
    bare = (c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    composed = unicodedata.normalize("NFC", "".join(bare).casefold())
    return "".join(_WORD.findall(composed))[:LONGEST_WORD]


def is_common(word: str) -> bool:
    """Say whether the word stands in nearly every text: a particle, or a single Latin letter."""
    return word in EVERYWHERE or (len(word) == 1 and word.isascii() and word.isalpha())


def is_paired(word: str) -> bool:
    """Say whether the word is kept as pairs of signs."""
    return _IS_PAIRED.match(word) is not None


def pairs(word: str) -> list[str]:
    """Return each two signs that stand together; of a single one itself."""
    return [word[at : at + 2] for at in range(len(word) - 1)] or [word]


@lru_cache(50_000)
def forms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the whole word and its stems in these languages, each once and without accents."""
    whole = folded(word)
    found = dict.fromkeys([whole])
    for language in languages:
        # Who leaves the accents out means the same word.
        found |= dict.fromkeys(folded(_stem(one, language)) for one in (word, whole))
    return tuple(form for form in found if form)


def kept(text: str, language: str) -> list[str]:
    """Return what the index keeps of a text, each once: whole words and their stems; "" is any language."""
    return list(dict.fromkeys(_kept(text, language)))


def _kept(text: str, language: str) -> Iterator[str]:
    languages = (language,) if language else tuple(STEMMED)
    for word in words_in(text):
        if is_paired(word):
            yield from pairs(word[: 10 * LONGEST_WORD])
        elif not is_common(word):
            yield from forms(word, languages)


def _stem(word: str, language: str) -> str:
    if language not in STEMMED:
        return word
    stemmers: dict[str, Any] = _own.__dict__
    if language not in stemmers:
        import snowballstemmer  # brings thirty languages along: only when a word is cut

        stemmers[language] = snowballstemmer.stemmer(STEMMED[language])
    stem: str = stemmers[language].stemWord(word[:LONGEST_WORD])
    return stem
