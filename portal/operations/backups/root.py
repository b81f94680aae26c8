"""The root of the record's tree (RFC 9162, section 2.1.1) from its leaves in order, few of them held."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The roots of the complete subtrees so far, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Take the next leaf's hash."""
        self._roots.append(leaf)
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            right = self._roots.pop()
            self._roots.append(_parent(self._roots.pop(), right))

    def root(self) -> bytes:
        """Return the root over everything taken; the hash of nothing for an empty tree."""
        if not self._roots:
            return hashlib.sha256().digest()
        found = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            found = _parent(left, found)
        return found


def root_of(leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """Return how many leaves there are, and the root over them."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.size, tree.root()
