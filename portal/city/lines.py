"""In which line of which file of a city something stands, so that a fault is found at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HEADER = re.compile(r"(\[\[?)\s*([^\[\]#]+?)\s*\]")
_KEY = re.compile(r"\s*(\"[^\"]*\"|[\w-]+)\s*=")
_ID = re.compile(r"\s*(?:id|name)\s*=\s*\"([^\"]*)\"")
# A row of a list that is written as a table in one line.
_ROW = re.compile(r"\s*\{.*?\b(?:id|name)\s*=\s*\"([^\"]*)\"")
_QUOTES = re.compile("'{3}|\"{3}")
_LAST = re.compile(r"\[[^\[\]]*\]$|(?:^|\.)[^.\[\]]*$")
# What the files call in another way than the profile does.
_NAMES = {"clause": "clauses", "parameter": "parameters"}
_BLANKS = {"labels": "label", "defaults": "default"}

Places = dict[str, tuple[str, int]]


def places(folder: Path, version: str) -> Places:
    """Return the file and the line of every table and key in the files of a city."""
    found: Places = {}
    paths = [folder / "city.toml", folder / "words.toml", *sorted((folder / version).glob("*.toml"))]
    for path in paths:
        language = path.stem.partition(".")[2]
        reading = _File(language)
        for place, line in reading.places(_lines(path)):
            found.setdefault(place, (path.name, line))
    return found


def located(fault: str, city: str, known: Places) -> str:
    """Return the fault with the file and the line where its place stands, or the nearest thing around it."""
    place = fault.partition(": ")[0].removeprefix(f"{city}.")
    while place:
        if place in known:
            name, line = known[place]
            return f"{fault} ({name}, line {line})"
        around = _LAST.sub("", place, count=1)
        place = around if around != place else ""
    return fault


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, without those that only go on with a text of several lines."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    is_inside = False
    for number, line in enumerate(lines, 1):
        if not is_inside and not line.lstrip().startswith("#"):
            yield number, line
        is_inside ^= len(_QUOTES.findall(line)) % 2 == 1


@dataclass(slots=True)
class _File:
    """What is known while a file is read: the table at hand, its keys, and the newest row of each list."""

    language: str
    table: str = ""
    header: int = 0
    keys: list[tuple[str, int]] = field(default_factory=list)
    # Of a list: how its rows are named, and how many there were.
    row_of: str = ""
    row_id: str = ""
    rows: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def places(self, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int]]:
        """Yield the place and the line of each table and key."""
        for number, line in lines:
            header = _HEADER.match(line)
            if header is not None:
                yield from self._close()
                self._open(number, header[2], is_row=header[1] == "[[")
            else:
                self._take(number, line)
        yield from self._close()

    def _open(self, number: int, name: str, *, is_row: bool) -> None:
        self.header, self.keys, self.row_of, self.row_id = number, [], "", ""
        self.table = self._named(name.split("."), is_row=is_row)
        if is_row:
            self.row_of = self.table
            self.counts[self.table] = self.counts.get(self.table, -1) + 1

    def _named(self, parts: list[str], *, is_row: bool) -> str:
        if self.language:
            return ".".join([f"clauses[{parts[0]}]", *parts[1:]])
        found = ""
        for n, part in enumerate(parts):
            found = f"{found}.{_NAMES.get(part, part)}".lstrip(".")
            if not (is_row and n == len(parts) - 1):
                found = self.rows.get(found, found)
        return found

    def _take(self, number: int, line: str) -> None:
        key, row = _KEY.match(line), _ROW.match(line)
        if key is not None:
            self.keys.append((key[1].strip('"'), number))
            named = _ID.match(line)
            self.row_id = self.row_id or (named[1] if named and self.row_of else "")
        elif row is not None and self.keys:
            last = self.keys[-1][0].partition("[")[0]
            self.keys.append((f"{last}[{row[1]}]", number))

    def _close(self) -> Iterator[tuple[str, int]]:
        table = self.table
        if self.row_of:
            table = f"{table}[{self.row_id or self.counts[self.row_of]}]"
            self.rows[self.row_of] = table
        if table:
            yield table, self.header
        for key, number in self.keys:
            yield self._key(table, key), number

    def _key(self, table: str, key: str) -> str:
        if not self.language:
            return f"{table}.{key}".lstrip(".")
        clause, _, blanks = table.rpartition(".")
        if blanks in _BLANKS:
            return f"{clause}.parameters[{key}].{_BLANKS[blanks]}.{self.language}"
        return f"{table}.{key}.{self.language}"
