"""How many came, how many went on at each stage, and how many were founded: sums of what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.proposals.incubation.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Counted:
    """So many ventures of one state that came as far as one stage."""

    state: str
    stage: int
    count: int


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the funnel; places of 0 are without limit."""

    number: int
    places: int
    came: int
    not_chosen: int
    withdrawn: int


def levels(places: Sequence[tuple[int, int]], counts: Iterable[Counted]) -> list[Level]:
    """Return the levels from all who applied (0) to the last stage; `places` are (number, places) by number.

    A level counts everybody who came as far, and who left it before the next.
    """
    known = list(counts)
    return [_level(number, most, known) for number, most in ((0, 0), *places)]


def _level(number: int, places: int, counts: Sequence[Counted]) -> Level:
    left = {
        state: sum(one.count for one in counts if one.state == state and one.stage == number)
        for state in (State.NOT_CHOSEN, State.WITHDRAWN)
    }
    came = sum(one.count for one in counts if one.stage >= number)
    return Level(number, places, came, left[State.NOT_CHOSEN], left[State.WITHDRAWN])


def founded(counts: Iterable[Counted]) -> int:
    """Return how many ended as a cooperative."""
    return sum(one.count for one in counts if one.state == State.FOUNDED)
