"""Where a proposal stands on the city's life line: stations behind it, the present one, and those ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.city import Profile, Stage
from portal.proposals.lifecycle import State
from portal.words import W

_NOW = {
    State.DRAFT: "idea",
    State.SUBMITTED: "checking",
    State.SUPPLEMENT_ASKED: "checking",
    State.REFUSAL_NOTICED: "checking",
    State.ACCEPTED: "co_design",
    State.REFUSED: "checking",
    State.WITHDRAWN: "checking",
    State.LAPSED: "checking",
}
_OVER = {State.REFUSED, State.WITHDRAWN, State.LAPSED}
_NOTES: dict[State, W] = {
    State.SUPPLEMENT_ASKED: W("waiting for you"),
    State.REFUSAL_NOTICED: W("waiting for your reply"),
    State.REFUSED: W("not accepted"),
    State.WITHDRAWN: W("withdrawn"),
    State.LAPSED: W("lapsed"),
}


class Case(Protocol):
    """What this file reads of a proposal."""

    state: str
    started_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Station:
    """One station: its name, its state (done, now, todo, missed), its day if it has one, a note."""

    id: str
    name: str
    state: str
    at: datetime | None = None
    note: W | str = ""


def life_line(case: Case, profile: Profile, language: str) -> list[Station]:
    """Return the stations of a proposal; after the end of a life nothing stands ahead any more."""
    state = State(case.state)
    present = _NOW[state] if case.submitted_at else "idea"
    ids = [stage.id for stage in _stages(profile)]
    here = ids.index(present)
    found = []
    for place, stage in enumerate(_stages(profile)):
        standing = "done" if place < here else "now" if place == here else "todo"
        if state in _OVER and place > here:
            break
        note = _NOTES.get(state, "") if place == here else ""
        found.append(Station(stage.id, stage.name[language], standing, _day(case, stage.id), note))
    return found


def _stages(profile: Profile) -> list[Stage]:
    watched = any(one.observation_days for one in profile.classes)
    return [stage for stage in profile.stages if watched or stage.id != "observations"]


def _day(case: Case, stage: str) -> datetime | None:
    accepted = case.decided_at if case.state == State.ACCEPTED else None
    return {"idea": case.started_at, "sent": case.submitted_at, "co_design": accepted}.get(stage)
