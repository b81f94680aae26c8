"""Things to be found, put into the index without the features above it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from portal import db, search
from portal.search import Card, asking, queries

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
Put = Callable[..., str]


@pytest.fixture
def put() -> Put:
    """Put a thing into the index and return its key: `put("Giardini di via Larga", kind="pact")`."""
    numbers = count(1)

    def enter(
        title: str, about: str = "", *, kind: str = "proposal", language: str = "it", **more: Any
    ) -> str:
        number = next(numbers)
        key = more.pop("key", f"{kind}:T-{number}")
        more.setdefault("at", FIRST + timedelta(hours=number))
        with db.writing():
            search.put(Card(key=key, title=title, about=about, language=language, **more))
        return key

    return enter


def found(typed: str, **filters: str) -> list[str]:
    """Return the titles that answer, in their order."""
    with db.reading():
        return [row.title for row in queries.find(asking.read({"q": typed, **filters})).rows]


def alike(title: str, about: str = "", **options: Any) -> list[str]:
    """Return the titles of what is like a text, the likest first."""
    options.setdefault("language", "it")
    with db.reading():
        return [one.title for one in queries.similar(title, about, **options)]
