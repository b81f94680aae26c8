"""The Merkle tree over the record's leaves and its proofs (RFC 9162, section 2.1): pure, leaves as hashes.

A node is named by (level, place): it is the root over the 2**level leaves from place * 2**level on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

EMPTY = hashlib.sha256().digest()


class Node(NamedTuple):
    """The name of a complete subtree."""

    level: int
    place: int


class Completed(NamedTuple):
    """Neighbouring nodes of one level, from the place of the first on."""

    level: int
    place: int
    hashes: list[bytes]


class Span(NamedTuple):
    """The leaves from `start` up to, and without, `end`."""

    start: int
    end: int


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The roots of the complete subtrees so far, the largest first: all that growing a tree needs."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        """Take the next leaf's hash, and return the inner nodes that it completes, the lowest first."""
        place, level, completed = self.size, 0, []
        self.roots.append(leaf)
        self.size += 1
        while place & 1:
            right = self.roots.pop()
            self.roots.append(node_hash(self.roots.pop(), right))
            place, level = place >> 1, level + 1
            completed.append((Node(level, place), self.roots[-1]))
        return completed

    def extend(self, leaves: Sequence[bytes]) -> list[Completed]:
        """Take many leaves' hashes at once, level by level, and return the inner nodes that they complete."""
        old, new = self.size, self.size + len(leaves)
        levels = [level for level in range(old.bit_length()) if old >> level & 1]
        waiting = dict(zip(reversed(levels), self.roots, strict=True))
        row, kept, completed = list(leaves), [], []
        for level in range(new.bit_length()):
            if level in waiting:
                row = [waiting[level], *row]
            if new >> level & 1:
                kept.append(row[-1])
            row = [
                hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)
            ]
            if row:
                completed.append(Completed(level + 1, old >> (level + 1), row))
        self.size, self.roots = new, kept[::-1]
        return completed

    def root(self) -> bytes:
        """Return the root over everything taken."""
        return _folded(self.roots)


def _folded(roots: Sequence[bytes]) -> bytes:
    if not roots:
        return EMPTY
    found = roots[-1]
    for left in reversed(roots[:-1]):
        found = node_hash(left, found)
    return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over these leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def covering(span: Span) -> list[Node]:
    """Return the complete subtrees that make up a span, the largest first.

    The span begins where a subtree at least as large may begin, as all spans of proofs do.
    """
    found, start = [], span.start
    for level in range((span.end - span.start).bit_length() - 1, -1, -1):
        if (span.end - span.start) >> level & 1:
            found.append(Node(level, start >> level))
            start += 1 << level
    return found


def span_hash(span: Span, nodes: Mapping[Node, bytes]) -> bytes:
    """Return the root over a span from the nodes that cover it."""
    return _folded([nodes[node] for node in covering(span)])


def _split(span: Span) -> int:
    return span.start + (1 << (span.end - span.start - 1).bit_length() - 1)


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return whose hashes prove that leaf `index` stands in the tree of `size` leaves (section 2.1.3.1)."""
    found, span = [], Span(0, size)
    while span.end - span.start > 1:
        middle = _split(span)
        left, right = Span(span.start, middle), Span(middle, span.end)
        found.append(right if index < middle else left)
        span = left if index < middle else right
    return found[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return whose hashes prove that the tree of `old` leaves begins the tree of `new` (section 2.1.4.1)."""
    return list(_consistency(Span(0, new), old, is_whole=True)) if 0 < old < new else []


def _consistency(span: Span, old: int, *, is_whole: bool) -> Iterator[Span]:
    if span.end == old:
        if not is_whole:
            yield span
        return
    middle = _split(span)
    if old <= middle:
        yield from _consistency(Span(span.start, middle), old, is_whole=is_whole)
        yield Span(middle, span.end)
    else:
        yield from _consistency(Span(middle, span.end), old, is_whole=False)
        yield Span(span.start, middle)


def proof_of(spans: Iterable[Span], nodes: Mapping[Node, bytes]) -> list[bytes]:
    """Return the hashes of a proof from the nodes that cover its spans."""
    return [span_hash(span, nodes) for span in spans]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the proof shows the leaf at `index` in the tree with this root (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Say whether the proof shows that the larger tree begins with the smaller one (section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new:
        return old == 0 and not proof
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(path) and _leads_to_both(path, old - 1, new - 1, old_root, new_root)


def _leads_to_both(path: list[bytes], place: int, last: int, old_root: bytes, new_root: bytes) -> bool:
    while place & 1:
        place, last = place >> 1, last >> 1
    old_found = new_found = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_found, new_found = node_hash(one, old_found), node_hash(one, new_found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_found = node_hash(new_found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and (old_found, new_found) == (old_root, new_root)
