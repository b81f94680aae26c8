"""Read the stored record back, act by act in its order, and say where it does not hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, Select, String, Text, bindparam, cast, func, select, type_coerce

from portal import db
from portal.record.merkle import Completed, Frontier
from portal.record.models import Act, Leaf, TreeNode
from portal.record.repeating import REPEATED, all_repeat, why_bad

# Rows in memory at once, however long the record is.
STEP = 8_192


# The tables themselves: rows of mapped classes take three times as long to arrive.
_act, _leaf, _node = Act.__table__.c, Leaf.__table__.c, TreeNode.__table__.c


def _entries(at: Any, facts: Any) -> Select[Any]:
    # Instants and facts as text: making objects of them would cost more than all hashing together.
    as_text = {"at": at, "facts": facts}
    columns = [as_text.get(name, _act[name]) for name in REPEATED]
    found = select(_leaf.position, _leaf.hash, _act.canonical, *columns)
    found = found.select_from(Leaf.__table__.outerjoin(Act.__table__, _act.id == _leaf.act_id))
    return found.order_by(_leaf.position).limit(bindparam("step", STEP))


_ENTRIES = {
    "sqlite": _entries(type_coerce(_act.at, String), type_coerce(_act.facts, Text)),
    "postgresql": _entries(
        func.to_char(func.timezone("UTC", _act.at), "YYYY-MM-DD HH24:MI:SS.US"), cast(_act.facts, Text)
    ),
}
_NODES = (
    select(_node.hash, _node.place)
    .where(_node.level == bindparam("level"), _node.place.between(bindparam("first"), bindparam("last")))
    .order_by(_node.place)
)


class Fault(NamedTuple):
    """Where the record does not hold: the first bad act, or the first and last it can be among, and why."""

    first: int
    last: int
    why: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        among = (
            f"act {self.first}" if self.first == self.last else f"one of the acts {self.first} to {self.last}"
        )
        return f"{among}: {self.why}"


class Broken(Exception):
    """The stored record does not hold; `fault` says where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass
class Walk:
    """A walk over the record from a known edge of its tree; it stops at the first act that does not hold."""

    frontier: Frontier
    # How many leaves the stored tree has taken up; a record from before there was a tree catches up in steps.
    grown: int

    def through(self, until: int | None = None) -> Iterator[int]:
        """Take act after act up to, and without, `until`; yield how many are behind, at every step.

        Raises Broken at the first act that is missing, changed, out of its place, or not in the stored tree.
        """
        while until is None or self.frontier.size < until:
            rows = _rows(self.frontier.size, until)
            if not rows:
                return
            self._take(rows)
            yield self.frontier.size

    def _take(self, rows: list[Any]) -> None:
        start = self.frontier.size
        fault = None if _all_hold(rows, start) else _first_fault(rows, start)
        good = rows if fault is None else rows[: fault.first - start]
        for completed in self.frontier.extend([row[1] for row in good]):
            self._compare(completed)
        if fault is not None:
            raise Broken(fault)

    def _compare(self, completed: Completed) -> None:
        level, place, hashes = completed
        wanted = hashes[: max((self.grown >> level) - place, 0)]
        named = {"level": level, "first": place, "last": place + len(wanted) - 1}
        stored = _plain(db.session().connection().execute(_NODES, named)) if wanted else []
        if [row[0] for row in stored] == wanted:
            return
        there = {at: one for one, at in stored}
        odd = next(at for at, one in enumerate(wanted, start=place) if there.get(at) != one)
        why = "the tree over it is not the one that was stored"
        raise Broken(Fault(odd << level, ((odd + 1) << level) - 1, why))


def _rows(start: int, until: int | None) -> list[Any]:
    line = db.session().connection()
    found = _ENTRIES[line.dialect.name].where(_leaf.position >= start)
    if until is not None:
        found = found.where(_leaf.position < until)
    return _plain(line.execute(found))


def _plain(result: CursorResult[Any]) -> list[Any]:
    """Return the rows as the driver gives them; wrapping each would cost as much as reading it."""
    cursor = result.cursor
    assert cursor is not None  # noqa: S101 - a SELECT has one
    found = list(cursor.fetchall())
    result.close()
    return found


def _all_hold(rows: list[Any], start: int) -> bool:
    return (
        # Positions are unique and come in order: with the first and the last in place, so are all between.
        (rows[0][0], rows[-1][0]) == (start, start + len(rows) - 1)
        and [row[1] for row in rows] == [hashlib.sha256(b"\0" + (row[2] or b"")).digest() for row in rows]
        and all_repeat(rows)
    )


def _first_fault(rows: list[Any], start: int) -> Fault | None:
    for here, row in enumerate(rows, start=start):
        why = why_bad(row, here)
        if why:
            return Fault(here, here, why)
    return None


def instant_text(instant: datetime) -> str:
    """Return the instant as fixed-width UTC text, so that text order is time order."""
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
