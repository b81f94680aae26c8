"""Instructions of a request, counted by valgrind: the same on every machine of a kind, however busy it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.benchmarks import filling, pages
from tests.benchmarks.figures import Figure, Figures
from tests.journeys.live import ROOT

FEW, MORE = 10, 60
VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
WANTED = bool(os.environ.get("PORTAL_BENCH_INSTRUCTIONS")) and shutil.which("valgrind") is not None
pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(not WANTED, reason="takes minutes: PORTAL_BENCH_INSTRUCTIONS=1, with valgrind"),
]


def _counted(path: str, times: int, url: str) -> int:
    told = subprocess.run(
        [*VALGRIND, sys.executable, "-m", "tests.benchmarks.once", path, str(times), url],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    found = re.search(r"I\s+refs:\s+([\d,]+)", told)
    assert found, told
    return int(found[1].replace(",", ""))


def _each(path: str, url: str) -> float:
    return (_counted(path, MORE, url) - _counted(path, FEW, url)) / (MORE - FEW)


def test_instructions_of_a_request(open_city: Callable[..., Any], figures: Figures) -> None:
    rows = min(filling.wanted())
    city = open_city("sqlite", rows)
    shown = {page.name: page for page in pages.public(city)}
    url = filling.sqlite(rows)
    bare = _each("", url)
    figures.add(Figure("bare answer", bare / 1000, "thousand instructions"))
    for name in ("text", "list of pacts", "a pact signed"):
        page = shown[name]
        for kept, how, most in (("1", "sent again", page.cpu), ("", "made anew", page.cpu)):
            os.environ["PORTAL_BENCH_KEPT"] = kept
            figures.add(
                Figure(
                    f"{name}, {how}",
                    _each(page.path, url) / bare,
                    "× bare in instructions",
                    most,
                    city.name,
                    rows,
                )
            )
