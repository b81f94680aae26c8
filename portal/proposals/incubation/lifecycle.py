"""The life of a venture on a track."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a venture is."""

    APPLIED = "applied"
    ON_TRACK = "on_track"
    NOT_CHOSEN = "not_chosen"
    WITHDRAWN = "withdrawn"
    FOUNDED = "founded"


class Verb(StrEnum):
    """What can be done with a venture."""

    GO_ON = "go_on"
    TURN_DOWN = "turn_down"
    WITHDRAW = "withdraw"
    FOUND = "found"


LIFE = Lifecycle(
    Move(Verb.GO_ON, (State.APPLIED, State.ON_TRACK), State.ON_TRACK),
    Move(Verb.TURN_DOWN, (State.APPLIED, State.ON_TRACK), State.NOT_CHOSEN),
    Move(Verb.WITHDRAW, (State.APPLIED, State.ON_TRACK), State.WITHDRAWN),
    Move(Verb.FOUND, (State.ON_TRACK,), State.FOUNDED),
)
GOING = frozenset({State.APPLIED, State.ON_TRACK})
