"""Where two rows of words differ, in a time that nobody's text can stretch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

# A stretch: whether it stayed, and from where to where in the one and in the other.
Stretch = tuple[bool, int, int, int, int]
# So many pairs of like words are compared one by one; beyond them the commonest words hold nothing together.
_MOST_PAIRS = 300_000


def stretches(a: Sequence[str], b: Sequence[str]) -> list[Stretch]:
    """Return what stayed and what changed, in order; joined they are both rows whole.

    Most edits change one place in a long text, so what is alike at both ends is put aside first.
    """
    head = _alike(a, b)
    tail = _alike(a[head:][::-1], b[head:][::-1])
    left, right = a[head : len(a) - tail], b[head : len(b) - tail]
    found = [(True, 0, head, 0, head)] if head else []
    matcher = SequenceMatcher(None, left, right, autojunk=_pairs(left, right) > _MOST_PAIRS)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        found.append((tag == "equal", a1 + head, a2 + head, b1 + head, b2 + head))
    if tail:
        found.append((True, len(a) - tail, len(a), len(b) - tail, len(b)))
    return found


def _alike(a: Sequence[str], b: Sequence[str]) -> int:
    return next(
        (n for n, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )


def _pairs(a: Sequence[str], b: Sequence[str]) -> int:
    here, there = Counter(a), Counter(b)
    return sum(count * there[word] for word, count in here.items())
