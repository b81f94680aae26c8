"""Sign how far the record has come, only after what was stored has been read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import clock, db, faults
from portal.errors import Unready
from portal.record import queries, tree
from portal.record.did import Did
from portal.record.models import Act, Checkpoint
from portal.record.notes import BadNote, Signer, opened
from portal.record.reading import Broken, Fault, Walk
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.record.merkle import Frontier

NOT_SIGNED = W(
    "The record was not signed, because it does not hold: %(fault)s. Find out what happened before anything"
    " else, with “portal verify record”."
)


NOT_DECIDED = W(
    "The record was not signed: it was restored with %(size)s acts, and a witness had seen %(seen)s. Tell the"
    " people concerned and the witness, then decide with “portal checkpoint --continue-restored”."
)


def newest() -> Checkpoint | None:
    """Return the newest checkpoint, in the open unit of work."""
    return db.session().scalar(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))


def sign(signer: Signer, *, progress: Callable[[int, int], None] | None = None) -> Checkpoint | None:
    """Sign the record as it is stored, where it has grown since the last checkpoint; else return None.

    What was stored since is read back in a transaction of its own: every act's bytes against its leaf, its
    place, its columns, the stored tree, and the tree's growth from what was signed before. Where anything
    does not hold, nothing is signed and Unready says what. Two at once sign one checkpoint of a size.
    """
    try:
        with db.snapshot():
            _refuse_undecided()
            walk, before = _resumed(signer)
            total = tree.size()
            for behind in walk.through(total):
                if progress is not None:
                    progress(behind - before, total - before)
    except Broken as broken:
        raise Unready(W(NOT_SIGNED.id, fault=str(broken.fault))) from broken
    if walk.frontier.size == before:
        return None
    faults.reach("read-back")
    return _keep(signer, walk.frontier)


def _refuse_undecided() -> None:
    """Refuse with Unready a restored record of which a witness knew more, until somebody decides to go on.

    Signing it would contradict what was signed before: to a witness that is what a forger does.
    """
    last = undecided()
    if last is not None:
        raise Unready(W(NOT_DECIDED.id, size=last.facts["size"], seen=last.facts["seen"]))


def undecided() -> Act | None:
    """Return the restore of which a witness knew more and on which nobody has decided, or None."""
    of_restores = (Did.RECORD_RESTORED.value, Did.RECORD_CONTINUED.value)
    found = select(Act).where(Act.verb.in_(of_restores)).order_by(Act.id.desc()).limit(1)
    last = db.session().scalar(found)
    is_open = last is not None and last.verb == Did.RECORD_RESTORED
    return last if last and is_open and int(last.facts.get("seen") or 0) > int(last.facts["size"]) else None


def _resumed(signer: Signer) -> tuple[Walk, int]:
    """Return a walk from the newest checkpoint on, after making sure that it is ours and still holds."""
    last = newest()
    if last is None:
        return Walk(tree.frontier_at(0), tree.grown()), 0
    check_last(last, signer.key)
    return Walk(tree.frontier_at(last.size), tree.grown()), last.size


def check_last(last: Checkpoint, key: str) -> None:
    """Raise Broken unless the newest checkpoint is signed by us and the stored tree still begins with it."""
    there = tree.size()
    if there < last.size:
        why = f"acts are missing: {last.size} were signed, {there} are there"
        raise Broken(Fault(there, last.size - 1, why))
    try:
        said = opened(last.note, key)
    except BadNote as error:
        raise Broken(Fault(0, last.size - 1, f"the checkpoint of {last.size} acts: {error}")) from error
    if (said.size, said.root) != (last.size, last.root) or not _is_root(last.size, last.root):
        raise Broken(Fault(0, last.size - 1, f"the tree is not the one that was signed at {last.size} acts"))


def _is_root(size: int, root: bytes) -> bool:
    try:
        return tree.root_at(size) == root
    except KeyError:
        return False  # a node is missing


def _keep(signer: Signer, frontier: Frontier) -> Checkpoint | None:
    size, root = frontier.size, frontier.root()
    row = {"size": size, "root": root, "note": signer.sign(size, root), "signed_at": clock.real()}
    with db.writing() as session:
        insert = db.insert(Checkpoint).values(row).on_conflict_do_nothing()
        session.execute(insert)
        return session.get(Checkpoint, size)


def waiting() -> int:
    """Return how many acts wait for their place."""
    return int(db.session().scalar(queries.HOW_MANY_WAIT) or 0)
