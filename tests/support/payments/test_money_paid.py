"""From the promise to the bank's word: nothing is paid that is not due, and nothing is paid twice."""

from __future__ import annotations

import pytest
from lxml import etree
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal import clock, db
from portal.errors import Invalid, NotAllowed, NotFresh, Stale, WrongState
from portal.organisations import actions as organisations
from portal.organisations.models import Kind, Organisation
from portal.policy import SYSTEM
from portal.support import actions as support
from portal.support.models import Allocation
from portal.support.payments import actions, orders, queries, rules_of
from portal.support.payments.conditions import Part, Planned
from portal.support.payments.models import Payee, Payment, PaymentPlan
from tests.at_once import at_once, kinds
from tests.support.payments.conftest import AMOUNT, IBAN, OTHER_IBAN, PACT, working_day

NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def sums(purse):
    plan = purse.plan()
    return plan.approved, plan.ordered, plan.paid


def batch_of(session, number):
    return session.scalars(queries.batch(number)).unique().one()


def test_an_advance_is_settled_before_anything_more_is_paid(purse):
    purse.planned()
    purse.with_account()
    purse.paid(1)
    assert sums(purse) == (0, 0, 200_000)
    with pytest.raises(Stale, match="not due any more"):
        purse.prepared(2)
    purse.approved(purse.spent(150_000))
    with pytest.raises(Stale, match="not due any more"):
        purse.prepared(2)
    purse.approved(purse.spent(130_000))
    batch = purse.paid(2)
    assert batch.total == 80_000
    assert sums(purse) == (280_000, 0, 280_000)
    allocation = purse.desk.allocation(purse.plan().allocation_id)
    assert (allocation.delivered, allocation.state) == (280_000, "committed")
    purse.approved(purse.spent(120_000))
    purse.paid(2)
    allocation = purse.desk.allocation(purse.plan().allocation_id)
    assert (allocation.delivered, allocation.state) == (AMOUNT, "delivered")


def test_nothing_is_paid_before_the_benefit_can_be_published_with_the_tax_number(both, purse, cast):
    purse.planned()
    purse.with_account()
    with db.writing() as session:
        group = organisations.found("Orti", Kind.ASSOCIATION, by=SYSTEM)
        session.execute(update(Allocation).values(organisation_id=group.id))
        group_id = group.id
    with pytest.raises(WrongState, match="must be published with the payee's tax number"):
        purse.prepared(1)
    with db.writing() as session:
        session.get_one(Organisation, group_id).tax_id = "97103880585"
    assert purse.prepared(1).total == AMOUNT // 2


def test_money_given_by_hand_waits_for_its_publication_too(purse, cast):
    allocation = purse.promised()
    with db.writing() as session:
        group = organisations.found("Orti", Kind.COOPERATIVE, by=SYSTEM)
        group.tax_id, group.hidden_at, group.hidden_reason = "97103880585", clock.now(), "Asked for"
        session.execute(update(Allocation).values(organisation_id=group.id))
    with pytest.raises(WrongState, match="The group's page is hidden"), db.writing() as session:
        mine = session.get_one(Allocation, allocation.id)
        support.deliver(mine, 1, clock.today(), "Order 7", by=cast.tina)


def test_the_parts_are_exactly_the_promise_and_the_advance_within_the_cap(purse, cast):
    allocation, today, tina = purse.promised(), clock.today(), cast.tina
    wrong = {
        "The parts must add up to exactly what was promised": [Planned(Part.INSTALMENT, AMOUNT - 1)],
        "an advance of 50 % at most": [
            Planned(Part.ADVANCE, 200_001, today), Planned(Part.INSTALMENT, 199_999)
        ],
        "Say on which day the advance is paid": [
            Planned(Part.ADVANCE, 100, None), Planned(Part.INSTALMENT, AMOUNT - 100)
        ],
        "Plan at least one part": [],
        "an amount above zero": [Planned(Part.INSTALMENT, AMOUNT + 5), Planned(Part.INSTALMENT, -5)],
    }  # fmt: skip
    for sentence, parts in wrong.items():
        with pytest.raises(Invalid, match=sentence), db.writing() as session:
            actions.plan_payments(session.get_one(Allocation, allocation.id), parts, by=tina)
    with pytest.raises(NotAllowed), db.writing() as session:
        parts = [Planned(Part.INSTALMENT, AMOUNT)]
        actions.plan_payments(session.get_one(Allocation, allocation.id), parts, by=cast.giulia)


