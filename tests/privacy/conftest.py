"""The cast of these tests, at hand before any unit of work opens."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def cast(cast: Any) -> Any:
    for name in ("rosa", "eve", "giulia", "marco", "lea", "ivan", "tina", "nuria"):
        cast.person(name)
    return cast
