"""The committed catalogue and the messages of the sources, as the tests of words read them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.architecture.tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Catalog

KEYWORDS = {"W": None, "_": None, "gettext": None, "ngettext": (1, 2), "say_number": (1, 2)}
TRANSLATIONS = ROOT / "portal" / "translations"
PLACE = re.compile(r"%\((\w+)\)([sd])")
SENTENCE_END = re.compile(r"[.!?;:…]+(?:\s|$)")
WORD = re.compile(r"[^\W\d_]+(?:['’]|\b)")


def path_of(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "portal.po"


@cache
def catalogue(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def texts(language: str) -> dict[str, tuple[str, ...]]:
    """Return every id, its first form where there are two, with its translations."""
    return {
        _first(message.id): message.string if isinstance(message.string, tuple) else (message.string,)
        for message in catalogue(language)
        if message.id
    }


def _first(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


@cache
def said() -> frozenset[str]:
    """Return every id that `make words` finds, by the same map of files."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=lambda path: not _is_made(path)
    )
    ids = (message for _file, _line, message, _comments, _context in found)
    return frozenset(_first(one) for one in ids if _first(one))


def _is_made(path: str) -> bool:
    folder = path.rpartition("/")[2]
    return folder.startswith((".", "_")) or folder in {"node_modules", "static", "var", "build", "tests"}


def gulpease(text: str) -> float:
    """Return how easy an Italian text is to read, 0 to 100: 89 + (300 sentences - 10 letters) / words."""
    plain = PLACE.sub("due", text)
    words = WORD.findall(plain)
    letters = sum(character.isalpha() for character in plain)
    sentences = max(1, len(SENTENCE_END.findall(plain)))
    return max(0.0, min(100.0, 89 + (300 * sentences - 10 * letters) / max(1, len(words))))
