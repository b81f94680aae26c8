"""One live portal, one browser and one journey for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.conftest import REQUIRED
from tests.journeys.window import CHROMIUM, Seen, chromium, is_there

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.live import LivePortal
    from tests.journeys.main_job import MainJob


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all of this folder as needing the browser."""
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, closed with the module: its event loop must not run under other tests."""
    if not is_there():
        if "browser" in REQUIRED:
            pytest.fail(f"{CHROMIUM} is missing, and the browser is required")
        pytest.skip(f"no browser: {CHROMIUM} is missing (Debian: apt install chromium)")
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Every distinct page that the journeys come by."""
    return Seen()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePortal]:
    """A portal that runs in a process of its own."""
    from tests.journeys.live import LivePortal

    portal = LivePortal(tmp_path_factory.mktemp("live"))
    portal.start()
    yield portal
    portal.close()


@pytest.fixture(scope="module")
def main_job(live: LivePortal, browser: Browser, seen: Seen) -> Iterator[MainJob]:
    """The main job, walked step by step by whoever asks for the next step."""
    from tests.journeys.main_job import MainJob

    walk = MainJob(live, browser, seen)
    yield walk
    walk.close()
