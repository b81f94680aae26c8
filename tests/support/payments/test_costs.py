"""Costs with receipts: each paper once in the whole city, checked by one or two, and what is accepted counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock, db
from portal.errors import Invalid, NotAllowed, NotFresh, WrongState
from portal.support.payments import accounts, actions, queries, receipts
from portal.support.payments.actions import Judged
from portal.support.payments.conditions import Part, Planned
from portal.support.payments.models import Payee
from tests.at_once import at_once, kinds
from tests.support.payments.conftest import IBAN, OTHER_IBAN, PACT, receipt

OTHER = "pact:BO-2026-042"


def begun(purse, subject=PACT, by="rosa"):
    actor = getattr(purse.cast, by)
    with db.writing() as session:
        plan = session.scalars(queries.plans_of(subject)).unique().one()
        return actions.begin_statement(plan, by=actor).id


def add(purse, number, cost, subject=PACT, by="rosa"):
    actor = getattr(purse.cast, by)
    with db.writing() as session:
        statement = session.scalars(queries.statement(subject, number)).one()
        return actions.add_cost(statement, cost, store=purse.store, by=actor).id


def test_the_same_receipt_is_never_paid_twice_whoever_hands_it_in(purse):
    purse.planned()
    purse.planned(subject=OTHER, person="eve")
    first, second = begun(purse), begun(purse, OTHER, "eve")
    line = add(purse, first, purse.cost())
    same = {
        "the same file": purse.cost(receipt_number="99", cents=5),
        "the same receipt": purse.cost(
            receipt=receipt("two"), supplier="FERRAMENTA  Bàssi srl", receipt_number="0012 a"
        ),
    }
    for cost in same.values():
        with pytest.raises(Invalid, match="stands already in statement 1 of BO-2026-041"):
            add(purse, first, cost)
        with pytest.raises(Invalid, match="handed in already for another pact") as refused:
            add(purse, second, cost, OTHER, "eve")
        assert "BO-2026-041" not in str(refused.value)
    rosa = purse.cast.rosa
    with db.writing() as session:
        actions.remove_cost(session.scalars(queries.statement(PACT, first)).one(), line, by=rosa)
    add(purse, second, purse.cost(), OTHER, "eve")
    with pytest.raises(Invalid, match="another pact"):
        add(purse, first, purse.cost())


def test_of_two_who_hand_in_the_same_receipt_at_once_the_database_takes_one(both, purse):
    purse.planned()
    purse.planned(subject=OTHER, person="eve")
    first, second = begun(purse), begun(purse, OTHER, "eve")
    rosa, eve = purse.cast.rosa, purse.cast.eve

    def hand_in(number, subject, by) -> None:
        with db.writing() as session:
            statement = session.scalars(queries.statement(subject, number)).one()
            actions.add_cost(statement, purse.cost(), store=purse.store, by=by)

    told = at_once(lambda: hand_in(first, PACT, rosa), lambda: hand_in(second, OTHER, eve))
    assert kinds(told) == ["Invalid"]


def test_only_costs_that_the_rules_pay_are_taken(purse):
    purse.planned()
    number = begun(purse)
    wrong = {
        "The work of care that people do is not paid": {"category": "care_work"},
        "Choose what kind of cost": {"category": "yacht"},
        "Say what was bought": {"what": " "},
        "Say who issued": {"supplier": ""},
        "Enter the number of the receipt": {"receipt_number": ""},
        "above zero": {"cents": 0},
        "not in the future": {"spent_on": clock.today() + timedelta(days=1)},
        "from the signature of the pact": {"spent_on": clock.today() - timedelta(days=1)},
        "Add the receipt": {"receipt": b""},
        "This file is none of them": {"receipt": b"MZ\x90\x00 program"},
    }
    for sentence, more in wrong.items():
        with pytest.raises(Invalid, match=sentence):
            add(purse, number, purse.cost(**more))
    assert purse.statement(number).claimed == 0


def test_a_small_statement_takes_one_person_and_a_large_one_two(purse, cast):
    purse.planned()
    small, large = purse.spent(100_000), None
    purse.approved(small)
    assert purse.statement(small.id).state == "decided"
    large, giulia, marco = purse.spent(100_001, words="L"), cast.fresh("giulia"), cast.marco
    with db.writing() as session:
        held = session.scalars(queries.statement(PACT, large.id)).one()
        actions.check_costs(held, {held.lines[0].id: Judged(100_001)}, by=giulia)
        assert held.state == "checked"
    with pytest.raises(NotAllowed, match="You checked these costs"), db.writing() as session:
        actions.approve_costs(session.scalars(queries.statement(PACT, large.id)).one(), by=giulia)
    with pytest.raises(NotFresh), db.writing() as session:
        actions.approve_costs(session.scalars(queries.statement(PACT, large.id)).one(), by=marco)
    assert purse.plan().approved == 100_000


def test_what_comes_back_is_mended_and_sent_again(purse, cast):
    purse.planned()
    statement, giulia, rosa = purse.spent(9_000), cast.giulia, cast.rosa
    with pytest.raises(WrongState, match="was sent"):
        add(purse, statement.id, purse.cost())
    with db.writing() as session:
        held = session.scalars(queries.statement(PACT, statement.id)).one()
        actions.return_costs(held, "The second page is missing", by=giulia)
    add(purse, statement.id, purse.cost(1_000))
    with db.writing() as session:
        actions.send_costs(session.scalars(queries.statement(PACT, statement.id)).one(), by=rosa)
    purse.approved(statement, 9_000, 500)
    assert (purse.plan().approved, purse.statement(statement.id).accepted) == (9_500, 9_500)


def test_no_more_is_accepted_than_was_promised(purse):
    purse.planned(Planned(Part.INSTALMENT, 100_000), amount=100_000)
    statement = purse.spent(60_000, 60_000)
    with pytest.raises(WrongState, match=r"only €\s1,000 is not settled"):
        purse.approved(statement)
    assert purse.statement(statement.id).state == "sent"
    purse.approved(statement, 60_000, 40_000)
    assert purse.plan().approved == 100_000


def test_an_account_is_checked_sealed_and_confirmed_by_somebody_else(purse, cast):
    purse.planned()
    rosa, tina, stale = cast.fresh("rosa"), cast.fresh("tina"), cast.rosa
    wrong = {
        "one sign is wrong": ("IT60X0542811101000000123457", "IT60X0542811101000000123457"),
        "The two numbers differ": (IBAN, OTHER_IBAN),
        "outside SEPA": ("BR1800360305000010009795493C1", "BR1800360305000010009795493C1"),
    }
    for sentence, pair in wrong.items():
        with pytest.raises(Invalid, match=sentence), db.writing() as session:
            plan = session.scalars(queries.plans_of(PACT)).unique().one()
            actions.enter_account(plan, "Rosa", *pair, by=rosa)
    with pytest.raises(NotFresh), db.writing() as session:
        plan = session.scalars(queries.plans_of(PACT)).unique().one()
        actions.enter_account(plan, "Rosa", IBAN, IBAN, by=stale)
    with db.writing() as session:
        plan = session.scalars(queries.plans_of(PACT)).unique().one()
        payee = actions.enter_account(plan, "Rosa", IBAN.lower(), IBAN, by=rosa)
        assert IBAN not in payee.sealed_account
        assert payee.ending == "3456"
    with pytest.raises(Invalid, match="not the last six signs"), db.writing() as session:
        actions.confirm_account(session.get_one(Payee, payee.id), "123457", by=tina)
    with pytest.raises(NotAllowed), db.writing() as session:
        actions.confirm_account(session.get_one(Payee, payee.id), "123456", by=rosa)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Müller & Söhne – Straße 5", "Muller + Sohne - Strasse 5"), ("Łódź/ø//x", "Lodz/o/x"), ("/Rosa’s/", "Rosa's"),
        ("김", ""),
    ],
)  # fmt: skip
def test_names_are_written_in_signs_that_every_bank_takes(typed, plain):
    assert accounts.plain(typed) == plain


def test_a_receipt_is_the_same_however_it_is_typed():
    day = clock.today()
    one = receipts.mark("Ferramenta Bassi S.r.l.", "12/A", day, 100)
    assert receipts.mark("  FERRAMENTA BÀSSI srl ", "0012 a", day, 100) == one
    others = [("Ferramenta Rossi", "12/A", day, 100), ("Ferramenta Bassi", "12/B", day, 100)]
    others += [("Ferramenta Bassi", "12/A", day, 101), ("Ferramenta Bassi", "12/A", day - timedelta(1), 100)]
    assert one not in {receipts.mark(*other) for other in others}
