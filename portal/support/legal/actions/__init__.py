"""The verbs of legal help, the only writers: matters, appointments, work and guides."""

from portal.support.legal.actions.appointments import (
    Plan,
    accept,
    cancel,
    change,
    miss,
    offer,
    propose,
    take,
    withdraw,
)
from portal.support.legal.actions.guides import answer
from portal.support.legal.actions.held import Room, help_for, side_of
from portal.support.legal.actions.matters import ask, close, give_file, note, reopen, write
from portal.support.legal.actions.working import (
    Work,
    confirm,
    confirm_by_silence,
    correct,
    enter,
    not_yet,
    object_to,
    settle,
)

__all__ = [
    "Plan",
    "Room",
    "Work",
    "accept",
    "answer",
    "ask",
    "cancel",
    "change",
    "close",
    "confirm",
    "confirm_by_silence",
    "correct",
    "enter",
    "give_file",
    "help_for",
    "miss",
    "not_yet",
    "note",
    "object_to",
    "offer",
    "propose",
    "reopen",
    "settle",
    "side_of",
    "take",
    "withdraw",
    "write",
]
