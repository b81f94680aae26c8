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

FORGED = "p-FORGED"


@dataclass
class Attack:
    """What was done, from which act on the record is another one, and whether only a witness can tell."""

    name: str
    first: int
    needs_witness: bool = False


def _act_at(place: int) -> Any:
    found = select(Act).join(Leaf, Leaf.act_id == Act.id).where(Leaf.position == place)
    return db.session().execute(found.with_only_columns(*Act.__table__.columns)).one()


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
    db.session().execute(update(Act).where(Act.id == row.id).values(actor=FORGED, canonical=found))
    return found


def _rehash(place: int, content: bytes) -> None:
    db.session().execute(update(Leaf).where(Leaf.position == place).values(hash=leaf_hash(content)))


def _regrow() -> None:
    """Make the stored tree anew over the leaves that are there."""
    session, frontier, rows = db.session(), Frontier(), []
    for found in session.scalars(select(Leaf.hash).order_by(Leaf.position)):
        rows += [{"level": n.level, "place": n.place, "hash": h} for n, h in frontier.add(found)]
    session.execute(delete(TreeNode))
    if rows:
        session.execute(insert(TreeNode), rows)


def edit_bytes(places: random.Random, size: int) -> Attack:
    place = places.randrange(size)
    row = _act_at(place)
    content = row.canonical.replace(b"proposal", b"Proposal", 1)
    db.session().execute(update(Act).where(Act.id == row.id).values(canonical=content))
    return Attack("edited bytes", place)


def edit_a_column(places: random.Random, size: int) -> Attack:
    place = places.randrange(size)
    column = places.choice(["actor", "behalf", "verb", "subject", "actor_kind"])
    act_id = select(Leaf.act_id).where(Leaf.position == place).scalar_subquery()
    db.session().execute(update(Act).where(Act.id == act_id).values({column: "forged"}))
    return Attack(f"edited {column}", place)


def edit_the_facts(places: random.Random, size: int) -> Attack:
    place = places.randrange(size)
    act_id = select(Leaf.act_id).where(Leaf.position == place).scalar_subquery()
    db.session().execute(update(Act).where(Act.id == act_id).values(facts={"number": -1}))
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
    for found in db.session().scalars(select(Checkpoint.size)).all():
        leaves = select(Leaf.hash).where(Leaf.position < found).order_by(Leaf.position)
        frontier = Frontier()
        for one in db.session().scalars(leaves):
            frontier.add(one)
        db.session().execute(update(Checkpoint).where(Checkpoint.size == found).values(root=frontier.root()))
    return Attack("rewrote an act, its leaf, the tree and the roots", attack.first)


def rewrite_and_forget(places: random.Random, size: int) -> Attack:
    attack = rewrite_and_regrow(places, size)
    db.session().execute(delete(Checkpoint))
    return Attack("rewrote an act and threw the checkpoints away", attack.first, needs_witness=True)


def delete_a_leaf(places: random.Random, size: int) -> Attack:
    place = places.randrange(size - 1)
    db.session().execute(delete(Leaf).where(Leaf.position == place))
    return Attack("took an act out of the order", place)


def delete_and_close_the_gap(places: random.Random, size: int) -> Attack:
    place = places.randrange(size - 2)
    db.session().execute(delete(Leaf).where(Leaf.position == place))
    _shift(place + 1, size, by=-1)
    return Attack("deleted an act and closed the gap", place)


def _shift(start: int, end: int, *, by: int) -> None:
    far = 1_000_000  # in two steps, so that no two rows ever stand at one place
    moved = Leaf.position.between(start, end - 1)
    db.session().execute(update(Leaf).where(moved).values(position=Leaf.position + far))
    there = Leaf.position >= far
    db.session().execute(update(Leaf).where(there).values(position=Leaf.position - far + by))


def insert_an_act(places: random.Random, size: int) -> Attack:
    place = places.randrange(size - 1)
    row = dict(_act_at(place)._mapping)
    row["id"] = 10_000 + place
    db.session().execute(insert(Act), [row])
    _shift(place, size, by=1)
    content = _act_by_id(row["id"])
    values = {"position": place, "act_id": row["id"], "hash": leaf_hash(content)}
    db.session().execute(insert(Leaf), [values])
    content = _rewritten(place)
    _rehash(place, content)
    return Attack("inserted an act", place)


def _act_by_id(act_id: int) -> bytes:
    return db.session().scalars(select(Act.canonical).where(Act.id == act_id)).one()


def reorder(places: random.Random, size: int) -> Attack:
    one, other = sorted(places.sample(range(size - size % 2), 2))
    rows = {
        row.position: row
        for row in db.session().execute(
            select(Leaf.position, Leaf.act_id, Leaf.hash).where(Leaf.position.in_([one, other]))
        )
    }
    db.session().execute(delete(Leaf).where(Leaf.position.in_([one, other])))
    swapped = [(one, rows[other]), (other, rows[one])]
    db.session().execute(
        insert(Leaf), [{"position": p, "act_id": row.act_id, "hash": row.hash} for p, row in swapped]
    )
    return Attack("changed the order", one)


def truncate(places: random.Random, size: int) -> Attack:
    place = places.randrange(1, size)
    db.session().execute(delete(Leaf).where(Leaf.position >= place))
    return Attack("cut the end off", place)


def restore_an_old_backup(places: random.Random, size: int) -> Attack:
    place = places.randrange(1, size)
    db.session().execute(delete(Leaf).where(Leaf.position >= place))
    db.session().execute(delete(Checkpoint).where(Checkpoint.size > place))
    _regrow()
    return Attack("put an old backup in its place", place, needs_witness=True)


def forge_a_checkpoint(places: random.Random, size: int) -> Attack:
    rewrite_and_regrow(places, size)
    forger = Signer("127.0.0.1:8000/record", crypto.signing_seed("a key of somebody else's"))
    for found in db.session().scalars(select(Checkpoint.size)).all():
        frontier = Frontier()
        leaves = select(Leaf.hash).where(Leaf.position < found).order_by(Leaf.position)
        for one in db.session().scalars(leaves):
            frontier.add(one)
        values = {"root": frontier.root(), "note": forger.sign(found, frontier.root())}
        db.session().execute(update(Checkpoint).where(Checkpoint.size == found).values(values))
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
