"""Every page that the journeys came by, wide and narrow, light and dark, against axe and our own checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.journeys.checks import Gallery, as_text, axe_source, faults_of
from tests.journeys.main_job import STEPS, MainJob

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PARTS = 4


@pytest.fixture(scope="module")
def gallery(browser: Browser, main_job: MainJob) -> Iterator[Gallery]:
    """The pages as they were answered."""
    shown = Gallery(browser, main_job.live.base_url)
    yield shown
    shown.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    return axe_source()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_sound(main_job: MainJob, gallery: Gallery, axe: str, part: int) -> None:
    main_job.through(STEPS[-1])
    sights = list(main_job.seen.sights.values())[part::PARTS]
    found = {
        f"{sight.name} ({sight.who}, {sight.url})": list(faults_of(gallery, sight, axe)) for sight in sights
    }
    faults = {name: some for name, some in found.items() if some}
    assert not faults, as_text(faults)
