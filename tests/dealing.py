"""How the suite is dealt out to processes: the longest first, and what builds one city for many files to one of them."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
# Folders whose files share a city that is built once a process: some seconds each time.
TOGETHER = ("tests/outsider", "tests/cli", "tests/seeds", "tests/papers", "tests/front")
# What takes longest begins first: else one process still walks the journeys when the others have nothing left.
LONGEST = (
    "tests/journeys/test_journeys.py",
    "tests/outsider",
    "tests/cli",
    "tests/policy/test_matrix.py",
    "tests/seeds",
    "tests/worker/test_papers.py",
    "tests/record/test_tampering.py",
    "tests/documents/test_limits.py",
    "tests/front/",
    "tests/edges/test_live.py",
    "tests/policy/test_routes.py",
    "tests/support/",
    "tests/pacts/",
)


def import_ahead(config: pytest.Config) -> None:
    """Let each process import the tests beginning elsewhere, where all are run.

    On a fresh clone every test is rewritten and compiled once: what one process has done the next ones find.
    """
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not number or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    first = len(files) * int(number) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for file in files[first:] + files[:first]:
        # What does not import is reported where the tests are gathered.
        with suppress(Exception):
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def longest_first(items: Iterable[Any]) -> list[Any]:
    """Return the tests in the order in which they are dealt; within a file nothing changes."""
    return sorted(items, key=lambda item: _place(item.nodeid))


def _place(name: str) -> int:
    return next((n for n, long in enumerate(LONGEST) if name.startswith(long)), len(LONGEST))


class Dealer(LoadFileScheduling):  # type: ignore[misc]
    """Deals out whole files, and some folders whole."""

    def __init__(self, config: Any, log: Any) -> None:
        super().__init__(config, log)
        # By itself it begins with the files of most tests, which are not those that take longest.
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        folder = file.rpartition("/")[0]
        return folder if folder in TOGETHER else file
