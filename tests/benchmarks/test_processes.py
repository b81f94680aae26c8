"""What the processes take: memory of a web worker, and the time until a started portal answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.benchmarks import filling, measuring
from tests.benchmarks.figures import Figure, Figures
from tests.journeys.live import ROOT, free_port

pytestmark = pytest.mark.benchmark
PATHS = ("/en/", "/en/pacts", "/en/proposals", "/it/pacts?kind=place", "/en/about", "/en/verify")
WAIT_SECONDS = 90


@contextmanager
def _portal(word: str, url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """Start the command, wait for its first page, and yield (process, address, seconds until then)."""
    address = f"http://127.0.0.1:{free_port()}"
    names = {"PORTAL_BASE_URL": address, "PORTAL_DATA_DIR": str(folder), "PORTAL_DATABASE_URL": url}
    # The portal refuses names of its own kind that it does not know.
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    begun = time.monotonic()
    told = folder / "told.log"
    with told.open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "portal", word],
            cwd=ROOT,
            env={**ours, **names},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        while not _answers(f"{address}/en/"):
            assert running.poll() is None, told.read_text()
            assert time.monotonic() < begun + WAIT_SECONDS
            time.sleep(0.02)
        yield running, address, time.monotonic() - begun
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGTERM)
        running.wait(30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _workers(pid: int) -> list[int]:
    """Return the processes below this one."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        found += [int(child), *_workers(int(child))]
    return found


def test_a_web_worker_stays_small(tmp_path: Path, figures: Figures) -> None:
    rows = min(filling.wanted())
    with _portal("web", filling.sqlite(rows), tmp_path) as (running, address, _):
        for number in range(200):
            assert _answers(f"{address}{PATHS[number % len(PATHS)]}")
        sizes = [measuring.resident_mb(pid) for pid in _workers(running.pid)]
    figures.add(Figure("a web worker after 200 pages", max(sizes), "MB", 120, "SQLite", rows))


def test_a_second_start_is_quick(tmp_path: Path, figures: Figures) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with _portal("run", url, tmp_path) as (_, _, first):
        figures.add(Figure("first start with its demonstration, until the first page", first, "s"))
    with _portal("run", url, tmp_path) as (_, _, second):
        figures.add(Figure("second start, until the first page", second, "s", 5))
    figures.note(
        "`make run` on a fresh clone also fetches packages, which depends on the network; it is not measured here"
    )
