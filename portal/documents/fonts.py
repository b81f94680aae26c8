"""The typefaces of the papers: found and checked before drawing, and the only ones a paper can use."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from portal.documents import unpacking
from portal.documents.refusals import FontsMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "static" / "vendor" / "fonts"


@dataclass(frozen=True)
class Face:
    """One font file and the CSS family it belongs to."""

    family: str
    file: str
    weight: int

    def rule(self) -> str:
        """Return the @font-face rule that loads it.

        Two files of one family, weight and width count as one font in the PDF, with the glyph numbers of the
        first: wrong letters. So the second file is declared a little wider; nothing asks for that width.
        """
        width = "semi-expanded" if "-latin-ext-" in self.file else "normal"
        return (
            f'@font-face {{ font-family: "{self.family}"; font-weight: {self.weight}; font-stretch: {width}; '
            f'src: url("asset:{self.file}"); }}'
        )


def _faces(family: str, *weights: int) -> tuple[Face, ...]:
    name = family.lower().replace(" ", "-")
    return tuple(
        Face(family, f"{name}-{part}-{weight}-normal.woff2", weight)
        for weight in weights
        for part in ("latin", "latin-ext")
    )


NEEDED = (*_faces("Titillium Web", 400, 600, 700), *_faces("Lora", 400, 600), *_faces("Roboto Mono", 400))
# Used where it is installed: names and places in Hangul.
EXTRA = (Face("Noto Sans KR", "noto-sans-kr-korean-400-normal.woff2", 400),)

# What is worth saying otherwise rather than leaving out.
INSTEAD = {
    "→": "->",
    "←": "<-",
    "⇒": "=>",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "✓": "x",
    "✔": "x",
    "☐": "[ ]",
    "☑": "[x]",
    "☒": "[x]",
    "№": "no.",
    "\u2010": "-",
    "\u2011": "-",
    "\u2015": "\u2014",
    "\u2003": " ",
    "\u2009": "\u00a0",
    "\u202f": "\u00a0",
}
UNKNOWN = "?"


def check(folder: Path = FOLDER) -> None:
    """Refuse with FontsMissing unless every needed font file is there."""
    missing = tuple(face.file for face in NEEDED if not (folder / face.file).is_file())
    if missing:
        raise FontsMissing(missing)


def load(folder: Path = FOLDER) -> dict[Face, bytes]:
    """Return the faces, unpacked where they were; refuse with FontsMissing where a needed one is missing."""
    check(folder)
    found = [*NEEDED, *(face for face in EXTRA if (folder / face.file).is_file())]
    return {face: unpacking.read(folder, face.file) for face in found}


def css(faces: dict[Face, bytes]) -> str:
    """Return the @font-face rules of the faces."""
    return "\n".join(face.rule() for face in faces)


def covered(folder: Path = FOLDER) -> frozenset[str]:
    """Return every character that the installed faces can draw; without them, FontsMissing."""
    characters: set[str] = set("\n\r\t")
    for content in load(folder).values():
        with TTFont(BytesIO(content), lazy=True) as font:
            characters.update(map(chr, font.getBestCmap()))
    return frozenset(characters)


def printable(text: str, drawable: frozenset[str]) -> str:
    """Return the text with every character that no face can draw replaced.

    A missing glyph breaks PDF/A and PDF/UA. Marks and symbols without a glyph are left out, letters without
    one become a question mark; the attached JSON always keeps the text as it was typed.
    """
    if all(character in drawable for character in text):
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(piece for character in composed for piece in _drawn(character, drawable))


def _drawn(character: str, drawable: frozenset[str]) -> Iterator[str]:
    if character in drawable:
        yield character
    elif character in INSTEAD:
        yield INSTEAD[character]
    else:
        simpler = [part for part in unicodedata.normalize("NFKD", character) if part in drawable]
        if simpler:
            yield from simpler
        elif unicodedata.category(character)[0] in "LN":
            yield UNKNOWN
        elif unicodedata.category(character)[0] == "Z":
            yield " "
