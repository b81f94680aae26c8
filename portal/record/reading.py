"""Read the stored record back, act by act in its order, and say where it does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from portal import db
from portal.canonical import leaf_hash
from portal.record.merkle import Frontier, Node
from portal.record.models import Act, Leaf, TreeNode

# Rows in memory at once, however long the record is.
STEP = 2_000
# The columns that repeat what the canonical bytes say.
REPEATED = ("actor", "actor_kind", "behalf", "facts", "subject", "verb")

_ENTRIES = (
    select(
        Leaf.position,
        Leaf.hash,
        Act.canonical,
        Act.at,
        *(getattr(Act, name) for name in REPEATED),
    )
    .outerjoin(Act, Act.id == Leaf.act_id)
    .order_by(Leaf.position)
)
_NODES = select(TreeNode.level, TreeNode.place, TreeNode.hash)


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
            start = self.frontier.size
            rows = self._rows(start, until)
            if not rows:
                return
            completed: list[tuple[Node, bytes]] = []
            for row in rows:
                self._take(row, completed)
            self._compare(completed)
            yield self.frontier.size

    def _rows(self, start: int, until: int | None) -> list[Any]:
        found = _ENTRIES.where(Leaf.position >= start).limit(STEP)
        if until is not None:
            found = found.where(Leaf.position < until)
        return list(db.session().execute(found))

    def _take(self, row: Any, completed: list[tuple[Node, bytes]]) -> None:
        here = self.frontier.size
        if row.position != here:
            raise Broken(Fault(here, here, "it is missing"))
        if row.canonical is None:
            raise Broken(Fault(here, here, "its content is missing"))
        if leaf_hash(row.canonical) != row.hash:
            raise Broken(Fault(here, here, "its content is not the one that was entered"))
        odd = differing(row)
        if odd:
            raise Broken(Fault(here, here, f"its column {odd} does not say what was entered"))
        completed += self.frontier.add(row.hash)

    def _compare(self, completed: list[tuple[Node, bytes]]) -> None:
        if not completed:
            return
        stored = _stored(completed)
        for node, wanted in completed:
            first, last = node.place << node.level, ((node.place + 1) << node.level) - 1
            if last < self.grown and stored.get(node) != wanted:
                raise Broken(Fault(first, last, "the tree over it is not the one that was stored"))


def _stored(completed: list[tuple[Node, bytes]]) -> dict[Node, bytes]:
    spans: dict[int, tuple[int, int]] = {}
    for node, _ in completed:
        low, high = spans.get(node.level, (node.place, node.place))
        spans[node.level] = min(low, node.place), max(high, node.place)
    found: dict[Node, bytes] = {}
    for level, (low, high) in spans.items():
        rows = _NODES.where(TreeNode.level == level, TreeNode.place.between(low, high))
        found |= {Node(level, place): content for _, place, content in db.session().execute(rows)}
    return found


def differing(row: Any) -> str:
    """Return the first column that does not repeat what the canonical bytes say, or nothing."""
    try:
        content = json.loads(row.canonical)
    except ValueError:
        return "canonical"
    if not isinstance(content, dict) or content.keys() != {"at", *REPEATED}:
        return "canonical"
    if content["at"] != instant_text(row.at):
        return "at"
    return next((name for name in REPEATED if content[name] != getattr(row, name)), "")


def instant_text(instant: datetime) -> str:
    """Return the instant as fixed-width UTC text, so that text order is time order."""
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
