"""The decision of refusal as a sealed paper: reasons, the rule, the answer to the reply, and the remedies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from portal import crypto
from portal.documents.layout import Foot
from portal.proposals.papers import Desk
from portal.proposals.profiles import profile_of
from portal.words import W, say

if TYPE_CHECKING:
    from portal.city import Profile
    from portal.proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be done against the decision."""

    name: str
    text: str
    days: int
    source: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, when and why."""

    code: str
    title: str
    received_at: datetime
    noticed_at: datetime
    decided_at: datetime
    reason: str
    source: str
    has_reply: bool


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """Everything the decision says; for whoever proposed."""

    template: ClassVar[str] = "papers/decision.html"

    decision: Decision
    ways: tuple[Way, ...]
    desk: Desk
    language: str

    @property
    def issued_at(self) -> datetime:
        return self.decision.decided_at

    @property
    def title_line(self) -> str:
        parameters = {"code": self.decision.code, "title": self.decision.title}
        return say(W("Decision on proposal %(code)s: %(title)s", **parameters), self.language)

    @property
    def identifier(self) -> str:
        return f"decision {self.decision.code} {self.language}"

    @property
    def foot(self) -> Foot:
        return Foot(
            code=self.decision.code,
            edition=say(W("Decision for whoever proposed"), self.language),
            content_hash=crypto.sha256_hex(crypto.canonical(self._content())),
            check_url=self.desk.track_url,
        )

    def attached(self) -> dict[str, Any]:
        """Return the machine-readable decision."""
        return {"schema": "paper/decision/1", "language": self.language, **self._content()}

    def _content(self) -> dict[str, Any]:
        told = self.decision
        return {
            "code": told.code,
            "title": told.title,
            "outcome": "refused",
            "received_at": told.received_at.isoformat(),
            "noticed_at": told.noticed_at.isoformat(),
            "decided_at": told.decided_at.isoformat(),
            "has_reply": told.has_reply,
            "reason": told.reason,
            "source": told.source,
            "remedies": [{"name": one.name, "days": one.days, "source": one.source} for one in self.ways],
        }


def decision(proposal: Proposal, base_url: str) -> DecisionContext:
    """Return the decision on a refused proposal, in the language in which it was written."""
    profile, language = profile_of(proposal), proposal.language
    if not (proposal.submitted_at and proposal.noticed_at and proposal.decided_at):
        raise ValueError(proposal.code)  # a CHECK of the table says otherwise
    told = Decision(
        code=proposal.code,
        title=proposal.title,
        received_at=proposal.submitted_at,
        noticed_at=proposal.noticed_at,
        decided_at=proposal.decided_at,
        reason=proposal.reason,
        source=proposal.reason_source,
        has_reply=bool(proposal.reply),
    )
    desk = Desk(
        city=profile.body,
        office=profile.offices[0].name[language],
        contact=f"{profile.contact.phone} · {profile.contact.mail}",
        track_url=f"{base_url}/{language}/track/{proposal.code}",
    )
    return DecisionContext(decision=told, ways=ways(profile, language), desk=desk, language=language)


def ways(profile: Profile, language: str) -> tuple[Way, ...]:
    """Return the city's remedies in words."""
    return tuple(
        Way(
            one.name[language],
            one.text[language],
            one.days,
            profile.citation(one.citation).words[language],
        )
        for one in profile.remedies
    )
