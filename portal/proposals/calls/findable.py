"""What the public may find of a call: its title and what it says, in every language, once it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import db, search, words
from portal.proposals.models import Call
from portal.search import Card

if TYPE_CHECKING:
    from collections.abc import Iterator


def enter(call: Call) -> None:
    """Enter a published call into the index."""
    search.put(card_of(call))


def card_of(call: Call) -> Card:
    """Return what the index keeps of a call; shown in the city's own language where it is written in it."""
    assert call.published_at is not None  # noqa: S101 - a draft is nothing to be found
    home = words.home_language()
    language = home if home in call.title else next(iter(call.title), "")
    said = (text for part in (call.title, call.summary, call.terms) for text in part.values())
    return Card(
        key=call.key,
        at=call.published_at,
        language="",
        title=call.title.get(language) or call.ref,
        about=call.summary.get(language, ""),
        text="\n".join([call.ref, *said]),
    )


def all_cards() -> Iterator[Card]:
    """Yield what the index keeps of every call that was published, the oldest first."""
    found = select(Call).where(Call.published_at.is_not(None)).order_by(Call.published_at, Call.id)
    yield from map(card_of, db.session().scalars(found.execution_options(yield_per=500)))
