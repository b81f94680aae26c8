"""How the suite is dealt out to processes: the longest first, and what builds one city for many files to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

# Folders whose files share a city that is built once a process: some seconds each time.
TOGETHER = ("tests/outsider", "tests/cli", "tests/seeds", "tests/papers")
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
