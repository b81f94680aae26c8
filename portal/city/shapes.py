"""What a city says about itself and its rules, as frozen shapes that the files fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# Words in every language of the city, by language code.
Words = Mapping[str, str]
# Longitude and latitude in degrees (WGS84), the order of GeoJSON.
Point = tuple[float, float]

CommonsKind = Literal["place", "software", "data_set"]
ParameterKind = Literal["text", "money", "date", "integer", "hours", "licence"]
Comparator = Literal["at_least", "at_most"]
Unit = Literal["hours_week", "percent", "cents", "days", "yes_no"]
Frequency = Literal["month", "quarter", "year"]
# What the city gives out of pools.
PoolKind = Literal[
    "funding",
    "server",
    "legal",
    "spaces",
    "materials",
    "training",
    "insurance",
    "waivers",
    "communication",
]
OpinionKind = Literal["legal", "it", "green", "heritage", "safety", "privacy"]


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
    opinion: Literal["", "legal", "it", "green", "heritage", "safety", "privacy"] = ""


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
    # Which rule asks for the days; named wherever a period is too short.
    observation_citation: str
    observation_on: Literal["proposal", "version"]
    longest_years: int
    report_every_months: int
    contribution_cap_cents: int
    advance_cap_bp: int
    insurance_required: bool
    guarantee_required: bool
    executive_preview: bool
    # Which opinions must be in before a pact of this class is signed.
    opinions: tuple[OpinionKind, ...]


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """A size of server that the city can give."""

    id: str
    name: Words
    vcpu: int
    memory_gb: int
    storage_gb: int
    # A month, both ways together.
    traffic_gb: int
    month_cents: int

    @property
    def measures(self) -> dict[str, int]:
        """Return what the plan takes of each measure of a pool of server space beside its processors."""
        return {
            "memory_gb": self.memory_gb,
            "storage_gb": self.storage_gb,
            "traffic_gb": self.traffic_gb,
        }


@dataclass(frozen=True, slots=True)
class PoolRules:
    """From which amount on a second person decides on a change of a pool, by kind and in its first unit.

    Whoever is asked answers within so many days, or the request lapses. `match_reminder_days` before the year
    ends a group is told what it has not drawn of what the city adds to its money.
    """

    answer_days: int
    match_reminder_days: int
    citation: str
    second_person_above: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Servers:
    """How the city gives servers; days are calendar days, percents of what was promised."""

    citation: str
    # Where they stand: what a group may rely on for the protection of its data.
    region: Words
    provide_days: int
    warn_percent: tuple[int, ...]
    remind_days_before: tuple[int, ...]
    delete_days_after: int


@dataclass(frozen=True, slots=True)
class SupportKind:
    """A form of support by the city; `allocated` kinds draw on a pool.

    `kinds` names the commons it fits, `usual` those that mostly ask for it.
    """

    id: str
    name: Words
    unit: str
    allocated: bool
    about: Words
    kinds: tuple[CommonsKind, ...] = ("place", "software", "data_set")
    usual: tuple[CommonsKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where somebody is helped who needs no pact but something else."""

    title: Words
    text: Words
    name: Words
    phone: str
    link: str


@dataclass(frozen=True, slots=True)
class Suitability:
    """A question before a proposal; every answer but `goes_on` leads elsewhere."""

    id: str
    question: Words
    hint: Words
    goes_on: Literal["yes", "no"]
    elsewhere: Elsewhere


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
class ShownDocument:
    """A kind of document that a clerk accepts at the counter."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class ResidentClaims:
    """What another service must say of somebody who lives here (OpenID Connect claims).

    Names may lead into a claim, as in `address.postal_code`. `resident` must have one of `values`, where a
    star stands for anything. `levels` are the assurance levels (acr), the weakest first; `least` is enough.
    """

    document: str
    resident: str
    values: tuple[str, ...]
    levels: tuple[str, ...]
    least: str
    document_prefix: str = ""
    scope: str = "address"


@dataclass(frozen=True, slots=True)
class Residents:
    """How people show that they live here, and for how long it holds."""

    ways: tuple[Literal["census", "letter", "in_person", "elsewhere"], ...]
    valid_months: int
    remind_days_before: tuple[int, ...]
    document: Literal["codice_fiscale", "number"]
    document_name: Words
    document_hint: Words
    asks_postcode: bool
    # Where a letter shows that somebody lives here; a star stands for anything.
    postcodes: tuple[str, ...]
    letter_days: int
    letters_most: int
    shown: tuple[ShownDocument, ...]
    claims: ResidentClaims | None = None

    def shown_name(self, key: str) -> Words:
        """Return the words for a kind of document; a kind of older rules is its own name."""
        return next((one.name for one in self.shown if one.id == key), {"en": key})
