"""Messages as id and parameters, put into a language only at the edge; works without a web request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUES = Path(__file__).parent / "translations"
SOURCE_LANGUAGE = "en"

_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


class W:
    """A message: its English text is the id, its parameters are filled in after translation."""

    __slots__ = ("id", "parameters")

    def __init__(self, message: str, /, **parameters: object) -> None:
        self.id = message
        self.parameters = parameters

    def __str__(self) -> str:
        return say(self)

    def __html__(self) -> str:
        from markupsafe import escape

        return str(escape(str(self)))

    def __repr__(self) -> str:
        return f"W({self.id!r}, {self.parameters!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, W) and (self.id, self.parameters) == (other.id, other.parameters)

    def __hash__(self) -> int:
        return hash(self.id)


@cache
def _catalogue(language: str) -> Mapping[str | tuple[str, int], str]:
    path = CATALOGUES / language / "LC_MESSAGES" / "portal.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return dict(_entries(read_po(file, locale=language)))


def _entries(catalogue: Any) -> Iterator[tuple[str | tuple[str, int], str]]:
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, tuple):
            for n, text in enumerate(message.string):
                if text:
                    yield (message.id[0], n), text
        elif message.string:
            yield message.id, message.string


def shipped_languages() -> frozenset[str]:
    """Return the languages that have a catalogue; English is the language of the ids."""
    found = {path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/portal.po")}
    return frozenset(found | {SOURCE_LANGUAGE})


class _Settings:
    """The languages of the city, its own first."""

    languages: tuple[str, ...] = ("it", SOURCE_LANGUAGE)


def set_languages(languages: tuple[str, ...]) -> None:
    """Use these languages of the city."""
    _Settings.languages = languages


def home_language() -> str:
    """Return the city's own language."""
    return _Settings.languages[0]


@cache
def _has_catalogue(language: str) -> bool:
    return language in shipped_languages()


def spoken(language: str | None = None) -> str:
    """Return the language in which the portal's own words are said where this one is asked for.

    A city may speak a language that has no catalogue: its own words then stand in that language, the
    portal's in the first of its languages that has one, and in English where none has.
    """
    return _spoken(language or current_language(), _Settings.languages)


@cache
def _spoken(wanted: str, languages: tuple[str, ...]) -> str:
    # Asked at every word of every page.
    return next((one for one in (wanted, *languages) if _has_catalogue(one)), SOURCE_LANGUAGE)


class Own(str):
    """A city's words in a language without a catalogue: on a page they say which language they are in."""

    __slots__ = ("language",)

    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """Keep the language beside the words."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __html__(self) -> str:
        from markupsafe import Markup, escape

        text = escape(str.__str__(self))
        return Markup('<span lang="{}">{}</span>').format(self.language, text)


def own(text: str, language: str) -> str:
    """Return a city's words, marked where the page around them speaks another language."""
    return text if _has_catalogue(language) else Own(text, language)


def current_language() -> str:
    """Return the language of the page, paper or mail being written now."""
    return _language.get()


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write everything inside the block in this language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def set_language(language: str) -> None:
    """Choose the language for the rest of this context (one web request, one worker step)."""
    _language.set(language)


def say(message: W | str, language: str | None = None) -> str:
    """Return the message as a sentence in the given or the current language."""
    language = spoken(language)
    if isinstance(message, str):
        return _catalogue(language).get(message, message)
    text = _catalogue(language).get(message.id, message.id)
    if not message.parameters:
        return text
    with in_language(language):
        filled = text % {name: str(value) for name, value in message.parameters.items()}
    return elided(filled) if language == "it" else filled


# In Italian the article is cut before a number that begins with a vowel when spoken: otto, undici.
_BEFORE_VOWEL = re.compile(r"\b(il|del|dal|al|sul) (?=(?:8|11)\b)")
_CUT = {"il": "l'", "del": "dell'", "dal": "dall'", "al": "all'", "sul": "sull'"}


def elided(text: str) -> str:
    """Return an Italian sentence with its articles cut before 8 and 11."""
    return _BEFORE_VOWEL.sub(lambda found: _CUT[found[1]], text)


def say_number(one: str, many: str, count: int, language: str | None = None, **parameters: object) -> str:
    """Return the singular or plural sentence for a count; `num` is filled in with the count."""
    language = spoken(language)
    # English and Italian share the rule "one thing, several others".
    form = 0 if count == 1 else 1
    text = _catalogue(language).get((one, form), one if form == 0 else many)
    with in_language(language):
        return text % {"num": count, **{name: str(value) for name, value in parameters.items()}}


def translator(language: str) -> Callable[..., str]:
    """Return `_` for one language, for papers and mail."""

    def translate(message: W | str, /, **parameters: object) -> str:
        if isinstance(message, W):
            return say(message, language)
        return say(W(message, **parameters) if parameters else message, language)

    return translate
