"""How a proposal is judged: what is still missing, what the scores add up to, who may advise. Plain rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from portal.city import HIGHEST_SCORE, Criterion
from portal.policy import Role
from portal.words import W


class Outcome(StrEnum):
    """What an office says."""

    FAVOURABLE = "favourable"
    PRESCRIPTIONS = "prescriptions"
    CONTRARY = "contrary"


OUTCOME_WORDS: Mapping[str, W] = {
    Outcome.FAVOURABLE: W("In favour"),
    Outcome.PRESCRIPTIONS: W("In favour, with prescriptions"),
    Outcome.CONTRARY: W("Against"),
}
OUTCOME_TONES: Mapping[str, str] = {
    Outcome.FAVOURABLE: "green",
    Outcome.PRESCRIPTIONS: "ochre",
    Outcome.CONTRARY: "red",
}
KIND_WORDS: Mapping[str, W] = {
    "legal": W("Law"),
    "it": W("Digital infrastructure"),
    "green": W("Parks and trees"),
    "heritage": W("Heritage"),
    "safety": W("Safety"),
    "privacy": W("Personal data"),
}
# Lawyers advise on law, those who run the servers on servers; an adviser for whatever office asks them.
_KINDS = {Role.LEGAL: frozenset({"legal", "privacy"}), Role.INFRASTRUCTURE: frozenset({"it"})}
ALL_KINDS = frozenset(KIND_WORDS)


class OpinionLike(Protocol):
    """What this file reads of an opinion."""

    kind: str
    state: str
    outcome: str
    went_on_because: str


@dataclass(frozen=True, slots=True)
class Scored:
    """One criterion with its score, what that score means, and the reason given for it."""

    criterion: Criterion
    score: int | None
    reason: str

    @property
    def is_whole(self) -> bool:
        """Say whether it has both."""
        return self.score is not None and bool(self.reason)


@dataclass(frozen=True, slots=True)
class Result:
    """All criteria, and the points they add up to."""

    rows: tuple[Scored, ...]
    points: int
    most: int

    @property
    def is_whole(self) -> bool:
        """Say whether every criterion has a score and a reason."""
        return bool(self.rows) and all(row.is_whole for row in self.rows)


def result(scores: Mapping[str, Any], criteria: Iterable[Criterion]) -> Result:
    """Return the scores by the city's criteria; a score counts as often as its criterion weighs."""
    rows = tuple(_row(one, scores.get(one.id) or {}) for one in criteria)
    points = sum((row.score or 0) * row.criterion.weight for row in rows)
    return Result(rows, points, sum(HIGHEST_SCORE * row.criterion.weight for row in rows))


def _row(criterion: Criterion, kept: Mapping[str, Any]) -> Scored:
    score = kept.get("score")
    known = isinstance(score, int) and not isinstance(score, bool) and 0 <= score <= HIGHEST_SCORE
    return Scored(criterion, score if known else None, str(kept.get("reason") or ""))


def kinds_of(roles: Iterable[Role]) -> frozenset[str]:
    """Return the kinds of opinion that somebody with these roles may give."""
    held = frozenset(roles)
    if Role.ADVISER in held:
        return ALL_KINDS
    return frozenset[str]().union(*(_KINDS.get(role, frozenset()) for role in held))


def what_opinions_miss(required: Iterable[str], opinions: Iterable[OpinionLike]) -> Iterator[W]:
    """Say what stands between a case and its signature: an opinion that is missing, or one not answered."""
    rows = tuple(opinions)
    closed = {one.kind for one in rows if one.state != "asked"}
    for kind in required:
        if kind not in closed:
            yield W("The opinion on this is required and not in: %(kind)s.", kind=KIND_WORDS[kind])
    yield from against(rows)


def against(opinions: Iterable[OpinionLike]) -> Iterator[W]:
    """Say which opinion is against it while nobody has written why the city goes on all the same."""
    for one in opinions:
        if one.outcome == Outcome.CONTRARY and not one.went_on_because:
            yield W(
                "An office is against it: %(kind)s. Say why the city goes on all the same, or refuse it.",
                kind=KIND_WORDS[one.kind],
            )
