"""Whether a password may be used: a pure rule that answers with its reasons, in words that say what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Iterable

# NIST SP 800-63B-4, 3.1.1.2, and ASVS 5.0, 6.2: length and lists, no mixture of signs, no change by date.
SHORTEST, LONGEST = 12, 200
# A word of three letters stands in too many others to be taken out of them.
SHORTEST_WORD = 4
# The estimate tries every way to read 4, @ and 8 as letters: 24 such signs take 0.4 s, as long as the hash
# itself, 72 take four seconds. What comes after the first signs only adds strength, so nothing weak gets by.
MOST_ESTIMATED = 24
# Below a hundred million guesses the estimate calls a password guessable (score 3 of 4).
LEAST_SCORE = 3

TOO_SHORT = W("Use at least 12 characters. Four words that do not belong together are easy to remember.")
TOO_LONG = W("Use at most 200 characters.")
OWN_WORDS = W(
    "This password is easy to guess: without your name, your address and the city's words little is left. "
    "Use four words that have nothing to do with you."
)
COMMON = W(
    "This password is easy to guess: it is among those that are tried first. "
    "Use four words that do not belong together."
)
PATTERN = W(
    "This password is easy to guess: it repeats itself, or follows the keyboard or the calendar. "
    "Use four words that do not belong together."
)


def reasons_against(password: str, context: Iterable[str] = ()) -> tuple[W, ...]:
    """Return why the password cannot be used; nothing means that it can.

    `context` is what a stranger would try: the person's name and address, the names of the city.
    """
    if len(password) < SHORTEST:
        return (TOO_SHORT,)
    if len(password) > LONGEST:
        return (TOO_LONG,)
    plain = password.lower()
    rest = _without(plain, words_of(context))
    reason = _weakness(rest)
    if reason is None:
        return ()
    return (reason if rest == plain else OWN_WORDS,)


def words_of(context: Iterable[str]) -> tuple[str, ...]:
    """Return the single words of names and addresses, the longest first."""
    found = {
        word for text in context for word in re.split(r"[\W_]+", text.lower()) if len(word) >= SHORTEST_WORD
    }
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def _without(plain: str, words: tuple[str, ...]) -> str:
    for word in words:
        plain = plain.replace(word, "")
    return plain


def _weakness(rest: str) -> W | None:
    # Its lists are loaded only where somebody chooses a password. The words of this person were taken out
    # before and are not handed over, because the library would keep them for everybody.
    from zxcvbn import zxcvbn

    if not rest.strip():
        return PATTERN
    found = zxcvbn(rest[:MOST_ESTIMATED])
    if found["score"] >= LEAST_SCORE:
        return None
    is_listed = any(part.get("dictionary_name") for part in found["sequence"])
    return COMMON if is_listed else PATTERN
