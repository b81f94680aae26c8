"""Keep one row of the desk an open case, in the transaction of whatever changed the case.

The one place that knows what a next action depends on: whoever changes one of these rows need not know that
there is a desk. What the calendar alone changes (a period for observations that ends) is caught up with by a
job, and `differences` says for any case whether its row is what the rules give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event, inspect, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.observations.models import Observation, Period
from portal.pacts import urgency
from portal.pacts.models import NO_DAY, Agreement, DeskCase, HeldDecision, Pact, Report, Signature, Suggestion
from portal.pacts.queries.desk import OPEN_PACTS, OPEN_PROPOSALS
from portal.pacts.standing import profile_named
from portal.proposals.models import Proposal, Supplement
from portal.record import Act, Did
from portal.support.models import Allocation
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

CHECKING = "checking"
STEPS = dict.fromkeys(("submitted", "supplement_asked", "refusal_noticed"), CHECKING)
# What of a proposal its next action and its line on the desk depend on; a counter that moves is no reason.
_OF_PROPOSAL = (
    "state", "title", "kind", "district", "owner_id", "assessor_id", "completeness",
    "answer_due_on", "noticed_at", "reply", "submitted_at",
)  # fmt: skip
_TOUCHED = "desk_touched"
# A sealed agreement is a paper, known here by the act that says it was issued.
_ACTS = frozenset({Did.PAPER_ISSUED.value})
MANY = 400


def _note(session: Session, _context: object) -> None:
    noted = session.info.setdefault(_TOUCHED, set())
    for thing in (*session.new, *session.dirty, *session.deleted):
        noted.update(_cases_of(thing))


def _cases_of(thing: object) -> Iterator[tuple[str, int | str]]:
    """Yield which case a changed row belongs to: by the id of its proposal or pact, or by its subject key."""
    if isinstance(thing, Proposal):
        changed = inspect(thing).attrs
        if thing.state != "draft" and any(changed[name].history.has_changes() for name in _OF_PROPOSAL):
            yield "proposal", thing.id
    elif isinstance(thing, HeldDecision | Pact | Supplement):
        yield "proposal", thing.proposal_id
    elif isinstance(thing, Agreement | Report | Signature | Suggestion):
        yield "pact", thing.pact_id
    elif isinstance(thing, Observation | Period):
        yield "key", thing.subject_key
    elif isinstance(thing, Allocation) or (isinstance(thing, Act) and thing.verb in _ACTS):
        yield "key", thing.subject


def _keep_noted(session: Session) -> None:
    session.flush()
    noted = session.info.pop(_TOUCHED, set())
    if noted:
        keep(session, _proposals_of(session, noted))


def _proposals_of(session: Session, noted: Collection[tuple[str, int | str]]) -> set[int]:
    found = {int(value) for sort, value in noted if sort == "proposal" and value is not None}
    pacts = [value for sort, value in noted if sort == "pact"]
    keys = [str(value).partition(":") for sort, value in noted if sort == "key"]
    sent = [code for thing, _, code in keys if thing == "proposal"]
    agreed = [code for thing, _, code in keys if thing == "pact"]
    if sent:
        found.update(session.scalars(select(Proposal.id).where(Proposal.code.in_(sent))))
    if pacts or agreed:
        chosen = or_(Pact.id.in_(pacts), Pact.code.in_(agreed))
        found.update(session.scalars(select(Pact.proposal_id).where(chosen)))
    return found


def keep(session: Session, proposal_ids: Collection[int]) -> int:
    """Write the rows of these cases anew where they differ, and take away those of closed ones."""
    derived = {values["proposal_id"]: values for values in _derived(session, proposal_ids)}
    kept = {
        row.proposal_id: row
        for row in session.scalars(select(DeskCase).where(DeskCase.proposal_id.in_(proposal_ids)))
    }
    changed = 0
    for proposal_id in proposal_ids:
        changed += _keep_one(session, kept.get(proposal_id), derived.get(proposal_id))
    session.flush()
    return changed


def _keep_one(session: Session, row: DeskCase | None, values: dict[str, Any] | None) -> int:
    if values is None:
        if row is not None:
            session.delete(row)
        return int(row is not None)
    if row is None:
        session.add(DeskCase(**values, changed_at=clock.now(), sequence=0))
        return 1
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if {"action", "due_on", "title", "code", "action_values"} & differing.keys():
        row.sequence += 1
        row.changed_at = clock.now()
    for name, value in differing.items():
        setattr(row, name, value)
    return int(bool(differing))


def _derived(session: Session, proposal_ids: Collection[int]) -> Iterator[dict[str, Any]]:
    now = clock.now()
    sent: Any = session.execute(OPEN_PROPOSALS.where(Proposal.id.in_(proposal_ids)))
    agreed: Any = session.execute(OPEN_PACTS.where(Pact.proposal_id.in_(proposal_ids)))
    for row in sent:
        profile = profile_named(row.profile_version)
        task = urgency.of_proposal(row, profile, profile.languages[0])
        turns_at = row.closes_at if row.closes_at and now < row.closes_at else None
        more = {"since": row.submitted_at, "turns_at": turns_at, "office": profile.offices[0].id}
        yield {**_values(row, row.id, "proposal", task), **more, "has_paper": False}
    for row in agreed:
        profile = profile_named(row.profile_version)
        task = urgency.of_pact(row, profile, profile.languages[0])
        more = {"since": row.proposed_at, "office": profile.pact_class(row.pact_class).signer_office}
        dates = {"starts_on": row.starts_on, "ends_on": row.ends_on, "has_paper": bool(row.has_paper)}
        yield {**_values(row, row.proposal_id, "pact", task), **more, **dates}


def _values(row: Any, proposal_id: int, thing: str, task: urgency.Task) -> dict[str, Any]:
    return {
        "proposal_id": proposal_id,
        "code": row.code,
        "thing": thing,
        "title": row.title,
        "words": f"{row.title} {row.code}".lower(),
        "state": row.state,
        "step": STEPS.get(row.state, row.state),
        "kind": row.kind,
        "district": row.district,
        "owner_id": row.owner_id,
        "assessor_id": row.assessor_id,
        "action": task.action.id,
        "action_values": dict(task.action.parameters),
        "waits_on": task.waits_on,
        "due_on": task.due_on,
        "sort_on": task.due_on or NO_DAY,
        "is_signature": task.is_signature,
        "turns_at": None,
        "starts_on": None,
        "ends_on": None,
    }


def behind(session: Session) -> list[int]:
    """Return the cases whose row the calendar changed, and those that are open without a row."""
    turned = session.scalars(select(DeskCase.proposal_id).where(DeskCase.turns_at <= clock.now()))
    has_row = select(DeskCase.proposal_id)
    sent = OPEN_PROPOSALS.with_only_columns(Proposal.id).where(Proposal.id.not_in(has_row))
    agreed = OPEN_PACTS.with_only_columns(Pact.proposal_id).where(Pact.proposal_id.not_in(has_row))
    return [*turned, *session.scalars(sent), *session.scalars(agreed)]


def catch_up(session: Session) -> int:
    """Write anew what the calendar changed, and what is open without a row; return how many changed."""
    return _in_parts(session, behind(session))


def rebuild(session: Session) -> int:
    """Write every row anew that is not what the rules give; return how many were not."""
    return _in_parts(session, every(session))


def every(session: Session) -> list[int]:
    """Return the cases that are open, and those that have a row."""
    open_now = [
        *session.scalars(OPEN_PROPOSALS.with_only_columns(Proposal.id)),
        *session.scalars(OPEN_PACTS.with_only_columns(Pact.proposal_id)),
    ]
    return sorted({*open_now, *session.scalars(select(DeskCase.proposal_id))})


def _in_parts(session: Session, proposal_ids: Sequence[int]) -> int:
    parts = range(0, len(proposal_ids), MANY)
    return sum(keep(session, proposal_ids[start : start + MANY]) for start in parts)


def action_of(row: DeskCase) -> W:
    """Return the next action of a row as a message."""
    return W(row.action, **row.action_values)


event.listen(Session, "after_flush", _note)
event.listen(Session, "before_commit", _keep_noted)
