"""Money that a signed pact is paid in parts: an account, a statement of costs, and payments given to the bank."""

from __future__ import annotations

from typing import Any

from portal import clock, db
from portal.support.ledger import Kind
from portal.support.payments import actions, queries, target_days
from portal.support.payments.actions import Cost
from portal.support.payments.conditions import Part, Planned
from portal.support.payments.models import Payee

# What belongs to the group and the desk; the whole account is read by the bank, from the file it is given.
PAYING = {
    "supplier": "Ferramenta Canarina",
    "receipt_words": "Terriccio canarino",
    "receipt_file": "Scontrino canarino",
    "payee_holder": "Zeno Canarino Conto",
    "payee_account": "DE89370400440532013000",
}


def build(cast: Any, store: Any, code: str) -> dict[str, int]:
    """Build it through the actions; return the numbers by which the things are reached."""
    rosa, tina, nuria = cast.fresh("rosa"), cast.fresh("tina"), cast.fresh("nuria")
    with db.writing() as session:
        (allocation,) = session.scalars(queries.money_of(f"pact:{code}")).all()
        assert allocation.kind == Kind.FUNDING
        advance = allocation.amount // 4
        parts = [
            Planned(Part.ADVANCE, advance, clock.today()),
            Planned(Part.INSTALMENT, allocation.amount - advance),
        ]
        plan = actions.plan_payments(allocation, parts, by=tina)
        account = PAYING["payee_account"]
        payee = actions.enter_account(plan, PAYING["payee_holder"], account, account, by=rosa)
        found = {"accounts": payee.id, "statements": actions.begin_statement(plan, by=rosa).id}
    with db.writing() as session:
        statement = session.scalars(queries.statement(f"pact:{code}", found["statements"])).one()
        receipt = f"%PDF-1.4 {PAYING['receipt_file']} %%EOF".encode()
        words = (PAYING["receipt_words"], PAYING["supplier"], "7/B")
        actions.add_cost(
            statement, Cost(clock.today(), "materials", *words, 5_000, receipt), store=store, by=rosa
        )
        actions.send_costs(statement, by=rosa)
    with db.writing() as session:
        actions.confirm_account(session.get_one(Payee, payee.id), account[-6:], by=tina)
        plan = session.scalars(queries.plans_of(f"pact:{code}")).unique().one()
        batch = actions.prepare_batch(plan.tranches[:1], target_days.next_open(clock.today()), by=tina)
        found["batches"] = batch.id
    with db.writing() as session:
        held = session.scalars(queries.batch(found["batches"])).unique().one()
        actions.release_batch(held, by=nuria)
        found["payments"] = held.payments[0].id
    return found
