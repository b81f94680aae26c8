"""How clause text stands on paper: numbered paragraphs that can be cited, each with its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.words import W, say


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph with its stable number and the list items that follow it."""

    number: str
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause: its heading, the plain sentence above it and its legal text."""

    id: str
    number: int
    heading: str
    plain: str
    paragraphs: tuple[Paragraph, ...]


def clause(row: Mapping[str, Any], language: str) -> Clause:
    """Return a clause of a pact's text in one language.

    Raises KeyError when the clause has no text in that language: half an act is not printed.
    """
    none = row.get("none_because")
    text = (
        say(W("None, because: %(reason)s", reason=none[language]), language)
        if none
        else row["text"][language]
    )
    return Clause(
        id=row["id"],
        number=row["number"],
        heading=row["heading"][language],
        plain=row["plain"][language],
        paragraphs=paragraphs(text, row["number"]),
    )


def paragraphs(text: str, clause_number: int) -> tuple[Paragraph, ...]:
    """Return the numbered paragraphs of a text whose blocks stand apart by an empty line.

    Lines that open with "- " are list items; a list belongs to the paragraph before it.
    """
    found: list[Paragraph] = []
    for block in filter(None, (part.strip() for part in text.split("\n\n"))):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        prose = " ".join(line for line in lines if not line.startswith("- "))
        items = tuple(line[2:].strip() for line in lines if line.startswith("- "))
        if prose or not found:
            found.append(Paragraph(f"{clause_number}.{len(found) + 1}", prose, items))
        else:
            last = found[-1]
            found[-1] = Paragraph(last.number, last.text, last.items + items)
    return tuple(found)
