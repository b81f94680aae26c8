"""Turn what a file says into frozen shapes, naming every fault at once instead of stopping at the first."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from portal.city.shapes import Words
from portal.words import own

_NAMES = {str: "text", int: "a whole number", bool: "true or false", date: "a date", float: "a number"}


# A profile has thousands of tables of few shapes; to read the hints of a shape takes as long as a table.
_hints = cache(get_type_hints)


@dataclass(slots=True)
class Reader:
    """Collects the faults met while shapes are built; `languages` are those in which words must exist."""

    languages: tuple[str, ...]
    faults: list[str] = field(default_factory=list)

    def fault(self, where: str, what: str) -> None:
        """Remember one fault at its place in the files."""
        self.faults.append(f"{where}: {what}")

    def build(self, shape: Any, raw: Any, where: str) -> Any:
        """Return the shape filled from a table; what is wrong becomes faults, and the value is None."""
        if not isinstance(raw, dict):
            self.fault(where, "a table is needed here")
            return None
        hints = _hints(shape)
        known = {one.name: one for one in fields(shape)}
        for key in sorted(set(raw) - set(known)):
            self.fault(where, f"unknown key “{key}”")
        values: dict[str, Any] = {}
        for name, one in known.items():
            if name in raw:
                values[name] = self.value(hints[name], raw[name], f"{where}.{name}")
            elif one.default is MISSING and one.default_factory is MISSING:
                self.fault(where, f"“{name}” is missing")
                values[name] = None
        return shape(**values)

    def value(self, hint: Any, raw: Any, where: str) -> Any:
        """Return one value of the wanted type."""
        # Equal, not identical: reading the hints of a class makes a new alias.
        if hint == Words:
            return self.words(raw, where)
        if is_dataclass(hint):
            return self.build(hint, raw, where)
        match get_origin(hint):
            case types.UnionType:
                read = self.value(get_args(hint)[0], raw, where)
            case origin if origin is Literal:
                read = self._one_of(get_args(hint), raw, where)
            case origin if origin is tuple:
                read = self._several(get_args(hint), raw, where)
            case origin if origin is Mapping:
                read = self._table(get_args(hint)[1], raw, where)
            case _:
                read = self._plain(hint, raw, where)
        return read

    def words(self, raw: Any, where: str) -> Mapping[str, str]:
        """Return words that exist, not empty, in each language of the city and in no other."""
        if not isinstance(raw, dict):
            self.fault(where, "words are needed in " + ", ".join(self.languages))
            return {}
        for language in self.languages:
            if not (isinstance(raw.get(language), str) and raw[language].strip()):
                self.fault(where, f"no words in “{language}”")
        for language in sorted(set(raw) - set(self.languages)):
            self.fault(where, f"“{language}” is not a language of this city")
        return types.MappingProxyType({key: own(str(text).strip(), key) for key, text in raw.items()})

    def _one_of(self, allowed: tuple[Any, ...], raw: Any, where: str) -> Any:
        if raw not in allowed:
            self.fault(where, f"“{raw}” is none of " + ", ".join(map(str, allowed)))
        return raw

    def _several(self, hints: tuple[Any, ...], raw: Any, where: str) -> Any:
        if not isinstance(raw, list | tuple):
            self.fault(where, "a list is needed here")
            return ()
        if hints[-1] is not Ellipsis:
            if len(raw) != len(hints):
                self.fault(where, f"{len(hints)} values are needed, not {len(raw)}")
            return tuple(self.value(hint, one, where) for hint, one in zip(hints, raw, strict=False))
        return tuple(self.value(hints[0], one, _place(where, n, one)) for n, one in enumerate(raw))

    def _table(self, hint: Any, raw: Any, where: str) -> Any:
        if not isinstance(raw, dict):
            self.fault(where, "a table is needed here")
            return types.MappingProxyType({})
        read = {key: self.value(hint, one, f"{where}.{key}") for key, one in raw.items()}
        return types.MappingProxyType(read)

    def _plain(self, hint: Any, raw: Any, where: str) -> Any:
        if hint is float and type(raw) is int:
            return float(raw)
        # A bool is an int in Python, never in a profile.
        if type(raw) is not hint:
            self.fault(where, f"{_NAMES.get(hint, hint)} is needed, not {raw!r}")
        # Days, cents and percents: nothing in a profile is less than nothing.
        elif hint is int and raw < 0:
            self.fault(where, f"at least 0 is needed, not {raw}")
        return raw


def _place(where: str, n: int, raw: Any) -> str:
    key = (raw.get("id") or raw.get("name")) if isinstance(raw, dict) else None
    return f"{where}[{key if isinstance(key, str) else n}]"
