"""The plaque that hangs at the place: what this is, who cares for it, and the code that leads to its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from portal.documents.layout import Foot
from portal.words import W, say


@dataclass(frozen=True, slots=True)
class PlaqueContext:
    """Everything the plaque says; it names groups and the city, never a person."""

    template: ClassVar[str] = "papers/plaque.html"

    code: str
    title: str
    summary: str
    carers: tuple[str, ...]
    is_place: bool
    city: str
    number: int
    url: str
    language: str
    prevailing_language: str
    issued_at: datetime

    @property
    def title_line(self) -> str:
        return say(W("Plaque for %(title)s", title=self.title), self.language)

    @property
    def identifier(self) -> str:
        return f"plaque {self.code} {self.language}"

    @property
    def foot(self) -> Foot:
        return Foot(code=self.code, edition="", content_hash="", check_url=self.url)

    def attached(self) -> dict[str, Any]:
        """Return the machine-readable plaque."""
        return {
            "schema": "paper/plaque/1",
            "language": self.language,
            "code": self.code,
            "number": self.number,
            "title": self.title,
            "url": self.url,
        }


def plaque(
    text: Mapping[str, Any], *, city: str, number: int, url: str, language: str, issued_at: datetime
) -> PlaqueContext:
    """Return the plaque of a pact; `url` is the short address that is printed and coded."""
    carers = tuple(row["name"] for row in text["parties"] if row["side"] == "community" and row["name"])
    return PlaqueContext(
        code=text["code"],
        title=text["title"],
        summary=text["summary"],
        carers=carers,
        is_place=text["commons"]["kind"] == "place",
        city=city,
        number=number,
        url=url,
        language=language,
        prevailing_language=text["language"],
        issued_at=issued_at,
    )
