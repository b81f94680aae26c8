"""The figures on the home page: counted when something happened, in a large city once a minute at most."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from portal import clock, db
from portal.fences import queries as fence_queries
from portal.fences.monitors import State
from portal.front import queries
from portal.record import newest

# A view may wait this long for a count; a city that is small enough never sees an older figure.
PATIENCE_SECONDS = 0.02
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Figures:
    """What the home page counts on one day; `version` says after which act of the record."""

    on: date
    version: str
    active: int
    signed: int
    promised_cents: int
    checking: int
    fences: dict[State, int]
    counted_at: float
    cost_seconds: float

    def is_good(self, on: date, version: str) -> bool:
        """Say whether these may be shown: nothing happened since, or counting again costs too much."""
        if (self.on, self.version) == (on, version):
            return True
        is_young = time.monotonic() - self.counted_at < KEPT_SECONDS
        return self.on == on and is_young and self.cost_seconds > PATIENCE_SECONDS


_kept: WeakKeyDictionary[db.Database, Figures] = WeakKeyDictionary()
_counting = threading.Lock()


def figures() -> Figures:
    """Return the figures of today."""
    on, version = clock.today(), newest.version()
    found = _kept.get(db.database())
    if found is not None and found.is_good(on, version):
        return found
    with _counting:
        # Whoever waited here finds what the one before has counted.
        found = _kept.get(db.database())
        if found is None or not found.is_good(on, version):
            found = _kept[db.database()] = _count(on, version)
    return found


def _count(on: date, version: str) -> Figures:
    begun = time.monotonic()
    row: Any = db.session().execute(queries.FIGURES, {"of_year": on.year, "today": on}).one()
    fences = fence_queries.counts(on)
    ended = time.monotonic()
    return Figures(
        on=on,
        version=version,
        **{**row._mapping, "promised_cents": int(row.promised_cents)},  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
        fences=fences,
        counted_at=ended,
        cost_seconds=ended - begun,
    )
