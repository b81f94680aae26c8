"""The verbs of support: open a pool, ask, propose, approve, send back, release, commit, deliver.

The figures of a pool move in one place only, by one conditional UPDATE with its ledger row beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, update

from portal import clock, db, policy
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.policy import Actor, Can
from portal.record import Did, record
from portal.support import ledger, queries
from portal.support.amounts import Amount
from portal.support.ledger import UNITS, Kind, Movement
from portal.support.lifecycle import LIFE, PROMISED, State, Verb
from portal.support.models import Allocation, Delivery, Pool, PoolEntry
from portal.words import W

YEARS = range(2000, 2101)
FIGURES = ("reserved", "committed", "delivered")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LEDGER_DISAGREES = W("The figures of this fund changed at the same moment, so nothing was done. Look again.")


def open_pool(year: int, slug: str, kind: str, name: str, capacity: int, *, by: Actor) -> Pool:
    """Open a pool for one year; `capacity` in the kind's unit (cents, vCPU, hours).

    Refuses with Invalid what is not a pool, and a second pool of the same name in a year.
    """
    policy.check(by, Can.POOL_OPEN)
    _check_pool(year, slug, kind, name, capacity)
    unit = UNITS[Kind(kind)]
    pool = Pool(year=year, slug=slug, kind=kind, name=name, unit=unit, capacity=capacity)
    db.session().add(pool)
    db.session().flush()
    _enter(pool, Movement.OPENED, capacity, by=by)
    record(Did.POOL_OPENED, pool.key, by=by, kind=pool.kind, capacity=capacity, unit=unit)
    return pool


def _check_pool(year: int, slug: str, kind: str, name: str, capacity: int) -> None:
    if year not in YEARS:
        raise Invalid(W("Enter a year like %(year)s", year=clock.today().year), field="year")
    if kind not in set(Kind):
        raise Invalid(W("Choose what the fund gives"), field="kind")
    if not name or not _SLUG.fullmatch(slug):
        raise Invalid(W("Enter a name with letters or digits, like Digital fund"), field="name")
    if capacity <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="capacity")
    if db.session().scalar(queries.pool(year, slug)) is not None:
        raise Invalid(
            W("There is a fund of this name in %(year)s already. Choose another name.", year=year),
            field="name",
        )


def ask_for(
    subject: str,
    version: int,
    rows: Iterable[Mapping[str, Any]],
    *,
    organisation_id: int | None,
    by: Actor,
    title: str = "",
    starts_on: date | None = None,
) -> list[Allocation]:
    """Ask for the support of an agreed version, and let go of what older versions asked for.

    `rows` are those of the text's "support"; kinds given without a pool are left out. Asking twice changes
    nothing. Who may is asked by the agreement that leads here. `starts_on` decides the year of the pool.
    """
    session = db.session()
    for old in session.scalars(queries.still_open(subject)).all():
        if old.version != version:
            _let_go(old, by=by)
    known = {one.row_key: one for one in session.scalars(queries.of_version(subject, version))}
    common = {"organisation_id": organisation_id, "title": title, "starts_on": starts_on or clock.today()}
    asked = []
    for row in rows:
        if row["kind"] not in set(Kind):
            continue
        allocation = known.get(row["id"]) or Allocation(subject=subject, version=version, row_key=row["id"])
        _ask(allocation, {**common, **_facts_of(row)}, by=by)
        asked.append(allocation)
    session.flush()
    return asked


def _facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("kind", "what", "amount", "unit", "months", "plan", "value_cents")
    return {name: row[name] for name in names if name in row}


def _ask(allocation: Allocation, facts: Mapping[str, Any], *, by: Actor) -> None:
    is_new = allocation.state is None
    if not is_new and allocation.state != State.RELEASED:
        return
    for name, value in facts.items():
        setattr(allocation, name, value)
    allocation.state = State.ASKED.value if is_new else LIFE.after(allocation.state, Verb.ASK_AGAIN).value
    allocation.asked_at = clock.now()
    _forget_proposal(allocation)
    allocation.approved_at = allocation.approved_by_id = None
    db.session().add(allocation)
    _remember(Did.SUPPORT_ASKED, allocation, by=by, kind=allocation.kind)


def propose(allocation: Allocation, pool: Pool, reason: str, *, by: Actor) -> None:
    """Propose to give the asked amount from a pool, with a public reason; a second person approves.

    Refuses with Invalid a pool of another kind or year, an ended one, and one with too little left.
    """
    policy.check(by, Can.SUPPORT_PROPOSE, allocation)
    state = LIFE.after(allocation.state, Verb.PROPOSE)
    field = f"pool_{allocation.row_key}"
    why_not = ledger.unfit(pool, allocation, clock.today())
    if why_not is not None:
        raise Invalid(why_not, field=field)
    if not reason.strip():
        raise Invalid(W("Say why, in a sentence that everybody may read"), field="reason")
    if allocation.amount > pool.left:
        raise Invalid(_only_left(pool), field=field)
    allocation.pool = pool
    allocation.reason = reason.strip()
    allocation.sent_back_reason = ""
    allocation.proposed_by_id = _person(by)
    allocation.proposed_at = clock.now()
    allocation.state = state.value
    db.session().flush()
    _remember(Did.SUPPORT_PROPOSED, allocation, by=by, pool=pool.key)


def propose_rows(choices: Sequence[tuple[Allocation, Pool]], reason: str, *, by: Actor) -> None:
    """Propose several rows of one pact for the same reason: all of them, or none where one is refused."""
    with db.session().begin_nested():
        asked: dict[int, int] = {}
        for allocation, pool in choices:
            asked[pool.id] = asked.get(pool.id, 0) + allocation.amount
            propose(allocation, pool, reason, by=by)
            if asked[pool.id] > pool.left:
                raise Invalid(_only_left(pool), field=f"pool_{allocation.row_key}")


def approve(allocation: Allocation, *, by: Actor) -> None:
    """Approve as the second person: from now on the pool keeps the amount aside.

    Refuses with NotAllowed whoever proposed it or belongs to the organisation, with Stale where the pool has
    too little left, saying who was faster, and with WrongState an ended pool. One UPDATE decides every race.
    """
    policy.check(by, Can.SUPPORT_APPROVE, allocation)
    state = LIFE.after(allocation.state, Verb.APPROVE)
    pool = _pool_of(allocation)
    why_not = ledger.unfit(pool, allocation, clock.today())
    if why_not is not None:
        raise WrongState(why_not)
    allocation.approved_by_id = _person(by)
    allocation.approved_at = clock.now()
    allocation.state = state.value
    # Two approvals of the same row: the version the second one read is gone, before any figure has moved.
    db.session().flush()
    if not _move(pool, Movement.RESERVED, allocation, allocation.amount, by=by):
        raise Stale(_too_little(allocation, pool))
    _remember(Did.SUPPORT_APPROVED, allocation, by=by, pool=pool.key)


def send_back(allocation: Allocation, reason: str, *, by: Actor) -> None:
    """Send a proposal back to whoever proposed it, as the second person, with a reason."""
    policy.check(by, Can.SUPPORT_APPROVE, allocation)
    state = LIFE.after(allocation.state, Verb.SEND_BACK)
    if not reason.strip():
        raise Invalid(W("Say what should change, so that your colleague can do it"), field="reason")
    allocation.state = state.value
    allocation.sent_back_reason = reason.strip()
    # The pool and the public reason stay: they are the start of the next proposal.
    allocation.proposed_by_id = allocation.proposed_at = None
    db.session().flush()
    _remember(Did.SUPPORT_SENT_BACK, allocation, by=by)


def release(subject: str, *, by: Actor) -> list[Allocation]:
    """Let go of everything asked, proposed or approved for a subject; what was kept aside goes back.

    Called by the verb that voids the agreement, which has asked who may.
    """
    found = list(db.session().scalars(queries.still_open(subject)).all())
    for allocation in found:
        _let_go(allocation, by=by)
    return found


def _let_go(allocation: Allocation, *, by: Actor) -> None:
    was_kept_aside = allocation.state == State.APPROVED
    allocation.state = LIFE.after(allocation.state, Verb.RELEASE).value
    db.session().flush()
    if was_kept_aside:
        _must_move(allocation, Movement.RELEASED, allocation.amount, by=by)
    _remember(Did.SUPPORT_RELEASED, allocation, by=by)


def commit(subject: str, version: int, *, by: Actor) -> list[Allocation]:
    """Bind what was approved, in the transaction of the last signature, which has asked who may.

    Refuses with WrongState where any row of the version is not approved. Committing twice changes nothing.
    """
    found = sorted(
        db.session().scalars(queries.of_version(subject, version)), key=lambda one: one.pool_id or 0
    )
    missing = [one for one in found if one.state not in PROMISED]
    if missing:
        names = ", ".join(one.what or one.row_key for one in missing)
        raise WrongState(
            W(
                "This support is not yet approved by a second person: %(names)s. Approve it first.",
                names=names,
            )
        )
    due = [one for one in found if one.state == State.APPROVED]
    for allocation in due:
        allocation.state = LIFE.after(allocation.state, Verb.COMMIT).value
        allocation.committed_at = clock.now()
        db.session().flush()
        _must_move(allocation, Movement.COMMITTED, allocation.amount, by=by)
        _remember(Did.SUPPORT_COMMITTED, allocation, by=by)
    return due


def deliver(allocation: Allocation, amount: int, on: date, evidence: str, *, by: Actor) -> Delivery:
    """Enter a part of the support that arrived; `amount` in the allocation's unit, `on` the city's day.

    Refuses with Invalid more than is still to be given, a day to come, and a part without evidence.
    """
    policy.check(by, Can.SUPPORT_DELIVER, allocation)
    verb = Verb.DELIVER_REST if amount == allocation.rest else Verb.DELIVER_PART
    state = LIFE.after(allocation.state, verb)
    _check_delivery(allocation, amount, on, evidence)
    allocation.delivered += amount
    allocation.state = state.value
    delivery = Delivery(
        allocation_id=allocation.id,
        amount=amount,
        delivered_on=on,
        evidence=evidence.strip(),
        entered_at=clock.now(),
    )
    db.session().add(delivery)
    db.session().flush()
    _must_move(allocation, Movement.DELIVERED, amount, by=by)
    _remember(Did.SUPPORT_DELIVERED, allocation, by=by, part=amount, on=on.isoformat())
    return delivery


def _check_delivery(allocation: Allocation, amount: int, on: date, evidence: str) -> None:
    if amount <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="amount")
    if amount > allocation.rest:
        left = Amount(allocation.rest, allocation.unit)
        raise Invalid(
            W("Only %(left)s of this promise is still to be given. Enter that much or less.", left=left),
            field="amount",
        )
    if on > clock.today():
        raise Invalid(W("Enter a day that is not in the future"), field="delivered_on")
    if allocation.committed_at is not None and on < clock.local(allocation.committed_at).date():
        raise Invalid(W("Enter a day on or after the signature of the pact"), field="delivered_on")
    if not evidence.strip():
        raise Invalid(W("Say what shows it, like the number of the payment order"), field="evidence")


# What each movement does to the figures, and what must hold for it: the one place where they change.
def _step(movement: Movement, amount: int) -> tuple[dict[str, Any], ColumnElement[bool]]:
    if movement is Movement.RESERVED:
        return {"reserved": Pool.reserved + amount}, Pool.reserved + Pool.committed + amount <= Pool.capacity
    if movement is Movement.RELEASED:
        return {"reserved": Pool.reserved - amount}, Pool.reserved >= amount
    if movement is Movement.COMMITTED:
        figures = {"reserved": Pool.reserved - amount, "committed": Pool.committed + amount}
        return figures, Pool.reserved >= amount
    return {"delivered": Pool.delivered + amount}, Pool.delivered + amount <= Pool.committed


def _move(pool: Pool, movement: Movement, allocation: Allocation, amount: int, *, by: Actor) -> bool:
    figures, holds = _step(movement, amount)
    moved = db.session().scalar(
        update(Pool)
        .where(Pool.id == pool.id, holds)
        .values(figures)
        .returning(Pool.id)
        .execution_options(synchronize_session=False)
    )
    db.session().refresh(pool, FIGURES)
    if moved is None:
        return False
    _enter(pool, movement, amount, by=by, allocation=allocation)
    return True


def _must_move(allocation: Allocation, movement: Movement, amount: int, *, by: Actor) -> None:
    if not _move(_pool_of(allocation), movement, allocation, amount, by=by):
        raise Stale(LEDGER_DISAGREES)


def _enter(
    pool: Pool, movement: Movement, amount: int, *, by: Actor, allocation: Allocation | None = None
) -> None:
    entry = PoolEntry(
        pool_id=pool.id,
        allocation_id=allocation.id if allocation else None,
        movement=movement.value,
        amount=amount,
        at=clock.now(),
        actor=by.pseudonym,
    )
    db.session().add(entry)
    db.session().flush()


def _remember(did: Did, allocation: Allocation, *, by: Actor, **facts: Any) -> None:
    same = {"version": allocation.version, "row": allocation.row_key, "amount": allocation.amount}
    record(did, allocation.subject, by=by, **same, unit=allocation.unit, **facts)


def _pool_of(allocation: Allocation) -> Pool:
    pool = db.session().get(Pool, allocation.pool_id)
    assert pool is not None  # noqa: S101 - a foreign key and the CHECK on proposed rows say so
    return pool


def _person(by: Actor) -> int:
    if by.person_id is None:
        raise NotAllowed(policy.SIGN_IN_FIRST)
    return by.person_id


def _forget_proposal(allocation: Allocation) -> None:
    allocation.pool_id = allocation.proposed_by_id = allocation.proposed_at = None
    allocation.reason = allocation.sent_back_reason = ""


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
        return _only_left(pool)
    return W(
        "%(amount)s was promised to another pact at %(time)s. %(left)s is left now.",
        amount=Amount(faster.amount, pool.unit),
        time=_hour(faster.at),
        left=Amount(pool.left, pool.unit),
    )


def _hour(at: datetime) -> str:
    there = clock.local(at)
    return f"{there:%H:%M}" if there.date() == clock.today() else f"{there:%d/%m/%Y, %H:%M}"
