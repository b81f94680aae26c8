"""What a city says about legal help: which hours count, and guides to the questions that are always asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from portal.city.shapes import Words

if TYPE_CHECKING:
    from portal.city.whole import Profile

GUIDES = ("licence", "clinic", "dpia")
# The answers that the rules read, so that each city's guides must ask for them.
READ_BY_RULES = {
    "licence": frozenset({"thing", "public_money", "network", "reciprocity"}),
    "dpia": frozenset(f"criterion_{number}" for number in range(1, 10)),
}


@dataclass(frozen=True, slots=True)
class LegalHours:
    """Which hours of legal help count.

    Cancelled later than `late_hours` before, or not come, an appointment costs the group `missed_minutes`.
    Work to which nobody objected for `silent_days` counts as confirmed; with zero days silence says nothing.
    What is left of an hour at the end is rounded "up" or "down". `source` is the rule it rests on.
    """

    late_hours: int
    missed_minutes: int
    silent_days: int
    rounding: Literal["up", "down"]
    source: Words


@dataclass(frozen=True, slots=True)
class GuideOption:
    """One answer to choose."""

    id: str
    words: Words


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """A question with its source; without options it is answered in words.

    A point is done, open, or not applicable because of something. `role` tells the rules what a yes means.
    """

    id: str
    words: Words
    source: str = ""
    kind: Literal["choice", "yes_no", "text", "point"] = "yes_no"
    role: Literal["", "trigger", "criterion", "element"] = ""
    options: tuple[GuideOption, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideSection:
    """Some questions that are answered and kept together."""

    id: str
    title: Words
    about: Words
    questions: tuple[GuideQuestion, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide to one typical question; `counsel` says how far it can be relied upon."""

    id: Literal["licence", "clinic", "dpia"]
    title: Words
    about: Words
    counsel: Words
    sections: tuple[GuideSection, ...]

    def section(self, key: str) -> GuideSection:
        """Return a section; an unknown id is a KeyError."""
        for one in self.sections:
            if one.id == key:
                return one
        raise KeyError(key)

    @property
    def questions(self) -> tuple[GuideQuestion, ...]:
        """Return all questions in their order."""
        return tuple(question for section in self.sections for question in section.questions)


@dataclass(frozen=True, slots=True)
class OfferedLicence:
    """A licence to choose from; `id` is its SPDX name, or one of its own where SPDX has none.

    `things` are what it is made for. `reciprocity` says whether whoever passes on a better version shares it:
    "none", "weak" (the changed part), "strong" (all of it), "fair" (firms pay or belong to their workers).
    `network` says that offering it over a network counts as passing it on, `osi` that OSI approved it.
    """

    id: str
    things: tuple[Literal["software", "content", "data", "hardware", "brand"], ...]
    osi: bool
    network: bool
    reciprocity: Literal["none", "weak", "strong", "fair"]
    source: str


def faults_of(profile: Profile) -> Iterator[str]:
    """Yield what is wrong with legal help: a guide that is missing, or does not ask what the rules read."""
    known = {one.id for one in profile.guides}
    for missing in sorted(set(GUIDES) - known):
        yield f"legal/{missing}.toml: the guide is missing"
    for guide in profile.guides:
        asked = [question.id for question in guide.questions]
        for missing in sorted(READ_BY_RULES.get(guide.id, frozenset()) - set(asked)):
            yield f"legal/{guide.id}.toml: the rules read “{missing}”, which is not asked"
        for twice in sorted({one for one in asked if asked.count(one) > 1}):
            yield f"legal/{guide.id}.toml: “{twice}” is asked twice"
        yield from _unfit(guide)
    if not profile.licences:
        yield "legal/licence.toml: no licence is offered"


def _unfit(guide: Guide) -> Iterator[str]:
    for question in guide.questions:
        if (question.kind == "choice") != bool(question.options):
            yield f"legal/{guide.id}.toml[{question.id}]: a choice has options, and nothing else has"
        if question.kind == "point" and not question.source:
            yield f"legal/{guide.id}.toml[{question.id}]: a point names its source"
