"""The receipt of a proposal: its number, when it came, by when the city answers, and all that was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from portal.documents.layout import Foot, to_sheet
from portal.words import W, say

__all__ = ["Answer", "Desk", "ReceiptContext", "Section", "Sent", "receipt", "to_sheet"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One question as it was asked and what was answered; nothing typed is an empty answer."""

    question: str
    answer: str
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the proposal, as it was sent."""

    heading: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """The proposal as it arrived; `content_hash` is the SHA-256 of what was sent."""

    code: str
    title: str
    received_at: datetime
    answer_by: date
    content_hash: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Who received the proposal and where it can be followed."""

    city: str
    office: str
    contact: str
    track_url: str


@dataclass(frozen=True, slots=True)
class ReceiptContext:
    """Everything the receipt says; private, for whoever sent the proposal."""

    template: ClassVar[str] = "papers/receipt.html"

    sent: Sent
    sections: tuple[Section, ...]
    desk: Desk
    language: str

    @property
    def issued_at(self) -> datetime:
        return self.sent.received_at

    @property
    def title_line(self) -> str:
        parameters = {"code": self.sent.code, "title": self.sent.title}
        return say(W("Receipt for proposal %(code)s: %(title)s", **parameters), self.language)

    @property
    def identifier(self) -> str:
        return f"receipt {self.sent.code} {self.language}"

    @property
    def foot(self) -> Foot:
        return Foot(
            code=self.sent.code,
            edition=say(W("Receipt for the sender"), self.language),
            content_hash=self.sent.content_hash,
            check_url=self.desk.track_url,
        )

    def attached(self) -> dict[str, Any]:
        """Return the machine-readable receipt."""
        return {
            "schema": "paper/receipt/1",
            "language": self.language,
            "code": self.sent.code,
            "title": self.sent.title,
            "received_at": self.sent.received_at.isoformat(),
            "answer_by": self.sent.answer_by.isoformat(),
            "content_hash": self.sent.content_hash,
            "sections": [_section_row(section) for section in self.sections],
        }


def receipt(sent: Sent, sections: Sequence[Section], desk: Desk, *, language: str) -> ReceiptContext:
    """Return the receipt of a proposal as it was sent."""
    return ReceiptContext(sent=sent, sections=tuple(sections), desk=desk, language=language)


def _section_row(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "answers": [{"question": row.question, "answer": row.answer} for row in section.answers],
    }
