"""Two people changed the same words: what both did, where neither wrote over the other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.pacts.stretches import stretches

# From where to where in the base, and what stands there now.
Edit = tuple[int, int, list[str]]
_WORD = re.compile(r"\S+\s*|^\s+")
# So many words must stay between two changes for them to be two.
_ANCHOR = 3


@dataclass(frozen=True, slots=True)
class Merged:
    """The words of both; `is_whole` says that nobody's are missing, else they are only the later writer's."""

    words: str
    is_whole: bool


def merged(base: str, theirs: str, mine: str) -> Merged:
    """Return what both made of the base; where they touched the same words, mine alone, and said so.

    Words are what lies between spaces. The same change by both counts once.
    """
    words = _words(base)
    ours = _edits(words, _words(mine))
    others = [one for one in _edits(words, _words(theirs)) if one not in ours]
    if any(_meet(one, other) for one in others for other in ours):
        return Merged(mine, is_whole=False)
    for first, last, now in sorted((*others, *ours), reverse=True):
        words[first:last] = now
    return Merged("".join(words), is_whole=True)


def _words(text: str) -> list[str]:
    # Each with the space behind it: spaces alone would be alike everywhere and prove nothing.
    return _WORD.findall(text)


def _edits(base: list[str], changed: list[str]) -> list[Edit]:
    found: list[Edit] = []
    for is_same, a1, a2, b1, b2 in stretches(base, changed):
        if is_same:
            continue
        if found and a1 - found[-1][1] < _ANCHOR:
            # A word or two that stayed between two changes is chance: the sentence was written anew.
            first, last, now = found[-1]
            found[-1] = (first, a2, [*now, *base[last:a1], *changed[b1:b2]])
        else:
            found.append((a1, a2, changed[b1:b2]))
    return found


def _meet(one: Edit, other: Edit) -> bool:
    if one[0] < one[1] and other[0] < other[1]:
        return one[0] < other[1] and other[0] < one[1]
    # Of words put in where another changed something, nobody knows which come first.
    return one[0] <= other[1] and other[0] <= one[1]
