"""Questions about pools, their ledger and allocations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, db
from portal.support import said
from portal.support.changes import Change
from portal.support.lateness import Due, Promise, days_late, plan_of
from portal.support.ledger import Balance, Kind, balance, given_cents
from portal.support.lifecycle import PROMISED, State
from portal.support.models import (
    IS_WAITING,
    Allocation,
    Holding,
    Movement,
    Pool,
    PoolDay,
    PoolEntry,
    PoolRequest,
    PoolShare,
)
from portal.support.models.handing import PlannedPart

# Allocations that count for nothing any more.
GONE = (State.RELEASED.value, State.REFUSED.value)
OPEN = (State.ASKED.value, State.PROPOSED.value, State.APPROVED.value)


def pools(*, year: str = "", kind: str = "", office: str = "") -> Select[Pool]:
    """Select all pools, the newest year first; those of a year, kind or office where one is named."""
    found = select(Pool).where(Pool.head_id.is_(None))
    if year:
        found = found.where(Pool.year == int(year))
    if kind:
        found = found.where(Pool.kind == kind)
    if office:
        found = found.where(Pool.office == office)
    return found.order_by(Pool.year.desc(), Pool.kind, Pool.name, Pool.id)


def years() -> Select[int]:
    """Select the years that have pools, the newest first."""
    return select(Pool.year).distinct().order_by(Pool.year.desc())


def others(pool: Pool, year: int) -> Select[Pool]:
    """Select the open pools of this kind that something can go to from this year on."""
    found = select(Pool).where(Pool.kind == pool.kind, Pool.head_id.is_(None), Pool.id != pool.id)
    found = found.where(Pool.kept_for == "")
    return found.where(Pool.closed_at.is_(None), Pool.year >= year).order_by(Pool.year, Pool.name)


def asked_changes(at: datetime, pool_id: int | None = None) -> Select[PoolRequest]:
    """Select what waits for a second person, the oldest first; of one pool where one is named."""
    found = select(PoolRequest).where(PoolRequest.state == "waiting", PoolRequest.until > at)
    if pool_id is not None:
        found = found.where(or_(PoolRequest.pool_id == pool_id, PoolRequest.other_pool_id == pool_id))
    loaded = (joinedload(PoolRequest.pool), joinedload(PoolRequest.other_pool))
    return found.options(*loaded).order_by(PoolRequest.id).limit(100)


def asked_change(number: int) -> Select[PoolRequest]:
    """Select one request for a change of a pool."""
    loaded = (joinedload(PoolRequest.pool), joinedload(PoolRequest.other_pool))
    return select(PoolRequest).where(PoolRequest.id == number).options(*loaded)


def asked_to_open(year: int, slug: str) -> Select[PoolRequest]:
    """Select the request from which a pool came."""
    opened = (PoolRequest.change == Change.OPEN.value, Pool.year == year, Pool.slug == slug)
    loaded = joinedload(PoolRequest.pool)
    return select(PoolRequest).join(Pool, Pool.id == PoolRequest.pool_id).where(*opened).options(loaded)


def entry_of(pool_id: int, number: int) -> Select[PoolEntry]:
    """Select one row of the ledger of a pool or of its further measures."""
    mine = select(Pool.id).where(or_(Pool.id == pool_id, Pool.head_id == pool_id))
    return select(PoolEntry).where(PoolEntry.id == number, PoolEntry.pool_id.in_(mine))


def last_entry(pool_id: int, until: datetime | None) -> Select[int]:
    """Select the number of the last row of a ledger before an instant, or of all."""
    found = select(PoolEntry.id).where(PoolEntry.pool_id == pool_id)
    if until is not None:
        found = found.where(PoolEntry.at < until)
    return found.order_by(PoolEntry.at.desc(), PoolEntry.id.desc()).limit(1)


def pool(year: int, slug: str) -> Select[Pool]:
    """Select one pool."""
    return select(Pool).where(Pool.year == year, Pool.slug == slug, Pool.head_id.is_(None))


def parts_of(*pool_ids: int) -> Select[Pool]:
    """Select the further measures of pools, in the order in which they move."""
    return select(Pool).where(Pool.head_id.in_(pool_ids)).order_by(Pool.id)


def pools_for(kinds: Iterable[str], year: int, *, case_key: str = "") -> Select[Pool]:
    """Select the pools of these kinds in one year, and what is set aside of which a case has a share."""
    mine = Pool.id.in_(select(PoolShare.pool_id).where(PoolShare.case_key == case_key))
    serves = or_(and_(Pool.year == year, Pool.kept_for == ""), mine if case_key else false())
    found = select(Pool).where(Pool.kind.in_(sorted(kinds)), serves)
    return found.where(Pool.head_id.is_(None), Pool.closed_at.is_(None)).order_by(Pool.kind, Pool.name)


def entries(
    pool_id: int, *, before: int | None = None, last: int | None = None, most: int = 50
) -> Select[PoolEntry]:
    """Select rows of a measure's ledger, newest first, from before this row on, or from a last one on."""
    loaded = (selectinload(PoolEntry.allocation), selectinload(PoolEntry.other_pool))
    found = select(PoolEntry).where(PoolEntry.pool_id == pool_id).options(*loaded)
    if last is not None:
        found = found.where(PoolEntry.id <= last)
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
    return _balances(sums)


