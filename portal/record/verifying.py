"""Verify the whole record: from its first act, against every checkpoint and against what witnesses kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from portal import db
from portal.record import tree
from portal.record.checkpoints import check_last, newest, waiting
from portal.record.merkle import Frontier, is_consistent
from portal.record.models import Checkpoint
from portal.record.notes import BadNote, opened
from portal.record.queries import WITHOUT_PLACE
from portal.record.reading import Broken, Fault, Walk


class Sighting(NamedTuple):
    """A size and root that the record was seen with, and by whom."""

    size: int
    root: bytes
    source: str


@dataclass(frozen=True)
class Report:
    """What a verification found: the first fault, or how much holds."""

    acts: int
    checkpoints: int
    sightings: int
    waiting: int
    root: bytes
    fault: Fault | None


def verify(
    key: str, seen: Sequence[Sighting] = (), progress: Callable[[int, int], None] | None = None
) -> Report:
    """Walk over the whole record in memory that does not grow with it, and stop at the first fault.

    `key` is the public key of the checkpoints, `seen` is what witnesses kept outside this database.
    """
    with db.snapshot():
        return verify_here(key, seen, progress)


def verify_here(
    key: str, seen: Sequence[Sighting] = (), progress: Callable[[int, int], None] | None = None
) -> Report:
    """Verify in the open unit of work, as it sees the record."""
    total, walk, signed = tree.size(), Walk(Frontier(), tree.grown()), _signed()
    fault = None
    try:
        _walk(walk, sorted([*_opened(signed, key), *seen]), total, progress)
        _refuse_stowaways(total)
    except Broken as broken:
        fault = broken.fault
    return Report(walk.frontier.size, len(signed), len(seen), waiting(), walk.frontier.root(), fault)


def verify_since(
    key: str, seen: Sequence[Sighting] = (), progress: Callable[[int, int], None] | None = None
) -> Report:
    """Verify what came since the newest checkpoint, which must fit the stored tree.

    What witnesses kept of the time before is proven to be the beginning of that checkpoint's tree.
    """
    with db.snapshot():
        last = newest()
        if last is None:
            return verify_here(key, seen, progress)
        walk, fault = Walk(Frontier(), tree.grown()), None
        try:
            check_last(last, key)
            walk.frontier = tree.frontier_at(last.size)
            for mark in seen:
                _refuse_another_beginning(last, mark)
            later = sorted(mark for mark in seen if mark.size > last.size)
            _walk(walk, later, tree.size(), progress)
        except Broken as broken:
            fault = broken.fault
        return Report(walk.frontier.size, 1, len(seen), waiting(), walk.frontier.root(), fault)


def _refuse_another_beginning(last: Checkpoint, mark: Sighting) -> None:
    if mark.size > last.size:
        return
    proof = tree.consistency(mark.size, last.size)
    if not is_consistent(mark.size, last.size, proof, mark.root, last.root):
        why = f"{mark.source} of {mark.size} acts was made of other ones"
        raise Broken(Fault(0, max(mark.size - 1, 0), why))


def _refuse_stowaways(total: int) -> None:
    """Raise Broken where an act stands among the older ones that no sequencer has ever seen."""
    number = db.session().scalar(WITHOUT_PLACE)
    if number is not None:
        raise Broken(Fault(total, total, f"entry {number} was put among the older ones and has no place"))


def _signed() -> list[Checkpoint]:
    return list(db.session().scalars(select(Checkpoint).order_by(Checkpoint.size)))


def _opened(signed: list[Checkpoint], key: str) -> list[Sighting]:
    found, before = [], 0
    for one in signed:
        try:
            said = opened(one.note, key)
        except BadNote as error:
            fault = Fault(before, one.size - 1, f"the checkpoint of {one.size} acts does not hold: {error}")
            raise Broken(fault) from error
        found.append(Sighting(said.size, said.root, "the checkpoint"))
        before = one.size
    return found


def _walk(walk: Walk, marks: list[Sighting], total: int, progress: Callable[[int, int], None] | None) -> None:
    good = 0
    for mark in [*marks, None]:
        for behind in walk.through(mark.size if mark else None):
            if progress is not None:
                progress(behind, total)
        if mark is not None:
            _compare(walk.frontier, mark, good)
            good = mark.size


def _compare(frontier: Frontier, mark: Sighting, good: int) -> None:
    if frontier.size < mark.size:
        why = f"{mark.source} was made of {mark.size} acts, but only {frontier.size} are there"
        raise Broken(Fault(frontier.size, mark.size - 1, why))
    if frontier.root() != mark.root:
        why = f"{mark.source} of {mark.size} acts was made of other ones"
        raise Broken(Fault(good, max(mark.size - 1, good), why))
