"""What can be wrong with a city's days of rest and its clocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import holidays

if TYPE_CHECKING:
    from portal.city.whole import Profile

FEAST = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
WEEK = frozenset(range(1, 8))
CLOCKS = (
    "examination",
    "supplement",
    "refusal_reply",
    "opinion",
    "signature",
    "observation_answer",
    "conciliation",
    "hosting_notice",
)


def calendar(profile: Profile) -> Iterator[str]:
    """Check the days of rest."""
    days = profile.calendar
    resting = set(days.rest_days)
    if resting - WEEK or resting == WEEK:
        yield "calendar.rest_days: name weekdays from 1 (Monday) to 7 (Sunday), and leave one to work on"
    for feast in days.feasts:
        if not FEAST.fullmatch(feast):
            yield f"calendar.feasts: “{feast}” is no day; write month and day, like 10-04"
    known = holidays.list_supported_countries()
    if days.country not in known:
        yield f"calendar.country: “{days.country}” has no list of holidays; use two letters, like IT"
    elif days.subdivision and days.subdivision not in known[days.country]:
        yield f"calendar.subdivision: “{days.subdivision}” is no part of {days.country}"


def clocks(profile: Profile) -> Iterator[str]:
    """Check each term, its extension and what silence means; no term without use, none missing."""
    for key in CLOCKS:
        if key not in profile.clocks:
            yield f"clocks: “{key}” is missing"
    for key, one in profile.clocks.items():
        if key not in CLOCKS:
            yield f"clocks.{key}: the portal has no use for it; take it out"
        if one.days < 1 or one.extension_days < 0:
            yield f"clocks.{key}.days: a term has one day at least, and an extension none or more"
        if one.extension_days and not one.extension_citation:
            yield f"clocks.{key}.extension_citation: name the rule that allows more days"
        if one.tacit != "none" and not one.tacit_citation:
            yield f"clocks.{key}.tacit_citation: name the rule that gives silence a meaning"
