"""Ask for a change of a pool, and decide on it as the second person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support import following
from portal.support.actions import changing, pools
from portal.support.actions.books import About
from portal.support.changes import Change, Wish, second_person
from portal.support.models import Pool, PoolEntry, PoolRequest
from portal.words import W

if TYPE_CHECKING:
    from portal.city import PoolRules

NO_REASON = W("Say why, in a sentence that everybody may read")
NOT_OPEN = W("This request was answered already, taken back, or nobody answered in time. Ask anew.")


def ask_to_open(facts: dict[str, Any], wish: Wish, *, by: Actor, rules: PoolRules) -> PoolRequest:
    """Ask for a new pool (year, slug, kind, name, office); opened at once where one person is enough.

    Refuses with Invalid what is not a pool, and a second pool of the same name in a year.
    """
    policy.check(by, Can.POOL_CHANGE)
    pools.check_pool(facts["year"], facts["slug"], facts["kind"], facts["name"], wish.amount)
    return _ask(Change.OPEN, None, wish, facts, by=by, rules=rules)


def ask(change: Change, pool: Pool, wish: Wish, *, by: Actor, rules: PoolRules) -> PoolRequest:
    """Ask for a change of a pool; it is booked at once where the city's rules let one person decide.

    Refuses with Invalid what cannot be done, said beside the field.
    """
    policy.check(by, Can.POOL_CHANGE)
    following.may_correct(wish.entry_id, wish.to_id, by=by)
    if change is not Change.CORRECT and not any(wish.amounts(pool.kind).values()) and not _is_whole(change):
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="amount")
    if max(wish.amounts(pool.kind).values()) > pools.MOST:
        raise Invalid(W("Enter a smaller amount"), field="amount")
    changing.check(change, pool, wish)
    return _ask(change, pool, wish, {}, by=by, rules=rules)


def _is_whole(change: Change) -> bool:
    # What is promised moves anyway, and what is left is left: these need no amount of their own.
    return change in {Change.CARRY_OVER, Change.CLOSE}


def _ask(
    change: Change, pool: Pool | None, wish: Wish, facts: dict[str, Any], *, by: Actor, rules: PoolRules
) -> PoolRequest:
    if not wish.reason.strip():
        raise Invalid(NO_REASON, field="reason")
    if by.person_id is None:
        raise NotAllowed(policy.SIGN_IN_FIRST)
    kind = pool.kind if pool else facts["kind"]
    request = PoolRequest(
        change=change.value,
        pool_id=pool.id if pool else None,
        other_pool_id=wish.other_id,
        amount=wish.amount,
        facts=facts | {"further": dict(wish.further), "entry": wish.entry_id, "to": wish.to_id},
        reason=wish.reason.strip(),
        asked_by_id=by.person_id,
        asked_at=clock.now(),
        until=clock.now() + timedelta(days=rules.answer_days),
    )
    db.session().add(request)
    db.session().flush()
    # A server's further measures have no amount of their own in the rules: two persons decide on them.
    alone = wish.amount > 0 or not any(wish.further.values())
    if alone and second_person(kind, _weight(change, pool, wish), rules) is None:
        request.state = "booked"
        _perform(request, by=by)
    else:
        _remember(Did.POOL_CHANGE_ASKED, request, pool, by=by)
    return request


def _weight(change: Change, pool: Pool | None, wish: Wish) -> int:
    """Return the amount that decides whether a second person is needed: everything that moves."""
    if pool is None:
        return wish.amount
    if change is Change.CLOSE:
        return pool.left
    if change is Change.CARRY_OVER:
        return (pool.left if pool.kept_for else wish.amount) + changing.promised(pool)
    if change is Change.CORRECT:
        entry = db.session().get_one(PoolEntry, wish.entry_id)
        return max(wish.amount, entry.amount)
    return wish.amount


def approve_change(request: PoolRequest, *, by: Actor) -> None:
    """Approve as the second person: the change is booked now.

    Refuses with NotAllowed whoever asked for it, with WrongState what is not open any more or can no longer
    be done.
    """
    _decide(request, "approved", by=by)
    try:
        _perform(request, by=by)
    except Invalid as refused:
        raise WrongState(refused.words) from refused


def refuse_change(request: PoolRequest, answer: str, *, by: Actor) -> None:
    """Refuse as the second person, with a reason."""
    if not answer.strip():
        policy.check(by, Can.POOL_DECIDE, request)
        raise Invalid(W("Say why not, so that your colleague understands"), field="answer")
    request.answer = answer.strip()
    _decide(request, "refused", by=by)
    _remember(Did.POOL_CHANGE_REFUSED, request, _pool_of(request), by=by)


def withdraw_change(request: PoolRequest, *, by: Actor) -> None:
    """Take back what one asked for oneself."""
    policy.check(by, Can.POOL_WITHDRAW, request)
    _check_open(request)
    request.state = "withdrawn"
    db.session().flush()
    _remember(Did.POOL_CHANGE_WITHDRAWN, request, _pool_of(request), by=by)


def _decide(request: PoolRequest, state: str, *, by: Actor) -> None:
    policy.check(by, Can.POOL_DECIDE, request)
    _check_open(request)
    request.state, request.decided_by_id, request.decided_at = state, by.person_id, clock.now()
    # Of two who decide at once the second meets a newer version, before any figure has moved.
    db.session().flush()


def _check_open(request: PoolRequest) -> None:
    if not request.is_open(clock.now()):
        raise WrongState(NOT_OPEN)


def _perform(request: PoolRequest, *, by: Actor) -> None:
    facts, about = request.facts, About(request_id=request.id)
    further, entry_id, to_id = facts["further"], facts["entry"], facts.get("to")
    wish = Wish(request.amount, request.reason, further, request.other_pool_id, entry_id, to_id)
    pool = _pool_of(request)
    if pool is None:
        named = {name: facts[name] for name in ("year", "slug", "kind", "name")}
        opened = pools.book_opening(
            capacity=wish.amount,
            office=facts.get("office", ""),
            further=wish.further,
            by=by,
            about=About(request_id=request.id, reason=wish.reason),
            **named,
        )
        request.pool_id = opened.id
        db.session().flush()
        return
    changing.perform(Change(request.change), pool, wish, by=by, about=about)
    _remember(Did.POOL_CHANGED, request, pool, by=by)


def _pool_of(request: PoolRequest) -> Pool | None:
    return db.session().get(Pool, request.pool_id) if request.pool_id else None


def _remember(did: Did, request: PoolRequest, pool: Pool | None, *, by: Actor) -> None:
    key = pool.key if pool else f"pool:{request.facts['year']}:{request.facts['slug']}"
    record(did, key, by=by, change=request.change, amount=request.amount, request=request.id)
