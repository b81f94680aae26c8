"""How long a session may rest and last: a pure rule, shorter for whoever works for the city."""

from __future__ import annotations

from datetime import datetime, timedelta

IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
# A desk is left open in an office, and behind it stand other people's cases (ASVS 7.3.1, 7.3.2).
STAFF_IDLE, STAFF_LONGEST = timedelta(hours=1), timedelta(hours=12)
KNOWN_BROWSER = timedelta(days=180)


def is_alive(began_at: datetime, seen_at: datetime, at: datetime, *, is_staff: bool) -> bool:
    """Say whether a session still counts; who became staff meanwhile is held to the shorter times at once."""
    idle, longest = (STAFF_IDLE, STAFF_LONGEST) if is_staff else (IDLE, LONGEST)
    return at < began_at + longest and at < seen_at + idle
