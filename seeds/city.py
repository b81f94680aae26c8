"""Set up an installation for a city: its pools from its own rules and, for a demonstration, the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import clock, crypto, db
from portal.policy import SYSTEM
from portal.support import actions as support
from seeds.demo import cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.city import Profile

# What a year's pools hold at first: so many of the largest contributions to a pact, and counts.
CONTRIBUTIONS, FOR_COVER, FOR_FEES = 20, 1, 2
COUNTED = {"server": 120, "legal": 160, "spaces": 900, "materials": 140, "training": 120, "communication": 80}
SERVER_SPACE = {"memory_gb": 480, "storage_gb": 6_000, "traffic_gb": 120_000}


def seed_city(profile: Profile, *, with_people: bool, tell: Callable[[str], None]) -> None:
    """Open the pools of this year and the next; in a demonstration let in its people as well."""
    with crypto.cheap_hashing(), db.writing():
        if with_people:
            cast.enter_people(profile.languages)
            tell("people are there")
        for year in (clock.today().year, clock.today().year + 1):
            _open_pools(profile, year)
    tell("pools are there")


def _open_pools(profile: Profile, year: int) -> None:
    largest = max(one.contribution_cap_cents for one in profile.classes if one.id == "ordinary")
    money = {"funding": CONTRIBUTIONS, "insurance": FOR_COVER, "waivers": FOR_FEES}
    amounts = COUNTED | {kind: times * largest for kind, times in money.items()}
    for kind in (one for one in profile.support_kinds if one.allocated):
        name = str(kind.name[profile.prevailing_language])
        further = SERVER_SPACE if kind.id == "server" else {}
        support.open_pool(year, kind.id, kind.id, name, amounts[kind.id], by=SYSTEM, further=further)
