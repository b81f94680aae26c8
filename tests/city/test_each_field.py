"""Each field of each table of a city's files, when it is broken, is named with its place and its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from portal.city import files, lines
from portal.city.reading import Reader
from portal.city.whole import Profile
from tests.city.test_profile import VERSION, faults, folder

__all__ = ["faults", "folder"]
Shapes = dict[str, tuple[Any, Mapping[str, Any]]]


def shapes(hint: Any, raw: Any, found: Shapes) -> Shapes:
    """Return every table of a profile with what the files of Bologna say in one of them."""
    if is_dataclass(hint) and isinstance(raw, dict):
        if hint.__name__ not in found:
            found[hint.__name__] = hint, raw
            for name, inner in get_type_hints(hint).items():
                shapes(inner, raw.get(name), found)
        return found
    within = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else [raw]
    for inner in get_args(hint):
        for one in within:
            shapes(inner, one, found)
    return found


@pytest.fixture(scope="module")
def known() -> tuple[Reader, Shapes]:
    reader = Reader(languages=())
    raw = files.gathered(reader, files.CITIES / "bologna", VERSION)
    return reader, shapes(Profile, raw, {})


def test_a_field_of_another_kind_is_named_in_every_table(known: Any) -> None:
    reader, seen = Reader(known[0].languages), 0
    for name, (shape, _) in known[1].items():
        reader.build(shape, {one.name: object() for one in fields(shape)}, name)
        for one in fields(shape):
            assert any(fault.startswith(f"{name}.{one.name}: ") for fault in reader.faults), (name, one.name)
            seen += 1
    assert seen > 250


def test_a_field_that_is_needed_and_one_that_nobody_knows_are_named_in_every_table(known: Any) -> None:
    reader = Reader(known[0].languages)
    for name, (shape, _) in known[1].items():
        reader.build(shape, {"anthem": 1}, name)
        assert f"{name}: unknown key “anthem”" in reader.faults
        for one in fields(shape):
            is_needed = one.default is MISSING and one.default_factory is MISSING
            assert (f"{name}: “{one.name}” is missing" in reader.faults) is is_needed, (name, one.name)


def test_a_number_below_zero_is_named_in_every_table(known: Any) -> None:
    reader, seen = Reader(known[0].languages), 0
    for name, (shape, _) in known[1].items():
        numbers = [key for key, hint in get_type_hints(shape).items() if hint in {int, int | None}]
        reader.build(shape, dict.fromkeys(numbers, -1), name)
        for key in numbers:
            assert f"{name}.{key}: at least 0 is needed, not -1" in reader.faults
            seen += 1
    assert seen > 30


def test_what_the_files_say_in_each_table_is_sound_alone(known: Any) -> None:
    reader = Reader(known[0].languages)
    for name, (shape, raw) in known[1].items():
        reader.build(shape, raw, name)
    assert reader.faults == []


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("city.toml", "languages = [", "languages = 3 # [", "languages: a list is needed"),
        (f"{VERSION}/clauses.toml", "[[clause]]", "[clause.first]", "not readable as TOML"),
        (
            f"{VERSION}/regulation.toml",
            "[clocks.examination]",
            "[clocks]\nexamination = 3\n[c]",
            "clocks.exami",
        ),
        (
            f"{VERSION}/clauses.it.toml",
            "[object.labels]",
            "[object]\nlabels = 3\n[x]",
            "not readable as TOML",
        ),
        (
            f"{VERSION}/clauses.it.toml",
            "[object.labels]",
            "[object.defaults]",
            "unknown|label: no words in “it”",
        ),
    ],
)
def test_what_stands_in_the_place_of_a_table_never_breaks_the_check(
    faults: Any, name: str, old: str, new: str, named: str
) -> None:
    found = faults(name, old, new)
    assert any(one in found for one in named.split("|")), found


@pytest.mark.parametrize(
    "planted",
    [
        (
            "city.toml",
            "rest_days = [7]",
            'rest_days = "Sunday"',
            "rest_days: a list is needed here (city.toml, line",
        ),
        (
            f"{VERSION}/regulation.toml",
            "approval_persons = 2",
            "approval_persons = 1",
            "(regulation.toml, line",
        ),
        (f"{VERSION}/clauses.en.toml", "nobody is harmed.", "{nobody} is harmed.", "(clauses.en.toml, line"),
        (f"{VERSION}/fences.toml", "close = 24", "close = 10", "(fences.toml, line"),
    ],
)
def test_a_fault_says_the_file_and_the_line(faults: Any, folder: Any, planted: tuple[str, ...]) -> None:
    name, old, new, named = planted
    (said,) = [one for one in faults(name, old, new).splitlines() if named in one]
    number = int(said.rpartition("line ")[2].rstrip(")"))
    place = said.partition(": ")[2].partition(": ")[0].rpartition(".")[2]
    line = (folder / name).read_text(encoding="utf-8").splitlines()[number - 1]
    assert place.partition("[")[0] in line or new in line or line.startswith("[["), (said, line)


def test_every_table_and_key_of_the_shipped_cities_has_a_line() -> None:
    for city in files.cities():
        folder = files.CITIES / city
        version = files.versions_in(folder)[-1]
        known = lines.places(folder, version)
        profile, _ = files.read(folder, version)
        assert profile is not None
        wanted = [f"clocks.{key}.days" for key in profile.clocks]
        wanted += [f"clauses[{one.id}].text.{profile.prevailing_language}" for one in profile.clauses]
        wanted += [f"fences[{one.id}].sentence" for one in profile.fences]
        wanted += [f"offices[{one.id}]" for one in profile.offices]
        assert [one for one in wanted if one not in known] == []


def test_a_fault_without_a_place_stays_as_it_is() -> None:
    assert lines.located("bologna: “currency” is missing", "bologna", {"x": ("y", 1)}).endswith("missing")
    assert lines.located("a] strange place: why", "bologna", {}) == "a] strange place: why"
