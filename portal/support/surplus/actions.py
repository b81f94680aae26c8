"""The verbs of surplus: a group declares it, the treasurer sees it arrive in the commons fund."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import update

from portal import clock, db, policy
from portal.errors import Invalid, Stale, WrongState
from portal.policy import Can
from portal.record import Did, record
from portal.support import queries as support_queries
from portal.support import returning
from portal.support.actions import arrivals, books, changes
from portal.support.actions.pools import book_opening
from portal.support.changes import Change, Wish
from portal.support.following import CHANGED, MORE_THAN_DECLARED, check_stands, count, entered_again, fund_of
from portal.support.ledger import Kind
from portal.support.models import Pool, PoolEntry
from portal.support.models.surplus import Surplus, SurplusArrival
from portal.support.surplus import queries
from portal.words import W

if TYPE_CHECKING:
    from datetime import date

    from portal.city import PoolRules
    from portal.organisations.models import Organisation
    from portal.policy import Actor
    from portal.support.models import PoolRequest

LONGEST_BASIS, LONGEST_CLAUSE, LONGEST_REFERENCE = 2000, 300, 80
FIRST_YEAR = 2000
NAME = W("Commons fund")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a group says of one year, in cents; why, where it corrects what it said before."""

    year: int
    surplus_cents: int
    transferred_cents: int
    basis: str
    clause: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """A row of the bank: how much came, when, and under which reference."""

    amount_cents: int
    on: date
    bank_reference: str


def declare(organisation: Organisation, said: Statement, *, by: Actor) -> Surplus:
    """Declare a year's surplus for one's group, or correct what was declared: a new row, the old one stays.

    Refuses with Invalid a year that is not over, sums that are none, a correction without a reason, and less
    for the fund than has arrived there already.
    """
    policy.check(by, Can.SURPLUS_DECLARE, organisation)
    _check(said)
    session = db.session()
    before = session.scalar(queries.current(organisation.id, said.year))
    if before is not None:
        _replace(before, said)
    surplus = Surplus(
        **asdict(said),
        organisation_id=organisation.id,
        number=before.number + 1 if before else 1,
        arrived_cents=before.arrived_cents if before else 0,
        declared_at=clock.now(),
        actor=by.pseudonym,
    )
    session.add(surplus)
    session.flush()
    facts = {"year": said.year, "surplus": said.surplus_cents, "transferred": said.transferred_cents}
    record(Did.SURPLUS_DECLARED, organisation.key, by=by, number=surplus.number, **facts)
    return surplus


def _check(said: Statement) -> None:
    if not FIRST_YEAR <= said.year < clock.today().year:
        raise Invalid(
            W("Name a year that is over, like %(year)s.", year=clock.today().year - 1), field="year"
        )
    if said.surplus_cents <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="surplus")
    if not 0 <= said.transferred_cents <= said.surplus_cents:
        raise Invalid(W("The fund can get no more than the whole surplus."), field="transferred")
    if not said.basis:
        raise Invalid(W("Name the accounts this rests on."), field="basis")
    for name, most in (("basis", LONGEST_BASIS), ("why", LONGEST_BASIS), ("clause", LONGEST_CLAUSE)):
        if len(getattr(said, name)) > most:
            raise Invalid(W("Shorten this to %(most)s characters or fewer", most=most), field=name)


def _replace(before: Surplus, said: Statement) -> None:
    if not said.why:
        raise Invalid(W("Something is declared for this year already: say why you correct it."), field="why")
    if said.transferred_cents < before.arrived_cents:
        raise Invalid(W("More than this arrived in the fund already."), field="transferred")
    replaced = (
        update(Surplus)
        .where(Surplus.id == before.id, Surplus.is_current, Surplus.arrived_cents == before.arrived_cents)
        .values(is_current=False)
        .returning(Surplus.id)
        .execution_options(synchronize_session=False)
    )
    if db.session().scalar(replaced) is None:
        raise Stale(CHANGED)


def arrive(surplus: Surplus, paid: Paid, *, by: Actor, fund_name: str = "") -> SurplusArrival:
    """Enter what arrived of a surplus: the commons fund of this year grows by it, and the row says whence.

    A row of the bank that came to nothing in a closed year counts for that year when it is entered anew.
    Refuses with NotAllowed whoever belongs to the group, with Invalid more than was declared, a day to come
    and a row of the bank that is entered already, with Stale where somebody was faster.
    """
    policy.check(by, Can.SURPLUS_CONFIRM, surplus)
    before = _check_paid(paid)
    if not surplus.is_current:
        raise WrongState(CHANGED)
    if paid.amount_cents > surplus.rest_cents:
        raise Invalid(MORE_THAN_DECLARED, field="amount")
    # First the pool, then the surplus: in the order in which a correction takes them.
    if before is not None:
        _lock_with(before)
    of_year = fund_of(before) if before is not None else None
    if of_year is not None and of_year.closed_at is not None:
        pool, entry = arrivals.enter_for(of_year, paid.amount_cents, by=by)
    else:
        pool, entry = _put_in(paid.amount_cents, fund_name or str(NAME), by=by)
    if before is not None and _figure(before):
        raise Stale(CHANGED)  # it was put right again at the same moment
    count(surplus, paid.amount_cents)
    arrival = _entered(surplus, paid, entry, before, by=by)
    facts = {"cents": paid.amount_cents, "year": surplus.year, "surplus": surplus.id}
    record(Did.SURPLUS_ARRIVED, pool.key, by=by, **facts)
    return arrival


