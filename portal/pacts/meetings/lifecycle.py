"""The life of a meeting; that it is over is derived from its end."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a meeting is."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    MINUTED = "minuted"
    CONFIRMED = "confirmed"


class Verb(StrEnum):
    """What can be done with a meeting."""

    CHANGE = "change"
    CANCEL = "cancel"
    WRITE_MINUTES = "write_minutes"
    CONFIRM = "confirm"


LIFE = Lifecycle(
    Move(Verb.CHANGE, (State.PLANNED,), State.PLANNED),
    Move(Verb.CANCEL, (State.PLANNED,), State.CANCELLED),
    # Minutes may be mended until the other side has confirmed them.
    Move(Verb.WRITE_MINUTES, (State.PLANNED, State.MINUTED), State.MINUTED),
    Move(Verb.CONFIRM, (State.MINUTED,), State.CONFIRMED),
)
