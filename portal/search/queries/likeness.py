"""What is like a text: things that share its rarer words, in its language, without asking anybody else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sqlalchemy import TextClause, select, text

from portal import db
from portal.search import stems
from portal.search.asking import Form, Kind
from portal.search.matching import fts5, mark, tsquery
from portal.search.models import INDEX, Entry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from portal.search.asking import Term

MOST_OF_TITLE, MOST_OF_TEXT = 6, 8
# Of each word so many things are looked at; one that more have says little. Of two together, more.
EACH, TOGETHER, LOOKED_AT = 40, 120, 150
# In hundredths of the weight of all words: what shares less is not alike.
LEAST = 20
PUBLIC = (Kind.PROPOSAL.value, Kind.PACT.value)


@dataclass(frozen=True, slots=True)
class Alike:
    """Something that resembles a text; `shared` says how much of its weight, in hundredths."""

    key: str
    kind: str
    language: str
    district: str
    at: datetime
    title: str
    about: str
    shared: int

    @property
    def code(self) -> str:
        """Return the second part of the key."""
        return self.key.partition(":")[2]


@dataclass(frozen=True, slots=True)
class _Word:
    term: Term
    weight: int

    def there(self, words: frozenset[str]) -> bool:
        return any(form.text in words for form in self.term)


def similar(
    title: str,
    about: str = "",
    *,
    language: str,
    kinds: Collection[str] = PUBLIC,
    without: Collection[str] = (),
    limit: int = 5,
) -> list[Alike]:
    """Return public things of these kinds that are like the text, the likest first.

    `without` are subject keys to leave out: a person's own. Two questions at most, whatever the size of the
    city; nothing where the text holds no word that says something.
    """
    words = _words(title, about, language)
    if not words or not kinds:
        return []
    marks = tuple(Form(mark("kind", kind)) for kind in kinds)
    near = _near(words, marks)
    if not near:
        return []
    statement = select(Entry).where(Entry.id.in_(near), Entry.key.not_in(list(without)))
    found = (_alike(entry, words) for entry in db.session().scalars(statement))
    alike = [one for one in found if one is not None]
    return sorted(alike, key=lambda one: (-one.shared, -one.at.timestamp(), one.key))[:limit]


def _words(title: str, about: str, language: str) -> list[_Word]:
    head = _terms(title, language)[:MOST_OF_TITLE]
    body = [term for term in _terms(about, language) if term not in head][:MOST_OF_TEXT]
    return [*(_Word(term, 2) for term in head), *(_Word(term, 1) for term in body)]


def _terms(written: str, language: str) -> list[Term]:
    return list(dict.fromkeys(_each_term(written, language)))


def _each_term(written: str, language: str) -> Iterator[Term]:
    for word in stems.words_in(written):
        if stems.is_paired(word):
            yield from ((Form(pair),) for pair in stems.pairs(stems.folded(word)))
        elif not stems.is_common(word):
            yield tuple(Form(form) for form in stems.forms(word, (language,)))


def _near(words: list[_Word], kinds: tuple[Form, ...]) -> list[int]:
    """Return the rows worth comparing: those with the rarest words, and those with two words of the title."""
    print_ = fts5 if db.database().is_sqlite else tsquery
    groups = [print_([word.term, kinds]) for word in words]
    title = [word.term for word in words if word.weight > 1]
    together = _either([print_([*pair, kinds]) for pair in combinations(title, 2)])
    asked = [*groups, *together]
    statement = _statement(len(groups), len(together), is_sqlite=db.database().is_sqlite)
    rows = db.session().execute(statement, {f"q{place}": one for place, one in enumerate(asked)}).all()
    met = Counter(row.place for row in rows)
    points: Counter[int] = Counter()
    for row in rows:
        is_common = met[row.place] >= EACH
        points[row.id] += 1 if is_common else 3
    return [row_id for row_id, _ in sorted(points.items(), key=lambda one: (-one[1], -one[0]))[:LOOKED_AT]]


def _either(printed: list[str]) -> list[str]:
    word = " OR " if db.database().is_sqlite else " | "
    return [word.join(f"({one})" for one in printed)] if printed else []


@cache
def _statement(each: int, together: int, *, is_sqlite: bool) -> TextClause:
    limits = [EACH] * each + [TOGETHER] * together
    one = _of_sqlite if is_sqlite else _of_postgresql
    return text(" UNION ALL ".join(one(place, most) for place, most in enumerate(limits)))


def _of_sqlite(place: int, most: int) -> str:
    inner = f"SELECT rowid AS id, {place} AS place FROM {INDEX} WHERE {INDEX} MATCH :q{place}"  # noqa: S608 - numbers only
    return f"SELECT id, place FROM ({inner} ORDER BY rowid DESC LIMIT {most})"  # noqa: S608


def _of_postgresql(place: int, most: int) -> str:
    # Without an order: of a common word any will do, and to sort them all would cost more than they tell.
    inner = f"SELECT id, {place} AS place FROM search_entry WHERE {INDEX} @@ CAST(:q{place} AS tsquery)"  # noqa: S608
    return f"(SELECT id, place FROM ({inner} LIMIT {most}) AS found_{place})"  # noqa: S608


def _alike(entry: Any, words: list[_Word]) -> Alike | None:
    head, all_words = frozenset(entry.head.split()), frozenset(entry.words.split())
    in_head = [word for word in words if word.there(head)]
    shared = [word for word in words if word.there(all_words)]
    # A word of the title counts whole where it stands in a title, else by half.
    points = sum(2 * word.weight if word in in_head else word.weight for word in shared)
    of_hundred = 100 * points // (2 * sum(word.weight for word in words))
    least = min(2, len(words))
    if len(shared) < least or of_hundred < LEAST:
        return None
    shown = (entry.key, entry.kind, entry.language, entry.district, entry.at, entry.title, entry.about)
    return Alike(*shown, shared=of_hundred)
