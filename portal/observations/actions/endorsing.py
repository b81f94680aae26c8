"""Stand behind a proposal, or take that back: one person once, and no endorser waits for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from portal import clock, db, policy
from portal.errors import NotAllowed, WrongState
from portal.observations.models import Endorsement, EndorsementChange, EndorsementCount
from portal.policy import Can
from portal.record import Did, record
from portal.residents import queries as residents
from portal.words import W

if TYPE_CHECKING:
    from portal.observations.subjects import Subject
    from portal.policy import Actor

# How many changes one step of the worker adds: keeps its transaction short.
STEP = 1_000
VERIFIED_ONLY = W(
    "Only people who live here can endorse a proposal, each once. Confirm first that you live in the city."
)
_NOT_NOW = W("This can be endorsed no more: the city has decided on it, or it was taken back.")


def endorse(subject: Subject, *, by: Actor) -> bool:
    """Endorse a proposal; True where this person had not yet. A second time changes nothing.

    Refuses with NotAllowed who is not a verified resident, with WrongState where it is decided on.
    """
    policy.check(by, Can.ENDORSE, subject.thing)
    assert by.person_id is not None  # noqa: S101 - the rule asks for an account
    resident_id = db.session().scalar(residents.resident_of(by.person_id, clock.now()))
    if resident_id is None:
        raise NotAllowed(VERIFIED_ONLY)
    if not subject.is_undecided:
        raise WrongState(_NOT_NOW)
    row = {
        "subject_key": subject.key,
        "resident_id": resident_id,
        "person_id": by.person_id,
        "endorsed_at": clock.now(),
    }
    # The unique index decides, whatever comes at once.
    added = db.insert(Endorsement).values(row).on_conflict_do_nothing().returning(Endorsement.id)
    if db.session().scalar(added) is None:
        return False
    _change(subject.key, 1)
    record(Did.ENDORSED, subject.key, by=by)
    return True


def take_back(subject: Subject, *, by: Actor) -> bool:
    """Take one's endorsement back; True where there was one."""
    policy.check(by, Can.ENDORSE, subject.thing)
    own = (Endorsement.subject_key == subject.key, Endorsement.person_id == by.person_id)
    if db.session().scalar(delete(Endorsement).where(*own).returning(Endorsement.id)) is None:
        return False
    _change(subject.key, -1)
    record(Did.ENDORSEMENT_TAKEN_BACK, subject.key, by=by)
    return True


def _change(key: str, change: int) -> None:
    # A row of its own: an UPDATE of the count would let endorsers of one proposal wait for each other.
    db.session().execute(db.insert(EndorsementChange).values(subject_key=key, change=change))


def fold() -> int:
    """Add the changes to the counts and return how many there were; runs inside a writing unit.

    Two workers at once never add the same change: whoever deletes it counts it.
    """
    session = db.session()
    oldest = select(EndorsementChange.id).order_by(EndorsementChange.id).limit(STEP)
    taken = session.execute(
        delete(EndorsementChange)
        .where(EndorsementChange.id.in_(oldest))
        .returning(EndorsementChange.subject_key, EndorsementChange.change)
    ).all()
    sums: dict[str, int] = {}
    for key, change in taken:
        sums[key] = sums.get(key, 0) + change
    for key in sorted(sums):
        nothing = db.insert(EndorsementCount).values(subject_key=key, total=0)
        session.execute(nothing.on_conflict_do_nothing())
        counted = EndorsementCount.subject_key == key
        more = update(EndorsementCount).where(counted).values(total=EndorsementCount.total + sums[key])
        session.execute(more)
    return len(taken)
