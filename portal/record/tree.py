"""The stored tree: it grows with the leaves, and gives roots and proofs from a handful of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, select

from portal import db
from portal.record.merkle import (
    Frontier,
    Node,
    Span,
    consistency_spans,
    covering,
    inclusion_spans,
    proof_of,
    span_hash,
)
from portal.record.models import Leaf, TreeNode

# How many leaves one step takes up: keeps a transaction short.
STEP = 2_000


def size() -> int:
    """Return how many acts have their place."""
    last = db.session().scalar(select(func.max(Leaf.position)))
    return 0 if last is None else last + 1


def grown() -> int:
    """Return how many leaves the stored nodes have taken up: all of them, but for a last odd one."""
    last = db.session().scalar(select(func.max(TreeNode.place)).where(TreeNode.level == 1))
    return 0 if last is None else 2 * (last + 1)


def grow() -> int:
    """Store the inner nodes that the leaves have completed and that are not there yet; return how many.

    Runs in the sequencer's transaction and behind its lock. At most STEP leaves are taken up at once, so that
    a record from before there was a tree catches up in steps.
    """
    session, start = db.session(), grown()
    leaves = select(Leaf.hash).where(Leaf.position >= start).order_by(Leaf.position).limit(STEP)
    rows = [
        {"level": level, "place": place, "hash": found}
        for level, first, hashes in frontier_at(start).extend(session.scalars(leaves).all())
        for place, found in enumerate(hashes, start=first)
    ]
    if rows:
        session.execute(db.insert(TreeNode), rows)
    return len(rows)


def nodes(wanted: Iterable[Node]) -> dict[Node, bytes]:
    """Return the hashes of these nodes: one question for the leaves, one for all inner nodes.

    A node that is not stored is left out.
    """
    session, places = db.session(), defaultdict(list)
    for node in set(wanted):
        places[node.level].append(node.place)
    found: dict[Node, bytes] = {}
    if leaves := places.pop(0, None):
        rows = session.execute(select(Leaf.position, Leaf.hash).where(Leaf.position.in_(leaves)))
        found |= {Node(0, place): content for place, content in rows}
    if places:
        named = [
            (TreeNode.level == level) & TreeNode.place.in_(those) for level, those in sorted(places.items())
        ]
        condition = named[0]
        for one in named[1:]:
            condition |= one
        inner = session.execute(select(TreeNode.level, TreeNode.place, TreeNode.hash).where(condition))
        found |= {Node(level, place): content for level, place, content in inner}
    return found


def frontier_at(at: int) -> Frontier:
    """Return the edge of the tree of this size, from the stored nodes; KeyError where one is missing."""
    wanted = covering(Span(0, at))
    found = nodes(wanted)
    return Frontier(at, [found[node] for node in wanted])


def root_at(at: int) -> bytes:
    """Return the root of the tree of this size."""
    return span_hash(Span(0, at), nodes(covering(Span(0, at))))


def inclusion(position: int, at: int) -> list[bytes]:
    """Return the proof that the act at this position stands in the tree of this size."""
    return _proof(inclusion_spans(position, at))


def consistency(old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of `new` leaves begins with the one of `old`."""
    return _proof(consistency_spans(old, new))


def _proof(spans: list[Span]) -> list[bytes]:
    return proof_of(spans, nodes(node for span in spans for node in covering(span)))
