"""No list costs more where there are a hundred times as many rows; counted in steps and pages, without noise."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.benchmarks import filling, measuring, pages
from tests.benchmarks.figures import Figure, Figures

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("anew")]
SMALL = 1_000
FLAT = 1.10


def _costs(city: Any, paths: list[str]) -> list[tuple[str, int, int]]:
    """Return of each list its address, how many cards it shows, and what it costs."""
    count = measuring.vm_steps if city.database.is_sqlite else measuring.buffers
    found = []
    for path in paths:
        call = measuring.caller(city.app, path)
        found.append((path.partition("&before")[0], call()[1].count(b'class="card"'), count(call)))
    return found


def _large(kind: str) -> int:
    most = int(os.environ.get("PORTAL_BENCH_ROWS_POSTGRESQL", "10000"))
    return max(filling.wanted()) if kind == "sqlite" else min(max(filling.wanted()), most)


def _growth(small: list[tuple[str, int, int]], large: list[tuple[str, int, int]]) -> dict[str, float]:
    """Return how much dearer each list became; one that shows more cards now is held against a full page."""
    full = max(cost for _, _, cost in small)
    found = {}
    for (path, cards, cost), (_, cards_before, before) in zip(large, small, strict=True):
        found[path] = cost / (before if cards <= cards_before else max(before, full))
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_lists_stay_as_they_are(kind: str, open_city: Callable[..., Any], figures: Figures) -> None:
    few = open_city(kind, SMALL)
    # What is deep differs in its address between two cities, never in its place.
    small, small_derived = _costs(few, pages.lists(few)), _costs(few, pages.derived())
    many = open_city(kind, _large(kind))
    grown = _growth(small, _costs(many, pages.lists(many)))
    derived = _growth(small_derived, _costs(many, pages.derived()))
    unit = "× the steps at 1,000" if kind == "sqlite" else "× the buffers at 1,000"
    for about, found in (("lists", grown), ("lists of a derived state", derived)):
        worst = max(found, key=lambda path: found[path])
        work = f"flatness, the worst of {len(found)} {about} ({worst})"
        figures.add(Figure(work, found[worst], unit, FLAT, many.name, many.rows))
    if kind == "sqlite":
        # Steps have no noise. Buffers grow by a page with each level of an index, so they are only told.
        assert max(grown.values()) <= FLAT, {path: ratio for path, ratio in grown.items() if ratio > FLAT}
