"""Where a proposal stands on the city's life line: stations behind it, the present one, and those ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal import clock
from portal.city import Profile, Stage
from portal.observations import phases
from portal.observations.phases import Phase
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
    State.MERGED: "checking",
}
_OVER = {State.REFUSED, State.WITHDRAWN, State.LAPSED, State.MERGED}
_NOTES: dict[State, W] = {
    State.SUPPLEMENT_ASKED: W("waiting for you"),
    State.REFUSAL_NOTICED: W("waiting for your reply"),
    State.REFUSED: W("not accepted"),
    State.WITHDRAWN: W("withdrawn"),
    State.LAPSED: W("lapsed"),
    State.MERGED: W("goes on in another"),
}


# The group has replied: from here on the city is waited for.
REPLY_IN_HAND = W("the reply is in hand")


class Case(Protocol):
    """What this file reads of a proposal."""

    state: str
    started_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    replied_at: datetime | None


class Watched(Protocol):
    """What this file reads of a period for observations."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Station:
    """One station: its name, its state (done, now, todo, missed), its day if it has one, a note."""

    id: str
    name: str
    state: str
    at: datetime | None = None
    note: W | str = ""


def life_line(case: Case, profile: Profile, language: str, period: Watched | None = None) -> list[Station]:
    """Return the stations of a proposal; after the end of a life nothing stands ahead any more.

    `period` is the proposal's period for observations, where one is published.
    """
    state = State(case.state)
    present = _present(case, period)
    ids = [stage.id for stage in _stages(profile)]
    here = ids.index(present)
    found = []
    for place, stage in enumerate(_stages(profile)):
        standing = "done" if place < here else "now" if place == here else "todo"
        if state in _OVER and place > here:
            break
        note = (_note(case, state) or _counted(period)) if place == here else ""
        day = _day(case, stage.id) or (period.opens_at if period and stage.id == "observations" else None)
        found.append(Station(stage.id, stage.name[language], standing, day, note))
    return found


def _note(case: Case, state: State) -> W | str:
    if state is State.REFUSAL_NOTICED and case.replied_at is not None:
        return REPLY_IN_HAND
    return _NOTES.get(state, "")


def _present(case: Case, period: Watched | None) -> str:
    if not case.submitted_at:
        return "idea"
    present = _NOW[State(case.state)]
    # Checking goes on meanwhile: what everybody can take part in is the station that is shown.
    is_open_to_all = period is not None and period.opens_at <= clock.now()
    return "observations" if present == "checking" and is_open_to_all else present


def _counted(period: Watched | None) -> W | str:
    if period is None or phases.phase(period.opens_at, period.closes_at, clock.now()) is not Phase.OPEN:
        return ""
    count = phases.count(period.opens_at, period.closes_at, clock.now(), clock.zone())
    return W("day %(day)s of %(days)s", day=count.day, days=count.days)


def _stages(profile: Profile) -> list[Stage]:
    watched = any(one.observation_days for one in profile.classes)
    return [stage for stage in profile.stages if watched or stage.id != "observations"]


def _day(case: Case, stage: str) -> datetime | None:
    accepted = case.decided_at if case.state == State.ACCEPTED else None
    return {"idea": case.started_at, "sent": case.submitted_at, "co_design": accepted}.get(stage)
