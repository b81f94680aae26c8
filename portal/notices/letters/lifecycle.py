"""The life of a letter, and of the batch in which letters are printed together."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    IN_BATCH = "in_batch"
    POSTED = "posted"
    RETURNED = "returned"


class Verb(StrEnum):
    """What can be done with a letter."""

    GATHER = "gather"
    RELEASE = "release"
    POST = "post"
    GIVE = "give"
    RETURN = "return"


LIFE = Lifecycle(
    Move(Verb.GATHER, (State.WAITING,), State.IN_BATCH),
    Move(Verb.RELEASE, (State.IN_BATCH,), State.WAITING),
    Move(Verb.POST, (State.IN_BATCH,), State.POSTED),
    # Told by phone or handed over at the counter: it never was in a batch.
    Move(Verb.GIVE, (State.WAITING,), State.POSTED),
    Move(Verb.RETURN, (State.POSTED,), State.RETURNED),
)


class BatchState(StrEnum):
    """Where a batch is."""

    DUE = "due"
    DRAWN = "drawn"
    POSTED = "posted"
    APART = "apart"


class BatchVerb(StrEnum):
    """What can be done with a batch."""

    DRAW = "draw"
    POST = "post"
    TAKE_APART = "take_apart"


BATCH_LIFE = Lifecycle(
    Move(BatchVerb.DRAW, (BatchState.DUE,), BatchState.DRAWN),
    Move(BatchVerb.POST, (BatchState.DRAWN,), BatchState.POSTED),
    # What was drawn may have been printed: taking it apart then would post letters twice.
    Move(BatchVerb.TAKE_APART, (BatchState.DUE,), BatchState.APART),
)
