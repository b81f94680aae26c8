"""The cast of these tests, at hand before any unit of work opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portal.documents.store import FolderStore


@pytest.fixture
def cast(cast: Any) -> Any:
    cast.gather("rosa", "eve", "giulia", "marco")
    return cast


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A document store of its own."""
    return FolderStore(tmp_path / "store")
