"""The engine of every life: a literal table of moves, and the refusal of every other one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from portal.errors import WrongState
from portal.words import W

V = TypeVar("V", bound=StrEnum)
S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[V, S]):
    """One row of the table: this verb leads from any of these states to that one."""

    verb: V
    sources: tuple[S, ...]
    target: S


class Lifecycle(Generic[V, S]):
    """All moves of one thing; a verb may stand in several rows with different sources."""

    def __init__(self, *moves: Move[V, S]) -> None:
        self.moves = moves
        self._targets: dict[tuple[str, str], S] = {
            (m.verb.value, source.value): m.target for m in moves for source in m.sources
        }
        if len(self._targets) != sum(len(m.sources) for m in moves):
            msg = "two moves share a verb and a source"
            raise ValueError(msg)

    def allows(self, state: S | str, verb: V) -> bool:
        """Say whether the verb can be done in this state."""
        return (verb.value, str(state)) in self._targets

    def after(self, state: S | str, verb: V) -> S:
        """Return the state the verb leads to; refuse with WrongState where the table has no row."""
        target = self._targets.get((verb.value, str(state)))
        if target is None:
            raise WrongState(
                W("This cannot be done now, because things have moved on. Look at the page again.")
            )
        return target
