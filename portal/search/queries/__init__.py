"""Questions to the index: what answers a search, what may have been meant, and what is like a text."""

from portal.search.queries.finding import MOST, Found, Place, Row, by_keys, find, is_filled
from portal.search.queries.guessing import meant
from portal.search.queries.likeness import Alike, similar

__all__ = ["MOST", "Alike", "Found", "Place", "Row", "by_keys", "find", "is_filled", "meant", "similar"]
