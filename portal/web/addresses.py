"""Addresses of our own pages, each put together once: a page of twenty cards asks for some thirty of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import g, request, url_for

# Some megabytes at most; what was not asked for the longest time goes first.
MOST_KEPT, LONGEST = 8_192, 200


def address(endpoint: str, /, **values: Any) -> str:
    """Return the address of a page, as flask.url_for does."""
    # What begins with "_" asks for another host, method or part; a dot means "in this room".
    language = g.get("language")
    if language is None or endpoint.startswith(".") or any(name.startswith("_") for name in values):
        return url_for(endpoint, **values)
    # Everything is kept as the text it becomes: 1 and True are the same key but not the same address.
    parts = tuple((name, str(value)) for name, value in values.items() if _is_short(value))
    if len(parts) < len(values):
        return url_for(endpoint, **values)
    return _kept(request.script_root, language, endpoint, parts)


def _is_short(value: object) -> bool:
    return len(value) <= LONGEST if isinstance(value, str) else type(value) is int


@lru_cache(MOST_KEPT)
def _kept(_root: str, _language: str, endpoint: str, values: tuple[tuple[str, str], ...]) -> str:
    return url_for(endpoint, **dict(values))  # type: ignore[arg-type] # never one of its own options
