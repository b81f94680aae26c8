"""Which money financed what: what came first into the fund is used first. A rule over the ledger alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Inflow:
    """Money that came in: from which group and year, or None where the city itself put it in."""

    origin: tuple[int, int] | None
    cents: int


@dataclass(frozen=True, slots=True)
class Use:
    """Money that went out: to which allocation, or None where it left the fund in another way."""

    allocation: int | None
    cents: int


@dataclass(frozen=True, slots=True)
class Part:
    """So much of one inflow financed so much of one use."""

    origin: tuple[int, int] | None
    allocation: int | None
    cents: int


def trace(inflows: Iterable[Inflow], uses: Iterable[Use]) -> list[Part]:
    """Return what financed what, first in, first out; both are given in the order of the ledger.

    Every use is covered as far as there is money; parts of one pair are one part.
    """
    waiting = deque(one for one in inflows if one.cents > 0)
    found: dict[tuple[tuple[int, int] | None, int | None], int] = {}
    for use in uses:
        rest = use.cents
        while rest > 0 and waiting:
            first = waiting.popleft()
            part = min(rest, first.cents)
            pair = (first.origin, use.allocation)
            found[pair] = found.get(pair, 0) + part
            rest -= part
            if part < first.cents:
                waiting.appendleft(Inflow(first.origin, first.cents - part))
    return [Part(*pair, cents) for pair, cents in found.items()]
