"""What each page asks and costs, beside a bare answer in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.pacts.models import Pact
from portal.web import kept
from tests.benchmarks import filling, measuring, pages
from tests.benchmarks.figures import Figure, Figures

pytestmark = pytest.mark.benchmark
CITIES = [("sqlite", rows) for rows in filling.wanted()] + [("postgresql", min(filling.wanted()))]
UNIT = "× bare"
ASKED = "queries"


@pytest.mark.parametrize(("kind", "rows"), CITIES)
def test_a_visitor_costs_little(
    kind: str, rows: int, open_city: Callable[..., Any], figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = open_city(kind, rows)
    shown = pages.public(city)
    base = {"bare": measuring.caller(measuring.bare())}
    calls = {page.name: measuring.caller(city.app, page.path) for page in shown}
    mark = calls["list of pacts"]()[2]["ETag"]
    unchanged = measuring.caller(city.app, "/en/pacts", **{"If-None-Match": mark})
    assert unchanged()[0] == 304
    ratios = measuring.ratios({**base, "unchanged": unchanged, "again": calls["list of pacts"]})
    budget = 2.5 if kind == "sqlite" else 4.0
    figures.add(Figure("unchanged page (304)", ratios["unchanged"], UNIT, budget, city.name, rows))
    figures.add(
        Figure("list of pacts, sent again as it was kept", ratios["again"], UNIT, 15, city.name, rows)
    )
    monkeypatch.setattr(kept, "MOST_PAGES", 0)
    kept.forget()
    too_many = _ask(city, shown, calls, figures)
    ratios = measuring.ratios({**base, **calls}, rounds=5)
    for page in shown:
        figures.add(Figure(f"{page.name}, made anew", ratios[page.name], UNIT, page.cpu, city.name, rows))
    assert not too_many


def _ask(city: Any, shown: list[pages.Page], calls: dict[str, Any], figures: Figures) -> list[str]:
    found = []
    for page in shown:
        calls[page.name]()
        with measuring.asked() as asked:
            assert calls[page.name]()[0] == 200, page.path
        figure = Figure(page.name, len(asked), ASKED, page.queries, city.name, city.rows)
        if not figures.add(figure).is_met:
            found.append(page.name)
    return found


@pytest.mark.parametrize(("kind", "rows"), CITIES)
def test_whoever_is_signed_in_costs_little_more(
    kind: str, rows: int, open_city: Callable[..., Any], figures: Figures
) -> None:
    city = open_city(kind, rows)
    citizen, officer = city.cookie("eve@example.org"), city.cookie("giulia@city.example")
    calls = {
        "list of pacts, signed in": measuring.caller(city.app, "/en/pacts", Cookie=citizen),
        "staff desk": measuring.caller(city.app, "/en/desk", Cookie=officer),
    }
    most = {"list of pacts, signed in": (None, 20), "staff desk": (10, None)}
    ratios = measuring.ratios({"bare": measuring.caller(measuring.bare()), **calls}, rounds=3)
    for name, call in calls.items():
        with measuring.asked() as asked:
            assert call()[0] == 200
        figures.add(Figure(name, len(asked), ASKED, most[name][0], city.name, rows))
        figures.add(Figure(name, ratios[name], UNIT, most[name][1], city.name, rows))
        assert most[name][0] is None or len(asked) <= most[name][0]


def test_the_database_of_a_large_city_computes_little(
    open_city: Callable[..., Any], figures: Figures, anew: None
) -> None:
    city = open_city("postgresql", min(filling.wanted()))
    bare, times = measuring.caller(measuring.bare()), 200
    call = measuring.caller(city.app, "/en/pacts")
    for _ in range(10):
        call()
    with city.database.reader.connect() as line:
        server = int(line.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    before, since = measuring.cpu_seconds(server), time.process_time()
    for _ in range(times):
        bare()
    alone, before = time.process_time() - since, measuring.cpu_seconds(server)
    for _ in range(times):
        call()
    there = (measuring.cpu_seconds(server) - before) / alone
    figures.add(Figure("database CPU of a list of pacts", there, UNIT, 2, city.name, city.rows))
    with city.database.reader.connect() as line:
        told = line.exec_driver_sql(
            "SELECT count(*) FILTER (WHERE generic_plans > 0), sum(custom_plans), sum(generic_plans)"
            " FROM pg_prepared_statements"
        ).one()
    # A general plan is made once a line and statement; a custom one at each call.
    share = float((told[0] + told[1]) / max(told[1] + told[2], 1))
    figures.add(Figure("plans per call of a list", share, "", 0.05, city.name, city.rows))
    figures.note(
        "plans per call come from pg_prepared_statements: pg_stat_statements must be loaded at the server's start"
    )


def test_pages_are_light(open_city: Callable[..., Any], figures: Figures) -> None:
    city = open_city("sqlite", min(filling.wanted()))
    for page in pages.public(city):
        plain = measuring.caller(city.app, page.path)()[1]
        small = measuring.caller(city.app, page.path, **{"Accept-Encoding": "gzip"})()[1]
        for name, body, most in (("raw", plain, 30), ("compressed", small, 6)):
            size = len(body) / 1024
            figures.add(Figure(f"{page.name}, {name}", size, "KB", most, "", city.rows))
    figures.add(Figure("first visit with style, script and fonts", _first_visit(city), "KB", 100))


def _first_visit(city: Any) -> float:
    """Return what a browser loads for its first page in Latin script: the page and what it names."""
    total, seen = 0, set()
    waiting = ["/en/pacts"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        status, body, headers = measuring.caller(city.app, path, **{"Accept-Encoding": "gzip"})()
        assert status == 200, path
        total += len(body)
        if not path.endswith(".woff2"):
            whole = measuring.caller(city.app, path)()[1].decode()
            waiting += measuring.assets_of(whole, headers["Content-Type"])
    return total / 1024


def test_a_pact_is_there(open_city: Callable[..., Any]) -> None:
    city = open_city("sqlite", min(filling.wanted()))
    with city.database.engine.connect() as line:
        states = set(line.scalars(select(Pact.state).distinct()))
    assert {"signed", "co_design", "signing", "concluded"} <= states
