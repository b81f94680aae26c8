"""A pact with money promised to Rosa's pact, and everybody who plans, spends, checks, prepares and releases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from portal import clock, db
from portal.documents.store import FolderStore
from portal.policy import SYSTEM
from portal.support import actions as support
from portal.support.models import Allocation, Pool
from portal.support.payments import actions, queries
from portal.support.payments.actions import Cost, Judged
from portal.support.payments.conditions import Part, Planned
from portal.support.payments.models import CostStatement, Payee, Payment, PaymentBatch, PaymentPlan
from tests.support.conftest import PACT, Desk, row, this_year

RULES = {"profile_version": "bologna/2023/2023-01-01", "pact_class": "ordinary"}
IBAN = "IT60X0542811101000000123456"
OTHER_IBAN = "DE89370400440532013000"
AMOUNT = 400_000


def receipt(words: str = "one") -> bytes:
    return f"%PDF-1.7 receipt {words} %%EOF".encode()


def working_day() -> date:
    from portal.support.payments import target_days

    return target_days.next_open(clock.today())


class Purse:
    """The way of a promised sum, each step in a transaction of its own."""

    def __init__(self, desk: Desk, cast: Any, store: FolderStore) -> None:
        self.desk, self.cast, self.store = desk, cast, store

    def promised(
        self, amount: int = AMOUNT, *, subject: str = PACT, person: str = "rosa", **more: Any
    ) -> Allocation:
        with db.reading() as session:
            pool = session.scalars(db.session().query(Pool).statement).first()
        pool = pool or self.desk.opened(80_000_000)
        facts = {"party_person_id": getattr(self.cast, person).person_id, **RULES, **more}
        found = self.desk.approved(pool, row(amount=amount), subject=subject, **facts)
        with db.writing():
            support.commit(subject, 1, by=SYSTEM)
        return self.desk.allocation(found[0].id)

    def planned(self, *parts: Planned, amount: int = AMOUNT, subject: str = PACT, **more: Any) -> PaymentPlan:
        allocation = self.promised(amount, subject=subject, **more)
        half = amount // 2
        parts = parts or (Planned(Part.ADVANCE, half, clock.today()), Planned(Part.INSTALMENT, amount - half))
        with db.writing() as session:
            actions.plan_payments(session.get_one(Allocation, allocation.id), parts, by=self.cast.tina)
        return self.plan(subject)

    def plan(self, subject: str = PACT) -> PaymentPlan:
        with db.reading() as session:
            return session.scalars(queries.plans_of(subject)).unique().one()

    def with_account(self, account: str = IBAN, subject: str = PACT, by: str = "rosa") -> Payee:
        rosa, tina = self.cast.fresh(by), self.cast.fresh("tina")
        with db.writing() as session:
            plan = session.scalars(queries.plans_of(subject)).unique().one()
            payee = actions.enter_account(plan, "Rosa Neri", account, account, by=rosa)
        with db.writing() as session:
            actions.confirm_account(session.get_one(Payee, payee.id), account[-6:], by=tina)
            return payee

    def spent(self, *amounts: int, subject: str = PACT, by: str = "rosa", words: str = "") -> CostStatement:
        actor = getattr(self.cast, by)
        with db.writing() as session:
            plan = session.scalars(queries.plans_of(subject)).unique().one()
            statement = actions.begin_statement(plan, by=actor)
            number = statement.id
        for n, cents in enumerate(amounts):
            with db.writing() as session:
                statement = session.scalars(queries.statement(subject, number)).one()
                cost = self.cost(
                    cents,
                    receipt=receipt(f"{subject} {number} {n} {words}"),
                    receipt_number=f"{words}{number}/{n}",
                )
                actions.add_cost(statement, cost, store=self.store, by=actor)
        with db.writing() as session:
            actions.send_costs(session.scalars(queries.statement(subject, number)).one(), by=actor)
        return self.statement(number, subject)

    def cost(self, cents: int = 10_000, **more: Any) -> Cost:
        facts = {
            "spent_on": clock.today(),
            "category": "materials",
            "what": "Soil and plants",
            "supplier": "Ferramenta Bassi S.r.l.",
            "receipt_number": "12/A",
            "cents": cents,
            "receipt": receipt(),
        }
        return Cost(**{**facts, **more})

    def statement(self, number: int, subject: str = PACT) -> CostStatement:
        with db.reading() as session:
            return session.scalars(queries.statement(subject, number)).one()

    def approved(self, statement: CostStatement, *cents: int, subject: str = PACT) -> None:
        giulia, marco = self.cast.giulia, self.cast.fresh("marco")
        with db.writing() as session:
            held = session.scalars(queries.statement(subject, statement.id)).one()
            wanted = cents or tuple(line.amount for line in held.lines)
            judged = {
                line.id: Judged(some, "" if some == line.amount else "Not for the garden")
                for line, some in zip(held.lines, wanted, strict=True)
            }
            actions.check_costs(held, judged, by=giulia)
            needs_two = held.needs_two
        if needs_two:
            with db.writing() as session:
                actions.approve_costs(
                    session.scalars(queries.statement(subject, statement.id)).one(), by=marco
                )

    def prepared(self, *numbers: int, subject: str = PACT, by: str = "tina") -> PaymentBatch:
        actor = getattr(self.cast, by)
        with db.writing() as session:
            plan = session.scalars(queries.plans_of(subject)).unique().one()
            chosen = [one for one in plan.tranches if one.number in (numbers or (1,))]
            batch = actions.prepare_batch(chosen, working_day(), by=actor)
            number = batch.id
        return self.batch(number)

    def batch(self, number: int) -> PaymentBatch:
        with db.reading() as session:
            return session.scalars(queries.batch(number)).unique().one()

    def released(self, *numbers: int, subject: str = PACT) -> PaymentBatch:
        batch, nuria = self.prepared(*numbers, subject=subject), self.cast.fresh("nuria")
        with db.writing() as session:
            actions.release_batch(session.scalars(queries.batch(batch.id)).unique().one(), by=nuria)
        return self.batch(batch.id)

    def paid(self, *numbers: int, subject: str = PACT) -> PaymentBatch:
        batch, tina = self.released(*numbers, subject=subject), self.cast.tina
        for one in batch.payments:
            with db.writing() as session:
                actions.enter_paid(session.get_one(Payment, one.id), clock.today(), "CRO 1", by=tina)
        return self.batch(batch.id)


@pytest.fixture
def cast(cast: Any) -> Any:
    return cast


@pytest.fixture
def purse(desk: Desk, cast: Any, tmp_path: Any) -> Purse:
    return Purse(desk, cast, FolderStore(tmp_path / "store"))


__all__ = [
    "AMOUNT",
    "IBAN",
    "OTHER_IBAN",
    "PACT",
    "RULES",
    "Purse",
    "SimpleNamespace",
    "receipt",
    "replace",
    "row",
    "this_year",
    "timedelta",
]
