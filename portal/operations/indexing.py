"""Makes the search's index anew from what the features say may be found."""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING

from portal import db
from portal.commons import findable as of_commons
from portal.organisations import findable as of_organisations
from portal.pacts import findable as of_pacts
from portal.proposals import findable as of_proposals
from portal.proposals.calls import findable as of_calls
from portal.search import Card, queries
from portal.search import actions as search
from portal.support import findable as of_money

if TYPE_CHECKING:
    from collections.abc import Iterator


def all_cards() -> Iterator[Card]:
    """Yield everything that may be found, the oldest first: so the newest get the highest numbers."""
    sources = (of_proposals, of_pacts, of_commons, of_organisations, of_calls, of_money)
    return merge(*(source.all_cards() for source in sources), key=lambda card: card.at)


def rebuild() -> int:
    """Make the index anew in the open unit, and return how many things are in it."""
    return search.fill(all_cards())


def fill_if_empty() -> int:
    """Fill an index that holds nothing, as after an upgrade from before there was one."""
    with db.reading():
        if queries.is_filled():
            return 0
    with db.writing():
        return rebuild()
