"""What changed between two texts of a pact, clause by clause and word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Change = Literal["same", "changed", "added", "removed"]
Op = Literal["same", "added", "removed"]
_TOKEN = re.compile(r"\n+|[^\S\n]+|[^\s]+")


@dataclass(frozen=True, slots=True)
class ClauseDiff:
    """One clause in two texts; its words joined in order, without the removed ones, give the newer text."""

    clause_id: str
    heading: str
    change: Change
    words: tuple[tuple[Op, str], ...]


def diff(text_a: Mapping[str, Any], text_b: Mapping[str, Any], language: str) -> tuple[ClauseDiff, ...]:
    """Return every clause of either text, in the order of the newer one, removed clauses at the end."""
    older = {one["id"]: one for one in text_a["clauses"]}
    newer = {one["id"]: one for one in text_b["clauses"]}
    found = [_clause(older.get(key), one, language) for key, one in newer.items()]
    return (*found, *(_clause(one, None, language) for key, one in older.items() if key not in newer))


def _clause(older: Mapping[str, Any] | None, newer: Mapping[str, Any] | None, language: str) -> ClauseDiff:
    row = newer or older
    assert row is not None  # noqa: S101 - a clause comes from one of the two texts
    before = older["text"][language] if older else ""
    after = newer["text"][language] if newer else ""
    return ClauseDiff(row["id"], row["heading"][language], _change(older, newer), word_diff(before, after))


def _change(older: Mapping[str, Any] | None, newer: Mapping[str, Any] | None) -> Change:
    if older is None:
        return "added"
    if newer is None:
        return "removed"
    # A number that moved because another clause came or went is no change of this one.
    same = {**older, "number": 0} == {**newer, "number": 0}
    return "same" if same else "changed"


def word_diff(before: str, after: str) -> tuple[tuple[Op, str], ...]:
    """Return runs of words that stayed, were removed or were added."""
    if before == after:
        # Most clauses stay as they were; comparing them word by word would be most of a page's time.
        return (("same", before),) if before else ()
    a, b = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[tuple[Op, str]] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            found.append(("removed", "".join(a[a1:a2])))
        if b2 > b1:
            found.append(("added", "".join(b[b1:b2])))
    return tuple(found)
