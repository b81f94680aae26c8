"""Two people changed the same words: what both did, where neither wrote over the other."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.pacts.comparing import tokens

# From where to where in the base, and what stands there now.
Edit = tuple[int, int, list[str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """The words of both; `is_whole` says that nobody's are missing, else they are only the later writer's."""

    words: str
    is_whole: bool


def merged(base: str, theirs: str, mine: str) -> Merged:
    """Return what both made of the base; where they touched the same words, mine alone, and said so.

    Words are what lies between spaces. The same change by both counts once.
    """
    words = tokens(base)
    ours = _edits(words, tokens(mine))
    others = [one for one in _edits(words, tokens(theirs)) if one not in ours]
    if any(_meet(one, other) for one in others for other in ours):
        return Merged(mine, is_whole=False)
    for first, last, now in sorted((*others, *ours), reverse=True):
        words[first:last] = now
    return Merged("".join(words), is_whole=True)


def _edits(base: list[str], changed: list[str]) -> list[Edit]:
    found = SequenceMatcher(None, base, changed, autojunk=False).get_opcodes()
    return [(a1, a2, changed[b1:b2]) for tag, a1, a2, b1, b2 in found if tag != "equal"]


def _meet(one: Edit, other: Edit) -> bool:
    # Edits that touch would leave open whose words come first.
    return one[0] <= other[1] and other[0] <= one[1]