def holding(allocation_id: int, pool_id: int) -> Select[Holding]:
    """Select what an allocation has of a pool."""
    return (
        select(Holding)
        .where(Holding.allocation_id == allocation_id, Holding.pool_id == pool_id)
        .execution_options(populate_existing=True)
    )


def held_in(pool_id: int) -> tuple[int, int, int]:
    """Return what all allocations together have of a pool: kept aside, promised, given."""
    figures = (Holding.reserved, Holding.committed, Holding.delivered)
    found = db.session().execute(
        select(*(func.coalesce(func.sum(one), 0) for one in figures)).where(Holding.pool_id == pool_id)
    )
    reserved, committed, delivered = map(int, found.one())
    return reserved, committed, delivered


def unsettled(pool_ids: Iterable[int]) -> Select[Holding]:
    """Select what is promised out of these pools and not yet given, always in the same order."""
    return (
        select(Holding)
        .where(Holding.pool_id.in_(sorted(pool_ids)))
        .where(or_(Holding.reserved > 0, Holding.committed > Holding.delivered))
        .order_by(Holding.pool_id, Holding.allocation_id)
        .execution_options(populate_existing=True)
    )


def for_writing(pool_ids: Iterable[int]) -> Select[Pool]:
    """Select pools with their further measures, kept for one unit of work, in one order for everybody."""
    ids = sorted(pool_ids)
    # A row that only names a pool must not wait here: two who both asked first would wait for each other.
    return (
        select(Pool)
        .where(or_(Pool.id.in_(ids), Pool.head_id.in_(ids)))
        .order_by(Pool.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def corrected(entry_id: int) -> int:
    """Return by how much a row of the ledger was put right already."""
    found = select(func.sum(PoolEntry.amount)).where(PoolEntry.corrects_id == entry_id)
    return int(db.session().scalar(found) or 0)


def counterpart(entry: PoolEntry) -> Select[PoolEntry]:
    """Select the row of the other pool that belongs with this one."""
    other = PoolEntry.id == entry.counterpart_id
    return select(PoolEntry).where(other if entry.counterpart_id else PoolEntry.counterpart_id == entry.id)


def balances_on(day: date, pool_ids: Iterable[int]) -> dict[int, Balance]:
    """Return what the ledgers of these pools added up to at the end of a day, from the sums by day."""
    sums = (
        select(PoolDay.pool_id, PoolDay.movement, func.sum(PoolDay.amount))
        .where(PoolDay.pool_id.in_(sorted(pool_ids)), PoolDay.day <= day)
        .group_by(PoolDay.pool_id, PoolDay.movement)
    )
    return _balances(sums)


def _balances(sums: Select[int, str, Any]) -> dict[int, Balance]:
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
    return select(Allocation).where(IS_WAITING).order_by(Allocation.asked_at, Allocation.id).limit(most)


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
PROMISED_TO = (
    select(
        Allocation.id,
        Allocation.kind,
        Allocation.value_cents,
        Allocation.delivered,
        Allocation.amount,
        Allocation.returned,
        Allocation.state,
        Allocation.starts_on,
        Allocation.ends_on,
        Allocation.due_on,
        Allocation.suspended_on,
        PlannedPart.due_on.label("part_on"),
        PlannedPart.amount.label("part"),
    )
    .outerjoin(PlannedPart, PlannedPart.allocation_id == Allocation.id)
    .where(
        Allocation.subject == bindparam("subject"),
        db.among(Allocation.state, [state.value for state in PROMISED]),
    )
    .order_by(Allocation.id, PlannedPart.due_on)
)
RUNNING = (State.COMMITTED.value, State.DELIVERED.value)


def promised_to(subject: str) -> Sequence[Any]:
    """Return what a pact was promised, each with the parts it is given in: what the money bar is drawn of."""
    return db.rows(PROMISED_TO, {"subject": subject})


def of_subject(subject: str) -> list[dict[str, str | int]]:
    """Return the rows of the money bar of a pact."""
    return bar(promised_to(subject))


def bar(promised: Iterable[Any]) -> list[dict[str, str | int]]:
    """Return the rows of the money bar: {kind, label, tone, promised, given, late}, in integer cents.

    Promised is what a second person approved; given is its worth pro rata, rounded down to whole cents,
    without what came back; late are the days since the oldest part that the city owes, from dates alone.
    """
    totals = {kind: [0, 0, 0] for kind in Kind}
    for _, parts in groupby(promised, key=lambda row: row.id):
        rows = list(parts)
        one, mine = rows[0], totals[Kind(rows[0].kind)]
        mine[0] += one.value_cents
        mine[1] += given_cents(one.value_cents, one.delivered - one.returned, one.amount)
        mine[2] = max(mine[2], _late(rows) if one.state in RUNNING and one.suspended_on is None else 0)
    return [
        {"kind": kind.value, "label": str(said.KINDS[kind]), "tone": said.TONES[kind]}
        | {"promised": whole, "given": given, "late": late}
        for kind, (whole, given, late) in totals.items()
        if whole
    ]


def _late(rows: list[Any]) -> int:
    one = rows[0]
    promise = Promise(one.kind, one.amount, one.starts_on, one.ends_on, one.due_on)
    plan = plan_of(promise, (Due(row.part_on, row.part) for row in rows if row.part_on is not None))
    return days_late(plan, one.delivered, clock.today())
