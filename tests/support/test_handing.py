"""From the promise to the settlement: refused, planned, late, received, given back, lent, closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock, db
from portal.errors import Invalid, NotAllowed, Stale, WrongState
from portal.policy import SYSTEM
from portal.support import actions
from portal.support.actions.particulars import Also
from portal.support.changes import Change
from portal.support.handing import actions as handing
from portal.support.handing.actions import Back
from portal.support.lateness import Due, Promise, days_late, due_day, is_silent_yes, late_since, next_due
from portal.support.models import Allocation, Delivery, Pool
from portal.support.models.handing import Particulars, Reception
from tests.support.conftest import PACT, row, this_year

DAY = date(2026, 6, 1)
WHY = "The workshop could not use all of it"


class Handing:
    """What the officers and the group do with one committed row, each step in a transaction of its own."""

    def __init__(self, desk: Any, cast: Any, pool: Pool, allocation_id: int) -> None:
        self.desk, self.cast, self.pool, self.id = desk, cast, pool, allocation_id

    @property
    def row(self) -> Allocation:
        return self.desk.allocation(self.id)

    def do(self, verb: Any, *facts: Any, by: Any = None, **more: Any) -> Any:
        with db.writing() as session:
            return verb(session.get_one(Allocation, self.id), *facts, by=by or self.cast.giulia, **more)

    def deliver(self, amount: int, **more: Any) -> int:
        with db.writing() as session:
            mine = session.get_one(Allocation, self.id)
            found = actions.deliver(
                mine, amount, clock.today(), "Delivery note 7", by=self.cast.giulia, **more
            )
            return found.id

    def say(self, verb: Any, delivery_id: int, *facts: Any, by: Any = None) -> None:
        with db.writing() as session:
            mine, part = session.get_one(Allocation, self.id), session.get_one(Delivery, delivery_id)
            verb(mine, part, *facts, by=by or self.cast.rosa)

    @property
    def figures(self) -> tuple[int, int, int]:
        return self.desk.figures(self.pool)


@pytest.fixture
def committed(desk, cast):
    """Return a row of support that was promised by signature."""

    def made(*, kind: str = "funding", amount: int = 400_000, capacity: int = 8_000_000) -> Handing:
        pool = desk.opened(capacity, slug=kind, kind=kind)
        facts = {"party_person_id": cast.rosa.person_id}
        (found,) = desk.approved(pool, row(kind=kind, amount=amount), **facts)
        with db.writing():
            actions.commit(PACT, 1, by=SYSTEM)
        return Handing(desk, cast, pool, found.id)

    return made


def test_whoever_refuses_says_why_and_nothing_is_kept_aside(desk, cast):
    pool = desk.opened()
    (asked,) = desk.proposed(pool)
    with pytest.raises(NotAllowed, match="You proposed"), db.writing() as session:
        handing.refuse(session.get_one(Allocation, asked.id), WHY, by=cast.giulia)
    with pytest.raises(Invalid, match="Say why"), db.writing() as session:
        handing.refuse(session.get_one(Allocation, asked.id), " ", by=cast.marco)
    with db.writing() as session:
        handing.refuse(session.get_one(Allocation, asked.id), WHY, by=cast.marco)
    gone = desk.allocation(asked.id)
    assert (gone.state, gone.ended_reason, gone.ended_by_id) == ("refused", WHY, cast.marco.person_id)
    assert desk.figures(pool) == (0, 0, 0)
    with pytest.raises(WrongState), db.writing():
        actions.commit(PACT, 1, by=SYSTEM)


def test_an_approval_is_taken_back_before_the_signature_only(desk, cast, committed):
    pool = desk.opened()
    (asked,) = desk.approved(pool, subject="pact:BO-2026-090")
    with db.writing() as session:
        handing.let_go(session.get_one(Allocation, asked.id), WHY, by=cast.tina)
    assert desk.allocation(asked.id).state == "released"
    assert desk.figures(pool) == (0, 0, 0)
    signed = committed(kind="legal", amount=10, capacity=100)
    with pytest.raises(WrongState):
        signed.do(handing.let_go, WHY, by=cast.tina)


def test_parts_are_promised_once_and_add_up(committed):
    mine = committed()
    first, last = clock.today() + timedelta(days=5), clock.today() + timedelta(days=50)
    for parts, words in (
        ([], "for one part at least"),
        ([Due(first, 400_001)], "must add up to"),
        ([Due(first, 200_000), Due(first, 200_000)], "a day of its own"),
        ([Due(first - timedelta(days=9), 400_000)], "between the first and the last day"),
    ):
        with pytest.raises(Invalid, match=words):
            mine.do(handing.plan, parts)
    mine.do(handing.plan, [Due(first, 100_000), Due(last, 300_000)])
    with pytest.raises(WrongState, match="promised already"):
        mine.do(handing.plan, [Due(last, 400_000)])


def test_the_city_is_late_from_the_day_after_the_one_it_promised():
    plan = [Due(DAY, 100), Due(DAY + timedelta(days=30), 100)]
    assert days_late(plan, 0, DAY) == 0
    assert days_late(plan, 0, DAY + timedelta(days=1)) == 1
    assert days_late(plan, 99, DAY + timedelta(days=1)) == 1
    assert days_late(plan, 100, DAY + timedelta(days=30)) == 0
    assert late_since(plan, 100, DAY + timedelta(days=31)) == DAY + timedelta(days=30)
    assert days_late(plan, 200, DAY + timedelta(days=99)) == 0
    assert next_due(plan, 150) == Due(DAY + timedelta(days=30), 50)
    assert next_due(plan, 200) is None


def test_help_on_call_is_due_within_the_pact_and_things_a_month_after_it_begins():
    ends = DAY + timedelta(days=365)
    assert due_day(Promise("funding", 1, DAY, ends)) == DAY + timedelta(days=30)
    assert due_day(Promise("legal", 1, DAY, ends)) == ends
    assert due_day(Promise("legal", 1, DAY, ends, due_on=DAY)) == DAY


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 50)), min_size=1, max_size=6), st.integers(0, 300)
)
def test_more_given_is_never_later(parts, delivered):
    plan = [Due(DAY + timedelta(days=days), amount) for days, amount in parts]
    today = DAY + timedelta(days=200)
    assert days_late(plan, delivered + 1, today) <= days_late(plan, delivered, today)
    assert days_late(plan, sum(amount for _, amount in parts), today) == 0


def test_silence_counts_only_where_the_rules_say_so():
    after = DAY + timedelta(days=30)
    assert is_silent_yes(DAY, after, days=30, silence_accepts=True)
    assert not is_silent_yes(DAY, after - timedelta(days=1), days=30, silence_accepts=True)
    assert not is_silent_yes(DAY, after, days=30, silence_accepts=False)


def test_the_group_confirms_a_part_once_and_nobody_else_does(committed, cast):
    mine = committed()
    part = mine.deliver(100_000)
    for other in (cast.eve, cast.giulia):
        with pytest.raises(NotAllowed):
            mine.say(handing.accept, part, by=other)
    mine.say(handing.accept, part)
    with pytest.raises(Stale, match="already"):
        mine.say(handing.object_to, part, "damaged", "Broken")


def test_an_objection_has_a_ground_and_is_answered_once_before_the_settlement(committed):
    mine = committed()
    part = mine.deliver(100_000)
    with pytest.raises(Invalid, match="Choose what is wrong"):
        mine.say(handing.object_to, part, "ugly", "Broken")
    with pytest.raises(Invalid, match="Say what is missing"):
        mine.say(handing.object_to, part, "partly", "")
    mine.say(handing.object_to, part, "partly", "Only two of four boxes")
    with pytest.raises(WrongState, match="waits for an answer"):
        mine.do(handing.close, "All was given")
    mine.do(handing.answer, part, "The others come on Monday")
    with pytest.raises(Stale, match="answered this already"):
        mine.do(handing.answer, part, "Again")
    mine.do(handing.close, "All was given")
    assert mine.row.state == "closed"


def test_what_comes_back_can_be_promised_again_and_never_more_than_was_given(committed):
    mine = committed()
    mine.deliver(300_000)
    for amount, words in ((300_001, "was given and not returned"), (0, "above zero"), (-5, "above zero")):
        with pytest.raises(Invalid, match=words):
            mine.do(handing.give_back, Back(amount, clock.today(), WHY))
    with pytest.raises(Invalid, match="not in the future"):
        mine.do(handing.give_back, Back(1, clock.today() + timedelta(days=1), WHY))
    with pytest.raises(Invalid, match="Say why"):
        mine.do(handing.give_back, Back(1, clock.today(), ""))
    mine.do(handing.give_back, Back(100_000, clock.today(), WHY))
    assert (mine.row.kept, mine.row.rest) == (200_000, 100_000)
    assert mine.figures == (0, 300_000, 200_000)
    with pytest.raises(Invalid, match="was given and not returned"):
        mine.do(handing.give_back, Back(200_001, clock.today(), WHY))


def test_two_returns_at_once_move_the_figures_once(committed, cast):
    mine = committed()
    mine.deliver(100_000)
    with db.reading() as session:
        stale = session.get_one(Allocation, mine.id)
        session.expunge(stale)
    mine.do(handing.give_back, Back(60_000, clock.today(), WHY))
    with (
        pytest.raises(Exception, match=r"stale|StaleData|expected to update|changed"),
        db.writing() as session,
    ):
        session.add(stale)
        handing.give_back(stale, Back(60_000, clock.today(), WHY), by=cast.giulia)
    assert mine.figures == (0, 340_000, 40_000)


def test_the_settlement_gives_back_what_was_never_given_and_ends_it(committed):
    mine = committed()
    mine.deliver(250_000)
    mine.do(handing.give_back, Back(50_000, clock.today(), WHY))
    with pytest.raises(Invalid, match="Say how it ends"):
        mine.do(handing.close, "")
    mine.do(handing.close, "The workshop took place")
    assert mine.figures == (0, 200_000, 200_000)
    with pytest.raises(WrongState):
        mine.deliver(1)
    with pytest.raises(WrongState):
        mine.do(handing.give_back, Back(1, clock.today(), WHY))
    with pytest.raises(WrongState):
        mine.do(handing.close, "Again")


def test_tools_are_lent_with_their_condition_and_come_back_or_are_written_off(committed):
    mine = committed(kind="materials", amount=10, capacity=20)
    later = clock.today() + timedelta(days=30)
    with pytest.raises(Invalid, match="condition"):
        mine.deliver(10, also=Also(due_back_on=later))
    with pytest.raises(Invalid, match="due back after"):
        mine.deliver(10, also=Also(due_back_on=clock.today(), condition="Good"))
    part = mine.deliver(10, also=Also(due_back_on=later, condition="Used, sound"))
    mine.do(handing.give_back, Back(7, clock.today(), "Season over", "Clean", delivery_id=part))
    with pytest.raises(WrongState, match="still out on loan"):
        mine.do(handing.close, "Season over")
    with pytest.raises(Stale, match="not out on this loan"):
        with db.writing() as session:
            session.get_one(Particulars, part).back = 8
        mine.do(handing.give_back, Back(3, clock.today(), "Season over", delivery_id=part))
    with db.writing() as session:
        session.get_one(Particulars, part).back = 7
    mine.do(handing.give_back, Back(3, clock.today(), "Stolen, reported", delivery_id=part, is_lost=True))
    mine.do(handing.close, "Season over")
    assert mine.figures == (0, 0, 0)


@pytest.mark.parametrize("closes", [True, False])
def test_a_loan_is_written_off_after_its_year_too_and_the_closed_books_stay(both, committed, desk, closes):
    mine = committed(kind="materials", amount=10, capacity=10)
    due = clock.today() + timedelta(days=30)
    part = mine.deliver(4, also=Also(due_back_on=due, condition="Sound"))
    later = desk.opened(1, kind="materials", slug="next", year=this_year() + 1)
    desk.changed(Change.CARRY_OVER, mine.pool, other_id=later.id)
    if closes:
        desk.changed(Change.CLOSE, mine.pool)
    lost = Back(3, clock.today(), "Stolen, reported", delivery_id=part, is_lost=True)
    mine.do(handing.give_back, lost)
    with pytest.raises((Stale, Invalid)):
        mine.do(handing.give_back, lost)
    left = 4 if closes else 1
    assert desk.figures(mine.pool) == (0, left, left)
    assert (desk.pool(later).capacity, desk.figures(later)) == (7, (0, 6, 0))
    assert mine.row.returned == 3
    mine.do(handing.give_back, Back(1, clock.today(), "Lost", delivery_id=part, is_lost=True))
    mine.do(handing.close, "Season over")


def test_a_policy_names_its_number_and_covers_from_the_first_day(committed):
    mine = committed(kind="insurance", amount=50_000)
    today, end = clock.today(), clock.today() + timedelta(days=365)
    for also, words in (
        (Also(), "number of the policy"),
        (Also(policy="UN-1"), "from when until when"),
        (Also(policy="UN-1", covered_from=end, covered_until=today), "from when until when"),
        (
            Also(policy="UN-1", covered_from=today + timedelta(days=2), covered_until=end),
            "begin with the pact",
        ),
    ):
        with pytest.raises(Invalid, match=words):
            mine.deliver(50_000, also=also)
    mine.deliver(50_000, also=Also(policy="UN-1", covered_from=today, covered_until=end))


def test_the_last_policy_reaches_the_end_of_the_pact_and_none_leaves_a_gap(committed):
    mine = committed(kind="insurance", amount=50_000)
    today = clock.today()
    year, end = today + timedelta(days=364), today + timedelta(days=729)
    with db.writing() as session:
        session.merge(mine.row).ends_on = end
    first = Also(policy="UN-1", covered_from=today, covered_until=year)
    with pytest.raises(Invalid, match="takes all that is left for its cover"):
        mine.deliver(50_000, also=first)
    mine.deliver(25_000, also=first)
    late = Also(policy="UN-2", covered_from=year + timedelta(days=2), covered_until=end)
    with pytest.raises(Invalid, match="The cover before ends on"):
        mine.deliver(25_000, also=late)
    mine.deliver(25_000, also=replace(late, covered_from=year + timedelta(days=1)))
    assert mine.row.state == "delivered"


def test_a_fee_is_waived_by_a_rule_that_is_named(committed):
    mine = committed(kind="waivers", amount=12_000)
    with pytest.raises(Invalid, match="Name the rule"):
        mine.deliver(12_000)
    mine.deliver(12_000, also=Also(legal_basis="Art. 201, D.Lgs. 36/2023"))
    assert mine.row.state == "delivered"


def test_only_the_group_declares_what_else_it_gets(committed, cast):
    mine = committed()
    told = {"is_undertaking": True, "other_aid_cents": 0, "other_funding": ""}
    with pytest.raises(NotAllowed):
        mine.do(handing.declare, **told)
    with pytest.raises(Invalid, match="Enter 0"):
        mine.do(handing.declare, by=cast.rosa, **(told | {"other_aid_cents": -1}))
    mine.do(handing.declare, by=cast.rosa, **told)


def test_whoever_belongs_to_the_group_decides_nothing_for_the_city(desk, cast):
    pool = desk.opened()
    (asked,) = desk.approved(pool, party_person_id=cast.tina.person_id)
    with db.writing():
        actions.commit(PACT, 1, by=SYSTEM)
    mine = Handing(desk, cast, pool, asked.id)
    mine.deliver(100)
    for verb, facts in ((handing.close, ("Done",)), (handing.give_back, (Back(1, clock.today(), WHY),))):
        with pytest.raises(NotAllowed, match="belong to this organisation"):
            mine.do(verb, *facts, by=cast.tina)


def test_a_reception_stands_in_the_database_once_for_a_delivery(committed):
    part = committed().deliver(100)
    with pytest.raises(Exception, match=r"UNIQUE|unique|duplicate|conflicts"), db.writing() as session:
        for _ in range(2):
            session.add(Reception(delivery_id=part, verdict="accepted", said_at=clock.now()))
            session.flush()
            session.expunge_all()
