"""Give an account the status of a resident, one per human, and end it; contested claims wait for staff."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.people import queries as people_queries
from portal.people.actions.keys import person_key
from portal.people.models import Person
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.residents import keys, queries
from portal.residents.models import Conflict, Residency, Resident, State, Way
from portal.residents.terms import end_of
from portal.words import W

NO_STATUS = W("This account has no status as a resident that could be ended.")
NO_REASON = W("Say why the status is ended")
MEANWHILE = W("Somebody else showed this document at the same moment. Try once more.")


@dataclass(frozen=True)
class Proof:
    """What was shown and how; the document's number itself goes no further than the hash."""

    way: Way
    document_kind: str = ""
    checked_by_id: int | None = None
    issuer: str = ""
    assurance: str = ""


def settle(person: Person, number: str, proof: Proof, *, months: int, by: Actor) -> Residency | Conflict:
    """Give the account the status, or put the claim into the queue where another account has it.

    `number` is what tells the human: a document's number in its one form. Whoever calls has asked the policy
    and seen the proof. Two accounts at once come one after the other: the human's row is held to the end.
    """
    return _settle(person, known(number), proof, months=months, by=by)


def settle_as(
    person: Person, resident_id: int, proof: Proof, *, months: int, by: Actor
) -> Residency | Conflict:
    """Do the same for a human whose number was hashed before, and is not known any more."""
    wanted = select(Resident).where(Resident.id == resident_id).with_for_update(key_share=True)
    resident = db.session().scalars(wanted.execution_options(populate_existing=True)).one()
    return _settle(person, resident, proof, months=months, by=by)


def _settle(
    person: Person, resident: Resident, proof: Proof, *, months: int, by: Actor
) -> Residency | Conflict:
    hold(person.id)
    held = db.session().scalar(queries.held_as(resident.id))
    if held is not None and held.person_id != person.id:
        # Whoever waited for the other one began before the other's status did.
        if held.until > clock.now():
            return _contest(resident, held, person, proof, by=by)
        end(held, State.REPLACED)
    own = db.session().scalar(queries.held_by(person.id))
    if own is not None:
        end(own, State.REPLACED)
    return give(person, resident, proof, months=months, by=by)


def known(number: str) -> Resident:
    """Return the row of the human with this number, made where there is none, and held to the end.

    A row found under an older key is hashed anew under today's.
    """
    session, hashes = db.session(), keys.document_hashes(number)
    found = _held(hashes)
    if found is None:
        row = {"document_hash": hashes[0], "key_name": keys.name()}
        session.execute(db.insert(Resident).values(row).on_conflict_do_nothing())
        found = _held(hashes)
    if found is None:
        raise Stale(MEANWHILE)
    found.document_hash, found.key_name = hashes[0], keys.name()
    return found


def hold(person_id: int) -> Person:
    """Return the account, held to the end of the transaction: always after the human's own row.

    Not as hard as for a change of its key: whoever enters a row that names this account need not wait, or
    two who claim each other's documents would wait for one another for ever.
    """
    held = people_queries.by_id(person_id).with_for_update(key_share=True, of=Person)
    return db.session().scalars(held.execution_options(populate_existing=True)).one()


def _held(hashes: list[str]) -> Resident | None:
    wanted = queries.by_document(hashes).with_for_update(key_share=True)
    wanted = wanted.execution_options(populate_existing=True)
    rows = {row.document_hash: row for row in db.session().scalars(wanted.order_by(Resident.id))}
    return next((rows[one] for one in hashes if one in rows), None)


def end(residency: Residency, state: State) -> None:
    """End a status that is valid, in the open transaction; whoever calls remembers why."""
    residency.state, residency.ended_at = state.value, clock.now()
    # Before the new one is entered: the index lets one be valid at a time.
    db.session().flush()


def give(person: Person, resident: Resident, proof: Proof, *, months: int, by: Actor) -> Residency:
    """Enter the status; the unique indexes refuse a second one of the human or of the account."""
    given = Residency(
        resident_id=resident.id,
        person_id=person.id,
        verified_at=clock.now(),
        until=end_of(clock.now(), months, clock.zone()),
        state=State.VALID.value,
        **_columns(proof),
    )
    db.session().add(given)
    db.session().flush()
    record(Did.RESIDENCE_VERIFIED, person_key(person), by=by, way=proof.way.value)
    return given


def _columns(proof: Proof) -> dict[str, object]:
    return {**asdict(proof), "way": proof.way.value}


def _contest(resident: Resident, held: Residency, person: Person, proof: Proof, *, by: Actor) -> Conflict:
    session = db.session()
    waiting = select(Conflict).where(
        Conflict.resident_id == resident.id, Conflict.claimant_id == person.id, Conflict.decided_at.is_(None)
    )
    found = session.scalar(waiting)
    if found is not None:
        return found
    conflict = Conflict(
        resident_id=resident.id,
        holder_id=held.person_id,
        claimant_id=person.id,
        raised_at=clock.now(),
        **_columns(proof),
    )
    session.add(conflict)
    session.flush()
    record(Did.RESIDENCE_CONTESTED, person_key(person), by=by, way=proof.way.value, conflict=conflict.id)
    return conflict


def withdraw(person: Person, *, by: Actor) -> None:
    """End the status at the person's own wish; refuses with WrongState where there is none."""
    policy.check(by, Can.RESIDENCE_SHOW)
    end(_own(person), State.WITHDRAWN)
    record(Did.RESIDENCE_WITHDRAWN, person_key(person), by=by)


def revoke(person: Person, reason: str, *, by: Actor) -> None:
    """End somebody's status for the city; refuses with Invalid without a reason, or with WrongState."""
    policy.check(by, Can.RESIDENCE_REVOKE, person)
    if not reason:
        raise Invalid(NO_REASON, field="reason")
    held = _own(person)
    held.reason, held.ended_by_id = reason, by.person_id or person.id
    end(held, State.REVOKED)
    record(Did.RESIDENCE_REVOKED, person_key(person), by=by)


def _own(person: Person) -> Residency:
    hold(person.id)
    held = db.session().scalar(queries.held_by(person.id))
    if held is None:
        raise WrongState(NO_STATUS)
    return held
