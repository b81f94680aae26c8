"""The life of a booking; that its time has come is derived from the clock."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a booking is."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    LATE = "late"  # cancelled so late that the office decides whether the hours count
    USED = "used"
    MISSED = "missed"  # nobody came, or the late word counts: the hours are gone
    EXCUSED = "excused"


class Verb(StrEnum):
    """What can be done with a booking."""

    CANCEL = "cancel"
    CANCEL_LATE = "cancel_late"
    USE = "use"
    MISS = "miss"
    EXCUSE = "excuse"


LIFE = Lifecycle(
    Move(Verb.CANCEL, (State.BOOKED,), State.CANCELLED),
    Move(Verb.CANCEL_LATE, (State.BOOKED,), State.LATE),
    Move(Verb.USE, (State.BOOKED,), State.USED),
    Move(Verb.MISS, (State.BOOKED, State.LATE), State.MISSED),
    Move(Verb.EXCUSE, (State.BOOKED, State.LATE), State.EXCUSED),
)

HOLDS_HOURS = frozenset({State.BOOKED, State.LATE})
"""Where hours of the promise are kept for the booking and not given yet."""
