"""What makes a person look at an observation before it appears; nothing is ever thrown away unread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

# A hand needs longer than this to read a form, choose and write.
LEAST_SECONDS = 2
# An account counts as new for so long.
NEW_FOR = timedelta(days=7)
_ENDINGS = (
    "com|org|net|info|biz|it|eu|io|ru|cn|xyz|top|shop|site|online|club|link|click|me|co|app|dev|example"
)
_LINK = re.compile(
    rf"""(?: [a-z][a-z0-9+.-]{{1,12}}://                       # any scheme
          | \bwww\d{{0,2}}\.
          | \bhxxps?\b
          | \[/?url\b | \]\(                                   # marked-up links
          | \b[a-z0-9-]{{2,63}}\.(?:{_ENDINGS})(?![a-z0-9])
          | \b[a-z0-9-]{{2,63}}\s*[(\[]\s*(?:dot|punto)\s*[)\]]
          | [^\s@]{{1,64}}@[a-z0-9-]{{1,63}}\.[a-z]{{2,}} )""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of how an observation came; `seconds` from opening the form, None where nobody knows."""

    has_photo: bool = False
    filled_the_trap: bool = False
    seconds: float | None = None
    joined_at: datetime | None = None


def has_link(text: str) -> bool:
    """Say whether a text leads elsewhere: an address, a disguised one, or somebody's e-mail."""
    return _LINK.search(text) is not None


def is_known(joined_at: datetime | None, at: datetime) -> bool:
    """Say whether this is an account that is not new."""
    return joined_at is not None and at - joined_at >= NEW_FOR


def why_held(texts: tuple[str, ...], signs: Signs, at: datetime) -> tuple[str, ...]:
    """Return why a person looks at it first: link, photo, trap, hurry; empty where it may appear at once."""
    known = is_known(signs.joined_at, at)
    found = {
        "link": not known and any(has_link(text) for text in texts),
        "photo": not known and signs.has_photo,
        "trap": signs.filled_the_trap,
        "hurry": signs.seconds is None or signs.seconds < LEAST_SECONDS,
    }
    return tuple(name for name, is_so in found.items() if is_so)
