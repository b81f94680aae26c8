"""The city looks at a statement line by line; above the city's threshold a second person approves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support.amounts import Amount
from portal.support.payments import queries
from portal.support.payments.actions.held import hold, move_sums, person
from portal.support.payments.lifecycle import COSTS_LIFE, CostsVerb
from portal.support.payments.models import CostLine, CostStatement, PaymentPlan
from portal.words import W

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """How much of one cost is accepted, in cents, and why not all of it."""

    cents: int
    reason: str = ""


def return_costs(statement: CostStatement, reason: str, *, by: Actor) -> None:
    """Give a statement back to the group, so that it can be mended and sent again."""
    policy.check(by, Can.COSTS_CHECK, statement)
    held: CostStatement = hold(queries.statement(statement.plan.subject, statement.id))
    state = COSTS_LIFE.after(held.state, CostsVerb.RETURN)
    if not reason.strip():
        raise Invalid(W("Say what should change, so that the group can do it"), field="reason")
    held.state, held.return_reason = state.value, reason.strip()
    db.session().flush()
    _note(Did.COSTS_RETURNED, held, by=by)


def check_costs(statement: CostStatement, judged: Mapping[int, Judged], *, by: Actor) -> None:
    """Judge every line as the first person; below the city's threshold that decides.

    Refuses with Invalid a line that is not judged, and one accepted in part or not at all without a reason.
    """
    policy.check(by, Can.COSTS_CHECK, statement)
    held: CostStatement = hold(queries.statement(statement.plan.subject, statement.id))
    held.state = COSTS_LIFE.after(held.state, CostsVerb.CHECK).value
    for line in held.lines:
        _judge(line, judged.get(line.id))
    held.accepted = sum(line.accepted or 0 for line in held.lines)
    held.checked_at, held.checked_by_id = clock.now(), person(by)
    _need_room(held)
    db.session().flush()
    _note(Did.COSTS_CHECKED, held, by=by)
    if not held.needs_two:
        _decide(held, by=by)


def approve_costs(statement: CostStatement, *, by: Actor) -> None:
    """Approve what a colleague checked, as the second person."""
    policy.check(by, Can.COSTS_APPROVE, statement)
    held: CostStatement = hold(queries.statement(statement.plan.subject, statement.id))
    policy.check(by, Can.COSTS_APPROVE, held)
    _need_room(held)
    _decide(held, by=by)


def _decide(held: CostStatement, *, by: Actor) -> None:
    held.state = COSTS_LIFE.after(held.state, CostsVerb.DECIDE).value
    held.decided_at, held.decided_by_id = clock.now(), person(by)
    db.session().flush()
    # The same figure that lets payments through: one UPDATE, and a CHECK that it stays within the promise.
    plan, more = held.plan, held.accepted
    move_sums(plan, PaymentPlan.approved + more <= PaymentPlan.amount, approved=PaymentPlan.approved + more)
    _note(Did.COSTS_DECIDED, held, by=by)


def _judge(line: CostLine, found: Judged | None) -> None:
    if found is None:
        raise Invalid(W("Say of each cost how much of it is accepted"), field=f"accepted_{line.id}")
    if not 0 <= found.cents <= line.amount:
        most = Amount(line.amount, "cent")
        raise Invalid(
            W("Of this cost %(most)s can be accepted at most", most=most), field=f"accepted_{line.id}"
        )
    if found.cents < line.amount and not found.reason.strip():
        raise Invalid(W("Say why not all of this cost is accepted"), field=f"reason_{line.id}")
    line.accepted, line.reason = found.cents, found.reason.strip()[:LONGEST_REASON]


def _need_room(held: CostStatement) -> None:
    left = held.plan.amount - held.plan.approved
    if held.accepted > left:
        raise WrongState(
            W(
                "Of the promised sum only %(left)s is not settled yet. Accept that much at most.",
                left=Amount(left, "cent"),
            )
        )


def _note(did: Did, held: CostStatement, *, by: Actor) -> None:
    facts = {"number": held.number, "statement": held.id, "claimed": held.claimed, "accepted": held.accepted}
    record(did, held.plan.subject, by=by, **facts)
