"""Put right what arrived of a surplus, also in a closed year, and where it was another group's money.

What a closed year took in stands as it is: the difference is a row of the open year that names the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal import clock, db
from portal.errors import Invalid
from portal.record import Did, record
from portal.support import following, queries, returning
from portal.support.actions import books, pools
from portal.support.amounts import Amount
from portal.support.ledger import LEFT_OVER, Movement
from portal.support.models import Pool, PoolEntry
from portal.support.models.surplus import Surplus, SurplusArrival
from portal.words import W, home_language, say

if TYPE_CHECKING:
    from portal.policy import Actor
    from portal.support.actions.books import About
    from portal.support.changes import Wish

ENTERED_ANEW = W("Entered anew: before, this row of the bank had been corrected to nothing.")


def open_fund(closed: Pool, *, by: Actor) -> Pool:
    """Return the fund in which a closed year is put right: the next open one, or this year's, still empty."""
    found: Pool | None = db.session().scalar(returning.next_open(closed, clock.today().year))
    return found or pools.like(closed, clock.today().year, by=by)


def of_year(pool: Pool, wish: Wish) -> Pool:
    """Return the pool of the year for which the named row counts, where it stands in a later one."""
    entry = db.session().get(PoolEntry, wish.entry_id) if wish.entry_id else None
    if entry is None or entry.pool_id != pool.id:
        return pool
    return db.session().get_one(Pool, entry.counts_in)


def check_unspent(closed: Pool, entry: PoolEntry, difference: int) -> None:
    """Refuse with Invalid to lower what a closed year took in by money that it gave to somebody.

    What is carried on already is taken from the open fund, as far as that has it left.
    """
    unspent = _unspent(closed.id)
    if -difference > unspent:
        present = entry.amount + queries.corrected(entry.id)
        raise Invalid(
            W(
                "%(pool)s is closed, and of its money all but %(rest)s was given away in that year. "
                "Enter %(least)s or more.",
                pool=closed.title,
                rest=Amount(unspent, closed.unit),
                least=Amount(present - unspent, closed.unit),
            ),
            field="amount",
        )
    into = db.session().scalar(returning.next_open(closed, clock.today().year))
    missing = -(difference - sum(amount for _, amount in _left_over(closed.id, difference)))
    if missing > (into.left if into else 0):
        raise Invalid(
            W(
                "Only %(left)s is left in %(pool)s.",
                left=Amount(into.left if into else 0, closed.unit),
                pool=into.title if into else f"{closed.name} {clock.today().year}",
            ),
            field="amount",
        )


def correct_closed(
    closed: Pool, into: Pool, right: tuple[PoolEntry, int], *, by: Actor, about: About
) -> None:
    """Book in the open year by how much a row of a closed one was wrong; the surplus follows.

    As far as that money was left over at the closing, less (or more) was left over: the open year has and
    loses nothing by it.
    """
    entry, difference = right
    _book_for(closed, into, difference, by=by, about=replace(about, corrects_id=entry.id))
    following.follow(entry.id, difference, by=by)


def enter_for(closed: Pool, cents: int, *, by: Actor) -> tuple[Pool, PoolEntry]:
    """Enter anew what arrived in a closed year and came to nothing; return the open pool and the row."""
    into, reason = open_fund(closed, by=by), say(ENTERED_ANEW, home_language())
    return into, _book_for(closed, into, cents, by=by, about=books.About(reason=reason))


def _book_for(closed: Pool, into: Pool, difference: int, *, by: Actor, about: About) -> PoolEntry:
    """Book in the open year by how much more, or less, a closed one took in; return the row that says so."""
    about = replace(about, other_pool_id=closed.id)
    rows = [(Movement.INCREASED, about.corrects_id, difference)]
    rows += [(Movement.CLOSED, one, amount) for one, amount in _left_over(closed.id, difference)]
    # What makes the fund grow comes first: it must never hold less than is promised.
    booked = {
        movement: books.must_change(
            into, movement, amount, by=by, about=replace(about, corrects_id=corrects_id)
        )
        for movement, corrects_id, amount in (rows if difference > 0 else reversed(rows))
    }
    return booked[Movement.INCREASED]


