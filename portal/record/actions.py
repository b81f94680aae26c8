"""Remember an act in the transaction of its verb, and put remembered acts into their one order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal import clock, crypto, db
from portal.errors import Unready
from portal.record import tree
from portal.record.did import Did
from portal.record.models import Act, Checkpoint, Cursor, Leaf
from portal.record.publicity import why_private
from portal.record.queries import WAITING
from portal.record.reading import instant_text
from portal.record.repeating import SALT, SALT_SIGNS
from portal.words import W

if TYPE_CHECKING:
    from portal.policy import Actor

# How many acts one step of the sequencer puts in order: keeps its transaction short.
STEP = 500
# The lock's number on PostgreSQL; any fixed one does.
SEQUENCER = 9162

SHORTENED = W(
    "No act was put in order: %(signed)s acts were signed, but only %(there)s are there. Acts are missing, or"
    " an old backup was put in place. Find out with “portal verify record”."
)


def record(did: Did, subject: str, *, by: Actor, **facts: Any) -> Act:
    """Write the act into the record, in the open transaction; facts hold no personal data, no floats."""
    at = clock.now()
    content = {
        "actor": by.pseudonym,
        "actor_kind": by.kind,
        "at": instant_text(at),
        "behalf": by.behalf,
        "facts": facts,
        "subject": subject,
        "verb": did.value,
    }
    if why_private(did.value, facts) is not None:
        # Its fingerprint is public: without a secret in it, guessing what it says would be enough to know it.
        content[SALT] = crypto.new_code(SALT_SIGNS)
    act = Act(
        at=at,
        verb=did.value,
        subject=subject,
        actor_kind=by.kind,
        actor=by.pseudonym,
        behalf=by.behalf,
        facts=dict(sorted(facts.items())),  # as in the bytes, so that they are compared at once
        canonical=crypto.canonical(content),
    )
    db.session().add(act)
    return act


def sequence() -> int:
    """Give the next acts their places and let the tree grow; 0 where nothing was left to do.

    The only writer of leaves and of the tree.

    Two sequencers at once wait for each other, and cannot both win: the position is the primary key.
    """
    session = db.session()
    if not db.database().is_sqlite:  # SQLite has one writer anyway
        session.execute(select(func.pg_advisory_xact_lock(SEQUENCER)))
    start = tree.size()
    _refuse_a_shortened_record(start)
    acts = session.execute(WAITING.limit(STEP)).all()
    leaves = [
        {"position": place, "act_id": act_id, "hash": crypto.leaf_hash(canonical)}
        for place, (act_id, canonical) in enumerate(acts, start=start)
    ]
    if leaves:
        session.execute(db.insert(Leaf), leaves)
    return max(len(leaves), tree.grow())


def _refuse_a_shortened_record(there: int) -> None:
    """Refuse with Unready where more was signed than is there: new acts would take lost ones' places."""
    signed = db.session().scalar(select(func.max(Checkpoint.size))) or 0
    if signed > there:
        raise Unready(W(SHORTENED.id, signed=signed, there=there))


def next_for(subscriber: str, limit: int = 100) -> list[tuple[int, Act]]:
    """Return the acts the subscriber has not seen, in order, and move its cursor behind them.

    The cursor moves in the transaction of the reaction: each act reaches each subscriber exactly once.
    """
    session = db.session()
    # Two workers may meet at a subscriber's very first act: one inserts, the other waits for its row.
    session.execute(db.insert(Cursor).values(subscriber=subscriber, position=-1).on_conflict_do_nothing())
    cursor = session.get_one(Cursor, subscriber, with_for_update=True, populate_existing=True)
    unseen = (
        select(Leaf.position, Act)
        .join(Act, Act.id == Leaf.act_id)
        .where(Leaf.position > cursor.position)
        .order_by(Leaf.position)
        .limit(limit)
    )
    found = [(position, act) for position, act in session.execute(unseen)]
    if found:
        cursor.position = found[-1][0]
    return found
