"""A ledger of any length, written by the database itself: three years of one fund each, four rows a promise.

And this year a fund of servers, whose four measures have a third as many rows together.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, func, insert, literal, select, update

from portal import clock, db
from portal.support.ledger import UNITS, Kind
from portal.support.models import Allocation, Holding, Pool, PoolDay, PoolEntry, Span, SupportSum

DAYS, STEPS, DISTRICTS = 1_095, 4, ("navile", "porto-saragozza", "savena", "")
FIRST = 1_000
# Their numbers are above all others, whatever the length.
MACHINES = 100_000_000
_own = MetaData()
_DAY = Table(
    "bench_day",
    _own,
    Column("n", Integer, primary_key=True),
    Column("at", PoolEntry.__table__.c.at.type),
    Column("pool_id", Integer),
    *(Column(span.value, Date) for span in Span),
)
_STEP = Table(
    "bench_step", _own, Column("k", Integer), Column("movement", String(20)), Column("amount", Integer)
)
_PLACE = Table("bench_place", _own, Column("n", Integer), Column("district", String(60)))
MOVED = (("reserved", 100), ("committed", 100), ("delivered", 40), ("delivered", 40))


def first_day() -> date:
    """Return the day of the first row."""
    return clock.today() - timedelta(days=DAYS - 1)


def fill(rows: int) -> None:
    """Write a ledger of about so many rows; every sum beside it agrees with it."""
    promises = rows // STEPS
    with db.writing() as session:
        _own.create_all(session.connection())
        pools = _pools(session)
        days = [first_day() + timedelta(days=n) for n in range(DAYS)]
        starts = [
            {
                "n": n,
                "at": clock.end_of(day) - timedelta(hours=6),
                "pool_id": pools[day.year],
                **{span.value: span.first_of(day) for span in Span},
            }
            for n, day in enumerate(days)
        ]
        session.execute(insert(_DAY), starts)
        session.execute(
            insert(_STEP), [{"k": k, "movement": m, "amount": a} for k, (m, a) in enumerate(MOVED)]
        )
        session.execute(insert(_PLACE), [{"n": n, "district": one} for n, one in enumerate(DISTRICTS)])
        _promises(session, promises)
        _rows(session)
        _machines(session, pools[clock.today().year])
        _sums(session)
    if not db.database().is_sqlite:
        with db.database().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
            line.exec_driver_sql("VACUUM ANALYZE")


def _pools(session: Any) -> dict[int, int]:
    found = {}
    for year in range(first_day().year, clock.today().year + 1):
        pool = Pool(slug="main", year=year, kind="funding", name="Fund", unit="cent", capacity=10**12)
        session.add(pool)
        session.flush()
        found[year] = pool.id
    return found


def _promises(session: Any, promises: int) -> None:
    number = select(literal(0).label("i")).cte("number", recursive=True)
    number = number.union_all(select(number.c.i + 1).where(number.c.i < promises - 1))
    facts = {
        "id": number.c.i + FIRST,
        "subject": literal("pact:BO-") + func.cast(number.c.i, String),
        "version": literal(1),
        "row_key": literal("s1"),
        "title": literal("Garden"),
        "district": _PLACE.c.district,
        "starts_on": _DAY.c.day,
        "kind": literal("funding"),
        "amount": literal(100),
        "unit": literal("cent"),
        "value_cents": literal(100),
        "delivered": literal(80),
        "state": literal("committed"),
        "pool_id": _DAY.c.pool_id,
        "asked_at": _DAY.c.at,
        "approved_at": _DAY.c.at,
        "committed_at": _DAY.c.at,
        "approved_by_id": literal(1),
    }
    # In the order of days, so that numbers grow with time as they do in a city.
    found = (
        select(*(one.label(name) for name, one in facts.items()))
        .select_from(number)
        .join(_DAY, _DAY.c.n == number.c.i * DAYS // promises)
        .join(_PLACE, _PLACE.c.n == number.c.i % len(DISTRICTS))
    )
    session.execute(insert(Allocation).from_select(list(facts), found))
    same = (Allocation.id, Allocation.id, Allocation.pool_id, Allocation.district, Allocation.asked_at)
    held = select(*same, literal(True), literal(0), literal(100), literal(80))
    names = ["id", "allocation_id", "pool_id", "district", "begun_at"]
    names += ["is_leading", "reserved", "committed", "delivered"]
    session.execute(insert(Holding).from_select(names, held))


def _rows(session: Any) -> None:
    facts = {
        "id": Allocation.id * STEPS + _STEP.c.k,
        "pool_id": Allocation.pool_id,
        "allocation_id": Allocation.id,
        "movement": _STEP.c.movement,
        "amount": _STEP.c.amount,
        "value_cents": _STEP.c.amount,
        "at": Allocation.asked_at,
        "actor": literal("person:bench"),
    }
    found = select(*(one.label(name) for name, one in facts.items())).join_from(
        Allocation, _STEP, literal(True)
    )
    session.execute(insert(PoolEntry).from_select(list(facts), found))
    for pool in session.scalars(select(Pool)).all():
        opened = {"pool_id": pool.id, "movement": "opened", "amount": 10**12, "value_cents": 10**12}
        session.execute(insert(PoolEntry).values(id=pool.id, at=_start(), actor="system", **opened))
        many = session.scalar(select(func.count()).where(Holding.pool_id == pool.id))
        session.execute(
            update(Pool).where(Pool.id == pool.id).values(committed=many * 100, delivered=many * 80)
        )


def _machines(session: Any, like: int) -> None:
    """Write a row of each measure of a server's fund for every promise of this year, one beside the other."""
    head = None
    for place, unit in enumerate(UNITS[Kind.SERVER]):
        facts = {"year": clock.today().year, "kind": "server", "name": "Machines", "head_id": head}
        pool = Pool(slug=f"machines{'.' + unit if head else ''}", unit=unit, capacity=10**9, **facts)
        session.add(pool)
        session.flush()
        head = head or pool.id
        row = (literal(pool.id), literal("increased"), literal(1), literal(0), PoolEntry.at, PoolEntry.actor)
        number = PoolEntry.id * len(UNITS[Kind.SERVER]) + MACHINES + place
        found = select(number, *row).where(PoolEntry.pool_id == like, PoolEntry.movement == "reserved")
        names = ["id", "pool_id", "movement", "amount", "value_cents", "at", "actor"]
        session.execute(insert(PoolEntry).from_select(names, found))


