"""The profile: a city and one dated version of its rules, whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from portal.city.assessing import Criterion, NextStep, Remedy
from portal.city.clocks import Calendar, Clock
from portal.city.giving import CostKind, Giving, SupportCheck, UnitPrice
from portal.city.guides import Guide, LegalHours, OfferedLicence
from portal.city.library import Clause, Dimension, Fence, Indicator, LadderStep
from portal.city.paying import Paying
from portal.city.shapes import (
    Citation,
    Contact,
    District,
    Element,
    Office,
    PactClass,
    Point,
    PoolRules,
    ReportCalendar,
    Residents,
    Retention,
    ServerPlan,
    Servers,
    Stage,
    Suitability,
    SupportKind,
    Words,
)


class _Keyed(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Keyed)


def by_id(things: Iterable[T], key: str) -> T:
    """Return the thing with this id; an unknown id is a KeyError."""
    for thing in things:
        if thing.id == key:
            return thing
    raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Profile:
    """A city and one dated version of its rules; everything a case was made under."""

    city: str
    regulation: str
    version: str
    valid_from: date
    counsel: Words
    name: Words
    body: str
    languages: tuple[str, ...]
    prevailing_language: str
    time_zone: str
    currency: str
    contact: Contact
    centre: Point
    calendar: Calendar
    offices: tuple[Office, ...]
    districts: tuple[District, ...]
    stages: tuple[Stage, ...]
    suitability: tuple[Suitability, ...]
    words: Mapping[str, Words]
    liability_variant: str
    approval_persons: int
    legal_hour_cents: int
    legal_hours: LegalHours
    guides: tuple[Guide, ...]
    licences: tuple[OfferedLicence, ...]
    publish_benefit_above_cents: int
    clocks: Mapping[str, Clock]
    citations: tuple[Citation, ...]
    elements: tuple[Element, ...]
    classes: tuple[PactClass, ...]
    support_kinds: tuple[SupportKind, ...]
    server_plans: tuple[ServerPlan, ...]
    servers: Servers
    paying: Paying
    pools: PoolRules
    retention: tuple[Retention, ...]
    criteria: tuple[Criterion, ...]
    remedies: tuple[Remedy, ...]
    next_steps: tuple[NextStep, ...]
    # Whether everybody may read what the offices advised, once the case is decided.
    opinions_public: bool
    reports: ReportCalendar
    residents: Residents
    clauses: tuple[Clause, ...]
    ladder: tuple[LadderStep, ...]
    fences: tuple[Fence, ...]
    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]
    support_checks: tuple[SupportCheck, ...]
    cost_kinds: tuple[CostKind, ...]
    unit_prices: tuple[UnitPrice, ...]
    giving: Giving

    @property
    def version_key(self) -> str:
        """Return what a case stores to find these rules again: city, regulation and version."""
        return f"{self.city}/{self.regulation}/{self.version}"

    def office(self, key: str) -> Office:
        """Return an office; an unknown id is a KeyError, as for everything below."""
        return by_id(self.offices, key)

    @property
    def interlocutor(self) -> Office:
        """Return the one office that people need to speak with: the first of the list."""
        return self.offices[0]

    def district(self, key: str) -> District:
        """Return a district by id."""
        return by_id(self.districts, key)

    def pact_class(self, key: str) -> PactClass:
        """Return the rules of a class of pact."""
        return by_id(self.classes, key)

    def clause(self, key: str) -> Clause:
        """Return a clause of the library."""
        return by_id(self.clauses, key)

    def fence(self, key: str) -> Fence:
        """Return a fence of the catalogue."""
        return by_id(self.fences, key)

    def plan(self, key: str) -> ServerPlan:
        """Return a server plan."""
        return by_id(self.server_plans, key)

    def guide(self, key: str) -> Guide:
        """Return a guide to a question of law."""
        return by_id(self.guides, key)

    def citation(self, key: str) -> Citation:
        """Return a citation."""
        return by_id(self.citations, key)

    def clock(self, key: str) -> Clock:
        """Return a clock."""
        return self.clocks[key]

    def retention_of(self, key: str) -> Retention:
        """Return how long something is kept."""
        return by_id(self.retention, key)

    def criterion(self, key: str) -> Criterion:
        """Return what a proposal is judged by."""
        return by_id(self.criteria, key)

    def offices_for_opinions(self) -> tuple[Office, ...]:
        """Return the offices that give an opinion, in the city's order."""
        return tuple(one for one in self.offices if one.opinion)

    def cost_kind(self, key: str) -> CostKind:
        """Return a kind of cost."""
        return by_id(self.cost_kinds, key)

    def unit_price(self, kind: str) -> UnitPrice | None:
        """Return what a unit of this kind of support in kind is worth, or None where nobody said."""
        return next((one for one in self.unit_prices if one.kind == kind), None)

    def clauses_for(self, pact_class: str, kind: str) -> tuple[Clause, ...]:
        """Return the clauses of a pact of this class and kind of commons, in their order."""
        found = (one for one in self.clauses if one.applies_to(pact_class, kind))
        return tuple(sorted(found, key=lambda one: one.number))

    def fences_for(self, kind: str) -> tuple[Fence, ...]:
        """Return the fences offered for this kind of commons, recommended ones first."""
        found = (one for one in self.fences if kind in one.kinds)
        return tuple(sorted(found, key=lambda one: kind not in one.recommended))

    def support(self, key: str) -> SupportKind:
        """Return a form of support."""
        return by_id(self.support_kinds, key)

    def supports_for(self, kind: str) -> tuple[SupportKind, ...]:
        """Return the support offered for this kind of commons, what it usually asks for first."""
        found = (one for one in self.support_kinds if kind in one.kinds or not kind)
        return tuple(sorted(found, key=lambda one: kind not in one.usual))

    def words_for(self, language: str, key: str) -> str:
        """Return the city's public words for a key such as "state.pact.in_force"."""
        return self.words[key][language]
