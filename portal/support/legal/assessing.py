"""Whether a data-protection impact assessment is due, and how far a clinic is: pure rules over answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from portal.words import W

# Guidelines WP248 rev.01, III.B: with two criteria an assessment should in most cases be made.
ENOUGH = 2


class Question(Protocol):
    """What the rules ask of a question."""

    @property
    def id(self) -> str:
        """Return its id."""

    @property
    def kind(self) -> str:
        """Return choice, yes_no, text or point."""

    @property
    def role(self) -> str:
        """Return trigger, criterion or element."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answers say so far: due, "think" (decide and write down why), not due, or open."""

    due: str
    reasons: tuple[W, ...]


def verdict(questions: Iterable[Question], answers: Mapping[str, str]) -> Verdict:
    """Return whether an assessment is due, with the reasons and their source."""
    asked = [one for one in questions if one.role in {"trigger", "criterion"}]
    yes = [one for one in asked if answers.get(one.id) == "yes"]
    triggers = [one for one in yes if one.role == "trigger"]
    signs = [one for one in yes if one.role == "criterion"]
    if triggers:
        return Verdict("due", (W("The law names this case: an assessment must be made (GDPR, art. 35(3))."),))
    if len(signs) >= ENOUGH:
        words = W(
            "%(count)s signs of a high risk apply: with two, make an assessment (WP248 rev.01, III.B).",
            count=len(signs),
        )
        return Verdict("due", (words,))
    left = sum(1 for one in asked if not answers.get(one.id))
    if left:
        return Verdict("open", (W("Questions still without an answer: %(count)s.", count=left),))
    if signs:
        one_sign = W("One sign applies. Decide, and write down why (WP248 rev.01, III.B).")
        return Verdict("think", (one_sign,))
    none = W("No sign of a high risk applies, so none is due. Keep these answers (GDPR, art. 35(1)).")
    return Verdict("not_due", (none,))


@dataclass(frozen=True, slots=True)
class Progress:
    """How many points of a list are done, open, not applicable, and not looked at yet."""

    done: int
    open: int
    not_applicable: int
    untouched: int

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is left to do."""
        return self.open == self.untouched == 0


def progress(questions: Iterable[Question], answers: Mapping[str, str]) -> Progress:
    """Return how far a list is; a point that does not apply counts only with the reason why."""
    points = [one for one in questions if one.kind == "point"]
    states = [_state(one, answers) for one in points]
    return Progress(*(states.count(one) for one in ("done", "open", "na", "")))


def _state(question: Question, answers: Mapping[str, str]) -> str:
    state = answers.get(question.id, "")
    return "" if state == "na" and not answers.get(why(question.id)) else state


def why(key: str) -> str:
    """Return under which key stands why a point does not apply, or what is still missing."""
    return f"{key}_why"
