"""The desk of a city with thousands of open cases: what it asks, how long it takes, how large its page is."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.benchmarks import measuring
from tests.benchmarks.figures import Figure, Figures
from tests.browser import Browser
from tests.pacts import journey
from tests.pacts.test_desk_work import copies

pytestmark = pytest.mark.benchmark
OPEN = 5_000
VIEWS = {"desk": "", "desk, mine by title": "?who=mine&sort=title", "board": "?view=board"}


def test_a_desk_of_thousands_of_cases_is_quick(app: Any, cast: Any, figures: Figures) -> None:
    officer = Browser(app)
    officer.sign_in(cast.person("giulia").email)
    copies(journey.submitted(cast).code, OPEN)
    cookie = officer.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    for name, query in VIEWS.items():
        call = measuring.caller(app, f"/en/desk{query}", Cookie=f"{cookie.key}={cookie.value}")
        with measuring.asked() as asked:
            assert call()[0] == 200
        assert figures.add(Figure(name, len(asked), "queries", 10, "SQLite", OPEN)).is_met
        begun = time.process_time()
        for _ in range(20):
            body = call()[1]
        figures.add(Figure(name, (time.process_time() - begun) / 20 * 1000, "ms CPU", None, "SQLite", OPEN))
        figures.add(Figure(name, len(body) / 1024, "KB", 100, "", OPEN))
