"""Set money of a fund aside for some cases alone, and give back to the fund what none of them took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from portal import db
from portal.errors import Stale, WrongState
from portal.support import aside, findable, queries
from portal.support.actions import books
from portal.support.amounts import Amount
from portal.support.ledger import Movement
from portal.support.models import Pool, PoolShare
from portal.words import W

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.policy import Actor
    from portal.support.models import Allocation

_NAME, _SLUG = 120, 60


def set_aside(
    fund: Pool, subject: str, shares: Mapping[str, int], *, name: str, by: Actor, reason: str
) -> Pool:
    """Move what the cases may have out of a fund into a pool of their own; whoever calls this asked who may.

    `shares` are amounts by case. Refuses with Stale where the fund holds less: one UPDATE decides.
    """
    session = db.session()
    slug = f"for-{subject.replace(':', '-').lower()}"[:_SLUG]
    pool = Pool(
        slug=slug,
        year=fund.year,
        kind=fund.kind,
        name=name[:_NAME],
        office=fund.office,
        unit=fund.unit,
        capacity=0,
        kept_for=subject,
    )
    session.add(pool)
    session.flush()
    findable.enter_fund(pool)
    session.add_all(PoolShare(pool_id=pool.id, case_key=one, amount=many) for one, many in shares.items())
    about = books.About(reason=reason)
    books.move_over(fund, pool, Movement.TRANSFERRED_OUT, sum(shares.values()), by=by, about=about)
    return pool


def next_of(pool: Pool, year: int) -> Pool:
    """Open the pool in which one that is set aside goes on in a later year, with nothing in it yet.

    Refuses with Stale where it goes on there already.
    """
    session = db.session()
    same = {name: getattr(pool, name) for name in ("slug", "kind", "name", "office", "unit", "kept_for")}
    other = Pool(year=year, capacity=0, **same)
    try:
        with session.begin_nested():
            session.add(other)
            session.flush()
    except IntegrityError as error:
        raise Stale(books.LEDGER_DISAGREES) from error
    findable.enter_fund(other)
    return other


def shares_go_on(pool: Pool, other: Pool) -> None:
    """Give each case in the later pool what is left of its share; in the earlier stays what it was given.

    Of both together a share stays what it was, to the cent.
    """
    session = db.session()
    given: dict[str, int] = dict(session.execute(aside.given(pool.id)).all())
    for share in session.scalars(aside.shares_of(pool.id)).all():
        kept = given.get(share.case_key, 0)
        if share.amount > kept:
            session.add(PoolShare(pool_id=other.id, case_key=share.case_key, amount=share.amount - kept))
        if kept:
            share.amount = kept
        else:
            session.delete(share)
    session.flush()


def give_up(pool: Pool, fund: Pool, *, by: Actor, reason: str) -> int:
    """Give back to a fund what nobody took of a pool that is set aside, and return how much that was.

    It goes into the fund, or the next one like it where that year is closed. Refuses with WrongState where
    none is open. What is promised stays; the pool closes with the last of it.
    """
    into = fund
    if fund.closed_at is not None:
        into = books.next_open(fund)
    rows = {one.id: one for one in db.session().scalars(queries.for_writing([pool.id, into.id]))}
    pool, into = rows[pool.id], rows[into.id]
    left = pool.left
    if left:
        about = books.About(reason=reason)
        books.move_over(pool, into, Movement.TRANSFERRED_OUT, left, by=by, about=about)
    return left


def check_share(pool: Pool, allocation: Allocation, *, more: int = 0) -> None:
    """Refuse with WrongState what is not meant for this case, and more than its share.

    Called again once the pool has moved, whose row everybody waits for: then what is seen is all there is.
    """
    if not pool.kept_for:
        return
    share = db.session().scalar(aside.share_of(pool.id, allocation.case_key))
    if share is None:
        raise WrongState(W("%(pool)s is set aside for others. Choose another fund.", pool=pool.title))
    has = db.session().scalar(aside.taken(pool.id, allocation.case_key)) or 0
    if has + more > share.amount:
        raise WrongState(
            W(
                "Of %(pool)s this case has %(share)s at most. Lower the amount or choose another fund.",
                pool=pool.title,
                share=Amount(share.amount, pool.unit),
            )
        )
