"""The books of the pools: the one place where figures move, each time with its ledger row beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock, db
from portal.errors import Stale, WrongState
from portal.policy import Actor
from portal.record import Did, record
from portal.support import queries, returning
from portal.support.actions import sums
from portal.support.ledger import FIGURES, PAIRS, Movement, effect, share
from portal.support.models import Allocation, Holding, Pool, PoolDay, PoolEntry
from portal.words import W

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

LEDGER_DISAGREES = W("The figures of this fund changed at the same moment, so nothing was done. Look again.")


@dataclass(frozen=True, slots=True)
class About:
    """What a ledger row says beside its amount: for whom, why, and which rows and pools it belongs with."""

    allocation: Allocation | None = None
    reason: str = ""
    other_pool_id: int | None = None
    counterpart_id: int | None = None
    corrects_id: int | None = None
    request_id: int | None = None


NOTHING_MORE = About()


def move(
    pool: Pool,
    movement: Movement,
    allocation: Allocation | None,
    amount: int,
    *,
    by: Actor,
    about: About = NOTHING_MORE,
) -> bool:
    """Move a pool's figures and enter the row; False where they do not allow it, and then nothing moved.

    One conditional UPDATE decides, so that of any number at once only those get something for whom there is
    something left; the CHECKs of the table say the same. The measures of a server's pool move together, in
    the order of their ids: all of them, or none. `amount` is in the allocation's own unit, which the pool
    must measure.
    """
    about = replace(about, allocation=allocation)
    if allocation is None or not pool.has_parts:
        return _move_one(pool, movement, amount, by=by, about=about) is not None
    with db.session().begin_nested() as together:
        rows = [pool, *db.session().scalars(queries.parts_of(pool.id))]
        lead = next((row for row in rows if row.leads(allocation.unit)), None)
        if lead is None:
            return False
        wholes = {"reserved": 0, "committed": 0, "delivered": 0} | _held(allocation, lead)
        moved = amount != 0
        for row in rows:
            part = amount if row is lead else _along(allocation, row, movement, (amount, wholes))
            moved = moved and (not part or _move_one(row, movement, part, by=by, about=about) is not None)
        if not moved:
            together.rollback()
    if not moved:
        db.session().refresh(pool, FIGURES)
    return moved


def must_move(
    allocation: Allocation, movement: Movement, amount: int, *, by: Actor, about: About = NOTHING_MORE
) -> None:
    """Move what was kept aside or committed before; refuses with Stale where the figures say otherwise."""
    if not move(pool_of(allocation), movement, allocation, amount, by=by, about=about):
        raise Stale(LEDGER_DISAGREES)


def must_change(pool: Pool, movement: Movement, amount: int, *, by: Actor, about: About) -> PoolEntry:
    """Change what one measure of a pool has to give; refuses with Stale where the figures do not allow it."""
    entry = _move_one(pool, movement, amount, by=by, about=about)
    if entry is None:
        raise Stale(LEDGER_DISAGREES)
    return entry


def move_over(pool: Pool, other: Pool, movement: Movement, amount: int, *, by: Actor, about: About) -> None:
    """Move an amount from one measure to the same one of another pool: two rows that name each other."""
    out = must_change(pool, movement, amount, by=by, about=replace(about, other_pool_id=other.id))
    into = replace(about, other_pool_id=pool.id, counterpart_id=out.id)
    must_change(other, PAIRS[movement], amount, by=by, about=into)


def take_back(allocation: Allocation, amount: int, *, by: Actor, reason: str) -> None:
    """Book what was given and came back: it can be promised again, in the year that is open.

    What was given out of a year that is closed comes into the open pool of the allocation as something new.
    Refuses with Stale more than was given, and with WrongState where there is no open pool like it.
    """
    about = About(allocation=allocation, reason=reason)
    given = [(held, row) for held, row in db.session().execute(returning.given_measures(allocation.id))]
    for held, row in given:
        part = min(amount, held.kept) if row.unit == allocation.unit else 0
        if part and row.closed_at is None:
            pool = row if row.is_head else db.session().get_one(Pool, row.head_id)
            if not move(pool, Movement.RETURNED, allocation, part, by=by, about=about):
                raise Stale(LEDGER_DISAGREES)
        elif part:
            together = [(one, of) for one, of in given if _head_of(of) == _head_of(row)]
            gone = {of.unit: share(one.kept, part, held.kept) for one, of in together}
            into = _measures(open_pool_of(allocation))
            for one, of in together:
                if gone[of.unit]:
                    recover(one, gone[of.unit], into.get(of.unit), by=by, about=about)
        amount -= part
    if amount:
        raise Stale(LEDGER_DISAGREES)


def take_back_measures(
    allocation: Allocation, wanted: Mapping[str, int] | None, into: Pool | None, *, by: Actor, reason: str
) -> dict[str, int]:
    """Book exactly so much of each measure as came back, or all, and return how much that was.

    More than an allocation was given does not come back; what a pool does not measure it did not give. Out of
    a year that is closed it comes `into` the open pool as something new.
    """
    session, about, booked = db.session(), About(allocation=allocation, reason=reason), dict[str, int]()
    open_rows = {} if into is None else _measures(into)
    for held, pool in session.execute(returning.given_measures(allocation.id)).all():
        part = held.kept
        if wanted is not None:
            part = min(part, wanted.get(pool.unit, 0) - booked.get(pool.unit, 0))
        if part <= 0:
            continue
        if pool.closed_at is None:
            must_change(pool, Movement.RETURNED, part, by=by, about=about)
        else:
            recover(held, part, open_rows.get(pool.unit), by=by, about=about)
        booked[pool.unit] = booked.get(pool.unit, 0) + part
    return booked


def _measures(pool: Pool) -> dict[str, Pool]:
    return {one.unit: one for one in (pool, *db.session().scalars(queries.parts_of(pool.id)))}


def _head_of(row: Pool) -> int:
    return row.head_id or row.id


def recover(held: Holding, part: int, into: Pool | None, *, by: Actor, about: About) -> None:
    """Book what a closed year gave and what came back: the row is the open pool's and names the closed one.

    Refuses with Stale what came back already. A measure that the open pool lacks is only noted as back.
    """
    noted = (
        update(Holding)
        .where(Holding.id == held.id, Holding.delivered - Holding.recovered >= part)
        .values(recovered=Holding.recovered + part)
        .returning(Holding.id)
        .execution_options(synchronize_session="fetch")
    )
    if db.session().scalar(noted) is None:
        raise Stale(LEDGER_DISAGREES)
    if into is not None:
        must_change(into, Movement.RECOVERED, part, by=by, about=replace(about, other_pool_id=held.pool_id))


def _held(allocation: Allocation, pool: Pool) -> dict[str, int]:
    found = db.session().scalar(queries.holding(allocation.id, pool.id))
    return {name: getattr(found, name) for name in FIGURES[1:]} if found else {}


def _along(allocation: Allocation, part: Pool, movement: Movement, moving: tuple[int, dict[str, int]]) -> int:
    """Return how much of a further measure moves along with so much of the first one.

    What is kept aside is what was asked; of what is held already the same share goes, and the last part takes
    the rest.
    """
    amount, wholes = moving
    if movement is Movement.RESERVED:
        return share(allocation.measures.get(part.unit, 0), amount, allocation.amount)
    held = {"reserved": 0, "committed": 0, "delivered": 0} | _held(allocation, part)
    if movement in {Movement.RELEASED, Movement.COMMITTED}:
        return share(held["reserved"], amount, wholes["reserved"])
    if movement in {Movement.RETURNED, Movement.LOST}:
        return share(held["delivered"], amount, wholes["delivered"])
    open_part, open_whole = (one["committed"] - one["delivered"] for one in (held, wholes))
    return share(open_part, amount, open_whole)


def _move_one(pool: Pool, movement: Movement, amount: int, *, by: Actor, about: About) -> PoolEntry | None:
    if amount == 0:
        return None
    steps = effect(movement, amount)
    moved = db.session().scalar(
        update(Pool)
        .where(Pool.id == pool.id, Pool.closed_at.is_(None), *_conditions(steps))
        .values({name: getattr(Pool, name) + step for name, step in steps.items() if step})
        .returning(Pool.id)
        .execution_options(synchronize_session=False)
    )
    db.session().refresh(pool, FIGURES)
    if moved is None:
        return None
    if about.allocation is not None:
        _hold(about.allocation, pool, {name: step for name, step in steps.items() if name != "capacity"})
    return enter(pool, movement, amount, by=by, about=about)


def _conditions(steps: dict[str, int]) -> list[ColumnElement[bool]]:
    """Return what must hold so that no figure falls below zero or beyond what there is."""
    capacity, reserved, committed, delivered = steps.values()
    found: list[ColumnElement[bool]] = []
    if reserved + committed > capacity:
        promised = Pool.reserved + Pool.committed + reserved + committed
        found.append(promised <= Pool.capacity + capacity)
    if reserved < 0:
        found.append(Pool.reserved >= -reserved)
    if delivered > committed:
        found.append(Pool.delivered + delivered <= Pool.committed + committed)
    if delivered < 0:
        found.append(Pool.delivered >= -delivered)
    return found


def _hold(allocation: Allocation, pool: Pool, steps: dict[str, int]) -> None:
    """Note what the allocation has of the pool; refuses with Stale more than it has."""
    changed = {name: step for name, step in steps.items() if step}
    if not changed:
        return
    session = db.session()
    mine = (Holding.allocation_id == allocation.id, Holding.pool_id == pool.id)
    enough = [getattr(Holding, name) >= -step for name, step in changed.items() if step < 0]
    if steps["delivered"] > steps["committed"]:
        enough.append(Holding.delivered + steps["delivered"] <= Holding.committed + steps["committed"])
    elif steps["delivered"] == 0 and steps["committed"] < 0:
        enough.append(Holding.committed + steps["committed"] >= Holding.delivered)
    if session.scalar(
        update(Holding)
        .where(*mine, *enough)
        .values({name: getattr(Holding, name) + step for name, step in changed.items()})
        .returning(Holding.id)
        .execution_options(synchronize_session="fetch")
    ):
        return
    if session.scalar(queries.holding(allocation.id, pool.id)) is not None or min(steps.values()) < 0:
        raise Stale(LEDGER_DISAGREES)
    began = {"district": allocation.district, "begun_at": clock.now()}
    leading = pool.leads(allocation.unit)
    session.add(Holding(allocation_id=allocation.id, pool_id=pool.id, is_leading=leading, **began, **steps))
    session.flush()


def increase(pool: Pool, amount: int, *, by: Actor, reason: str = "") -> PoolEntry:
    """Put money that arrived into a pool; whoever calls this has asked who may and seen what shows it."""
    return must_change(pool, Movement.INCREASED, amount, by=by, about=About(reason=reason))


def enter(pool: Pool, movement: Movement, amount: int, *, by: Actor, about: About) -> PoolEntry:
    """Add a row to a pool's ledger and to the sums of its day; the figures have moved already."""
    entry = PoolEntry(
        pool_id=pool.id,
        allocation_id=about.allocation.id if about.allocation else None,
        movement=movement.value,
        amount=amount,
        value_cents=sums.worth(pool, movement, amount, about.allocation),
        at=clock.now(),
        actor=by.pseudonym,
        reason=about.reason,
        other_pool_id=about.other_pool_id,
        counterpart_id=about.counterpart_id,
        corrects_id=about.corrects_id,
        request_id=about.request_id,
    )
    db.session().add(entry)
    db.session().flush()
    _add_to_the_day(pool, movement, amount)
    sums.add(pool, movement, (amount, entry.value_cents), about.allocation)
    return entry


