"""Decide which account a contested document belongs to; both are told, and nothing is lost in silence."""

from __future__ import annotations

from sqlalchemy import select

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.people.actions.keys import person_key
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.residents import queries
from portal.residents.actions.standing import Proof, end, give, hold
from portal.residents.models import Conflict, Decision, Residency, Resident, State, Way
from portal.words import W

DECIDED = W("Somebody decided this already. Look at the page again.")
NO_REASON = W("Say why you decide so")


def decide(conflict: Conflict, decision: Decision, reason: str, *, months: int, by: Actor) -> None:
    """Keep the first account's status, move it to the second, or let neither have it; once.

    Refuses with Invalid without a reason, with WrongState where it is decided, and with NotAllowed whoever
    owns one of the accounts or checked the document.
    """
    policy.check(by, Can.RESIDENCE_DECIDE, conflict)
    if not reason:
        raise Invalid(NO_REASON, field="reason")
    _hold(conflict)
    held = db.session().scalar(queries.held_as(conflict.resident_id))
    if held is not None:
        # Decided before, it may be in a third account by now, and that could be the official's own.
        policy.check(by, Can.RESIDENCE_DECIDE, hold(held.person_id))
    conflict.decision, conflict.reason = decision.value, reason
    conflict.decided_at, conflict.decided_by_id = clock.now(), by.person_id
    db.session().flush()
    told = {"decision": decision.value, "conflict": conflict.id, "holder": person_key(conflict.holder)}
    record(Did.RESIDENCE_DECIDED, person_key(conflict.claimant), by=by, **told)
    if held is not None and held.person_id != conflict.claimant_id:
        _leave(held, decision, reason, by=by)
    if decision is Decision.MOVED:
        _move(conflict, held, months=months, by=by)


def _hold(conflict: Conflict) -> None:
    # The human first, then the accounts in one order: as when a document is shown, so that nobody waits in
    # a ring.
    session = db.session()
    human = select(Resident.id).where(Resident.id == conflict.resident_id)
    session.execute(human.with_for_update(key_share=True))
    session.refresh(conflict, ["decided_at"])
    if conflict.decided_at is not None:
        raise WrongState(DECIDED)
    for person_id in sorted((conflict.holder_id, conflict.claimant_id)):
        hold(person_id)


def _leave(held: Residency, decision: Decision, reason: str, *, by: Actor) -> None:
    person = hold(held.person_id)
    if decision is Decision.MOVED:
        end(held, State.MOVED)
        record(Did.RESIDENCE_MOVED, person_key(person), by=by)
    elif decision is Decision.REFUSED:
        held.reason, held.ended_by_id = reason, by.person_id
        end(held, State.REVOKED)
        record(Did.RESIDENCE_REVOKED, person_key(person), by=by)


def _move(conflict: Conflict, held: Residency | None, *, months: int, by: Actor) -> None:
    session, claimant = db.session(), conflict.claimant_id
    if held is not None and held.person_id == claimant:
        return
    own = session.scalar(queries.held_by(claimant))
    if own is not None:
        end(own, State.REPLACED)
    proof = Proof(
        Way(conflict.way),
        conflict.document_kind,
        conflict.checked_by_id,
        conflict.issuer,
        conflict.assurance,
    )
    give(conflict.claimant, session.get_one(Resident, conflict.resident_id), proof, months=months, by=by)
