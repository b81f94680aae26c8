"""Say for each thing that an office prescribed which version meets it, or why it is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import clock, db, policy
from portal.errors import Invalid, NotFound, Stale, WrongState
from portal.pacts import queries
from portal.pacts.actions.held import hold
from portal.pacts.lifecycle import State
from portal.pacts.models import PrescriptionAnswer
from portal.pacts.prescribed import prescribed_for, sources
from portal.pacts.prescriptions import last_change
from portal.policy import Can
from portal.proposals.fitting import fits
from portal.record import Did, record
from portal.words import W

if TYPE_CHECKING:
    from portal.pacts.models import Pact
    from portal.pacts.prescriptions import Prescribed
    from portal.policy import Actor

LONGEST_BECAUSE = 1000
_OPEN = frozenset({State.CO_DESIGN, State.AGREED})
_NOT_THERE = W("No office prescribed this for the pact.")
_LATE = W("The pact is ready to sign or signed: what was said of the prescriptions stays as it is.")
_WHY = W("Say why it is not followed: both sides and the office read it")
_OLDER = W(
    "Version %(last)s changed this clause, so an older version does not say how the text meets this now."
    " Enter version %(last)s or a later one."
)
_FASTER = W("A colleague answered this a moment ago. Look again.")


def meet_prescription(pact: Pact, opinion_id: int, number: int, version: int, *, by: Actor) -> None:
    """Say which version of the text meets a prescription; it can be said anew until the pact is signed.

    Refuses with NotFound, with WrongState (ready to sign), with Invalid a version that there is not, and one
    from before the last change of the clause.
    """
    pact, one = _held(pact, opinion_id, number, by=by)
    if not 1 <= version <= pact.last_version:
        range_ = W("Enter the number of a version, from 1 to %(last)s", last=pact.last_version)
        raise Invalid(range_, field="version")
    last = last_change(one, sources(pact)) if one.clause else 0
    if version < last:
        raise Invalid(W(_OLDER.id, last=last), field="version")
    _answer(pact, opinion_id, number, version, "", by=by)


def not_follow_prescription(pact: Pact, opinion_id: int, number: int, because: str, *, by: Actor) -> None:
    """Say why a prescription is not followed. Refuses as above, and with Invalid without a reason."""
    pact, _ = _held(pact, opinion_id, number, by=by)
    if not because.strip():
        raise Invalid(_WHY, field="because")
    fits(because.strip(), LONGEST_BECAUSE, field="because")
    _answer(pact, opinion_id, number, None, because.strip(), by=by)


def _held(pact: Pact, opinion_id: int, number: int, *, by: Actor) -> tuple[Pact, Prescribed]:
    policy.check(by, Can.PRESCRIPTION_ANSWER, pact)
    # Whoever opens the signing at the same moment comes before or after.
    pact = hold(pact)
    at = opinion_id, number
    found = next((one for one in prescribed_for(pact) if (one.opinion, one.number) == at), None)
    if found is None:
        raise NotFound(_NOT_THERE)
    if pact.state not in _OPEN:
        raise WrongState(_LATE)
    return pact, found


def _answer(
    pact: Pact, opinion_id: int, number: int, version: int | None, because: str, *, by: Actor
) -> None:
    session = db.session()
    asked = queries.prescription_answers(pact.id).where(
        PrescriptionAnswer.opinion_id == opinion_id, PrescriptionAnswer.number == number
    )
    row = session.scalar(asked)
    row = row or PrescriptionAnswer(pact_id=pact.id, opinion_id=opinion_id, number=number)
    row.answer = "met" if version is not None else "not_followed"
    row.version, row.because = version, because
    row.answered_at, row.answered_by_id = clock.now(), by.person_id
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Stale(_FASTER) from error
    facts = {"opinion": opinion_id, "number": number, "answer": row.answer}
    record(Did.PRESCRIPTION_ANSWERED, pact.key, by=by, **facts, **({"version": version} if version else {}))
