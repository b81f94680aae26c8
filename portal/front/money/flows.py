"""Where the support flows: from each kind of it to each district, as a picture and as a table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.charts.flows import Flow
from portal.support.ledger import Kind, balance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.front.money.totals import Cell


@dataclass(frozen=True, slots=True)
class Band:
    """What of one kind goes to one district, worth so many cents."""

    kind: str
    district: str
    promised: int
    given: int


def bands(found: Iterable[Cell]) -> list[Band]:
    """Return what flows, the kinds in their order, of each the largest first; nothing that has no price."""
    rows: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for one in found:
        rows[one.kind, one.district].append((one.movement, one.cents))
    made = []
    for (kind, district), moved in rows.items():
        sums = balance(moved)
        made.append(Band(kind, district, sums.reserved + sums.committed, sums.delivered))
    order = [kind.value for kind in Kind]
    made.sort(key=lambda one: (order.index(one.kind), -one.promised, one.district))
    return [one for one in made if one.promised > 0]


def drawn(found: Iterable[Band]) -> list[Flow]:
    """Return the bands for the picture."""
    return [Flow(one.kind, one.district, one.promised) for one in found]


def sums(found: Iterable[Band], by: str) -> list[tuple[str, int]]:
    """Return what all bands of a side add up to, in the order in which the picture has them."""
    made: dict[str, int] = {}
    for one in found:
        key = getattr(one, by)
        made[key] = made.get(key, 0) + one.promised
    return list(made.items())
