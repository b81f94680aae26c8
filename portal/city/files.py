"""Where a city's files lie, how they are put together, and the profile they make."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from portal.city.guides import GUIDES
from portal.city.reading import Reader
from portal.city.whole import Profile

CITIES = Path(__file__).parents[2] / "seeds" / "cities"
RULES = ("regulation", "clauses", "fences", "indicators", "giving")
_CLAUSE_WORDS = ("heading", "plain", "text", "locked_because", "none_text", "none_default")


class ProfileFaulty(Exception):
    """The files of a city cannot be used; `faults` names everything that is wrong."""

    def __init__(self, city: str, faults: list[str]) -> None:
        super().__init__(f"the profile of {city} has {len(faults)} faults:\n" + "\n".join(faults))
        self.faults = faults


def cities() -> tuple[str, ...]:
    """Return the cities that have a folder."""
    return tuple(sorted(path.parent.name for path in CITIES.glob("*/city.toml")))


def versions(city: str) -> tuple[str, ...]:
    """Return the dated versions of a city's rules, oldest first."""
    return versions_in(CITIES / city)


def versions_in(folder: Path) -> tuple[str, ...]:
    """Return the dated versions in a city's folder, oldest first."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/regulation.toml")))


@cache
def profile(city: str, version: str | None = None) -> Profile:
    """Return a city with one version of its rules, the newest when none is named.

    A pact, a case and a tender keep the version they were made under and ask for it by name.
    Raises ProfileFaulty with every fault, KeyError for a version that never was.
    """
    known = versions(city)
    if not known:
        raise ProfileFaulty(city, [f"{city}: no such city, or no version of its rules"])
    if version is not None and version not in known:
        raise KeyError(version)
    found, faults = read(CITIES / city, version or known[-1])
    if found is None or faults:
        raise ProfileFaulty(city, faults)
    return found


def read(folder: Path, version: str) -> tuple[Profile | None, list[str]]:
    """Return the profile in a folder and the faults of its files; with faults it is not to be used."""
    reader = Reader(languages=())
    found = reader.build(Profile, gathered(reader, folder, version), folder.name)
    return found, reader.faults


def gathered(reader: Reader, folder: Path, version: str) -> dict[str, Any]:
    """Return what all files of a city say together, as tables; what cannot be read becomes faults."""
    raw = {"city": folder.name, "version": version, **_toml(reader, folder / "city.toml")}
    raw |= _toml(reader, folder / "words.toml")
    guides = [_toml(reader, folder / "legal" / f"{name}.toml") for name in GUIDES]
    raw["licences"] = next((one.pop("licences") for one in guides if "licences" in one), [])
    raw["guides"] = [one for one in guides if one]
    raw["districts"] = _districts(reader, folder / "districts.geojson")
    for name in RULES:
        raw |= _toml(reader, folder / version / f"{name}.toml")
    spoken = raw.get("languages")
    reader.languages = tuple(map(str, spoken)) if isinstance(spoken, list) else ()
    raw["clauses"] = _clauses(reader, _tables(reader, raw.pop("clause", []), "clauses"), folder / version)
    for clock in _table(raw.get("clocks")).values():
        _table(clock)["calendar"] = raw.get("calendar")
    return raw


def _table(raw: Any) -> dict[str, Any]:
    # What stands there instead is named when the shapes are built; here it is passed over.
    return raw if isinstance(raw, dict) else {}


def _tables(reader: Reader, raw: Any, where: str) -> list[dict[str, Any]]:
    found = [dict(one) for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
    if not isinstance(raw, list) or len(found) < len(raw):
        reader.fault(where, "a list of tables is needed here")
    return found


def _toml(reader: Reader, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        reader.fault(path.name, "the file is missing")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        reader.fault(path.name, f"not readable as TOML: {why}")
    return {}


def _districts(reader: Reader, path: Path) -> list[dict[str, Any]]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [
            {
                "id": one["properties"]["id"],
                "name": one["properties"]["name"],
                "ring": one["geometry"]["coordinates"][0],
            }
            for one in features
        ]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as why:
        reader.fault(path.name, f"not readable as a GeoJSON feature collection of polygons: {why!r}")
        return []


def _clauses(reader: Reader, rules: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Bring together each clause's rules and its words, which lie in one file a language."""
    spoken = {one: _toml(reader, folder / f"clauses.{one}.toml") for one in reader.languages}
    known = {str(one.get("id")) for one in rules}
    for language, words in spoken.items():
        for stranger in sorted(set(words) - known):
            reader.fault(f"clauses.{language}.toml", f"“{stranger}” is not a clause of clauses.toml")
        for silent in sorted(known - set(words)):
            reader.fault(f"clauses.{language}.toml", f"the clause “{silent}” has no words")
    return [_with_words(reader, one, spoken) for one in rules]


def _with_words(reader: Reader, clause: dict[str, Any], spoken: dict[str, dict[str, Any]]) -> dict[str, Any]:
    key = str(clause.get("id", ""))
    mine = {language: _table(words.get(key)) for language, words in spoken.items()}
    for language, words in mine.items():
        for stranger in sorted(set(words) - {*_CLAUSE_WORDS, "labels", "defaults"}):
            reader.fault(f"clauses.{language}.toml[{key}]", f"unknown key “{stranger}”")
    for name in _CLAUSE_WORDS:
        found = {language: words[name] for language, words in mine.items() if name in words}
        if found:
            clause[name] = found
    blanks = _tables(reader, clause.pop("parameter", []), f"clauses[{key}].parameters")
    clause["parameters"] = [_blank(one, mine) for one in blanks]
    return clause


def _blank(parameter: dict[str, Any], mine: dict[str, dict[str, Any]]) -> dict[str, Any]:
    name = str(parameter.get("name", ""))
    for key, source in (("label", "labels"), ("default", "defaults")):
        named = {one: _table(words.get(source)) for one, words in mine.items()}
        found = {one: words[name] for one, words in named.items() if name in words}
        if found or key == "label":
            parameter[key] = found
    return parameter
