"""The life of an observation: read, published or hidden, contested once, decided by a second person."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where an observation is."""

    RECEIVED = "received"  # waits until a person has looked at it
    PUBLISHED = "published"
    HIDDEN = "hidden"
    CONTESTED = "contested"  # hidden, and its author asked for a second look
    KEPT_HIDDEN = "kept_hidden"  # the second person thought so too


class Verb(StrEnum):
    """What can be done with an observation."""

    PUBLISH = "publish"
    HIDE = "hide"
    CONTEST = "contest"
    RESTORE = "restore"
    UPHOLD = "uphold"
    ANSWER = "answer"


LIFE = Lifecycle(
    Move(Verb.PUBLISH, (State.RECEIVED,), State.PUBLISHED),
    Move(Verb.HIDE, (State.RECEIVED, State.PUBLISHED), State.HIDDEN),
    Move(Verb.CONTEST, (State.HIDDEN,), State.CONTESTED),
    Move(Verb.RESTORE, (State.CONTESTED,), State.PUBLISHED),
    Move(Verb.UPHOLD, (State.CONTESTED,), State.KEPT_HIDDEN),
    # The answer stands beside the observation and leaves it where it is.
    Move(Verb.ANSWER, (State.PUBLISHED,), State.PUBLISHED),
)