def test_a_plan_stands_once_something_is_under_way_and_nothing_is_entered_beside_it(purse, cast):
    plan, tina = purse.planned(), cast.tina
    with db.writing() as session:
        allocation = session.get_one(Allocation, plan.allocation_id)
        again = actions.plan_payments(allocation, [Planned(Part.INSTALMENT, AMOUNT)], by=tina)
        assert len(again.tranches) == 1
        parts = [Planned(Part.ADVANCE, 100_000, clock.today()), Planned(Part.INSTALMENT, 300_000)]
        actions.plan_payments(allocation, parts, by=tina)
    purse.with_account()
    purse.prepared()
    with pytest.raises(WrongState, match="its plan stands"), db.writing() as session:
        actions.plan_payments(session.get_one(Allocation, plan.allocation_id), parts, by=tina)
    with pytest.raises(WrongState, match="paid in parts"), db.writing() as session:
        allocation = session.get_one(Allocation, plan.allocation_id)
        support.deliver(allocation, 100, clock.today(), "Cash", by=tina)


def test_no_figure_leaves_its_bounds_in_the_database_itself(both, purse):
    plan = purse.planned()
    for wrong in ({"planned": AMOUNT - 1}, {"paid": 200_001}, {"approved": AMOUNT + 1}, {"ordered": -1}):
        with pytest.raises(IntegrityError), db.writing() as session:
            session.execute(update(PaymentPlan).where(PaymentPlan.id == plan.id).values(wrong))


def test_one_prepares_another_releases_and_the_bank_pays(purse, cast):
    purse.planned()
    purse.with_account()
    batch, fresh = purse.prepared(), cast.fresh("tina")
    assert sums(purse) == (0, 200_000, 0)
    with pytest.raises(NotAllowed, match="You prepared these payments"), db.writing() as session:
        actions.release_batch(batch_of(session, batch.id), by=fresh)
    stale_nuria = cast.nuria
    with pytest.raises(NotFresh), db.writing() as session:
        actions.release_batch(batch_of(session, batch.id), by=stale_nuria)
    nuria = cast.fresh("nuria")
    with db.writing() as session:
        actions.release_batch(batch_of(session, batch.id), by=nuria)
    with pytest.raises(WrongState), db.writing() as session:
        actions.release_batch(batch_of(session, batch.id), by=nuria)
    with pytest.raises(WrongState), db.writing() as session:
        actions.withdraw_batch(batch_of(session, batch.id), by=fresh)


def test_the_file_fits_the_official_schema_and_is_the_same_each_time(purse, cast):
    purse.planned()
    purse.with_account()
    batch = purse.released()
    with db.reading() as session:
        held = batch_of(session, batch.id)
        first, again = actions.file_of(held, by=cast.tina), actions.file_of(held, by=cast.aldo)
    assert first == again
    orders.check(first)
    document = etree.fromstring(first)
    assert document.findtext(".//p:GrpHdr/p:MsgId", namespaces=NS) == batch.message_id
    assert document.findtext(".//p:CdtTrfTxInf//p:EndToEndId", namespaces=NS) == batch.payments[0].end_to_end
    assert document.findtext(".//p:InstdAmt", namespaces=NS) == "2000.00"
    assert document.findtext(".//p:CdtrAcct//p:IBAN", namespaces=NS) == IBAN
    assert document.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=NS) == "2000.00"
    with db.reading() as session:
        held = batch_of(session, batch.id)
        assert IBAN.encode() not in (held.sealed_file or b"")
        profile = rules_of.profile_named(batch.profile_version)
        assert orders.file_of(held, profile) == orders.file_of(held, profile)
        session.expunge_all()
    # A city outside SEPA gives its bank a list.
    batch.means = "list"
    text = orders.file_of(batch, profile).decode()
    assert text.splitlines()[1] == (
        f"{batch.payments[0].end_to_end},{batch.execute_on},Rosa Neri,{IBAN},2000.00,EUR,BO-2026-041 1"
    )


