"""What a publiccode.yml says of a program: every value is a text, nothing in the file is believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from portal.commons import licences
from portal.errors import Invalid
from portal.words import W, home_language

NAME = "publiccode.yml"
LONGEST_BYTES, MOST_EVENTS, DEEPEST = 60_000, 4_000, 12
LONGEST_NAME, LONGEST_SHORT, LONGEST_LANGUAGES = 150, 400, 200
# What the standard itself allows for a short description.
SHORT_BY_THE_STANDARD = 150
MAINTENANCE = frozenset({"internal", "contract", "community", "none"})
_FIELD = "publiccode"
TOO_LARGE = W("This file is too large to be a publiccode.yml: it may have 60 kB. Choose another file.")
NOT_TEXT = W("This is no text file. Choose the file publiccode.yml, or paste what is in it.")
NOT_YAML = W("This is no YAML file we can read. Check it, or type your answers yourself.")
ALIASES = W("This file uses anchors and aliases (& and *), which we do not read. Write the values out.")
NOT_IT = W("There is nothing of a publiccode.yml in it: no name, no url, no description.")
_ODD = W("“%(what)s” is not written as it should be, so we left it out.")


@dataclass(frozen=True, slots=True)
class Described:
    """What was found, nothing where the file says nothing; `notes` say what was left out, and why."""

    name: str = ""
    short: str = ""
    repository: str = ""
    licence: str = ""
    maintenance: str = ""
    languages: str = ""
    notes: tuple[W, ...] = field(default=())


def read(content: bytes | str, *, language: str) -> Described:
    """Return what the file says, in this language where it can; refuse with Invalid what cannot be read."""
    raw = _loaded(_text(content))
    if not isinstance(raw, dict) or not {"name", "url", "description", "legal"} & set(raw):
        raise _refused(NOT_IT)
    reading = _Reading(raw)
    short = reading.short(language)
    return Described(
        name=reading.line("name", longest=LONGEST_NAME),
        short=short,
        repository=reading.address(),
        licence=reading.licence(),
        maintenance=reading.maintenance(),
        languages=reading.languages(),
        notes=tuple(reading.notes),
    )


def _refused(words: W) -> Invalid:
    return Invalid(words, field=_FIELD)


def _text(content: bytes | str) -> str:
    if len(content) > LONGEST_BYTES:
        raise _refused(TOO_LARGE)
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        raise _refused(NOT_TEXT) from error
    if "\x00" in text:
        raise _refused(NOT_TEXT)
    return text


def _loaded(text: str) -> Any:
    try:
        _look_through(text)
        # This loader makes texts, lists and tables of everything: no dates, no numbers, no objects.
        return yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _refused(NOT_YAML) from error


def _look_through(text: str) -> None:
    """Refuse what would grow when it is read: aliases, endless nesting, too many parts, several documents."""
    depth = documents = 0
    for number, event in enumerate(yaml.parse(text, Loader=yaml.BaseLoader)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(ALIASES)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if number > MOST_EVENTS or depth > DEEPEST or documents > 1:
            raise _refused(NOT_YAML)


class _Reading:
    """Takes one value after the other, and notes what it could not take."""

    def __init__(self, raw: dict[Any, Any]) -> None:
        self.raw = raw
        self.notes: list[W] = []

    def line(self, *path: str, longest: int) -> str:
        value = self._at(path)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > longest:
            self._odd(".".join(path))
            return ""
        return " ".join(value.split())

    def _at(self, path: tuple[str, ...]) -> Any:
        value: Any = self.raw
        for name in path:
            if not isinstance(value, dict):
                self._odd(".".join(path))
                return None
            value = value.get(name)
            if value is None:
                return None
        return value

    def _odd(self, what: str) -> None:
        self.notes.append(W(_ODD.id, what=what))

    def address(self) -> str:
        found = self.line("url", longest=300)
        if found and not found.startswith(("https://", "http://")):
            self._odd("url")
            return ""
        return found

    def short(self, language: str) -> str:
        described = self._at(("description",))
        if described is None:
            return ""
        if not isinstance(described, dict) or not described:
            self._odd("description")
            return ""
        key = next(
            (one for one in (language, "en", home_language()) if one in described), next(iter(described))
        )
        text = self.line("description", str(key), "shortDescription", longest=LONGEST_SHORT)
        if len(text) > SHORT_BY_THE_STANDARD:
            self.notes.append(W("The short description is longer than the 150 characters of the standard."))
        return text

    def licence(self) -> str:
        typed = self.line("legal", "license", longest=licences.LONGEST)
        try:
            found = licences.read(typed)
        except Invalid as refusal:
            self.notes.append(refusal.words)
            return ""
        return found.expression if found else ""

    def maintenance(self) -> str:
        found = self.line("maintenance", "type", longest=40)
        if found and found not in MAINTENANCE:
            self._odd("maintenance.type")
            return ""
        return found

    def languages(self) -> str:
        found = self._at(("localisation", "availableLanguages"))
        if found is None:
            return ""
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self._odd("localisation.availableLanguages")
            return ""
        return ", ".join(found)[:LONGEST_LANGUAGES]


def addresses(repository: str) -> tuple[str, ...]:
    """Return where the file lies that belongs to the page of a repository, likeliest first."""
    page = repository.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0].rstrip("/").removesuffix(".git")
    scheme, _, rest = page.partition("://")
    if scheme != "https" or not rest:
        return ()
    if rest.endswith((NAME, "publiccode.yaml")):
        return (page,)
    host, _, path = rest.partition("/")
    if host == "github.com":
        return (f"https://raw.githubusercontent.com/{path}/HEAD/{NAME}",)
    return (f"{page}/-/raw/HEAD/{NAME}", f"{page}/raw/branch/HEAD/{NAME}")
