"""The parts of a draft of which there are several: commitments, asks, fences."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from portal import clock
from portal.errors import Invalid, NotFound
from portal.proposals import measured
from portal.proposals.actions.drafting import may_fill, write
from portal.proposals.fitting import fits
from portal.proposals.models import Ask, OfferedCommitment, OfferedFence, Proposal
from portal.proposals.profiles import profile_of
from portal.proposals.sections import Section
from portal.proposals.shapes import MOST_COMMITMENTS, PERIODS, Need, Promise
from portal.words import W

if TYPE_CHECKING:
    from portal.city import Fence
    from portal.policy import Actor

MOST_QUANTITY = 100_000
MOST_MONTHS = 120
# Beyond these a number was mistyped, per unit of a fence.
MOST_THRESHOLD = {"hours_week": 168, "percent": 100, "days": 3650, "yes_no": 1, "cents": 10**11}


def add_commitment(proposal: Proposal, promise: Promise, *, by: Actor) -> OfferedCommitment:
    """Add one thing the group will do; refuses with Invalid beyond thirty, or what is not countable."""
    may_fill(proposal, by=by)
    if len(proposal.commitments) >= MOST_COMMITMENTS:
        raise Invalid(W("Thirty commitments are enough for one pact. Remove one before you add another."))
    _check_promise(promise)
    added = OfferedCommitment(
        what=promise.what,
        quantity=promise.quantity,
        unit=promise.unit,
        per=promise.per,
        evidence=promise.evidence,
    )
    proposal.commitments.append(added)
    write(proposal, Section.COMMITMENTS, {})
    return added


def _check_promise(promise: Promise) -> None:
    if not promise.what:
        raise Invalid(W("Say what your group will do"), field="what")
    if not 1 <= promise.quantity <= MOST_QUANTITY:
        raise Invalid(W("Enter a whole number from 1 to 100,000"), field="quantity")
    if promise.per not in PERIODS:
        raise Invalid(W("Choose how often"), field="per")
    for field, most in (("what", 200), ("unit", 40), ("evidence", 200)):
        fits(getattr(promise, field), most, field=field)


def remove_commitment(proposal: Proposal, commitment_id: int, *, by: Actor) -> None:
    """Take one commitment back; one that is gone already stays gone."""
    may_fill(proposal, by=by)
    kept = [one for one in proposal.commitments if one.id != commitment_id]
    if len(kept) != len(proposal.commitments):
        proposal.commitments[:] = kept
        write(proposal, Section.COMMITMENTS, {})


def choose_asks(proposal: Proposal, kinds: Collection[str], *, by: Actor) -> None:
    """Say which kinds of support are asked for; what was said about a kind that stays is kept."""
    may_fill(proposal, by=by)
    offered = {one.id for one in profile_of(proposal).supports_for(proposal.kind)}
    if not set(kinds) <= offered:
        raise Invalid(W("Choose from the list"), field="kinds")
    proposal.asks[:] = [one for one in proposal.asks if one.kind in kinds]
    known = {one.kind for one in proposal.asks}
    for support in profile_of(proposal).support_kinds:
        if support.id in kinds and support.id not in known:
            proposal.asks.append(
                Ask(kind=support.id, unit=support.unit, amount=0, months=0, plan="", what="")
            )
    write(proposal, Section.ASKS, {})


def detail_ask(proposal: Proposal, kind: str, need: Need, *, by: Actor) -> None:
    """Say what exactly is asked of one kind; a server's amount is the plan's number of vCPU."""
    may_fill(proposal, by=by)
    ask = next((one for one in proposal.asks if one.kind == kind), None)
    if ask is None:
        raise NotFound(W("You did not ask for this kind of support. Choose it first."))
    fits(need.what, 300, field="what")
    ask.what, ask.months, ask.plan = need.what, 0, ""
    ask.unit = profile_of(proposal).support(kind).unit
    if kind == "server":
        ask.plan, ask.months = _plan(proposal, need.plan), _within(need.months, MOST_MONTHS, field="months")
        ask.amount = profile_of(proposal).plan(need.plan).vcpu if need.plan else 0
    else:
        ask.amount = _within(need.amount, measured.MOST[ask.unit], field="amount")
    write(proposal, Section.ASKS, {})


def _plan(proposal: Proposal, plan: str) -> str:
    if plan not in {"", *(one.id for one in profile_of(proposal).server_plans)}:
        raise Invalid(W("Choose a size of server"), field="plan")
    return plan


def _within(number: int, most: int, *, field: str) -> int:
    if not 0 <= number <= most:
        raise Invalid(W("This number is too large. Check it, or ask us by phone."), field=field)
    return number


def choose_fences(proposal: Proposal, ids: Collection[str], *, by: Actor) -> None:
    """Say which fences of the city's catalogue the group offers; limits start at the catalogue's."""
    may_fill(proposal, by=by)
    offered = {one.id: one for one in profile_of(proposal).fences_for(proposal.kind)}
    if not set(ids) <= set(offered):
        raise Invalid(W("Choose from the list"), field="fences")
    proposal.fences[:] = [one for one in proposal.fences if one.catalogue in ids]
    known = {one.catalogue for one in proposal.fences}
    for fence in offered.values():
        if fence.id in ids and fence.id not in known:
            proposal.fences.append(OfferedFence(catalogue=fence.id, threshold=fence.threshold))
    write(proposal, Section.FENCES, {})


def limit_fences(proposal: Proposal, limits: Mapping[str, int], *, by: Actor) -> None:
    """Set the limits of offered fences, in the smallest step of each fence's unit."""
    may_fill(proposal, by=by)
    for offered in proposal.fences:
        if offered.catalogue in limits:
            fence = profile_of(proposal).fence(offered.catalogue)
            offered.threshold = _threshold(fence, limits[offered.catalogue])
    proposal.saved_at = clock.now()


def _threshold(fence: Fence, number: int) -> int:
    most = MOST_THRESHOLD[fence.unit]
    if not 0 <= number <= most:
        raise Invalid(W("Enter a whole number from 0 to %(most)s", most=most), field=f"limit_{fence.id}")
    return number
