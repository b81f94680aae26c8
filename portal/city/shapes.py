"""What a city says about itself and its rules, as frozen shapes that the files fill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeVar

from portal.city.clocks import Calendar, Clock

# Words in every language of the city, by language code.
Words = Mapping[str, str]
# Longitude and latitude in degrees (WGS84), the order of GeoJSON.
Point = tuple[float, float]

CommonsKind = Literal["place", "software", "data_set"]
ParameterKind = Literal["text", "money", "date", "integer", "hours", "licence"]
Comparator = Literal["at_least", "at_most"]
Unit = Literal["hours_week", "percent", "cents", "days", "yes_no"]
Frequency = Literal["month", "quarter", "year"]


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
class Contact:
    """How people reach the city about pacts."""

    phone: str
    mail: str
    counter: Words
    hours: Words


@dataclass(frozen=True, slots=True)
class Office:
    """An office that owns cases, signs, or gives an opinion; `opinion` is the kind it gives, or empty."""

    id: str
    name: Words
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """A part of the city; the ring is closed (first point repeated) and runs anticlockwise."""

    id: str
    name: str
    ring: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule that papers may cite, with the place where its text can be read."""

    id: str
    words: Words
    source: str
    preamble: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """Something every pact must settle (Bologna 2014, article 5)."""

    id: str
    required: bool
    words: Words


@dataclass(frozen=True, slots=True)
class PactClass:
    """A kind of pact and the rules that go with it."""

    id: str
    name: Words
    about: Words
    needs_pact: bool
    decision_body: Words
    signer_office: str
    signer: Words
    observation_days: int
    observation_on: Literal["proposal", "version"]
    longest_years: int
    report_every_months: int
    contribution_cap_cents: int
    advance_cap_bp: int
    insurance_required: bool
    guarantee_required: bool
    executive_preview: bool


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """A size of server that the city can give."""

    id: str
    name: Words
    vcpu: int
    memory_gb: int
    storage_gb: int
    month_cents: int


@dataclass(frozen=True, slots=True)
class SupportKind:
    """A form of support by the city; `allocated` kinds draw on a pool."""

    id: str
    name: Words
    unit: str
    allocated: bool
    about: Words


@dataclass(frozen=True, slots=True)
class Retention:
    """How long something is kept, and why."""

    id: str
    days: int
    why: Words


@dataclass(frozen=True, slots=True)
class Stage:
    """One station of a case's life line."""

    id: str
    name: Words
    about: Words


@dataclass(frozen=True, slots=True)
class ReportCalendar:
    """When reports are due and when people are reminded; days are calendar days."""

    sent_within_days: int
    remind_days_before: tuple[int, ...]
    closing_report_days: int
    renewal_review_days_before: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named blank in a clause; a blank without default that is needed stops the agreement."""

    name: str
    kind: ParameterKind
    label: Words
    needed: bool = True
    default: Words | None = None
    # A number as default (cents, days, hours), or the name of a fact of the pact.
    default_number: int | None = None
    default_fact: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the library; `number` orders, it does not print."""

    id: str
    number: int
    version: str
    element: str
    mandatory: bool
    locked: bool
    classes: tuple[str, ...]
    kinds: tuple[CommonsKind, ...]
    parameters: tuple[Parameter, ...]
    heading: Words
    plain: Words
    text: Words
    # Only with a row of this kind of support; without one the clause says "none" or is left out.
    needs_support: str = ""
    # The rule of the class of pact that makes the clause binding; otherwise it may begin as "none".
    needed_by: Literal["", "insurance_required", "guarantee_required"] = ""
    locked_because: Words | None = None
    # With a reason the parties may say "none"; the text then becomes these words with {reason}.
    none_text: Words | None = None
    none_default: Words | None = None

    @property
    def may_be_none(self) -> bool:
        """Say whether the parties may settle this with "none, because …"."""
        return self.none_text is not None

    def applies_to(self, pact_class: str, kind: str) -> bool:
        """Say whether the clause belongs in a pact of this class about this kind of commons."""
        return pact_class in self.classes and kind in self.kinds

    def parameter(self, name: str) -> Parameter:
        """Return the named blank; an unknown name is a KeyError."""
        for one in self.parameters:
            if one.name == name:
                return one
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Fence:
    """A promise that keeps value in the commons, as the catalogue offers it."""

    id: str
    kinds: tuple[CommonsKind, ...]
    recommended: tuple[CommonsKind, ...]
    title: Words
    sentence: Words
    why: Words
    comparator: Comparator
    threshold: int
    close: int
    unit: Unit
    frequency: Frequency
    source: str
    evidence: Words
    ladder: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the reaction to a breached fence; a person takes it, never a job."""

    id: str
    days: int
    name: Words


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the four sides of the Community Balance."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question of the Community Balance, answered with a whole number."""

    id: str
    dimension: str
    unit: str
    question: Words


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
    words: Mapping[str, Words]
    liability_variant: str
    approval_persons: int
    legal_hour_cents: int
    publish_benefit_above_cents: int
    clocks: Mapping[str, Clock]
    citations: tuple[Citation, ...]
    elements: tuple[Element, ...]
    classes: tuple[PactClass, ...]
    support_kinds: tuple[SupportKind, ...]
    server_plans: tuple[ServerPlan, ...]
    retention: tuple[Retention, ...]
    reports: ReportCalendar
    clauses: tuple[Clause, ...]
    ladder: tuple[LadderStep, ...]
    fences: tuple[Fence, ...]
    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]

    @property
    def version_key(self) -> str:
        """Return what a case stores to find these rules again: city, regulation and version."""
        return f"{self.city}/{self.regulation}/{self.version}"

    def office(self, key: str) -> Office:
        """Return an office; an unknown id is a KeyError, as for everything below."""
        return by_id(self.offices, key)

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

    def citation(self, key: str) -> Citation:
        """Return a citation."""
        return by_id(self.citations, key)

    def clock(self, key: str) -> Clock:
        """Return a clock."""
        return self.clocks[key]

    def retention_of(self, key: str) -> Retention:
        """Return how long something is kept."""
        return by_id(self.retention, key)

    def clauses_for(self, pact_class: str, kind: str) -> tuple[Clause, ...]:
        """Return the clauses of a pact of this class and kind of commons, in their order."""
        found = (one for one in self.clauses if one.applies_to(pact_class, kind))
        return tuple(sorted(found, key=lambda one: one.number))

    def fences_for(self, kind: str) -> tuple[Fence, ...]:
        """Return the fences offered for this kind of commons, recommended ones first."""
        found = (one for one in self.fences if kind in one.kinds)
        return tuple(sorted(found, key=lambda one: kind not in one.recommended))

    def words_for(self, language: str, key: str) -> str:
        """Return the city's public words for a key such as "state.pact.in_force"."""
        return self.words[key][language]
