"""Two hundred edits of one clause over twenty connections at once, on both databases."""

from __future__ import annotations

import time
from typing import Any

import pytest

from portal import db
from tests.pacts import edits

pytestmark = pytest.mark.soak

EDITS, CONNECTIONS = 200, 20


def test_no_word_is_lost_among_twenty_writers(both: db.Database, cast: Any) -> None:
    wide = db.Database(
        both.engine.url.render_as_string(hide_password=False), db.Patience(connections=CONNECTIONS)
    )
    db.use(wide)
    longest = [0.0]
    db.waits.append(lambda what, seconds: longest.append(seconds) if what == "writer" else None)
    start, computed = time.monotonic(), time.process_time()
    try:
        found = edits.settled(cast, EDITS, CONNECTIONS)
        name = "SQLite" if both.is_sqlite else "PostgreSQL"
        taken, cpu = time.monotonic() - start, time.process_time() - computed
        print(f"{name}: {EDITS} edits over {CONNECTIONS} connections in {taken:.1f} s ({cpu:.1f} s of CPU)")  # noqa: T201
        edits.check(found)
        print(f"the longest wait for SQLite's one writer: {max(longest):.2f} s")  # noqa: T201
    finally:
        db.waits.pop()
        wide.close()
