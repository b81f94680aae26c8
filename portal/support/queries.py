"""Questions about pools, their ledger and allocations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import selectinload

from portal import db
from portal.support import said
from portal.support.ledger import Balance, Kind, balance, given_cents
from portal.support.lifecycle import PROMISED, State
from portal.support.models import Allocation, Movement, Pool, PoolEntry

# Allocations that count for nothing any more.
GONE = (State.RELEASED.value, State.REFUSED.value)
OPEN = (State.ASKED.value, State.PROPOSED.value, State.APPROVED.value)


def pools() -> Select[Pool]:
    """Select all pools, the newest year first."""
    return select(Pool).order_by(Pool.year.desc(), Pool.kind, Pool.name)


def pool(year: int, slug: str) -> Select[Pool]:
    """Select one pool."""
    return select(Pool).where(Pool.year == year, Pool.slug == slug)


def pools_for(kinds: Iterable[str], year: int) -> Select[Pool]:
    """Select the pools of these kinds in one year."""
    return select(Pool).where(Pool.kind.in_(sorted(kinds)), Pool.year == year).order_by(Pool.kind, Pool.name)


def entries(pool_id: int, *, before: int | None = None, most: int = 50) -> Select[PoolEntry]:
    """Select rows of a pool's ledger, newest first, from before this row on."""
    found = select(PoolEntry).where(PoolEntry.pool_id == pool_id).options(selectinload(PoolEntry.allocation))
    if before is not None:
        found = found.where(PoolEntry.id < before)
    return found.order_by(PoolEntry.id.desc()).limit(most)


def last_reservation(pool_id: int, subject: str, since: datetime) -> Select[PoolEntry]:
    """Select the newest reservation that another subject made in a pool since an instant."""
    return (
        select(PoolEntry)
        .join(Allocation, Allocation.id == PoolEntry.allocation_id)
        .where(PoolEntry.pool_id == pool_id, PoolEntry.movement == Movement.RESERVED.value)
        .where(Allocation.subject != subject, PoolEntry.at >= since)
        .order_by(PoolEntry.id.desc())
        .limit(1)
    )


def balances() -> dict[int, Balance]:
    """Return what the rows of each pool's ledger add up to, by pool id."""
    sums = select(PoolEntry.pool_id, PoolEntry.movement, func.sum(PoolEntry.amount)).group_by(
        PoolEntry.pool_id, PoolEntry.movement
    )
    rows: dict[int, list[tuple[str, int]]] = {}
    for pool_id, movement, amount in db.session().execute(sums):
        rows.setdefault(pool_id, []).append((movement, int(amount)))
    return {pool_id: balance(found) for pool_id, found in rows.items()}


def _with_all() -> Select[Allocation]:
    loaded = (selectinload(Allocation.pool), selectinload(Allocation.deliveries))
    return select(Allocation).options(*loaded).execution_options(populate_existing=True)


def of_version(subject: str, version: int) -> Select[Allocation]:
    """Select the allocations of one version of a pact's text, in the order of the text."""
    return (
        _with_all()
        .where(Allocation.subject == subject, Allocation.version == version)
        .order_by(Allocation.id)
    )


def current(subject: str) -> Select[Allocation]:
    """Select the allocations of the newest version that support was asked for."""
    newest = select(func.max(Allocation.version)).where(
        Allocation.subject == subject, Allocation.state != State.RELEASED.value
    )
    return (
        _with_all()
        .where(Allocation.subject == subject, Allocation.version == newest.scalar_subquery())
        .order_by(Allocation.id)
    )


def row(subject: str, row_key: str) -> Select[Allocation]:
    """Select one row of the newest version that support was asked for."""
    return current(subject).where(Allocation.row_key == row_key)


def still_open(subject: str) -> Select[Allocation]:
    """Select what was asked, proposed or approved for a subject, whatever the version."""
    # Always in the same order, so that two units of work never wait for each other's pools.
    return (
        _with_all()
        .where(Allocation.subject == subject, Allocation.state.in_(OPEN))
        .order_by(Allocation.pool_id, Allocation.id)
    )


def waiting(most: int = 100) -> Select[Allocation]:
    """Select what waits for an official: asked, or proposed and not yet approved; the oldest first."""
    return (
        select(Allocation)
        .where(Allocation.state.in_((State.ASKED.value, State.PROPOSED.value)))
        .order_by(Allocation.asked_at, Allocation.id)
        .limit(most)
    )


def is_resourced(subject: str, version: int) -> bool:
    """Say whether a second person approved every allocation of this version; none asked for is enough too."""
    missing = (
        select(Allocation.id)
        .where(Allocation.subject == subject, Allocation.version == version)
        .where(Allocation.state.not_in([state.value for state in PROMISED]))
        .limit(1)
    )
    return db.session().scalar(missing) is None


def has_decided(subject: str, person_id: int) -> bool:
    """Say whether the person proposed or approved support of this case."""
    decided = or_(Allocation.proposed_by_id == person_id, Allocation.approved_by_id == person_id)
    found = select(Allocation.id).where(Allocation.subject == subject, decided).limit(1)
    return db.session().scalar(found) is not None


# Parameter: subject. Put together once: every pact's page asks.
_PROMISED_TO = select(Allocation.kind, Allocation.value_cents, Allocation.delivered, Allocation.amount).where(
    Allocation.subject == bindparam("subject"), Allocation.state.in_([state.value for state in PROMISED])
)


def of_subject(subject: str) -> list[dict[str, str | int]]:
    """Return the rows of the money bar: {label, tone, promised, given} by kind, in integer cents.

    Promised is what a second person approved; given is its worth pro rata, rounded down to whole cents.
    """
    totals = {kind: [0, 0] for kind in Kind}
    for kind, value_cents, delivered, amount in db.rows(_PROMISED_TO, {"subject": subject}):
        totals[Kind(kind)][0] += value_cents
        totals[Kind(kind)][1] += given_cents(value_cents, delivered, amount)
    return [
        {
            "kind": kind.value,
            "label": str(said.KINDS[kind]),
            "tone": said.TONES[kind],
            "promised": whole,
            "given": given,
        }
        for kind, (whole, given) in totals.items()
        if whole
    ]
