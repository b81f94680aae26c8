"""The lives of a matter and of an appointment; that an appointment is over is derived from its end."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class Topic(StrEnum):
    """What a matter is about."""

    LICENCE = "licence"
    CLINIC = "clinic"
    DPIA = "dpia"
    CONTRACT = "contract"
    TAX = "tax"
    OTHER = "other"


class Outcome(StrEnum):
    """What came of a matter."""

    SOLVED = "solved"
    REFERRED = "referred"
    FOUNDED = "founded"
    NOT_NEEDED = "not_needed"
    REFUSED = "refused"


class MatterState(StrEnum):
    """Where a matter is."""

    OPEN = "open"
    CLOSED = "closed"


class MatterVerb(StrEnum):
    """What can be done with a matter."""

    WRITE = "write"
    CLOSE = "close"
    REOPEN = "reopen"


MATTER = Lifecycle(
    Move(MatterVerb.WRITE, (MatterState.OPEN,), MatterState.OPEN),
    Move(MatterVerb.CLOSE, (MatterState.OPEN,), MatterState.CLOSED),
    Move(MatterVerb.REOPEN, (MatterState.CLOSED,), MatterState.OPEN),
)


class State(StrEnum):
    """Where an appointment is; what is free belongs to no matter yet."""

    FREE = "free"
    PROPOSED = "proposed"
    BOOKED = "booked"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What can be done with an appointment."""

    TAKE = "take"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    CHANGE = "change"
    CANCEL = "cancel"
    HOLD = "hold"
    MISS = "miss"


APPOINTMENT = Lifecycle(
    Move(Verb.TAKE, (State.FREE,), State.BOOKED),
    Move(Verb.WITHDRAW, (State.FREE,), State.WITHDRAWN),
    Move(Verb.ACCEPT, (State.PROPOSED,), State.BOOKED),
    Move(Verb.CHANGE, (State.BOOKED,), State.BOOKED),
    Move(Verb.CANCEL, (State.PROPOSED, State.BOOKED), State.CANCELLED),
    Move(Verb.HOLD, (State.BOOKED,), State.HELD),
    Move(Verb.MISS, (State.BOOKED,), State.MISSED),
)

TAKES_TIME = frozenset({State.FREE, State.PROPOSED, State.BOOKED})
"""Where the officer's quarters of an hour are kept for an appointment."""
