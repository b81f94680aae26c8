"""Instructions of a request, counted by valgrind: the same on every machine of a kind, however busy it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.benchmarks import filling, pages
from tests.benchmarks.figures import Figure, Figures
from tests.journeys.live import ROOT

FEW, MORE = 10, 60
VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
UNIT = "× bare in instructions"
SIGNED_IN = {"list of pacts": 20, "a pact signed": 25}
pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(
        shutil.which("valgrind") is None, reason="counts with valgrind, which is not installed"
    ),
]


def _counted(path: str, times: int, url: str, more: dict[str, str]) -> int:
    told = subprocess.run(
        [*VALGRIND, sys.executable, "-m", "tests.benchmarks.once", path, str(times), url],
        cwd=ROOT,
        env={**os.environ, **more, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    found = re.search(r"I\s+refs:\s+([\d,]+)", told)
    assert found, told
    return int(found[1].replace(",", ""))


def _each(path: str, url: str, **more: str) -> float:
    # What the start of the process takes is in both; counting has no noise, so both may run at once.
    with ThreadPoolExecutor(2) as two:
        most, few = two.map(lambda times: _counted(path, times, url, more), (MORE, FEW))
    return (most - few) / (MORE - FEW)


def test_instructions_of_a_request(open_city: Callable[..., Any], figures: Figures) -> None:
    rows = min(filling.wanted())
    city = open_city("sqlite", rows)
    url = filling.sqlite(rows)
    shown = {page.name: page for page in pages.public(city)}
    bare = _each("", url)
    figures.add(Figure("bare answer", bare / 1000, "thousand instructions"))
    for name in ("text", "list of pacts", "list of proposals", "a pact signed"):
        page = shown[name]
        value = _each(page.path, url) / bare
        figures.add(Figure(f"{name}, made anew", value, UNIT, page.cpu, city.name, rows))
    cookie = city.cookie("eve@example.org")
    for name in ("list of pacts", "a pact signed"):
        page = shown[name]
        again = _each(page.path, url, PORTAL_BENCH_KEPT="1") / bare
        figures.add(Figure(f"{name}, sent again", again, UNIT, page.cpu, city.name, rows))
        for words, kept in (("signed in", "1"), ("signed in, made anew", "")):
            value = _each(page.path, url, PORTAL_BENCH_COOKIE=cookie, PORTAL_BENCH_KEPT=kept) / bare
            most = SIGNED_IN.get(name)
            figures.add(Figure(f"{name}, {words}", value, UNIT, most, city.name, rows))
