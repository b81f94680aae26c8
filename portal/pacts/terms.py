"""The terms of a pact beside its clauses: dates, what each side does, what the city gives, the fences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from portal.errors import Invalid
from portal.pacts.sources import Ask, Commitment, FenceChoice
from portal.words import W

# The "clause" under which a change of terms stands among the suggestions.
TERMS = "terms"
# What of a text that is.
TERM_KEYS = ("starts_on", "ends_on", "commitments", "support", "fences")

# Kinds the city keeps pools of, by what is counted of them; the worth of these follows from the amount.
HOURS = frozenset({"legal", "spaces", "training", "communication"})
MONEYS = frozenset({"funding", "insurance", "waivers"})
COUNTED = HOURS | MONEYS | {"server", "materials"}


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything in a pact's text that is a row or a date; frozen, and equal when nothing was changed."""

    starts_on: date
    ends_on: date
    commitments: tuple[Commitment, ...]
    support: tuple[Ask, ...]
    fences: tuple[FenceChoice, ...]


def terms_of(text: Mapping[str, Any]) -> Terms:
    """Return the terms of a pact's text."""
    return Terms(
        starts_on=date.fromisoformat(text["starts_on"]),
        ends_on=date.fromisoformat(text["ends_on"]),
        commitments=tuple(_commitment(row) for row in text["commitments"]),
        support=tuple(_ask(row) for row in text["support"]),
        fences=tuple(
            FenceChoice(row["catalogue"], row["threshold"], row["frequency"], row["source"])
            for row in text["fences"]
        ),
    )


def _commitment(row: Mapping[str, Any]) -> Commitment:
    due_on = row.get("due_on")
    known = {field.name: row[field.name] for field in fields(Commitment) if field.name != "due_on"}
    return Commitment(**known, due_on=date.fromisoformat(due_on) if due_on else None)


def _ask(row: Mapping[str, Any]) -> Ask:
    # What money is worth follows from the amount; what a thing in kind is worth was written by somebody.
    keeps_value = row["kind"] not in COUNTED
    added = {"value_cents", "costs", "due_on"}
    known = {field.name: row[field.name] for field in fields(Ask) if field.name not in added}
    return Ask(**known, value_cents=row["value_cents"] if keeps_value else None, **_added(row))


def _added(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what rows of older texts do not say."""
    due_on = row.get("due_on")
    return {"costs": tuple(row.get("costs") or ()), "due_on": date.fromisoformat(due_on) if due_on else None}


def as_change(terms: Terms) -> dict[str, Any]:
    """Return the terms as they are kept in a suggestion: plain JSON."""
    plain: dict[str, Any] = _plain(asdict(terms))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def from_change(change: Mapping[str, Any]) -> Terms:
    """Return the terms kept in a suggestion."""
    return Terms(
        starts_on=date.fromisoformat(change["starts_on"]),
        ends_on=date.fromisoformat(change["ends_on"]),
        commitments=tuple(_commitment(row) for row in change["commitments"]),
        support=tuple(Ask(**(row | _added(row))) for row in change["support"]),
        fences=tuple(FenceChoice(**row) for row in change["fences"]),
    )


def checked(terms: Terms) -> Terms:
    """Return the terms with every row named, or refuse with the sentence that says what is wrong.

    New rows get the next free id of their kind; rows keep theirs, because promises are followed by it.
    """
    if terms.ends_on <= terms.starts_on:
        raise Invalid(W("The pact must end after it begins."), field="ends_on")
    return replace(
        terms,
        commitments=_named(terms.commitments, "c"),
        support=_named(terms.support, "s"),
    )


def _named(rows: Sequence[Any], letter: str) -> tuple[Any, ...]:
    # Two rows under one id would be one promise and one allocation: the second counts as new.
    first = {row.id: place for place, row in reversed(list(enumerate(rows)))}
    rows = [row if first[row.id] == place else replace(row, id="") for place, row in enumerate(rows)]
    taken = {row.id for row in rows if row.id}
    free = (
        f"{letter}{number}"
        for number in range(1, len(rows) + len(taken) + 2)
        if f"{letter}{number}" not in taken
    )
    return tuple(row if row.id else replace(row, id=next(free)) for row in rows)
