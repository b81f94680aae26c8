"""How long a failure waits before it is tried again, and after how many tries it is over."""

from __future__ import annotations

from datetime import timedelta

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
# A run that fails, or whose worker dies: about an hour of tries. A run that kills its worker must not go on.
MOST_RUN_TRIES = 8
# An item: about a day, so that a mail server or a certificate may be away over a night.
MOST_ITEM_TRIES = 30


def wait_after(tries: int) -> timedelta:
    """Return the wait after so many tries (1 or more): each is twice the one before, up to an hour."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(tries - 1, 20)))
