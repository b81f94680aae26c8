"""Plan in which parts a promised sum is paid: an advance within the city's cap, and what follows on costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from portal import clock, db, policy
from portal.errors import Invalid, WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support.ledger import Kind
from portal.support.lifecycle import State
from portal.support.models import Allocation
from portal.support.payments import conditions, queries, rules_of
from portal.support.payments.actions.held import hold
from portal.support.payments.conditions import Part, Planned
from portal.support.payments.models import PaymentPlan, Tranche
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Profile

# CUP: fifteen letters and digits; CIG: ten (Law 136/2010, article 3).
_PROJECT, _TENDER = re.compile(r"[A-Z0-9]{15}"), re.compile(r"[A-Z0-9]{10}")
_BEGUN = W("Of this sum something is being paid or was paid, so its plan stands.")


def plan_payments(
    allocation: Allocation,
    parts: Sequence[Planned],
    *,
    project_code: str = "",
    tender_code: str = "",
    present: Profile | None = None,
    by: Actor,
) -> PaymentPlan:
    """Plan the parts of a promised sum, or plan them anew while nothing is under way.

    Refuses with Invalid parts that do not add up to the promise and an advance above the cap, with WrongState
    what is not promised money, or was paid in another way. `present` are the city's rules of today: they are
    kept for a sum of which nobody wrote down under which rules it was promised.
    """
    policy.check(by, Can.PAYMENTS_PLAN, allocation)
    if allocation.kind != Kind.FUNDING or allocation.state != State.COMMITTED:
        raise WrongState(W("Only money that was promised by signature is paid in parts."))
    if present is not None and not allocation.profile_version:
        allocation.profile_version = present.version_key
    _check(allocation, parts, project_code, tender_code)
    plan = _held(allocation) or _begun(allocation)
    plan.tranches.clear()
    db.session().flush()
    plan.planned = sum(one.cents for one in parts)
    plan.advance = sum(one.cents for one in parts if one.kind is Part.ADVANCE)
    plan.project_code, plan.tender_code, plan.planned_at = project_code, tender_code, clock.now()
    plan.tranches.extend(
        Tranche(number=number, kind=one.kind.value, amount=one.cents, due_on=one.due_on)
        for number, one in enumerate(parts, 1)
    )
    db.session().flush()
    facts = {"row": allocation.row_key, "parts": len(parts), "advance": plan.advance, "amount": plan.amount}
    record(Did.PAYMENTS_PLANNED, plan.subject, by=by, **facts)
    return plan


def _held(allocation: Allocation) -> PaymentPlan | None:
    if not allocation.is_paid_by_plan:
        return None
    plan: PaymentPlan = hold(queries.plan(allocation.subject, allocation.row_key))
    if plan.ordered or plan.paid:
        raise WrongState(_BEGUN)
    if db.session().scalar(queries.payments(code=plan.code, most=1)) is not None:
        raise WrongState(_BEGUN)
    return plan


def _begun(allocation: Allocation) -> PaymentPlan:
    if allocation.delivered:
        raise WrongState(W("A part of this sum was paid in another way, so it is not paid by a plan."))
    # The version of the row decides: two plans at once, or a delivery by hand beside a plan, and one is late.
    allocation.is_paid_by_plan = True
    plan = PaymentPlan(
        allocation_id=allocation.id,
        subject=allocation.subject,
        organisation_id=allocation.organisation_id,
        party_person_id=allocation.party_person_id,
        amount=allocation.amount,
        planned=allocation.amount,
        planned_at=clock.now(),
        tranches=[],
    )
    db.session().add(plan)
    db.session().flush()
    return plan


def _check(allocation: Allocation, parts: Sequence[Planned], project_code: str, tender_code: str) -> None:
    found = conditions.faults(parts, allocation.amount, rules_of.advance_cap_bp(allocation))
    if found:
        raise Invalid(found[0], field="parts")
    if project_code and not _PROJECT.fullmatch(project_code):
        raise Invalid(W("A CUP has 15 letters and digits, like B31B26000120004"), field="project_code")
    if tender_code and not _TENDER.fullmatch(tender_code):
        raise Invalid(W("A CIG has 10 letters and digits, like Z1A2B3C4D5"), field="tender_code")