def _lock_with(before: SurplusArrival) -> None:
    """Keep the fund of a row that counts for nothing, and this year's, in everybody's order."""
    session, of_year = db.session(), fund_of(before)
    this_year = support_queries.pool(clock.today().year, queries.FUND).with_only_columns(Pool.id)
    if of_year.closed_at is not None:
        this_year = returning.next_open(of_year, clock.today().year).with_only_columns(Pool.id)
    pools = [of_year.id, session.get_one(PoolEntry, before.entry_id).pool_id, *session.scalars(this_year)]
    session.scalars(support_queries.for_writing(pools)).all()


def _entered(
    surplus: Surplus, paid: Paid, entry: PoolEntry, before: SurplusArrival | None, *, by: Actor
) -> SurplusArrival:
    assert by.person_id is not None  # noqa: S101 - the permission is a city role's
    if before is not None:
        arrival = entered_again(before, surplus, entry, by=by)
        arrival.arrived_on = paid.on
    else:
        arrival = SurplusArrival(
            surplus_id=surplus.id,
            amount_cents=paid.amount_cents,
            arrived_on=paid.on,
            bank_reference=paid.bank_reference,
            entry_id=entry.id,
            confirmed_by_id=by.person_id,
            at=clock.now(),
        )
    db.session().add(arrival)
    db.session().flush()
    return arrival


def correct(arrival: SurplusArrival, wish: Wish, *, by: Actor, rules: PoolRules) -> PoolRequest:
    """Ask to put right what arrived, as any row of a pool; what arrived of the surplus follows the booking.

    Booked at once where the city's rules let one person decide. Refuses with NotAllowed whoever belongs to
    the group, with Invalid more than was declared, and less than the fund has promised already.
    """
    wish = replace(wish, entry_id=arrival.entry_id)
    return changes.ask(Change.CORRECT, fund_of(arrival), wish, by=by, rules=rules)


def move(arrival: SurplusArrival, to_id: int, reason: str, *, by: Actor, rules: PoolRules) -> PoolRequest:
    """Ask to enter what arrived for another group, or another year, to which it belongs.

    Its row of the bank stays one: the first entry comes to nothing, and the same reference is entered anew.
    Refuses with NotAllowed whoever belongs to either group, with Invalid a group that declared less.
    """
    check_stands(arrival)
    wish = Wish(_figure(arrival), reason, entry_id=arrival.entry_id, to_id=to_id)
    return changes.ask(Change.REASSIGN, fund_of(arrival), wish, by=by, rules=rules)


def _check_paid(paid: Paid) -> SurplusArrival | None:
    """Return the row of the bank as it was entered before, where nothing of that stands any more."""
    if paid.amount_cents <= 0:
        raise Invalid(W("Enter an amount above zero, like 1,200"), field="amount")
    if paid.on > clock.today():
        raise Invalid(W("Enter a day that is not in the future"), field="arrived_on")
    if not paid.bank_reference or len(paid.bank_reference) > LONGEST_REFERENCE:
        raise Invalid(W("Enter the reference of the bank, as its statement has it."), field="bank_reference")
    before = db.session().scalar(queries.with_bank_reference(paid.bank_reference))
    if before is not None and _figure(before):
        raise Invalid(W("This row of the bank is entered already."), field="bank_reference")
    return before


def _figure(arrival: SurplusArrival) -> int:
    return arrival.amount_cents + support_queries.corrected(arrival.entry_id)


def _put_in(cents: int, name: str, *, by: Actor) -> tuple[Pool, PoolEntry]:
    """Put money into this year's commons fund, which the first money opens; return its key and the row."""
    session, year = db.session(), clock.today().year
    pool = session.scalar(support_queries.pool(year, queries.FUND))
    if pool is None:
        pool = book_opening(year, queries.FUND, Kind.FUNDING.value, name, cents, by=by)
    else:
        books.increase(pool, cents, by=by)
    entry_id = session.scalar(queries.last_entry(pool.id))
    assert entry_id is not None  # noqa: S101 - just entered
    return pool, session.get_one(PoolEntry, entry_id)
