"""Slips of A5 to take home: the card to come back to a draft, and the receipt of what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from portal.documents.layout import Foot
from portal.words import W, say

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.proposals.models import Proposal

CARD, RECEIPT = "counter_card", "counter_receipt"


@dataclass(frozen=True, slots=True)
class SlipContext:
    """Everything a slip says: a number, a day, where to ask; no name and no word of the proposal."""

    template: ClassVar[str] = "papers/slip.html"

    kind: str
    code: str
    day: date
    city: str
    phone: str
    counter: str
    hours: str
    url: str
    language: str
    issued_at: datetime

    @property
    def is_card(self) -> bool:
        return self.kind == CARD

    @property
    def title_line(self) -> str:
        words = W("Card for draft %(code)s") if self.is_card else W("Receipt for proposal %(code)s")
        return say(W(words.id, code=self.code), self.language)

    @property
    def short_url(self) -> str:
        return self.url.partition("://")[2]

    @property
    def identifier(self) -> str:
        return f"{self.kind} {self.code} {self.language}"

    @property
    def foot(self) -> Foot:
        return Foot(code=self.code, edition="", content_hash="", check_url=self.url)

    def attached(self) -> Mapping[str, Any]:
        """Return the machine-readable slip."""
        return {
            "schema": f"paper/{self.kind}/1",
            "language": self.language,
            "code": self.code,
            "day": self.day.isoformat(),
            "url": self.url,
        }


def slip(kind: str, proposal: Proposal, profile: Profile, *, day: date, base_url: str) -> SlipContext:
    """Return a slip; `day` is until when a draft is kept, or by when the city answers."""
    language = proposal.language
    return SlipContext(
        kind=kind,
        code=proposal.code,
        day=day,
        city=profile.body,
        phone=profile.contact.phone,
        counter=profile.contact.counter[language],
        hours=profile.contact.hours[language],
        url=f"{base_url}/{language}/track/{proposal.code}",
        language=language,
        issued_at=proposal.submitted_at or proposal.started_at,
    )
