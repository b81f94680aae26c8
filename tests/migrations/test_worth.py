"""What a server grew by in memory alone gets its worth in books that are older than it, as if written today."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import clock, db
from portal.policy import SYSTEM
from portal.support import actions
from portal.support.actions import books
from portal.support.ledger import Movement
from portal.support.models import Allocation, Holding, PoolEntry, SupportSum
from tests.migrations.older import brought_up_to_date

# The last migration before worth followed the leading measure.
BEFORE = "0005"
TABLES = ("pool", "allocation", "pool_entry", "pool_day", "holding", "support_sum")
FURTHER = {"memory_gb": 100, "storage_gb": 1_000}
# Seven gigabytes of memory for 10.00, so that no gigabyte is worth whole cents; and a server of processors.
MEMORY = {
    "id": "g1",
    "kind": "server",
    "amount": 7,
    "unit": "memory_gb",
    "storage_gb": 30,
    "value_cents": 1_000,
}
SERVER = {"id": "s1", "kind": "server", "amount": 4, "unit": "vcpu", "memory_gb": 8, "value_cents": 900}
# An hour before midnight in the world's time it is the next day in the city, and the next year.
MOMENTS = [datetime(2025, 12, 31, 23, 30, tzinfo=UTC), datetime(2026, 2, 1, 9, 0, tzinfo=UTC)]


def lived() -> None:
    """Let a server and what it grew by later live through all that may happen to them."""
    clock.set_offset(MOMENTS[0] - clock.real())
    with db.writing() as session:
        pool = actions.open_pool(2026, "machines", "server", "Machines", 50, by=SYSTEM, further=FURTHER)
        both = [
            actions.ask_for(f"pact:{n}", 1, [row], by=SYSTEM)[0] for n, row in enumerate((SERVER, MEMORY))
        ]
        for one in both:
            one.pool_id, one.district = pool.id, "navile"
            session.flush()
            for movement in (Movement.RESERVED, Movement.COMMITTED):
                books.must_move(one, movement, one.amount, by=SYSTEM)
    clock.set_offset(MOMENTS[1] - clock.real())
    with db.writing() as session:
        for one in session.scalars(select(Allocation)).all():
            books.must_move(one, Movement.DELIVERED, 3, by=SYSTEM)
            books.must_move(one, Movement.RETURNED, 2, by=SYSTEM)
            books.must_move(one, Movement.FREED, 1, by=SYSTEM)


def worth(table: Any) -> dict[Any, int]:
    """Return what each row of a table is worth, by its key."""
    keys = list(table.__table__.primary_key)
    with db.reading() as session:
        return {tuple(row[:-1]): row[-1] for row in session.execute(select(*keys, table.value_cents))}


def without_worth(table: str, row: dict[str, Any]) -> None:
    """Take from a row of the books the worth that a further measure did not have."""
    if "value_cents" in row and table != "allocation" and row["pool_id"] != 1:
        row["value_cents"] = 0


@pytest.mark.usefixtures("database")
def test_older_rows_and_sums_of_one_measure_get_the_worth_that_they_would_have_today(
    empty: db.Database,
) -> None:
    lived()
    known = {table: worth(table) for table in (PoolEntry, SupportSum)}
    with db.reading() as session:
        leading = dict(session.execute(select(Holding.id, Holding.is_leading)).all())
    with brought_up_to_date(empty, BEFORE, TABLES, without_worth):
        assert {table: worth(table) for table in known} == known
        with db.reading() as session:
            assert dict(session.execute(select(Holding.id, Holding.is_leading)).all()) == leading
        with pytest.raises(DBAPIError, match="append-only"), db.writing() as session:
            session.execute(text("UPDATE pool_entry SET value_cents = 1"))
    assert sum(leading.values()) == 2 < len(leading)
    assert sum(one for one in known[PoolEntry].values()) > 1_900, "both are worth something"
