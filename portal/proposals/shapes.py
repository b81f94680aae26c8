"""What a section of a proposal holds once it is typed: frozen shapes that forms fill and verbs take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# A longer text is no longer read by anybody; the columns hold at least as much.
LONGEST_TEXT = 4000
# What a proposal is, in short: lists, maps and messages show it whole. Older ones may be longer.
LONGEST_SHORT = 150
MOST_COMMITMENTS = 30
KINDS = ("place", "software", "data_set")
PERIODS = ("once", "week", "month", "quarter", "year")
# How somebody takes part: alone, or as one of the kinds of organisation.
ALONE = "citizen"
GROUPS = (
    ALONE,
    "informal_group",
    "association",
    "third_sector_body",
    "cooperative",
    "company",
    "school",
    "public_body",
)


@dataclass(frozen=True, slots=True)
class What:
    """What is to be looked after."""

    kind: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where it is; coordinates in millionths of a degree (WGS84), both or neither."""

    address: str = ""
    district: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    repository: str = ""
    licence: str = ""
    about: str = ""
    holds_personal_data: bool | None = None
    has_no_place: bool | None = None
    commons_slug: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Who proposes; everything but the kind and the name of the group stays private."""

    group_kind: str
    group_name: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_postal: str = ""
    is_adult: bool | None = None
    adult_name: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached who has no mail; `way` is letter, phone or office."""

    name: str
    postal: str = ""
    phone: str = ""
    way: str = "letter"


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing the group will do: how much of what unit, per once, week, month, quarter or year."""

    what: str
    quantity: int = 1
    unit: str = "times"
    per: str = "once"
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when the pact should last; both days included."""

    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Need:
    """What exactly is asked of one kind: cents of funding, hours of legal help, a server plan for months."""

    what: str = ""
    amount: int = 0
    months: int = 0
    plan: str = ""
