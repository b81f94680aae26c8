"""Every test starts in English, whatever language the page before it spoke."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.words import in_language


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with in_language("en"):
        yield
