"""Clauses that the two sides write themselves, beside those of the city's library: added, moved, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.city import Words
from portal.errors import Invalid, each_fault
from portal.words import W

PREFIX = "own-"
VERSION = "own"
_PARTS = ("heading", "plain", "text")
_MOST = {"heading": 120, "plain": 300, "text": 8_000}
_LACKS = {
    "heading": W("Write a heading for the clause."),
    "plain": W("Say in one plain sentence what the clause means."),
    "text": W("Write the clause in the language that prevails."),
}


def is_own(clause_id: str) -> bool:
    """Say whether a clause is of the two sides' own, by its id."""
    return clause_id.startswith(PREFIX)


def written(text: Mapping[str, Any], clause_id: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the text with one clause of the parties' own as `own` says it: heading, plain, text, after.

    Refuses with Invalid a clause without words in the language that prevails, or too many of them.
    """
    row = {
        "id": clause_id,
        "library_version": VERSION,
        "element": "",
        "locked": False,
        "params": {},
        "none_because": None,
        "after": str(own.get("after", "")),
    }
    with each_fault() as reading:
        for part in _PARTS:
            with reading():
                row[part] = _words(part, own.get(part, {}), text)
    rows = [row if one["id"] == clause_id else one for one in text["clauses"]]
    return {**text, "clauses": rows if row in rows else [*rows, row]}


def _words(part: str, typed: Words, text: Mapping[str, Any]) -> dict[str, str]:
    first = typed.get(text["language"], "").strip()
    if not first:
        raise Invalid(_LACKS[part], field=f"{part}-{text['language']}")
    said = {one: typed.get(one, "").strip() or first for one in text["languages"]}
    for language, words in said.items():
        if len(words) > _MOST[part]:
            raise Invalid(
                W("Write at most %(most)s characters", most=_MOST[part]), field=f"{part}-{language}"
            )
    return {one: said[one] if part == "text" else " ".join(said[one].split()) for one in said}


def removed(text: Mapping[str, Any], clause_id: str) -> dict[str, Any]:
    """Return the text without a clause of the parties' own; the library's clauses stay."""
    if not is_own(clause_id) or all(one["id"] != clause_id for one in text["clauses"]):
        raise Invalid(W("Only a clause that the two sides wrote themselves can be taken out."))
    return {**text, "clauses": [one for one in text["clauses"] if one["id"] != clause_id]}


def placed(library: Sequence[dict[str, Any]], own: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return all clauses in their order: each own one behind the clause it follows, else at the end."""
    found = list(library)
    waiting = [dict(one) for one in own]
    while waiting:
        ids = {one["id"] for one in found}
        row = next((one for one in waiting if one["after"] in ids), waiting[0])
        waiting.remove(row)
        place = next((n for n, one in enumerate(found) if one["id"] == row["after"]), len(found) - 1)
        found.insert(_behind(found, place, row["after"]), row)
    return found


def _behind(rows: Sequence[Mapping[str, Any]], place: int, after: str) -> int:
    # Of two that follow the same clause the older stands first.
    at = place + 1
    while at < len(rows) and rows[at].get("after") == after:
        at += 1
    return at