def _add_to_the_day(pool: Pool, movement: Movement, amount: int) -> None:
    session = db.session()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"pool_id": pool.id, "day": clock.today(), "movement": movement.value}
    new = dialect.insert(PoolDay).values(**row, amount=amount, entries=1)
    session.execute(
        new.on_conflict_do_update(
            index_elements=[PoolDay.pool_id, PoolDay.day, PoolDay.movement],
            set_={"amount": PoolDay.amount + new.excluded.amount, "entries": PoolDay.entries + 1},
        )
    )


def remember(did: Did, allocation: Allocation, *, by: Actor, **facts: Any) -> None:
    """Remember an act on an allocation under the pact it belongs to."""
    same = {"version": allocation.version, "row": allocation.row_key, "amount": allocation.amount}
    record(did, allocation.subject, by=by, **same, unit=allocation.unit, **facts)


def pool_of(allocation: Allocation) -> Pool:
    """Return the pool an allocation draws from; only for what was proposed at least."""
    pool = db.session().get(Pool, allocation.pool_id)
    assert pool is not None  # noqa: S101 - a foreign key and the CHECK on proposed rows say so
    return pool


def open_pool_of(allocation: Allocation) -> Pool:
    """Return the pool into which something of an allocation comes back: its own, or the next year's like it.

    Refuses with WrongState where that year is closed and none after it is open.
    """
    pool = pool_of(allocation)
    return pool if pool.closed_at is None else next_open(pool)


def next_open(pool: Pool) -> Pool:
    """Return the first open pool like this one after its year; refuses with WrongState where none is."""
    later: Pool | None = db.session().scalar(returning.next_open(pool, clock.today().year))
    if later is None:
        raise WrongState(
            W(
                "%(pool)s is closed, and what comes back needs an open fund. "
                "Open %(name)s for this year, then try again.",
                pool=pool.title,
                name=pool.name,
            )
        )
    return later
