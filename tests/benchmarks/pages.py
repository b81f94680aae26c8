"""The pages that are measured, with their budgets."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.conftest import City

# A word that stands in the text of every case.
EVERYWHERE = "cura"
STATES = ("in_force", "co_design", "agreed", "signing", "suspended", "concluded")
# Derived from the calendar and from the issued papers, which no index holds.
DERIVED = ("signed", "ended")
DEEP_PACT = "SELECT id FROM pact ORDER BY id LIMIT 1 OFFSET {place}"
DEEP_PROPOSAL = (
    "SELECT id FROM proposal WHERE submitted_at IS NOT NULL ORDER BY submitted_at LIMIT 1 OFFSET {place}"
)


@dataclass(frozen=True)
class Page:
    """A page: its address, the most queries, and the most CPU as a multiple of the bare answer."""

    name: str
    path: str
    queries: int
    cpu: float | None = None


def code(city: City, state: str) -> str:
    """Return the newest pact in a state."""
    return str(city.one(f"SELECT code FROM pact WHERE state = '{state}' ORDER BY id DESC LIMIT 1"))


def public(city: City) -> list[Page]:
    """Return what a visitor opens most."""
    sent = city.one("SELECT code FROM proposal WHERE state = 'submitted' ORDER BY id DESC LIMIT 1")
    return [
        Page("home", "/en/", 6),
        Page("list of pacts", "/en/pacts", 4, 15),
        Page("list of proposals", "/en/proposals", 4, 15),
        Page("search, a word of every text", f"/en/search?q={EVERYWHERE}", 4, 20),
        Page("a proposal", f"/en/proposals/{sent}", 6),
        Page("a pact signed", f"/en/pacts/{code(city, 'signed')}", 10, 25),
        Page("text", "/en/about", 1),
    ]


def lists(city: City) -> list[str]:
    """Return every list with every filter, at its beginning and deep down."""
    found = []
    kinds, places = ("", "place", "data_set"), ("", "navile", "porto-saragozza")
    for kind in kinds:
        for place in places:
            found += [f"/en/pacts?kind={kind}&district={place}&state={state}" for state in ("", *STATES)]
            found += [f"/en/proposals?kind={kind}&district={place}"]
    return [*found, *searches(), *deep(city)]


def searches() -> list[str]:
    """Return searches that are answered in full where there are a thousand proposals already.

    One that finds nothing takes some 300 steps, of which each further level of the index is a fifth.
    """
    everything = [
        f"/en/search?q={EVERYWHERE}{more}" for more in ("", "&kind=proposal", "&kind=pact", "&sort=place")
    ]
    narrowed = [f"/en/{room}?q={EVERYWHERE}" for room in ("pacts", "proposals", "commons")]
    return [*everything, "/en/search?q=giard*", *narrowed]


def derived() -> list[str]:
    """Return the lists of states that are derived of each pact."""
    return [f"/en/pacts?kind={kind}&state={state}" for kind in ("", "place") for state in DERIVED]


def deep(city: City) -> list[str]:
    """Return a page far from the beginning of each list."""
    pacts, sent = (city.one(f"SELECT count(*) FROM {name}") for name in ("pact", "proposal"))
    pact = city.one(DEEP_PACT.format(place=pacts // 3))
    proposal = city.one(DEEP_PROPOSAL.format(place=sent // 3))
    at = str(city.one(f"SELECT submitted_at FROM proposal WHERE id = {proposal}"))
    digits = "".join(sign for sign in at[:19] if sign.isdigit())
    marker = f"{digits[:8]}T{digits[8:14]}.000000-{proposal}"
    return [
        f"/en/pacts?before={pact}",
        f"/en/pacts?kind=place&before={pact}",
        f"/en/proposals?before={marker}",
        f"/en/proposals?kind=place&before={marker}",
    ]
