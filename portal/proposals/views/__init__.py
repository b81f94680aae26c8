"""The pages of proposing: start, questions, sending, following."""

from portal.proposals.views import (
    co_authors,
    merging,
    others,
    pictures,
    places,
    publiccode,
    questions,
    rating,
    sending,
    start,
    suitability,
    tracking,
)
from portal.proposals.views.room import proposals

__all__ = [
    "co_authors",
    "merging",
    "others",
    "pictures",
    "places",
    "proposals",
    "publiccode",
    "questions",
    "rating",
    "sending",
    "start",
    "suitability",
    "tracking",
]
