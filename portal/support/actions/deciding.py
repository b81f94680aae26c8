"""Propose as one person, approve or send back as another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.policy import Actor, Can
from portal.record import Did
from portal.support import bars, findable, queries, valuing
from portal.support.actions import books
from portal.support.actions.setting_aside import check_share
from portal.support.amounts import Amount
from portal.support.checks import queries as checks
from portal.support.checks.rules import Finding, stopping
from portal.support.ledger import Movement
from portal.support.lifecycle import LIFE, Verb
from portal.support.models import Allocation, Pool
from portal.words import W


def propose(allocation: Allocation, pool: Pool, reason: str, *, by: Actor) -> None:
    """Propose to give the asked amount from a pool, with a public reason; a second person approves.

    Refuses with Invalid a pool of another kind or year, an ended one, one with too little left, and what a
    blocking rule of the city forbids.
    """
    policy.check(by, Can.SUPPORT_PROPOSE, allocation)
    state = LIFE.after(allocation.state, Verb.PROPOSE)
    field = f"pool_{allocation.row_key}"
    why_not = bars.unfit(pool, allocation, clock.today())
    if why_not is not None:
        raise Invalid(why_not, field=field)
    if not reason.strip():
        raise Invalid(W("Say why, in a sentence that everybody may read"), field="reason")
    try:
        check_share(pool, allocation, more=allocation.amount)
    except WrongState as refused:
        raise Invalid(refused.words, field=field) from refused
    if not any(row.leads(allocation.unit) for row in _rows_of(pool)):
        raise Invalid(
            W("%(pool)s has nothing of what is asked here. Choose another fund.", pool=pool.title),
            field=field,
        )
    short = _short(pool, allocation.measures)
    if short is not None:
        raise Invalid(_only_left(short), field=field)
    stop = stopping(_weighed(allocation))
    if stop is not None:
        raise Invalid(stop.words, field=field)
    allocation.pool = pool
    allocation.reason = reason.strip()
    allocation.sent_back_reason = ""
    allocation.proposed_by_id = _person(by)
    allocation.proposed_at = clock.now()
    allocation.state = state.value
    db.session().flush()
    books.remember(Did.SUPPORT_PROPOSED, allocation, by=by, pool=pool.key)


def propose_rows(choices: Sequence[tuple[Allocation, Pool]], reason: str, *, by: Actor) -> None:
    """Propose several rows of one pact for the same reason: all of them, or none where one is refused."""
    with db.session().begin_nested():
        asked: dict[int, Counter[str]] = {}
        for allocation, pool in choices:
            propose(allocation, pool, reason, by=by)
            together = asked.setdefault(pool.id, Counter())
            together.update(allocation.measures)
            short = _short(pool, together)
            if short is not None:
                raise Invalid(_only_left(short), field=f"pool_{allocation.row_key}")


def approve(allocation: Allocation, *, by: Actor) -> None:
    """Approve as the second person: from now on the pool keeps the amount aside.

    Refuses with NotAllowed whoever proposed it or belongs to the organisation, with Stale where the pool has
    too little left, saying who was faster, and with WrongState an ended pool and what a rule forbids.
    What the rules said and how the worth was found is kept with it. One UPDATE decides every race.
    """
    policy.check(by, Can.SUPPORT_APPROVE, allocation)
    state = LIFE.after(allocation.state, Verb.APPROVE)
    pool = books.pool_of(allocation)
    why_not = bars.unfit(pool, allocation, clock.today())
    if why_not is not None:
        raise WrongState(why_not)
    weighed = _weighed(allocation)
    stop = stopping(weighed)
    if stop is not None:
        raise WrongState(stop.words)
    allocation.weighed = " ".join(f"{one.check.id}:{one.fit}" for one in weighed)
    allocation.valued_by = valuing.as_kept(allocation, checks.rules_of(allocation))
    allocation.approved_by_id = _person(by)
    allocation.approved_at = clock.now()
    allocation.state = state.value
    # Two approvals of the same row: the version the second one read is gone, before any figure has moved.
    db.session().flush()
    if not books.move(pool, Movement.RESERVED, allocation, allocation.amount, by=by):
        raise Stale(_too_little(allocation, pool))
    check_share(pool, allocation)
    findable.enter_decision(allocation)
    books.remember(Did.SUPPORT_APPROVED, allocation, by=by, pool=pool.key)


def send_back(allocation: Allocation, reason: str, *, by: Actor) -> None:
    """Send a proposal back to whoever proposed it, as the second person, with a reason."""
    policy.check(by, Can.SUPPORT_SEND_BACK, allocation)
    state = LIFE.after(allocation.state, Verb.SEND_BACK)
    if not reason.strip():
        raise Invalid(W("Say what should change, so that your colleague can do it"), field="reason")
    allocation.state = state.value
    allocation.sent_back_reason = reason.strip()
    # The pool and the public reason stay: they are the start of the next proposal.
    allocation.proposed_by_id = allocation.proposed_at = None
    db.session().flush()
    books.remember(Did.SUPPORT_SENT_BACK, allocation, by=by)


def _weighed(allocation: Allocation) -> list[Finding]:
    return checks.findings([allocation]).get(allocation.id, [])


def _person(by: Actor) -> int:
    if by.person_id is None:
        raise NotAllowed(policy.SIGN_IN_FIRST)
    return by.person_id


def _short(pool: Pool, asked: Mapping[str, int]) -> Pool | None:
    """Return the first measure of the pool of which too little is left."""
    return next((row for row in _rows_of(pool) if asked.get(row.unit, 0) > row.left), None)


def _rows_of(pool: Pool) -> list[Pool]:
    return [pool, *(db.session().scalars(queries.parts_of(pool.id)) if pool.has_parts else ())]


def _only_left(pool: Pool) -> W:
    return W(
        "Only %(left)s is left in %(pool)s: lower the amount or choose another fund",
        left=Amount(pool.left, pool.unit),
        pool=f"{pool.name} {pool.year}",
    )


def _too_little(allocation: Allocation, pool: Pool) -> W:
    """Say who was faster since the proposal, or simply how little is left."""
    since = allocation.proposed_at or clock.now()
    faster = db.session().scalar(queries.last_reservation(pool.id, allocation.subject, since))
    if faster is None:
        return _only_left(_short(pool, allocation.measures) or pool)
    return W(
        "%(amount)s was promised to another pact at %(time)s. %(left)s is left now.",
        amount=Amount(faster.amount, pool.unit),
        time=_hour(faster.at),
        left=Amount(pool.left, pool.unit),
    )


def _hour(at: datetime) -> str:
    there = clock.local(at)
    return f"{there:%H:%M}" if there.date() == clock.today() else f"{there:%d/%m/%Y, %H:%M}"
