"""One warm renderer for all the papers of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.documents.renderer import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as warm:
        yield warm
