"""How long the phases of a case take: pure counting; whoever still waits is counted too, never left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

# Fewer finished cases than this say nothing about the next one, and much about themselves.
ENOUGH = 5


class Phase(StrEnum):
    """What is measured, in the order of a case's life."""

    TAKEN = "taken"
    DECIDED = "decided"
    AGREED = "agreed"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Span:
    """One case in one phase: the days it took, took until today, or took until the group ended it."""

    office: str
    phase: Phase
    days: int
    how: Literal["finished", "open", "ended"] = "finished"


@dataclass(frozen=True, slots=True)
class Lasted:
    """A phase at an office: half of the finished cases took at most `median` days, None where too few are."""

    office: str
    phase: Phase
    finished: int
    median: int | None
    nine_of_ten: int | None
    still_open: int
    longest_open: int
    ended: int

    @property
    def cases(self) -> int:
        """Return how many cases began the phase."""
        return self.finished + self.still_open + self.ended


def within(days: Sequence[int], tenths: int) -> int:
    """Return the days within which so many tenths of the cases were through, as one of them took."""
    return sorted(days)[-(-len(days) * tenths // 10) - 1]


def lasted(spans: Iterable[Span]) -> list[Lasted]:
    """Return one row for each office and phase with a case, by office and in the order of a case's life."""
    found: dict[tuple[str, Phase], list[Span]] = defaultdict(list)
    for span in spans:
        found[span.office, span.phase].append(span)
    order = list(Phase)
    keys = sorted(found, key=lambda key: (key[0], order.index(key[1])))
    return [_row(office, phase, found[office, phase]) for office, phase in keys]


def _row(office: str, phase: Phase, spans: Sequence[Span]) -> Lasted:
    finished = [one.days for one in spans if one.how == "finished"]
    waiting = [one.days for one in spans if one.how == "open"]
    is_enough = len(finished) >= ENOUGH
    return Lasted(
        office,
        phase,
        finished=len(finished),
        median=within(finished, 5) if is_enough else None,
        nine_of_ten=within(finished, 9) if is_enough else None,
        still_open=len(waiting),
        longest_open=max(waiting, default=0),
        ended=len(spans) - len(finished) - len(waiting),
    )
