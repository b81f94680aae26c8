"""What changed between two texts of a pact, clause by clause and word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from portal.pacts.stretches import stretches

Change = Literal["same", "changed", "added", "removed"]
Op = Literal["same", "added", "removed"]
Words = tuple[tuple[Op, str], ...]
Sentences = Mapping[tuple[str, str], str]
# So many words and spaces are shown on each side of a change.
_BESIDE = 30
_TOKEN = re.compile(r"\n+|[^\S\n]+|[^\s]+")


@dataclass(frozen=True, slots=True)
class ClauseDiff:
    """One clause in two texts; its words joined in order, without the removed ones, give the newer text."""

    clause_id: str
    heading: str
    change: Change
    words: Words


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


def same_clause(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Say whether a clause is the same in two texts, wherever it is counted."""
    if one is None or other is None:
        return one is other
    # A number that moved because another clause came or went is no change of this one.
    return {**one, "number": 0} == {**other, "number": 0}


def changed_ids(older: Mapping[str, Any], newer: Mapping[str, Any]) -> list[str]:
    """Return the ids of the clauses that came, went or changed, in the order of the newer text."""
    before, after = ({row["id"]: row for row in text["clauses"]} for text in (older, newer))
    return [key for key in {**after, **before} if not same_clause(before.get(key), after.get(key))]


def _change(older: Mapping[str, Any] | None, newer: Mapping[str, Any] | None) -> Change:
    if older is None:
        return "added"
    if newer is None:
        return "removed"
    return "same" if same_clause(older, newer) else "changed"


def tokens(text: str) -> list[str]:
    """Return words and the spaces between them; joined they are the text again."""
    return _TOKEN.findall(text)


def word_diff(before: str, after: str) -> Words:
    """Return runs of words that stayed, were removed or were added."""
    if before == after:
        # Most clauses stay as they were; comparing them word by word would be most of a page's time.
        return (("same", before),) if before else ()
    a, b = tokens(before), tokens(after)
    found: list[tuple[Op, str]] = []
    for is_same, a1, a2, b1, b2 in _stretches(a, b):
        if is_same:
            found.append(("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            found.append(("removed", "".join(a[a1:a2])))
        if b2 > b1:
            found.append(("added", "".join(b[b1:b2])))
    return tuple(found)


def _stretches(a: list[str], b: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Return what stayed and what changed; words changed one after the other are one change, not many."""
    found: list[tuple[bool, int, int, int, int]] = []
    for is_same, a1, a2, b1, b2 in stretches(a, b):
        is_gap = is_same and "".join(a[a1:a2]) == " " and bool(found) and b2 < len(b) and a2 < len(a)
        if found and not found[-1][0] and (is_gap or not is_same):
            found[-1] = (False, found[-1][1], a2, found[-1][3], b2)
        else:
            found.append((is_same, a1, a2, b1, b2))
    return found


@dataclass(frozen=True, slots=True)
class TermDiff:
    """One term in two texts, as a sentence; `kind` says what it is about."""

    kind: str
    words: Words


def terms_diff(older: Sentences, newer: Sentences) -> tuple[TermDiff, ...]:
    """Return the terms that came, went or changed; each side is {(kind, id): sentence}."""
    keys = [key for key in {**newer, **older} if older.get(key) != newer.get(key)]
    return tuple(TermDiff(key[0], word_diff(older.get(key, ""), newer.get(key, ""))) for key in keys)


def shortened(words: Words) -> Words:
    """Return the words with long stretches that stayed cut to what stands beside a change."""
    last = len(words) - 1
    return tuple(
        (op, _cut(said, at_start=place == 0, at_end=place == last) if op == "same" else said)
        for place, (op, said) in enumerate(words)
    )


def _cut(said: str, *, at_start: bool, at_end: bool) -> str:
    found = tokens(said)
    if len(found) <= 2 * _BESIDE:
        return said
    first = "" if at_start else "".join(found[:_BESIDE])
    rest = "" if at_end else "".join(found[-_BESIDE:])
    return f"{first} … {rest}"
