"""Change what a pool has to give: book it, move it to another pool, close a year, put a row right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import update

from portal import clock, db
from portal.errors import Invalid, Stale
from portal.policy import Actor
from portal.record import Did, record
from portal.support import following, queries, returning
from portal.support.actions import arrivals, books, pools, setting_aside
from portal.support.actions.books import About
from portal.support.amounts import Amount
from portal.support.changes import CORRECTABLE, OF_ARRIVALS, SIMPLE, Change, Wish
from portal.support.ledger import OF_TWO_POOLS, Movement, effect
from portal.support.models import Allocation, Pool, PoolEntry
from portal.words import W

Rows = Mapping[str, Pool]


@dataclass(frozen=True, slots=True)
class Doing:
    """A change that is being booked: the measures of its pools by unit, what is wished, and by whom."""

    change: Change
    rows: Rows
    others: Rows
    wish: Wish
    by: Actor
    about: About

    @property
    def wished(self) -> list[tuple[Pool, int]]:
        """Return each measure of the pool of which something is wished, and how much."""
        found = ((row, self.wish.amounts(row.kind)[unit]) for unit, row in self.rows.items())
        return [(row, amount) for row, amount in found if amount]


def perform(change: Change, pool: Pool, wish: Wish, *, by: Actor, about: About) -> None:
    """Book a change of a pool: all of its rows, or none.

    Refuses with Invalid what the figures or the year do not allow, and with Stale what they no longer allow.
    """
    pool = arrivals.of_year(pool, wish)
    check(change, pool, wish)
    with db.session().begin_nested():
        if change is Change.CARRY_OVER:
            db.session().execute(returning.moving_along(pool.id))
        if pool.kept_for and change is Change.CARRY_OVER:
            _carry_over_aside(pool, wish, by=by, about=replace(about, reason=wish.reason))
            return
        # What is put right in a closed year is booked in the open one: both are kept in one order.
        other_id = arrivals.open_fund(pool, by=by).id if pool.closed_at is not None else wish.other_id
        locked = _locked(pool, other_id)
        about = replace(about, reason=wish.reason)
        rows, others = locked[pool.id], locked.get(other_id or 0, {})
        for unit in rows.keys() - others.keys() if others else ():
            others[unit] = pools.add_measure(next(row for row in others.values() if row.is_head), unit)
        _DO[change](Doing(change, rows, others, wish, by, about))


def _locked(pool: Pool, other_id: int | None) -> dict[int, dict[str, Pool]]:
    """Return the rows of one or two pools by unit, kept for this unit of work in one order for everybody."""
    found: dict[int, dict[str, Pool]] = {}
    for one in db.session().scalars(queries.for_writing([pool.id, *([other_id] if other_id else [])])):
        found.setdefault(one.head_id or one.id, {})[one.unit] = one
    return found


def check(change: Change, pool: Pool, wish: Wish) -> None:
    """Refuse with Invalid what cannot be done as things stand now, and say why."""
    pool = arrivals.of_year(pool, wish)
    _check_open(change, pool, wish)
    if pool.kept_for:
        _check_aside(change, pool, wish)
        return
    if change is Change.INCREASE:
        _check_year(pool, "amount")
    if change in {Change.DECREASE, Change.WRITE_OFF, Change.TRANSFER, Change.CARRY_OVER}:
        _check_left(pool, wish)
    if change in {Change.TRANSFER, Change.CARRY_OVER}:
        _check_other(change, pool, wish.other_id)
    if change is Change.CLOSE:
        _check_settled(pool)
    if change is Change.CORRECT:
        _difference(pool, wish)
    if change is Change.REASSIGN:
        arrivals.moved(pool, wish)


def is_over(change: Change, pool: Pool, entry_id: int | None) -> bool:
    """Say whether a change cannot be asked for any more, because the year is closed.

    What arrived of a surplus in a closed year is still put right, in a row of an open one.
    """
    is_arrival = change in OF_ARRIVALS and following.arrival(entry_id) is not None
    return pool.closed_at is not None and not is_arrival


def _check_open(change: Change, pool: Pool, wish: Wish) -> None:
    if is_over(change, pool, wish.entry_id):
        raise Invalid(W("%(pool)s is closed, so nothing in it changes any more.", pool=pool.title))


def _check_aside(change: Change, pool: Pool, wish: Wish) -> None:
    """Refuse with Invalid what would touch a share of a pool set aside; whole it may go on in a later one."""
    if change is Change.CLOSE and not pool.left:
        _check_settled(pool)
    elif change is not Change.CARRY_OVER:
        raise Invalid(W("%(pool)s is set aside: what nobody takes goes back to its fund.", pool=pool.title))
    elif wish.amount or wish.other_id:
        # A part would lower the share of somebody, and a settled share is not lowered by a change of a pool.
        raise Invalid(W("What is set aside goes on whole, and stays set aside: leave amount and fund out."))
    elif not pool.left and not promised(pool):
        raise Invalid(W("Nothing of %(pool)s is left to carry over.", pool=pool.title))


def _check_year(pool: Pool, field: str) -> None:
    if pool.year < clock.today().year:
        raise Invalid(
            W("%(pool)s ended with its year. Choose a fund of a year that goes on.", pool=pool.title),
            field=field,
        )


def _check_left(pool: Pool, wish: Wish) -> None:
    amounts = wish.amounts(pool.kind)
    for row in (pool, *db.session().scalars(queries.parts_of(pool.id))):
        if amounts[row.unit] > row.left:
            raise Invalid(
                W("Only %(left)s is left in %(pool)s.", left=Amount(row.left, row.unit), pool=pool.title),
                field="amount" if row.is_head else row.unit,
            )


def _check_other(change: Change, pool: Pool, other_id: int | None) -> None:
    other = db.session().get(Pool, other_id) if other_id else None
    if other is None or other.id == pool.id or other.kind != pool.kind or not other.is_head:
        raise Invalid(W("Choose another fund that gives the same"), field="other")
    if other.kept_for:
        raise Invalid(
            W("%(pool)s is set aside for others. Choose another fund.", pool=other.title), field="other"
        )
    if other.closed_at is not None:
        raise Invalid(W("%(pool)s is closed. Choose another fund.", pool=other.title), field="other")
    if change is Change.CARRY_OVER and other.year <= pool.year:
        raise Invalid(W("Choose a fund of a later year"), field="other")
    _check_year(other, "other")


def _check_settled(pool: Pool) -> None:
    for row in (pool, *db.session().scalars(queries.parts_of(pool.id))):
        undone = row.reserved + row.committed - row.delivered
        if undone:
            raise Invalid(
                W(
                    "%(amount)s of this fund is promised and not yet given. "
                    "Carry it over to the next year first.",
                    amount=Amount(undone, row.unit),
                )
            )


def promised(pool: Pool) -> int:
    """Return what is promised and not yet given: what goes along when a year is carried over."""
    return pool.reserved + pool.committed - pool.delivered


def _book(doing: Doing) -> None:
    for row, amount in doing.wished:
        books.must_change(row, SIMPLE[doing.change], amount, by=doing.by, about=doing.about)


def _transfer(doing: Doing) -> None:
    _move_free(doing, Movement.TRANSFERRED_OUT)


def _move_free(doing: Doing, movement: Movement) -> None:
    for row, amount in doing.wished:
        books.move_over(row, doing.others[row.unit], movement, amount, by=doing.by, about=doing.about)


def _carry_over(doing: Doing) -> None:
    """Move what is promised and not yet given, each promise by itself, and of the rest as much as was wished.

    The allocations follow: what comes of them from now on is booked in the later year.
    """
    by_id = {row.id: (row, doing.others[unit]) for unit, row in doing.rows.items()}
    head = next(row for row in doing.others.values() if row.is_head)
    for held in db.session().scalars(queries.unsettled(by_id)).all():
        row, other = by_id[held.pool_id]
        allocation = db.session().get_one(Allocation, held.allocation_id)
        mine = replace(doing.about, allocation=allocation)
        amounts = {
            Movement.RESERVE_OUT: held.reserved,
            Movement.PROMISE_OUT: held.committed - held.delivered,
        }
        for movement, amount in amounts.items():
            if amount:
                books.move_over(row, other, movement, amount, by=doing.by, about=mine)
        allocation.pool_id = head.id  # of what takes more, memory alone may be promised
    db.session().flush()
    _move_free(doing, Movement.CARRIED_OUT)


def _carry_over_aside(pool: Pool, wish: Wish, *, by: Actor, about: About) -> None:
    """Let a pool that is set aside go on whole in a pool of the next year, with what is left of each share.

    The old one closes with it, so that nobody draws on both. Whoever drew on it at the same moment was first,
    and goes along, or is refused.
    """
    rows = _locked(pool, None)[pool.id]
    check(Change.CARRY_OVER, pool, wish)
    other = setting_aside.next_of(pool, max(pool.year + 1, clock.today().year))
    doing = Doing(Change.CARRY_OVER, rows, {pool.unit: other}, replace(wish, amount=pool.left), by, about)
    _carry_over(doing)
    setting_aside.shares_go_on(pool, other)
    _close(doing)


def _close(doing: Doing) -> None:
    by, about = doing.by, doing.about
    for row in doing.rows.values():
        if row.left:
            books.must_change(row, Movement.CLOSED, row.left, by=by, about=about)
        closed = (
            update(Pool)
            .where(Pool.id == row.id, Pool.closed_at.is_(None))
            .where(Pool.reserved == 0, Pool.committed == Pool.delivered, Pool.capacity == Pool.committed)
            .values(closed_at=clock.now())
            .returning(Pool.id)
            .execution_options(synchronize_session=False)
        )
        if db.session().scalar(closed) is None:
            raise Stale(books.LEDGER_DISAGREES)
        db.session().refresh(row)
    head = next(row for row in doing.rows.values() if row.is_head)
    record(Did.POOL_CLOSED, head.key, by=by, kind=head.kind, delivered=head.delivered, unit=head.unit)


def _difference(pool: Pool, wish: Wish) -> tuple[PoolEntry, int]:
    entry = db.session().get(PoolEntry, wish.entry_id) if wish.entry_id else None
    row = db.session().get_one(Pool, entry.counts_in) if entry else None
    if entry is None or row is None or pool.id not in {row.id, row.head_id}:
        raise Invalid(W("Choose a row of this ledger"), field="entry")
    if entry.movement not in CORRECTABLE or entry.corrects_id is not None:
        raise Invalid(
            W(
                "This row cannot be put right here. "
                "What was promised and given changes on the page of its pact."
            ),
            field="entry",
        )
    found = wish.amount - entry.amount - queries.corrected(entry.id)
    if found == 0:
        raise Invalid(W("The row says this amount already"), field="amount")
    if row.closed_at is not None:
        arrivals.check_unspent(row, entry, found)
    elif effect(Movement(entry.movement), found)["capacity"] + row.left < 0:
        raise Invalid(
            W("Only %(left)s is left in %(pool)s.", left=Amount(row.left, row.unit), pool=row.title),
            field="amount",
        )
    following.check(entry.id, found)
    return entry, found


def _correct(doing: Doing) -> None:
    """Enter the difference to the right amount, in both pools where the row is one of two."""
    head = next(row for row in doing.rows.values() if row.is_head)
    entry, found = _difference(head, doing.wish)
    if head.closed_at is not None:
        arrivals.correct_closed(head, _open_one(doing), (entry, found), by=doing.by, about=doing.about)
        return
    pairs = [entry]
    if entry.movement in OF_TWO_POOLS:
        pairs += db.session().scalars(queries.counterpart(entry)).all()
    for one in sorted(pairs, key=lambda pair: pair.pool_id):
        row = db.session().get_one(Pool, one.pool_id)
        mine = replace(doing.about, corrects_id=one.id, other_pool_id=one.other_pool_id)
        books.must_change(row, Movement(one.movement), found, by=doing.by, about=mine)
        following.follow(one.id, found, by=doing.by)


def _open_one(doing: Doing) -> Pool:
    for row in doing.others.values():
        return row
    raise Stale(books.LEDGER_DISAGREES)  # the year was closed between the question and the lock


def _reassign(doing: Doing) -> None:
    head = next(iter(doing.rows.values()))
    into = head if head.closed_at is None else _open_one(doing)
    arrivals.move_to_another(head, into, doing.wish, by=doing.by, about=doing.about)


_DO: dict[Change, Callable[[Doing], None]] = {
    **dict.fromkeys(SIMPLE, _book),
    Change.TRANSFER: _transfer,
    Change.CARRY_OVER: _carry_over,
    Change.CLOSE: _close,
    Change.CORRECT: _correct,
    Change.REASSIGN: _reassign,
}
