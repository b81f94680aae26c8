"""The life of an issued paper: never changed and never made again, only followed by a newer one."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a paper is."""

    DUE = "due"
    RENDERED = "rendered"
    SEALED = "sealed"
    SUPERSEDED = "superseded"


class Verb(StrEnum):
    """What can be done with a paper."""

    RENDER = "render"
    SEAL = "seal"
    SUPERSEDE = "supersede"


LIFE = Lifecycle(
    Move(Verb.RENDER, (State.DUE,), State.RENDERED),
    Move(Verb.SEAL, (State.RENDERED,), State.SEALED),
    Move(Verb.SUPERSEDE, (State.SEALED,), State.SUPERSEDED),
)