def _unspent(pool_id: int) -> int:
    """Return what a closed year took in and gave to nobody, as far as that is still so."""
    went = (PoolEntry.pool_id == pool_id, PoolEntry.movement.in_(sorted(LEFT_OVER)))
    left = db.session().scalar(select(func.sum(PoolEntry.amount)).where(*went))
    return int(left or 0) + _since(pool_id)


def _since(pool_id: int) -> int:
    """Return by how much more, or less, a closed year took in by what was put right since."""
    of_year = (PoolEntry.other_pool_id == pool_id, PoolEntry.movement == Movement.INCREASED.value)
    return int(db.session().scalar(select(func.sum(PoolEntry.amount)).where(*of_year)) or 0)


def _left_over(pool_id: int, difference: int) -> list[tuple[int, int]]:
    """Return the row of the closing, and by how much less (or again more) was left over then."""
    closing = select(PoolEntry).where(
        PoolEntry.pool_id == pool_id,
        PoolEntry.movement == Movement.CLOSED.value,
        PoolEntry.corrects_id.is_(None),
    )
    row = db.session().scalar(closing)
    if row is None:
        return []
    # In whatever steps the year is put right: what was left over takes the first part of what is missing.
    missing = min(0, _since(pool_id) + difference)
    part = max(-row.amount, missing) - queries.corrected(row.id)
    return [(row.id, part)] if part else []


def moved(pool: Pool, wish: Wish) -> tuple[SurplusArrival, Surplus]:
    """Return what arrived for the wrong group, and what the right one declares now.

    Refuses with Invalid what is no arrival of this pool, another figure than was asked for, and a group that
    declared less.
    """
    arrival = following.arrival(wish.entry_id)
    entry = db.session().get(PoolEntry, wish.entry_id) if arrival else None
    if arrival is None or entry is None or entry.counts_in != pool.id:
        raise Invalid(W("Choose a row of this ledger"), field="entry")
    following.check_stands(arrival)
    present = arrival.amount_cents + queries.corrected(arrival.entry_id)
    if present <= 0 or present != wish.amount:
        raise Invalid(W("The figure of this row was corrected in the meantime. Look again."))
    target = db.session().scalar(following.as_declared_now(wish.to_id or 0))
    owner = db.session().scalar(following.behind(arrival.entry_id))
    if target is None or (owner is not None and target.id == owner.id):
        raise Invalid(W("Choose the group to which the money belongs"), field="to")
    if present > target.rest_cents:
        raise Invalid(following.MORE_THAN_DECLARED, field="to")
    return arrival, target


def move_to_another(pool: Pool, into: Pool, wish: Wish, *, by: Actor, about: About) -> None:
    """Book what arrived anew for the group it belongs to, under the same reference of the bank.

    The first row comes to nothing and stays readable. Of two at once the indexes let one through.
    """
    arrival, target = moved(pool, wish)
    following.may_correct(arrival.entry_id, target.id, by=by)
    cents = wish.amount
    if into.id != pool.id:
        about = replace(about, other_pool_id=pool.id)
    # First in, then out: what is promised of this money stays covered.
    new = books.must_change(into, Movement.INCREASED, cents, by=by, about=about)
    first = db.session().get_one(PoolEntry, arrival.entry_id)
    movement = Movement(first.movement) if into.id == pool.id else Movement.INCREASED
    books.must_change(into, movement, -cents, by=by, about=replace(about, corrects_id=first.id))
    former = db.session().scalars(following.behind(first.id)).one()
    steps = sorted(((former, -cents), (target, cents)), key=lambda one: one[0].id)
    for surplus, step in steps:
        following.count(surplus, step)
    again = following.entered_again(arrival, target, new, by=by)
    db.session().add(again)
    db.session().flush()
    facts = {"cents": cents, "year": target.year, "surplus": target.id, "former": former.id}
    record(Did.SURPLUS_MOVED, into.key, by=by, **facts)
