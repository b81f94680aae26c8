"""One act together with the proof that it stands in what was signed."""

from __future__ import annotations

from dataclasses import dataclass

from portal import db
from portal.record import Act, Checkpoint, checkpoints, queries, tree


@dataclass(frozen=True)
class Proven:
    """An act, its leaf, and the hashes that lead from it to the newest checkpoint, once that holds it."""

    position: int
    leaf: bytes
    act: Act
    checkpoint: Checkpoint | None
    proof: list[bytes]


def prove(position: int) -> Proven | None:
    """Return the act at this position with its proof, or None where there is none."""
    found = db.session().execute(queries.entry(position)).one_or_none()
    if found is None:
        return None
    leaf, act = found
    newest = checkpoints.newest()
    if newest is None or newest.size <= position:
        return Proven(position, leaf.hash, act, None, [])
    return Proven(position, leaf.hash, act, newest, tree.inclusion(position, newest.size))