def _start() -> Any:
    return select(_DAY.c.at).where(_DAY.c.n == 0).scalar_subquery()


def _sums(session: Any) -> None:
    joined = (
        select(PoolEntry.pool_id, PoolEntry.movement, func.sum(PoolEntry.amount), func.count())
        .join(_DAY, _DAY.c.at == PoolEntry.at)
        .group_by(PoolEntry.pool_id, PoolEntry.movement)
    )
    # In the order of days, as they are written in a city: so they lie together.
    by_day = joined.add_columns(_DAY.c.day).group_by(_DAY.c.day).order_by(_DAY.c.day)
    session.execute(insert(PoolDay).from_select(["pool_id", "movement", "amount", "entries", "day"], by_day))
    district = func.coalesce(Allocation.district, "")
    for span in Span:
        since = _DAY.c[span.value]
        found = (
            joined.outerjoin(Allocation, Allocation.id == PoolEntry.allocation_id)
            .add_columns(func.sum(PoolEntry.value_cents), literal(span.value), since, district)
            .group_by(since, district)
            .order_by(since)
        )
        names = ["pool_id", "movement", "amount", "entries", "value_cents", "span", "since", "district"]
        session.execute(insert(SupportSum).from_select(names, found))


def clear() -> None:
    """Take the ledger away again, which only a database of tests allows."""
    with db.writing() as session:
        line = session.connection()
        if db.database().is_sqlite:
            line.exec_driver_sql("DROP TRIGGER pool_entry_no_delete")
        else:
            line.exec_driver_sql("SET LOCAL session_replication_role = replica")
        names = [one.__tablename__ for one in (SupportSum, PoolDay, Holding, PoolEntry, Allocation, Pool)]
        # PostgreSQL would keep the room of rows that are deleted, and the next ones would lie among it.
        gone = [f"DELETE FROM {name}" for name in names]
        for statement in gone if db.database().is_sqlite else [f"TRUNCATE {', '.join(names)} CASCADE"]:
            line.exec_driver_sql(statement)
        _own.drop_all(line)
