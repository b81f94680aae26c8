"""Every word of the portal is there in Italian, and no translation drops or invents a value."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.tree import ROOT

KEYWORDS = {"W": None, "_": None, "gettext": None, "ngettext": (1, 2), "say_number": (1, 2)}
# As in babel.cfg; a template that cannot be read must not count as one without words.
TEMPLATES = {"extensions": "portal.web.parts.Kept", "silent": "false"}
VALUE = re.compile(r"%\((\w+)\)[sd]")
COMPLETE = {"it"}


@cache
def _said() -> frozenset[str]:
    """Return every message id in Python and templates."""
    folders = [ROOT / name for name in ("portal", "seeds", "templates")]
    found = set()
    for folder in folders:
        methods = [
            ("**.py", "python"),
            ("**.html", "jinja2.ext:babel_extract"),
            ("**.txt", "jinja2.ext:babel_extract"),
        ]
        options = {pattern: TEMPLATES for pattern, method in methods if method != "python"}
        for _file, _line, message, _comments, _context in extract_from_dir(
            folder, methods, options, keywords=KEYWORDS
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return frozenset(filter(None, found))


def _catalogues() -> dict[str, Path]:
    return {
        path.parents[1].name: path
        for path in (ROOT / "portal" / "translations").glob("*/LC_MESSAGES/portal.po")
    }


def _texts(path: Path) -> dict[str, tuple[str, ...]]:
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id and not message.fuzzy]
    return {
        message.id[0] if isinstance(message.id, tuple) else message.id: (
            message.string if isinstance(message.string, tuple) else (message.string,)
        )
        for message in messages
    }


def test_italian_is_complete() -> None:
    for language in COMPLETE & set(_catalogues()):
        texts = _texts(_catalogues()[language])
        missing = sorted(said for said in _said() if not all(texts.get(said, ("",))))
        assert not missing, f"{language} lacks {len(missing)} of {len(_said())}: {missing[:20]}"


def test_translations_keep_every_value() -> None:
    for language, path in _catalogues().items():
        changed = [
            said
            for said, texts in _texts(path).items()
            if any(
                text and set(VALUE.findall(text)) - {"num"} != set(VALUE.findall(said)) - {"num"}
                for text in texts
            )
        ]
        assert not changed, f"{language}: {changed[:10]}"
