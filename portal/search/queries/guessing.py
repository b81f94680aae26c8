"""What may have been meant where nothing answers: words of things here that are written nearly the same."""

from __future__ import annotations

from difflib import get_close_matches
from string import ascii_lowercase
from typing import TYPE_CHECKING

from sqlalchemy import text

from portal import db
from portal.search import stems
from portal.search.asking import LANGUAGES, Form, terms_of
from portal.search.matching import fts5, tsquery
from portal.search.models import INDEX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Row

# So many things are looked at, and so many words of what was typed; a shorter word is like too many others.
LOOKED_AT, MOST_WORDS, SHORTEST = 200, 4, 4
# Of two letters in seven one may be wrong: "gardino" is near "giardino", "orto" is not near "porto rico".
LEAST_LIKENESS = 0.75

_SQLITE = text(
    f"SELECT title, about, words FROM search_entry WHERE id IN (SELECT rowid FROM {INDEX}"  # noqa: S608 - our own names
    f" WHERE {INDEX} MATCH :asked ORDER BY rowid DESC LIMIT {LOOKED_AT})"
)
_POSTGRESQL = text(
    f"SELECT title, about, words FROM search_entry WHERE {INDEX} @@ CAST(:asked AS tsquery) LIMIT {LOOKED_AT}"  # noqa: S608
)


def meant(typed: str) -> str:
    """Return the words with each unknown one put right; "" where nothing here is near them.

    One question. What is returned answers with one thing at least, as long as that is public.
    """
    words = [word for word in dict.fromkeys(stems.words_in(typed)) if not stems.is_common(word)]
    asked = tuple(Form(begin, is_beginning=True) for word in words for begin in beginnings(word))
    if not asked or len(words) > MOST_WORDS or any(stems.is_paired(word) for word in words):
        return ""
    is_sqlite = db.database().is_sqlite
    print_, statement = (fts5, _SQLITE) if is_sqlite else (tsquery, _POSTGRESQL)
    rows = db.session().execute(statement, {"asked": print_([asked])}).all()
    return _put_right(words, rows)


def beginnings(word: str) -> list[str]:
    """Return how a word that was meant may begin: as typed, or with one slip after the first letter.

    A slip is a letter too many, one too few, another one, or two changed about; slips further on are found
    by the beginning as it was typed. So few things are looked at, and those are near.
    """
    bare = stems.folded(word)
    if len(bare) < SHORTEST:
        return []
    size = 4 if len(bare) > SHORTEST + 1 else 3
    return list(dict.fromkeys((bare[:size], *_slips(bare, size))))


def _slips(bare: str, size: int) -> Iterator[str]:
    for at in range(1, size):
        before, here, after = bare[:at], bare[at : at + 1], bare[at + 1 :]
        yield (before + after)[:size]
        if after:
            yield (before + after[0] + here + after[1:])[:size]
        for letter in ascii_lowercase:
            yield (before + letter + after)[:size]
            yield (before + letter + here + after)[:size]


def _put_right(words: Sequence[str], rows: Sequence[Row[tuple[str, str, str]]]) -> str:
    there = [frozenset(row.words.split()) for row in rows]
    known = frozenset().union(*there)
    spoken = {stems.folded(word): word for row in rows for word in stems.words_in(f"{row.title} {row.about}")}
    right = [word if _is_known(word, known) else _nearest(word, spoken) for word in words]
    guess = " ".join(right)
    if not all(right) or right == list(words):
        return ""
    terms = terms_of(guess)
    answers = any(all(any(form.text in one for form in term) for term in terms) for one in there)
    return guess if answers else ""


def _is_known(word: str, known: frozenset[str]) -> bool:
    return not known.isdisjoint(stems.forms(word, LANGUAGES))


def _nearest(word: str, spoken: dict[str, str]) -> str:
    bare = stems.folded(word)
    near: Iterable[str] = (one for one in spoken if abs(len(one) - len(bare)) <= 2)  # noqa: PLR2004 - letters
    found = get_close_matches(bare, list(near), n=1, cutoff=LEAST_LIKENESS)
    return spoken[found[0]] if found else ""
