"""Every single value in a city's files, broken or taken out: the check names it and never breaks itself."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from portal.city import faults, files

pytestmark = pytest.mark.soak

FOLDER = files.CITIES / "bologna"
WRONG = {str: 7, list: "x", dict: "x"}


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if way:
        yield way
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in rows:
        yield from ways(one, (*way, key))


def changed(told: dict[str, Any], way: tuple[Any, ...], *, takes_out: bool) -> dict[str, Any]:
    """Return the file with one value of another kind, or without it."""
    made = copy.deepcopy(told)
    table: Any = made
    for key in way[:-1]:
        table = table[key]
    if takes_out:
        del table[way[-1]]
    else:
        table[way[-1]] = WRONG.get(type(table[way[-1]]), "x")
    return made


def test_every_value_broken_or_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[Any, dict[str, Any]] = {}
    read = files._toml

    def toml(reader: Any, path: Any) -> dict[str, Any]:
        if path not in kept:
            kept[path] = read(reader, path)
        return copy.deepcopy(kept[path])

    monkeypatch.setattr(files, "_toml", toml)
    version = files.versions_in(FOLDER)[-1]
    files.read(FOLDER, version)
    for path, told in list(kept.items()):
        seen = set()
        for way in ways(told):
            # One row stands for all of its list, one clause for all of its language.
            shape = tuple("*" if isinstance(key, int) else key for key in way)
            shape = ("*", *shape[1:]) if path.name.count(".") > 1 else shape
            if shape in seen:
                continue
            seen.add(shape)
            for takes_out in (False, True):
                kept[path] = changed(told, way, takes_out=takes_out)
                profile, found = files.read(FOLDER, version)
                assert found or takes_out, (path.name, way)
                if profile is not None:
                    list(faults._meaning(profile, whole=not found))
                kept[path] = told
