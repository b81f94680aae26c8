"""The city profile: names, districts, clocks, rules, clauses and fences, read from files, never from code."""

from portal.city.assessing import HIGHEST_SCORE, Criterion, NextStep, Remedy
from portal.city.clocks import BOUND_OF, Calendar, Clock, Count, Extension, Halt, Stop, count, deadline
from portal.city.districts import as_geojson, bounds, contains, district_at
from portal.city.faults import check
from portal.city.files import CITIES, ProfileFaulty, cities, profile, versions
from portal.city.giving import CostKind, Giving, SupportCheck, UnitPrice
from portal.city.guides import Guide, GuideQuestion, LegalHours, OfferedLicence
from portal.city.library import Clause, Dimension, Fence, Indicator, LadderStep, Parameter
from portal.city.shapes import (
    Citation,
    District,
    Element,
    Office,
    PactClass,
    PoolKind,
    PoolRules,
    ResidentClaims,
    Residents,
    Retention,
    ServerPlan,
    Stage,
    Suitability,
    SupportKind,
    Words,
)
from portal.city.whole import Profile

__all__ = [
    "BOUND_OF",
    "CITIES",
    "HIGHEST_SCORE",
    "Calendar",
    "Citation",
    "Clause",
    "Clock",
    "CostKind",
    "Count",
    "Criterion",
    "Dimension",
    "District",
    "Element",
    "Extension",
    "Fence",
    "Giving",
    "Guide",
    "GuideQuestion",
    "Halt",
    "Indicator",
    "LadderStep",
    "LegalHours",
    "NextStep",
    "OfferedLicence",
    "Office",
    "PactClass",
    "Parameter",
    "PoolKind",
    "PoolRules",
    "Profile",
    "ProfileFaulty",
    "Remedy",
    "ResidentClaims",
    "Residents",
    "Retention",
    "ServerPlan",
    "Stage",
    "Stop",
    "Suitability",
    "SupportCheck",
    "SupportKind",
    "UnitPrice",
    "Words",
    "as_geojson",
    "bounds",
    "check",
    "cities",
    "contains",
    "count",
    "deadline",
    "district_at",
    "profile",
    "versions",
]
