"""Pictures of every page of the main job, wide and narrow: python -m tests.journeys.pictures FOLDER."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from config import DEMO_SECRET
from portal import crypto
from tests.journeys.checks import NARROW, WIDE, Gallery
from tests.journeys.live import LivePortal
from tests.journeys.main_job import STEPS, MainJob
from tests.journeys.window import Seen, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# Chromium draws no picture that is taller than this.
TALLEST = 12_000


def walk(browser: Browser, seen: Seen) -> str:
    """Walk the main job as far as it goes; return the address of the portal."""
    with tempfile.TemporaryDirectory() as folder:
        live = LivePortal(Path(folder))
        try:
            live.start()
            job = MainJob(live, browser, seen)
            job.through(STEPS[-1])
            job.close()
        except AssertionError as fault:
            print(f"the journey broke off: {fault}", file=sys.stderr)  # noqa: T201 - a picture of the way there helps
        finally:
            live.close()
        return live.base_url


def main(folder: Path) -> None:
    """Save the pictures."""
    crypto.cheapen_hashing()
    crypto.use_secret(DEMO_SECRET)
    folder.mkdir(parents=True, exist_ok=True)
    seen = Seen()
    with chromium() as browser:
        walk(browser, seen)
        gallery = Gallery(browser)
        for number, sight in enumerate(seen.sights.values(), start=1):
            name = re.sub(r"[^a-z0-9]+", "-", sight.name.lower())
            for width in (WIDE, NARROW):
                page = gallery.show(sight, width=width)
                height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
                page.set_viewport_size({"width": width, "height": height})
                page.screenshot(path=folder / f"{number:03d}-{name}-{width}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
