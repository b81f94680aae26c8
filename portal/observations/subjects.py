"""What can be observed: the features above hand in how their things are found; nothing here knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from portal.errors import NotFound
from portal.web.access import NO_SUCH_PAGE

if TYPE_CHECKING:
    from flask.sansio.app import App

    from portal.city import Profile
    from portal.observations.models import Observation
    from portal.policy import Actor, Rel, Thing

OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the case's rules ask of a period here: the days at least, which rule says so; 0 where none is."""

    least_days: int
    citation: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Something public that people may speak about; `version` is that of a pact's text, 0 for a proposal.

    `other_key` is what it came of, whose observations stand beside its own: a pact's proposal.
    `rules` are None where no period can be published now: it is past that step, or its rules have none.
    """

    key: str
    code: str
    place: str
    title: str
    summary: str
    language: str
    thing: Thing
    profile: Profile
    version: int = 0
    other_key: str = ""
    rules: Rules | None = None
    is_undecided: bool = False
    is_closed: bool = False

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to the thing itself."""
        return self.thing.relations(actor)


# Given a code, the thing everybody may see, or None.
Find = Callable[[str], Subject | None]


@dataclass(frozen=True, slots=True)
class Concerned:
    """An observation together with its subject: who belongs to either does not decide for the city."""

    observation: Observation
    subject: Subject

    def relations(self, actor: Actor) -> frozenset[Rel]:
        """Return how the actor stands to the observation and to what it is about."""
        return self.observation.relations(actor) | self.subject.relations(actor)


def offer(app: App, place: str, find: Find) -> None:
    """Let the things of a room ("proposals", "pacts") be observed; called when the room is opened."""
    app.extensions.setdefault(OBSERVED, {})[place] = find


def subject_of(place: str, code: str) -> Subject:
    """Return the public thing of a room and a code; refuses with NotFound."""
    find: Find | None = current_app.extensions.get(OBSERVED, {}).get(place)
    found = find(code) if find else None
    if found is None:
        raise NotFound(NO_SUCH_PAGE)
    return found


def place_of(key: str) -> tuple[str, str]:
    """Return the room and the code of a subject key like "proposal:PR-7Q4K-29"."""
    kind, _, code = key.partition(":")
    return f"{kind}s", code


def subject_of_key(key: str) -> Subject:
    """Return the thing of a subject key."""
    return subject_of(*place_of(key))
