"""The rows of a pact's schedules as they are printed: promises, support, fences and reporting days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.pacts.papers import said
from portal.words import W, say


@dataclass(frozen=True, slots=True)
class Commitment:
    """What one side does, how much of it, how often and how it shows."""

    id: str
    side: str
    what: str
    how_much: str
    per: str
    evidence: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Support:
    """What the city gives; `value_cents` is its worth in integer cents."""

    id: str
    kind: str
    kind_word: str
    what: str
    how_much: str
    months: int
    value_cents: int
    office: str
    conditions: str


@dataclass(frozen=True, slots=True)
class Fence:
    """A rule that keeps the value in the commons, with its limit in words."""

    id: str
    title: str
    sentence: str
    limit: str
    frequency: str
    source: str


@dataclass(frozen=True, slots=True)
class Due:
    """One report and the day it is due."""

    name: str
    due_on: date


def commitments(text: Mapping[str, Any], language: str) -> tuple[Commitment, ...]:
    """Return the promises of both sides, in the order of the text."""
    return tuple(
        Commitment(
            id=row["id"],
            side=row["side"],
            what=row["what"],
            how_much=said.amount(row["quantity"], row["unit"], language),
            per=said.word(said.RHYTHMS, row["per"], language),
            evidence=row["evidence"],
            due_on=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        )
        for row in text["commitments"]
    )


def support(text: Mapping[str, Any], language: str) -> tuple[Support, ...]:
    """Return what the city gives, in the order of the text."""
    return tuple(
        Support(
            id=row["id"],
            kind=row["kind"],
            kind_word=said.word(said.SUPPORT, row["kind"], language),
            what=row["what"],
            how_much=said.amount(row["amount"], row["unit"], language),
            months=row["months"],
            value_cents=row["value_cents"],
            office=row.get("office", ""),
            conditions=row["conditions"],
        )
        for row in text["support"]
    )


def fences(text: Mapping[str, Any], language: str) -> tuple[Fence, ...]:
    """Return the fences with their limits in words."""
    return tuple(
        Fence(
            id=row["id"],
            title=row["title"][language],
            sentence=row["sentence"][language],
            limit=said.limit(row["comparator"], row["threshold"], row["unit"], language),
            frequency=said.word(said.RHYTHMS, row["frequency"], language),
            source=row["source"],
        )
        for row in text["fences"]
    )


def reports_due(text: Mapping[str, Any], language: str) -> tuple[Due, ...]:
    """Return the days on which reports are due until the pact ends, the last one being the closing report."""
    every, first = text["reports"]["every_months"], date.fromisoformat(text["reports"]["first_due_on"])
    end = date.fromisoformat(text["ends_on"])
    found: list[Due] = []
    due_on = first
    while every > 0 and due_on < end:
        found.append(Due(say(W("Progress report %(number)s", number=len(found) + 1), language), due_on))
        due_on = months_after(first, every * len(found))
    return (*found, Due(say(W("Closing report"), language), end))


def months_after(first: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
