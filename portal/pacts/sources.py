"""What a pact's text is made from: the frozen rows that both sides settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.city import Words


@dataclass(frozen=True, slots=True)
class Commons:
    """The good that is cared for; degrees as text, because the text of a pact holds no floats."""

    kind: str
    title: str
    address: str = ""
    district: str = ""
    latitude: str = ""
    longitude: str = ""
    repository: str = ""
    licence: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A party without the names of people: a single citizen has an empty name."""

    id: str
    side: str
    name: str
    kind: str
    capacity: str
    office: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise of one side: so much of what, per when, shown by which evidence."""

    id: str
    side: str
    what: str
    quantity: int
    unit: str
    per: str
    evidence: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A row of support; its value in cents is worked out from the profile where it is None."""

    id: str
    kind: str
    what: str
    amount: int
    unit: str
    months: int = 0
    plan: str = ""
    conditions: str = ""
    value_cents: int | None = None
    # For money: which kinds of cost, by their ids in the profile; for everything: by when the city gives it.
    costs: tuple[str, ...] = ()
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class FenceChoice:
    """A fence of the catalogue; what is left empty is taken from there."""

    catalogue: str
    threshold: int | None = None
    frequency: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that the first text of a pact is assembled from."""

    code: str
    title: str
    summary: str
    pact_class: str
    commons: Commons
    parties: tuple[Party, ...]
    starts_on: date
    ends_on: date
    commitments: tuple[Commitment, ...] = ()
    asks: tuple[Ask, ...] = ()
    fences: tuple[FenceChoice, ...] = ()
    params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    none_because: Mapping[str, Words] = field(default_factory=dict)
