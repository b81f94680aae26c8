"""What an officer looks at before the idea itself, each item with the sentence that asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.words import W

ALL = frozenset({"place", "software", "data_set"})


class Mark(StrEnum):
    """What the officer found."""

    OK = "ok"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at; `ask` is the sentence that goes to the group when it is missing."""

    id: str
    label: W
    ask: W
    kinds: frozenset[str] = ALL


ITEMS = (
    Item(
        "person",
        W("It is clear who proposes and how to reach them"),
        W("Tell us who proposes and how we can reach you."),
    ),
    Item(
        "object",
        W("It is clear which commons is meant"),
        W("Describe more precisely what you want to look after."),
    ),
    Item(
        "general_interest",
        W("It serves everybody, not only the group"),
        W("Explain how people outside your group can use it or take part."),
    ),
    Item(
        "commitments",
        W("Each commitment can be checked"),
        W("Say for each commitment how much you will do, how often, and how people can see it."),
    ),
    Item(
        "support",
        W("What is asked of the city is specific"),
        W("Say more precisely what you ask of the city and what it is for."),
    ),
    Item(
        "land",
        W("The place belongs to the city or may be used"),
        W("Tell us who owns the place, or send us the owner's consent."),
        frozenset({"place"}),
    ),
    Item(
        "safety",
        W("The activities are safe for people and things"),
        W("Describe the tools and works you plan, so that we can look at safety and insurance."),
        frozenset({"place"}),
    ),
    Item(
        "licence",
        W("The licence is open, or help was asked for"),
        W("Choose an open licence, or ask us for help with choosing one."),
        frozenset({"software", "data_set"}),
    ),
    Item(
        "maintenance",
        W("It is clear who maintains it"),
        W("Tell us who maintains the code and how often you publish a version."),
        frozenset({"software"}),
    ),
    Item(
        "personal_data",
        W("It is clear whether personal data is held, and on which ground"),
        W("Tell us whose data it is, on which legal ground you hold it, and how people can leave."),
        frozenset({"data_set"}),
    ),
)


def items_for(kind: str) -> tuple[Item, ...]:
    """Return what is looked at for this kind of commons."""
    return tuple(item for item in ITEMS if kind in item.kinds)


def mark_of(found: Mapping[str, Any], item: Item) -> Mark | None:
    """Return what was found for an item, or None where nobody looked yet."""
    entry = found.get(item.id, {})
    return Mark(entry["mark"]) if entry.get("mark") in set(Mark) else None


def is_complete(found: Mapping[str, Any], kind: str) -> bool:
    """Say whether every item was looked at and found in order."""
    return all(mark_of(found, item) is Mark.OK for item in items_for(kind))


def sentences(found: Mapping[str, Any], kind: str) -> list[W | str]:
    """Return the ready sentences for what is missing; the officer's own note stands in their place."""
    return [
        found[item.id].get("note") or item.ask
        for item in items_for(kind)
        if mark_of(found, item) is Mark.MISSING
    ]
