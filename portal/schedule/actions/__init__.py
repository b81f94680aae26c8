"""Claim a period of a job, keep its lease, say how far it is, end it; the fence number guards the end."""

from portal.schedule.actions.items import (
    Hopeless,
    forget_failure,
    forgetting,
    leave,
    note_failure,
    note_failure_here,
    try_again,
    try_all_again,
)
from portal.schedule.actions.lives import (
    KEPT,
    claim,
    finish,
    finish_quietly,
    give_back,
    prune,
    stop_for_good,
    take_over,
)
from portal.schedule.actions.runs import HELD, LATER, LEASE, Cancelled, LeaseLost, Run, Stopping, stopping
from portal.schedule.actions.steering import announce, ask_now, cancel

__all__ = [
    "HELD",
    "KEPT",
    "LATER",
    "LEASE",
    "Cancelled",
    "Hopeless",
    "LeaseLost",
    "Run",
    "Stopping",
    "announce",
    "ask_now",
    "cancel",
    "claim",
    "finish",
    "finish_quietly",
    "forget_failure",
    "forgetting",
    "give_back",
    "leave",
    "note_failure",
    "note_failure_here",
    "prune",
    "stop_for_good",
    "stopping",
    "take_over",
    "try_again",
    "try_all_again",
]
