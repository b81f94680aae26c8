"""Somebody with every right in the database, who wants the record to say something else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal import crypto, db
from portal.canonical import canonical, leaf_hash
from portal.record.merkle import Frontier
from portal.record.models import Act, Checkpoint, Leaf, TreeNode
from portal.record.notes import Signer

ACT, LEAF, NODE, CHECKPOINT = (one.__table__ for one in (Act, Leaf, TreeNode, Checkpoint))
FORGED = "p-FORGED"


@dataclass
class Attack:
    """What was done, from which act on the record is another one, and whether only a witness can tell."""

    name: str
    first: int
    needs_witness: bool = False


def _do(statement: Any, *values: Any) -> Any:
    # Not through the session, which would keep a copy of what it believes to be there.
    return db.session().connection().execute(statement, *values)


def _act_at(place: int) -> Any:
    found = select(ACT).join(LEAF, LEAF.c.act_id == ACT.c.id).where(LEAF.c.position == place)
    return _do(found).one()


def _rewritten(place: int) -> bytes:
    """Let the act say that somebody else did it, in its columns and in its bytes."""
    row = _act_at(place)
    content = {
        "actor": FORGED,
        "actor_kind": row.actor_kind,
        "at": row.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "behalf": row.behalf,
        "facts": row.facts,
        "subject": row.subject,
        "verb": row.verb,
    }
    found = canonical(content)
    _do(update(ACT).where(ACT.c.id == row.id).values(actor=FORGED, canonical=found))
    return found


def _rehash(place: int, content: bytes) -> None:
    _do(update(LEAF).where(LEAF.c.position == place).values(hash=leaf_hash(content)))


def _regrow() -> None:
    """Make the stored tree anew over the leaves that are there."""
    frontier, rows = Frontier(), []
    for found in _do(select(LEAF.c.hash).order_by(LEAF.c.position)).scalars():
        rows += [{"level": n.level, "place": n.place, "hash": h} for n, h in frontier.add(found)]
    _do(delete(NODE))
    if rows:
        _do(insert(NODE), rows)


def edit_bytes(places: random.Random, size: int) -> Attack:
    place = places.randrange(size)
    row = _act_at(place)
    content = row.canonical.replace(b"proposal", b"Proposal", 1)
    _do(update(ACT).where(ACT.c.id == row.id).values(canonical=content))
    return Attack("edited bytes", place)


def edit_a_column(places: random.Random, size: int) -> Attack:
    place = places.randrange(size)
    column = places.choice(["actor", "behalf", "verb", "subject", "actor_kind"])
    act_id = select(LEAF.c.act_id).where(LEAF.c.position == place).scalar_subquery()
    _do(update(ACT).where(ACT.c.id == act_id).values({column: "forged"}))
    return Attack(f"edited {column}", place)


def edit_the_facts(places: random.Random, size: int) -> Attack:
    place = places.randrange(size)
    act_id = select(LEAF.c.act_id).where(LEAF.c.position == place).scalar_subquery()
    _do(update(ACT).where(ACT.c.id == act_id).values(facts={"number": -1}))
    return Attack("edited facts", place)


def rewrite_and_rehash(places: random.Random, size: int) -> Attack:
    place = places.randrange(size - size % 2)
    _rehash(place, _rewritten(place))
    return Attack("rewrote an act and its leaf", place)


def rewrite_and_regrow(places: random.Random, size: int) -> Attack:
    attack = rewrite_and_rehash(places, size)
    _regrow()
    return Attack("rewrote an act, its leaf and the tree", attack.first)


def rewrite_everything(places: random.Random, size: int) -> Attack:
    attack = rewrite_and_regrow(places, size)
    for found in _do(select(CHECKPOINT.c.size)).scalars().all():
        leaves = select(LEAF.c.hash).where(LEAF.c.position < found).order_by(LEAF.c.position)
        frontier = Frontier()
        for one in _do(leaves).scalars():
            frontier.add(one)
        _do(update(CHECKPOINT).where(CHECKPOINT.c.size == found).values(root=frontier.root()))
    return Attack("rewrote an act, its leaf, the tree and the roots", attack.first)


def rewrite_and_forget(places: random.Random, size: int) -> Attack:
    attack = rewrite_and_regrow(places, size)
    _do(delete(CHECKPOINT))
    return Attack("rewrote an act and threw the checkpoints away", attack.first, needs_witness=True)


def delete_a_leaf(places: random.Random, size: int) -> Attack:
    place = places.randrange(size - 1)
    _do(delete(LEAF).where(LEAF.c.position == place))
    return Attack("took an act out of the order", place)


def delete_and_close_the_gap(places: random.Random, size: int) -> Attack:
    place = places.randrange(size - 2)
    _do(delete(LEAF).where(LEAF.c.position == place))
    _shift(place + 1, size, by=-1)
    return Attack("deleted an act and closed the gap", place)


def _shift(start: int, end: int, *, by: int) -> None:
    far = 1_000_000  # in two steps, so that no two rows ever stand at one place
    moved = LEAF.c.position.between(start, end - 1)
    _do(update(LEAF).where(moved).values(position=LEAF.c.position + far))
    there = LEAF.c.position >= far
    _do(update(LEAF).where(there).values(position=LEAF.c.position - far + by))


def insert_an_act(places: random.Random, size: int) -> Attack:
    place = places.randrange(size - 1)
    row = dict(_act_at(place)._mapping)
    row["id"] = 10_000 + place
    _do(insert(ACT), [row])
    _shift(place, size, by=1)
    content = _act_by_id(row["id"])
    values = {"position": place, "act_id": row["id"], "hash": leaf_hash(content)}
    _do(insert(LEAF), [values])
    content = _rewritten(place)
    _rehash(place, content)
    return Attack("inserted an act", place)


def _act_by_id(act_id: int) -> bytes:
    return _do(select(ACT.c.canonical).where(ACT.c.id == act_id)).scalars().one()


def reorder(places: random.Random, size: int) -> Attack:
    one, other = sorted(places.sample(range(size - size % 2), 2))
    rows = {
        row.position: row
        for row in _do(
            select(LEAF.c.position, LEAF.c.act_id, LEAF.c.hash).where(LEAF.c.position.in_([one, other]))
        )
    }
    _do(delete(LEAF).where(LEAF.c.position.in_([one, other])))
    swapped = [(one, rows[other]), (other, rows[one])]
    _do(insert(LEAF), [{"position": p, "act_id": row.act_id, "hash": row.hash} for p, row in swapped])
    return Attack("changed the order", one)


def truncate(places: random.Random, size: int) -> Attack:
    place = places.randrange(1, size)
    _do(delete(LEAF).where(LEAF.c.position >= place))
    return Attack("cut the end off", place)


def restore_an_old_backup(places: random.Random, size: int) -> Attack:
    place = places.randrange(1, size)
    _do(delete(LEAF).where(LEAF.c.position >= place))
    _do(delete(CHECKPOINT).where(CHECKPOINT.c.size > place))
    _regrow()
    return Attack("put an old backup in its place", place, needs_witness=True)


def forge_a_checkpoint(places: random.Random, size: int) -> Attack:
    rewrite_and_regrow(places, size)
    forger = Signer("127.0.0.1:8000/record", crypto.signing_seed("a key of somebody else's"))
    for found in _do(select(CHECKPOINT.c.size)).scalars().all():
        frontier = Frontier()
        leaves = select(LEAF.c.hash).where(LEAF.c.position < found).order_by(LEAF.c.position)
        for one in _do(leaves).scalars():
            frontier.add(one)
        values = {"root": frontier.root(), "note": forger.sign(found, frontier.root())}
        _do(update(CHECKPOINT).where(CHECKPOINT.c.size == found).values(values))
    return Attack("rewrote everything and signed with another key", 0)


ATTACKS: list[Callable[[random.Random, int], Attack]] = [
    edit_bytes,
    edit_a_column,
    edit_the_facts,
    rewrite_and_rehash,
    rewrite_and_regrow,
    rewrite_everything,
    rewrite_and_forget,
    delete_a_leaf,
    delete_and_close_the_gap,
    insert_an_act,
    reorder,
    truncate,
    restore_an_old_backup,
    forge_a_checkpoint,
]