def test_banks_rest_on_weekends_and_feasts(purse, cast):
    from datetime import date

    from portal.support.payments import target_days

    assert not target_days.is_open(date(2026, 12, 25))
    assert not target_days.is_open(date(2026, 4, 3))
    assert target_days.next_open(date(2026, 12, 25)) == date(2026, 12, 28)
    assert target_days.is_open(date(2026, 8, 14))


def test_of_two_who_prepare_the_same_part_one_is_late(both, purse, cast):
    purse.planned()
    purse.with_account()
    tina, day = cast.tina, working_day()

    def prepare() -> None:
        with db.writing() as session:
            plan = session.scalars(queries.plans_of(PACT)).unique().one()
            actions.prepare_batch(plan.tranches[:1], day, by=tina)

    assert kinds(at_once(prepare, prepare)) == ["Stale"]
    assert sums(purse) == (0, 200_000, 0)


def test_of_two_who_enter_that_it_was_paid_one_changes_nothing(both, purse, cast):
    purse.planned()
    purse.with_account()
    batch, tina = purse.released(), cast.tina

    def enter() -> None:
        with db.writing() as session:
            payment = session.get_one(Payment, batch.payments[0].id)
            actions.enter_paid(payment, clock.today(), "CRO 1", by=tina)

    assert kinds(at_once(enter, enter)) == ["WrongState"]
    assert sums(purse) == (0, 0, 200_000)
    assert purse.desk.allocation(purse.plan().allocation_id).delivered == 200_000


def test_a_rejected_payment_is_due_again_under_a_new_name(purse, cast):
    purse.planned()
    payee = purse.with_account()
    batch, tina = purse.released(), cast.tina
    (first,) = batch.payments
    with db.writing() as session:
        actions.enter_rejected(session.get_one(Payment, first.id), "AC04", clock.today(), "R 1", by=tina)
    assert sums(purse) == (0, 0, 0)
    with db.reading() as session:
        assert session.get_one(Payee, payee.id).state == "failed"
    with pytest.raises(WrongState, match="No confirmed account yet: BO-2026-041"):
        purse.prepared()
    purse.with_account(OTHER_IBAN)
    (second,) = purse.paid().payments
    assert (second.attempt, second.state) == (2, "paid")
    assert second.end_to_end != first.end_to_end
    with pytest.raises(WrongState), db.writing() as session:
        actions.enter_paid(session.get_one(Payment, first.id), clock.today(), "late", by=tina)


def test_a_batch_taken_back_leaves_its_parts_due(purse, cast):
    purse.planned()
    purse.with_account()
    batch, tina = purse.prepared(), cast.tina
    with db.writing() as session:
        actions.withdraw_batch(batch_of(session, batch.id), by=tina)
    assert sums(purse) == (0, 0, 0)
    assert purse.prepared().payments[0].attempt == 2


def test_an_account_that_changed_meanwhile_is_not_paid_by_an_older_batch(purse, cast):
    purse.planned()
    purse.with_account()
    batch = purse.prepared()
    purse.with_account(OTHER_IBAN)
    nuria = cast.fresh("nuria")
    with pytest.raises(WrongState, match="account was changed"), db.writing() as session:
        actions.release_batch(batch_of(session, batch.id), by=nuria)


def test_a_crash_between_file_and_release_leaves_neither(purse, cast, monkeypatch):
    from portal import faults

    purse.planned()
    purse.with_account()
    batch, nuria = purse.prepared(), cast.fresh("nuria")

    def crash(name: str) -> None:
        if name == "batch-filed":
            raise RuntimeError(name)

    monkeypatch.setattr(faults, "reach", crash)
    with pytest.raises(RuntimeError), db.writing() as session:
        actions.release_batch(batch_of(session, batch.id), by=nuria)
    with db.reading() as session:
        held = batch_of(session, batch.id)
        assert (held.state, held.file_hash, held.sealed_file) == ("prepared", "", None)
        assert held.payments[0].state == "prepared"
    monkeypatch.undo()
    with db.writing() as session:
        actions.release_batch(batch_of(session, batch.id), by=nuria)


def test_who_belongs_to_the_group_neither_releases_nor_confirms(purse, cast):
    purse.planned(person="nuria")
    purse.with_account(by="nuria")
    batch, nuria = purse.prepared(), cast.fresh("nuria")
    with pytest.raises(NotAllowed, match="You belong to this organisation"), db.writing() as session:
        actions.release_batch(batch_of(session, batch.id), by=nuria)
