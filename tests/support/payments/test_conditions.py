"""What may be paid, as pure rules: under any sequence nothing beyond the advance or the approved costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.support.payments import conditions
from portal.support.payments.conditions import Part, Planned

TODAY = date(2026, 6, 1)


@dataclass
class Plan:
    amount: int
    advance: int
    approved: int = 0
    ordered: int = 0
    paid: int = 0
    returned: int = 0


@dataclass
class Row:
    number: int
    kind: str
    amount: int
    due_on: date | None
    paid: int = 0


STEPS = st.lists(st.tuples(st.sampled_from("aopr"), st.integers(0, 5_000), st.integers(0, 60)), max_size=40)


@given(st.integers(0, 4_000), st.lists(st.integers(1, 4_000), min_size=1, max_size=4), STEPS)
@settings(max_examples=150)
def test_paid_never_passes_what_was_approved_nor_the_promise(advance, amounts, steps):
    rows = [Row(1, Part.ADVANCE, advance, TODAY)] if advance else []
    rows += [Row(len(rows) + 1 + n, Part.INSTALMENT, cents, None) for n, cents in enumerate(amounts)]
    plan, live = Plan(sum(row.amount for row in rows), advance), {}
    for what, cents, days in steps:
        if what == "a":
            plan.approved += min(cents, plan.amount - plan.approved)
        elif what == "o":
            for row, due in conditions.due(plan, rows, frozenset(live), TODAY + timedelta(days=days)):
                live[row.number] = (row, due)
                plan.ordered += due
        elif live:
            row, due = live.pop(min(live))
            plan.ordered -= due
            if what == "p":
                row.paid += due
                plan.paid += due
        total = plan.ordered + plan.paid
        assert total <= max(plan.advance, plan.approved) <= plan.amount
        assert plan.paid == sum(row.paid for row in rows)
        assert all(0 <= row.paid <= row.amount for row in rows)
        assert (
            conditions.headroom(plan) + total == min(plan.amount, max(plan.advance, plan.approved))
            or not live
        )


def test_a_dated_part_waits_for_its_day_and_an_earlier_one_is_paid_first():
    plan = Plan(1_000, 0, approved=700)
    rows = [Row(1, Part.INSTALMENT, 500, TODAY + timedelta(days=1)), Row(2, Part.INSTALMENT, 500, None)]
    assert [(row.number, cents) for row, cents in conditions.due(plan, rows, frozenset(), TODAY)] == [
        (2, 500)
    ]
    tomorrow = TODAY + timedelta(days=1)
    found = conditions.due(plan, rows, frozenset(), tomorrow)
    assert [(row.number, cents) for row, cents in found] == [(1, 500), (2, 200)]


def test_a_plan_without_advance_pays_nothing_before_costs():
    plan = Plan(1_000, 0)
    assert conditions.due(plan, [Row(1, Part.INSTALMENT, 1_000, None)], frozenset(), TODAY) == []
    assert conditions.unsettled(Plan(1_000, 400, approved=100, paid=400)) == 300


def test_a_class_without_advance_says_so():
    parts = [Planned(Part.ADVANCE, 10, TODAY), Planned(Part.INSTALMENT, 90)]
    assert "give no advance" in str(conditions.faults(parts, 100, 0)[0])
