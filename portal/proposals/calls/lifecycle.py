"""The life of a call: what a person did is its state, what the calendar did is its phase."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from portal.lifecycle import Lifecycle, Move

if TYPE_CHECKING:
    from datetime import datetime


class State(StrEnum):
    """What people did with a call."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DECIDED = "decided"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What can be done with a call."""

    CHANGE = "change"
    PUBLISH = "publish"
    EXTEND = "extend"
    DECIDE = "decide"
    CANCEL = "cancel"


class Phase(StrEnum):
    """Where a call is at an instant; a published one opens and closes by the calendar alone."""

    DRAFT = "draft"
    AHEAD = "ahead"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"
    CANCELLED = "cancelled"


LIFE = Lifecycle(
    Move(Verb.CHANGE, (State.DRAFT,), State.DRAFT),
    Move(Verb.PUBLISH, (State.DRAFT,), State.PUBLISHED),
    Move(Verb.EXTEND, (State.PUBLISHED,), State.PUBLISHED),
    Move(Verb.DECIDE, (State.PUBLISHED,), State.DECIDED),
    Move(Verb.CANCEL, (State.DRAFT, State.PUBLISHED), State.CANCELLED),
)


class Dated(Protocol):
    """What this file reads of a call."""

    state: str
    opens_at: datetime | None
    closes_at: datetime | None


def phase(call: Dated, at: datetime) -> Phase:
    """Return the phase of a call at an instant; it is open from its first instant up to, not at, its last."""
    if call.state != State.PUBLISHED or call.opens_at is None or call.closes_at is None:
        return Phase(call.state) if call.state != State.PUBLISHED else Phase.DRAFT
    if at < call.opens_at:
        return Phase.AHEAD
    return Phase.OPEN if at < call.closes_at else Phase.CLOSED
