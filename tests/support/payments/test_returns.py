"""What came back: unspent money, and payments a bank sent back after it had paid; never booked twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.errors import Invalid, Stale, WrongState
from portal.support import actions as support
from portal.support.changes import Change
from portal.support.handing import actions as handing
from portal.support.models import Allocation, Delivery, Holding, Pool, PoolEntry
from portal.support.payments import actions, queries
from portal.support.payments.conditions import Part, Planned
from portal.support.payments.models import MoneyBack, Payment, PaymentPlan
from tests.at_once import at_once, kinds
from tests.support.payments.conftest import AMOUNT
from tests.support.payments.test_answers import booking, read


@pytest.fixture
def paid(purse):
    purse.planned()
    purse.with_account()
    return purse.paid().payments[0]


def give_back(plan, cents, reference="IN 7", *, by):
    with db.writing() as session:
        held = session.get_one(PaymentPlan, plan.id)
        return actions.enter_return(held, cents, clock.today(), reference, "Advance not spent", by=by)


def send_back(payment, code="AC04", reference="IN 9", *, by):
    with db.writing() as session:
        actions.enter_sent_back(session.get_one(Payment, payment.id), code, clock.today(), reference, by=by)


def books(purse):
    """Return what plan, promise and fund say: paid, returned; given, back; committed and delivered."""
    plan = purse.plan()
    one = purse.desk.allocation(plan.allocation_id)
    with db.reading() as session:
        held = session.scalars(select(Holding).where(Holding.allocation_id == one.id)).one()
    return (plan.paid, plan.returned), (one.delivered, one.returned), (held.committed, held.delivered)


def test_what_was_not_spent_comes_back_into_its_fund(both, purse, cast, paid):
    plan, tina = purse.plan(), cast.tina
    purse.approved(purse.spent(150_000))
    for cents, sentence in ((200_001, "Only € 2,000 was paid"), (0, "above zero"), (-5, "above zero")):
        with pytest.raises(Invalid, match=sentence.replace(" ", ".")):
            give_back(plan, cents, by=tina)
    give_back(plan, 50_000, by=tina)
    with pytest.raises(Invalid, match="entered already"):
        give_back(plan, 100, by=tina)
    assert books(purse) == ((200_000, 50_000), (200_000, 50_000), (350_000, 150_000))
    assert list_of_due(purse) == []
    with pytest.raises(WrongState, match="page of payments"), db.writing() as session:
        back = handing.Back(100, clock.today(), "Beside the plan")
        handing.give_back(session.get_one(Allocation, plan.allocation_id), back, by=tina)


def list_of_due(purse):
    from portal.support.payments import conditions

    plan = purse.plan()
    return [part.number for part, _ in conditions.due(plan, plan.tranches, frozenset(), clock.today())]


@pytest.mark.parametrize("kind", ["unspent", "sent back"])
def test_of_two_who_enter_the_same_return_one_is_late(both, purse, cast, paid, kind):
    plan, tina = purse.plan(), cast.tina

    def enter() -> None:
        give_back(plan, 120_000, by=tina) if kind == "unspent" else send_back(paid, by=tina)

    told = kinds(at_once(enter, enter))
    assert len(told) == 1
    assert told[0] in {"Invalid", "WrongState", "Stale"}
    with db.reading() as session:
        assert len(session.scalars(select(MoneyBack)).all()) == 1
    assert purse.plan().paid - purse.plan().returned == (80_000 if kind == "unspent" else 0)


def test_a_payment_that_was_sent_back_is_due_again_and_promised_as_before(purse, cast, paid):
    tina = cast.tina
    with pytest.raises(Invalid, match="reason"):
        send_back(paid, "", by=tina)
    send_back(paid, by=tina)
    assert books(purse) == ((0, 0), (0, 0), (AMOUNT, 0))
    with db.reading() as session:
        assert session.scalars(select(Delivery)).all() == []
        rows = session.scalars(select(PoolEntry).where(PoolEntry.movement == "delivered")).all()
        assert [(one.amount, one.corrects_id is not None) for one in rows] == [
            (200_000, False),
            (-200_000, True),
        ]
        assert session.get_one(Payment, paid.id).state == "sent_back"
    with pytest.raises(WrongState):
        send_back(paid, reference="IN 10", by=tina)
    purse.with_account()
    again = purse.paid().payments[0]
    assert again.end_to_end != paid.end_to_end
    assert books(purse) == ((200_000, 0), (200_000, 0), (AMOUNT, 200_000))


def test_a_file_tells_of_the_return_once_whatever_is_sent_again(purse, cast, paid):
    name, tina = paid.end_to_end, cast.tina
    assert read(booking(name, "1999.00", side="CRDT", code="AC04"), tina).unclear == [name]
    back = booking(name, "2000.00", side="CRDT", code="AC04")
    assert read(back, tina).rejected == [name]
    with pytest.raises(WrongState, match="read already"):
        read(back, tina)
    assert read(back + b"\n", tina).known == [name]
    assert read(booking(name, "2000.00"), tina).known == [name]
    assert books(purse) == ((0, 0), (0, 0), (AMOUNT, 0))


def test_the_same_money_is_not_back_twice_by_two_ways(purse, cast, paid):
    name, tina = paid.end_to_end, cast.tina
    give_back(purse.plan(), 100, "B-1", by=tina)
    with pytest.raises(WrongState, match="came back unspent"):
        send_back(paid, by=tina)
    assert read(booking(name, "2000.00", side="CRDT", code="AC04"), tina).unclear == [name]
    assert books(purse)[0] == (200_000, 100)


def test_nothing_is_settled_while_a_payment_is_at_the_bank(purse, cast):
    purse.planned()
    purse.with_account()
    purse.released()
    plan, marco = purse.plan(), cast.fresh("tina")
    with pytest.raises(WrongState, match="on its way to the bank"), db.writing() as session:
        handing.close(session.get_one(Allocation, plan.allocation_id), "Done", by=marco)
    with db.reading() as session:
        assert session.scalars(queries.came_back("x")).all() == []


@pytest.fixture
def closed(purse, desk, cast):
    """Pay a promise whole, and close the year; return the payment, and the fund."""
    purse.planned(Planned(Part.INSTALMENT, AMOUNT))
    purse.approved(purse.spent(AMOUNT))
    purse.with_account()
    payment = purse.paid().payments[0]
    pool = fund_of(purse)
    desk.changed(Change.CLOSE, pool)
    return payment, pool


def fund_of(purse):
    with db.reading() as session:
        return session.get_one(Pool, purse.desk.allocation(purse.plan().allocation_id).pool_id)


def moved(pool):
    with db.reading() as session:
        rows = session.scalars(select(PoolEntry).where(PoolEntry.pool_id == pool.id).order_by(PoolEntry.id))
        return [(one.movement, one.amount, one.other_pool_id) for one in rows]


def test_what_a_closed_year_paid_and_the_bank_sent_back_waits_in_the_next_one(
    both, purse, desk, cast, closed
):
    payment, pool = closed
    before = moved(pool)
    with pytest.raises(WrongState, match="Open Digital fund for this year"):
        send_back(payment, by=cast.tina)
    back = booking(payment.end_to_end, "4000.00", side="CRDT", code="AC04")
    assert read(back, cast.tina).unclear == [payment.end_to_end], (
        "a file that has more in it is read all the same"
    )
    later = desk.opened(100_000, slug=pool.slug, year=pool.year + 1)
    send_back(payment, by=cast.tina)
    assert moved(pool) == before, "a closed year stays as it is"
    assert moved(later)[1:] == [
        ("recovered", AMOUNT, pool.id),
        ("reserved", AMOUNT, None),
        ("committed", AMOUNT, None),
    ]
    assert desk.figures(later) == (0, AMOUNT, 0)
    assert (desk.pool(later).capacity, desk.pool(later).left) == (100_000 + AMOUNT, 100_000)
    purse.with_account()
    purse.paid()
    assert desk.figures(later) == (0, AMOUNT, AMOUNT)
    assert purse.desk.allocation(purse.plan().allocation_id).state == "delivered"


def test_a_payment_of_the_old_year_that_came_back_is_not_taken_from_the_new_one(both, purse, desk, cast):
    """The first part was paid before the year was carried over and closed, the second one after."""
    purse.planned()
    purse.with_account()
    first = purse.paid().payments[0]
    pool = fund_of(purse)
    later = desk.opened(100_000, slug=pool.slug, year=pool.year + 1)
    desk.changed(Change.CARRY_OVER, pool, 0, other_id=later.id)
    desk.changed(Change.CLOSE, pool)
    purse.approved(purse.spent(AMOUNT))
    purse.paid(2)
    assert desk.figures(later) == (0, 200_000, 200_000)
    send_back(first, by=cast.tina)
    assert desk.figures(later) == (0, 400_000, 200_000)
    assert desk.pool(later).capacity == 500_000
    assert [row[0] for row in moved(later)[-3:]] == ["recovered", "reserved", "committed"]


def test_a_payment_that_came_back_after_the_carry_over_is_promised_in_the_later_year(both, purse, desk, cast):
    purse.planned()
    purse.with_account()
    first = purse.paid().payments[0]
    pool = fund_of(purse)
    later = desk.opened(100_000, slug=pool.slug, year=pool.year + 1)
    desk.changed(Change.CARRY_OVER, pool, 0, other_id=later.id)
    send_back(first, by=cast.tina)
    assert (desk.figures(pool), desk.figures(later)) == ((0, 0, 0), (0, AMOUNT, 0))
    desk.changed(Change.CLOSE, pool)


def test_what_was_not_spent_of_a_closed_year_comes_back_once_and_the_row_says_whence(
    both, purse, desk, cast, closed
):
    _, pool = closed
    later = desk.opened(100_000, slug=pool.slug, year=pool.year + 1)
    give_back(purse.plan(), 150_000, "B-1", by=cast.tina)
    give_back(purse.plan(), 250_000, "B-2", by=cast.tina)
    assert moved(later)[1:] == [("recovered", 150_000, pool.id), ("recovered", 250_000, pool.id)]
    assert (desk.pool(later).left, desk.figures(pool)[2]) == (100_000 + AMOUNT, AMOUNT)
    with pytest.raises(Stale), db.writing() as session:
        allocation = session.get_one(Allocation, purse.plan().allocation_id)
        support.take_back(allocation, 1, by=cast.tina, reason="Once more")
