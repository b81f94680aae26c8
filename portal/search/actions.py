"""Enter a thing into the index, or take it out; each feature does so inside its own verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from portal import db
from portal.search import stems
from portal.search.matching import mark
from portal.search.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_TITLE, LONGEST_ABOUT = 160, 400
# A page of a book has some three hundred words; what comes after so many is about the same.
MOST_FORMS = 3_000
BATCH = 500


@dataclass(frozen=True, slots=True)
class Card:
    """What the public may find of a thing; nothing private may stand in any of its fields.

    `key` is the subject key, its first part the kind. `title` and `about` are shown, `text` is only looked
    through. `sort` is the kind of the shared thing or of the organisation.
    """

    key: str
    at: datetime
    language: str
    title: str
    about: str = ""
    text: str = ""
    district: str = ""
    sort: str = ""

    @property
    def kind(self) -> str:
        """Return what it is: proposal, pact, commons, organisation, call, money."""
        return self.key.partition(":")[0]


def put(card: Card) -> None:
    """Enter a public thing, or enter it anew; twice is once, whoever else does the same at that moment."""
    db.session().execute(_upsert(), _values(card))


def _upsert() -> Any:
    found = db.insert(Entry)
    changed = {one.name: one for one in found.excluded if one.name not in {"id", "key"}}
    return found.on_conflict_do_update(index_elements=["key"], set_=changed)


def fill(cards: Iterable[Card]) -> int:
    """Empty the index and enter these, in this order; return how many there are."""
    session = db.session()
    session.execute(delete(Entry))
    count = 0
    for batch in _batches(cards):
        session.execute(_upsert(), [_values(card) for card in batch])
        count += len(batch)
    return count


def _batches(cards: Iterable[Card]) -> Iterator[list[Card]]:
    left = iter(cards)
    while batch := list(islice(left, BATCH)):
        yield batch


def drop(key: str) -> None:
    """Take a thing out of the index; what is not in it stays out."""
    db.session().execute(delete(Entry).where(Entry.key == key))


def _values(card: Card) -> dict[str, object]:
    head = stems.kept(card.title, card.language)
    body = stems.kept(f"{card.about}\n{card.text}", card.language)
    filters = {
        "kind": card.kind,
        "district": card.district,
        "language": card.language,
        "sort": card.sort,
    }
    marks = [mark(name, value) for name, value in filters.items() if value]
    return {
        "key": card.key,
        "at": card.at,
        "title": card.title[:LONGEST_TITLE],
        "about": card.about[:LONGEST_ABOUT],
        "head": " ".join(head),
        "words": " ".join(dict.fromkeys([*marks, *head, *body[:MOST_FORMS]])),
        **filters,
    }
