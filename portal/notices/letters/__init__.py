"""Letters: messages on paper for whoever has no mail; each is in one batch and is posted once."""

from portal.notices.letters.actions import (
    gather,
    give,
    mark_posted,
    mark_returned,
    take_apart,
    write,
    write_again,
)

__all__ = [
    "gather",
    "give",
    "mark_posted",
    "mark_returned",
    "take_apart",
    "write",
    "write_again",
]
