"""The life of a server that the city gives; that it is late or near its end is derived from the days."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a server is."""

    TO_PREPARE = "to_prepare"
    REQUESTED = "requested"
    PROVISIONING = "provisioning"
    RUNNING = "running"
    CHANGE_ASKED = "change_asked"
    WINDING_DOWN = "winding_down"
    HANDED_OVER = "handed_over"
    DELETED = "deleted"
    FAILED = "failed"
    CALLED_OFF = "called_off"


class Verb(StrEnum):
    """What can be done with a server."""

    PREPARE = "prepare"
    REQUEST = "request"
    BEGIN = "begin"
    RUN = "run"
    FAIL = "fail"
    CALL_OFF = "call_off"
    ASK_CHANGE = "ask_change"
    DECIDE_CHANGE = "decide_change"
    WIND_DOWN = "wind_down"
    HAND_OVER = "hand_over"
    DELETE = "delete"


_ON_THE_WAY = (State.REQUESTED, State.PROVISIONING)
LIFE = Lifecycle(
    Move(Verb.PREPARE, (State.TO_PREPARE,), State.TO_PREPARE),
    Move(Verb.PREPARE, (State.FAILED,), State.FAILED),
    Move(Verb.REQUEST, (State.TO_PREPARE, State.FAILED), State.REQUESTED),
    Move(Verb.BEGIN, (State.REQUESTED,), State.PROVISIONING),
    Move(Verb.RUN, _ON_THE_WAY, State.RUNNING),
    Move(Verb.FAIL, _ON_THE_WAY, State.FAILED),
    # Before there is a machine, nothing has to be handed over.
    Move(Verb.CALL_OFF, (State.TO_PREPARE, State.FAILED), State.CALLED_OFF),
    Move(Verb.ASK_CHANGE, (State.RUNNING,), State.CHANGE_ASKED),
    Move(Verb.DECIDE_CHANGE, (State.CHANGE_ASKED,), State.RUNNING),
    Move(Verb.WIND_DOWN, (State.RUNNING, State.CHANGE_ASKED), State.WINDING_DOWN),
    Move(Verb.HAND_OVER, (State.WINDING_DOWN,), State.HANDED_OVER),
    Move(Verb.DELETE, (State.WINDING_DOWN,), State.DELETED),
)

# Somebody works with it.
IN_USE = frozenset({State.RUNNING, State.CHANGE_ASKED, State.WINDING_DOWN})
OVER = frozenset({State.HANDED_OVER, State.DELETED, State.CALLED_OFF})
# The city has promised it and it is not there yet.
AWAITED = frozenset({State.TO_PREPARE, State.REQUESTED, State.PROVISIONING, State.FAILED})
