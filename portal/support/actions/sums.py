"""The sums of the ledger by district and time, and what each of its rows is worth."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from portal import clock, db
from portal.support import queries
from portal.support.ledger import Movement, effect, given_cents
from portal.support.models import Allocation, Pool, Span, SupportSum


def worth(pool: Pool, movement: Movement, amount: int, allocation: Allocation | None) -> int:
    """Return what a row is worth in cents; 0 where nobody valued it. The figures have moved already.

    Money is worth itself. What is given in kind is worth its share of the promise, rounded down as a whole,
    so that its parts never add up to more. Of the measures of a server one stands for all of them: the one
    that its allocation is counted in.
    """
    if pool.unit == "cent":
        return amount
    if allocation is None or not pool.leads(allocation.unit):
        return 0
    steps = effect(movement, amount)
    name = next((one for one in ("delivered", "committed", "reserved") if steps[one]), None)
    held = db.session().scalar(queries.holding(allocation.id, pool.id))
    if name is None or held is None:
        return given_cents(allocation.value_cents, amount, allocation.amount)
    after = getattr(held, name)
    before = after - steps[name]
    moved = _share(allocation, after) - _share(allocation, before)
    return moved if steps[name] * amount > 0 else -moved


def _share(allocation: Allocation, part: int) -> int:
    return given_cents(allocation.value_cents, part, allocation.amount)


def add(pool: Pool, movement: Movement, amounts: tuple[int, int], allocation: Allocation | None) -> None:
    """Add a row's amount and its worth to the sums of its year, month and day."""
    amount, value_cents = amounts
    session, today = db.session(), clock.today()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "pool_id": pool.id,
        "district": allocation.district if allocation else "",
        "movement": movement.value,
        "amount": amount,
        "value_cents": value_cents,
        "entries": 1,
    }
    new = dialect.insert(SupportSum).values(
        [row | {"span": span.value, "since": span.first_of(today)} for span in Span]
    )
    keys = list(SupportSum.__table__.primary_key)
    more = {
        name: SupportSum.__table__.c[name] + new.excluded[name]
        for name in ("amount", "value_cents", "entries")
    }
    session.execute(new.on_conflict_do_update(index_elements=keys, set_=more))
