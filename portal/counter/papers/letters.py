"""Letters for window envelopes: a list that stays at the office, then every letter on pages of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from portal import words
from portal.documents.layout import Foot, to_sheet
from portal.notices.letters.jobs import secret_of
from portal.words import W, say

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.notices.letters.models import Letter, LetterBatch

__all__ = ["LettersContext", "OneLetter", "letters", "to_sheet"]


@dataclass(frozen=True, slots=True)
class OneLetter:
    """One letter as it is printed, in the language of whoever reads it."""

    number: int
    language: str
    addressee: str
    lines: tuple[str, ...]
    title: str
    sentences: tuple[str, ...]
    link: str
    case: str
    secret: str
    office: str
    counter: str
    hours: str

    @property
    def say(self) -> Callable[..., str]:
        """Return what puts the letter's own sentences into its language."""
        return words.translator(self.language)

    @property
    def short_link(self) -> str:
        """Return the address as people type it."""
        return self.link.partition("://")[2]


@dataclass(frozen=True, slots=True)
class LettersContext:
    """Everything a batch of letters says; private, destroyed when the letters are posted."""

    template: ClassVar[str] = "papers/letters.html"

    number: int
    made_at: datetime
    city: str
    phone: str
    letters: tuple[OneLetter, ...]
    language: str

    @property
    def issued_at(self) -> datetime:
        return self.made_at

    @property
    def title_line(self) -> str:
        return say(W("Letters to post, batch %(number)s", number=self.number), self.language)

    @property
    def identifier(self) -> str:
        return f"letters {self.number}"

    @property
    def foot(self) -> Foot:
        return Foot(code="", edition="", content_hash="", check_url="")

    @property
    def section_languages(self) -> tuple[str, ...]:
        """Return the language of each letter, for screen readers."""
        return tuple(one.language for one in self.letters)

    def attached(self) -> dict[str, Any]:
        """Return the machine-readable list: numbers and languages, no names and no words of a letter."""
        return {
            "schema": "paper/letters/1",
            "batch": self.number,
            "letters": [{"number": one.number, "language": one.language} for one in self.letters],
        }


def letters(batch: LetterBatch, rows: Sequence[Letter], profile: Profile) -> LettersContext:
    """Return a batch as it is printed, its list in the city's first language."""
    return LettersContext(
        number=batch.id,
        made_at=batch.made_at,
        city=profile.body,
        phone=profile.contact.phone,
        letters=tuple(_one(row, profile) for row in rows),
        language=profile.languages[0],
    )


def _one(row: Letter, profile: Profile) -> OneLetter:
    language = row.language
    return OneLetter(
        number=row.id,
        language=language,
        addressee=row.addressee,
        lines=tuple(row.lines),
        title=row.title.partition("] ")[2] if row.title.startswith("[") else row.title,
        sentences=tuple(row.body.split("\n\n")),
        link=row.link,
        case=row.subject_key.rpartition(":")[2],
        secret=secret_of(row),
        office=profile.offices[0].name[language],
        counter=profile.contact.counter[language],
        hours=profile.contact.hours[language],
    )
